#include "daemon/ledger/evidence.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace pw {

namespace {

// An answer, and what stands beside it.
constexpr std::size_t kept_bytes_max = evidence_bytes_max + 131'072;

// Where each part of a capture ends is told in front: "<ms> <uri's size> <ip's> <request's> ".
std::string print_kept(const Capture& capture) {
  std::string bytes;
  for (const std::int64_t number :
       {ms_of(capture.at), static_cast<std::int64_t>(capture.uri.size()),
        static_cast<std::int64_t>(capture.ip.size()),
        static_cast<std::int64_t>(capture.request.size())}) {
    bytes += std::to_string(number) + ' ';
  }
  bytes.reserve(bytes.size() + capture.uri.size() + capture.ip.size() + capture.request.size() +
                capture.response.size());
  bytes.append(capture.uri).append(capture.ip).append(capture.request).append(capture.response);
  return bytes;
}

std::optional<Capture> parse_kept(std::string_view bytes) {
  std::string_view rest = bytes;
  std::array<std::int64_t, 4> numbers{};
  for (std::int64_t& number : numbers) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || end == rest.data() + rest.size()) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
  }
  const auto take = [&](std::int64_t size) {
    std::string part(rest.substr(0, static_cast<std::size_t>(size)));
    rest.remove_prefix(part.size());
    return part;
  };
  Capture capture;
  capture.at = instant_of_ms(numbers[0]);
  capture.uri = take(numbers[1]);
  capture.ip = take(numbers[2]);
  capture.request = take(numbers[3]);
  capture.response = rest;
  return capture;
}

}  // namespace

std::string evidence_path(const Digest& record) {
  return std::string(evidence_folder) + print_hex(record) + ".warc.gz";
}

std::optional<Capture> EvidenceKeeper::kept(AccountNumber account, Instant last_without) const {
  if (sizes_[account] == 0) return std::nullopt;
  const std::string packed = waiting_.get(account, sizes_[account]);
  std::optional<Capture> capture = parse_kept(unpack_quick(packed, kept_bytes_max));
  if (!capture) return std::nullopt;
  capture->fields = {{"look", "the last answer without the post"},
                     {"unchangedUntil", print_rfc3339(std::max(capture->at, last_without))}};
  return capture;
}

void EvidenceKeeper::keep(AccountNumber account, const Capture& capture) {
  sizes_[account] = 0;
  if (capture.response.size() > evidence_bytes_max) return;
  const std::string packed = packer_.pack(print_kept(capture));
  if (!waiting_.put(account, packed)) return;
  sizes_[account] = static_cast<std::uint32_t>(packed.size());
}

void EvidenceKeeper::forget(AccountNumber account) {
  if (account >= sizes_.size()) return;
  sizes_[account] = 0;
  waiting_.clear(account);
}

Result<std::vector<EvidenceEntry>> EvidenceKeeper::take(AccountNumber account,
                                                        const HttpRequest& request,
                                                        const HttpResponse& response,
                                                        const std::vector<std::string>& posts,
                                                        Instant last_without) {
  if (account >= sizes_.size()) sizes_.resize(account + 1);
  Capture now;
  now.at = response.received;
  now.request = print_request(request, redactor_);
  now.response = print_response(response, redactor_);
  now.uri = redactor_.redact(request.url);
  now.ip = response.peer;
  now.fields = {{"look", "the first answer with the post"}};
  std::vector<EvidenceEntry> entries;
  if (!posts.empty() && now.response.size() <= evidence_bytes_max) {
    std::vector<Capture> captures;
    if (auto before = kept(account, last_without))
      captures.push_back(*std::move(before));
    else
      now.fields.emplace_back("before", "the answer before was not kept; the log has its digest");
    captures.push_back(now);
    const std::string file = print_warc(software_, captures);
    const Digest record = sha256(file);
    if (const auto written = folder_.replace(evidence_path(record), file); !written)
      return written.error();
    for (const std::string& post : posts) entries.push_back({account, post, record, now.at});
  }
  keep(account, now);
  return entries;
}

}  // namespace pw
