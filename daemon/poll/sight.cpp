#include "daemon/poll/sight.h"

#include <algorithm>
#include <charconv>

namespace pw {

AnswerAge age_of(const HttpResponse& response, Millis lag) {
  // The Date field counts whole seconds: the answer was made somewhere in that
  // second, so a difference below one second says nothing.
  AnswerAge age{response.received, std::nullopt};
  Millis oldest = std::max(lag, Millis{0});
  if (const auto field = response.headers.find("date")) {
    if (const auto date = parse_http_date(*field)) {
      age.clock_offset = response.received - *date;
      oldest = std::max(oldest, *age.clock_offset);
    }
  }
  if (const auto field = response.headers.find("age")) {
    std::int64_t seconds = 0;
    const auto [end, error] =
        std::from_chars(field->data(), field->data() + field->size(), seconds);
    constexpr std::int64_t year_s = 31'536'000;
    if (error == std::errc{} && end == field->data() + field->size() && seconds >= 0) {
      oldest = std::max(oldest, Millis(std::chrono::seconds(std::min(seconds, year_s))));
    }
  }
  age.effective = response.received - oldest;
  return age;
}

Sight sight_of(const HttpResponse& response, Millis lag, Purpose purpose) {
  Sight sight;
  const AnswerAge age = age_of(response, lag);
  sight.received = response.received;
  sight.effective = age.effective;
  sight.clock_offset = age.clock_offset;
  sight.http_status = response.status;
  sight.etag = std::string(response.headers.find("etag").value_or(""));
  sight.last_modified = std::string(response.headers.find("last-modified").value_or(""));
  sight.purpose = purpose;
  return sight;
}

Digest digest_of_list(std::span<const Post> posts) {
  std::vector<Digest> digests;
  digests.reserve(posts.size());
  for (const Post& post : posts) digests.push_back(digest_of(post));
  return digest_of_list(std::move(digests));
}

Digest digest_of_list(std::vector<Digest> digests) {
  // Order is left out: some platforms shuffle equal times from read to read.
  std::sort(digests.begin(), digests.end());
  std::string bytes;
  bytes.reserve(digests.size() * Digest{}.size());
  for (const Digest& digest : digests) bytes += bytes_of(digest);
  return sha256(bytes);
}

bool same_bytes(const AccountState& state, const Sight& sight, ListKind kind) {
  if (kind == ListKind::whole) return false;
  return sight.purpose == Purpose::routine && sight.http_status == 200 && state.has_baseline &&
         state.body_digest == sight.body_digest;
}

bool same_list(const AccountState& state, const Sight& sight, const Page& page, ListKind kind) {
  if (page.cut_off || page.skipped > 0) return false;
  if (kind == ListKind::whole && !page.next.empty()) return false;
  return sight.purpose == Purpose::routine && state.has_baseline && state.list_digest &&
         *state.list_digest == digest_of_list(page.posts);
}

}  // namespace pw
