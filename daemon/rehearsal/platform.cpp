#include "daemon/rehearsal/platform.h"

#include <algorithm>
#include <bit>

#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::uint64_t minutes_max = 10'000;
// Eight steps while the age doubles.
constexpr std::uint64_t step_bits = 3;

// Since it came, the first minute being 1.
std::uint64_t minutes_of(const SimPost& post, Instant now) {
  const std::int64_t minutes =
      std::chrono::duration_cast<std::chrono::minutes>(now - post.created).count();
  return static_cast<std::uint64_t>(std::clamp<std::int64_t>(minutes + 1, 1, minutes_max));
}

}  // namespace

HttpResponse answer_of(int status, std::string body, std::string_view content_type) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers.add("Content-Type", content_type);
  return response;
}

bool is_welcome(const SimRequest& request, const Population& population) {
  const auto& known = population.credentials;
  return known.empty() || std::any_of(known.begin(), known.end(), [&](const auto& credential) {
           return credential.token == request.token;
         });
}

void add_etag(HttpResponse& response, bool weak) {
  if (response.status != 200) return;
  std::string tag = weak ? "W/\"" : "\"";
  tag.append(print_hex(sha256(response.body)), 0, 32).append(1, '"');
  response.headers.add("ETag", tag);
}

HttpResponse if_changed(const HttpResponse& answer, const SimRequest& request) {
  const auto tag = answer.headers.find("etag");
  const auto known = request.header("if-none-match");
  if (answer.status != 200 || !tag || !known || known->find(*tag) == std::string_view::npos) {
    return answer;
  }
  HttpResponse unmodified;
  unmodified.status = 304;
  unmodified.headers = answer.headers;
  return unmodified;
}

void set_etag(HttpResponse& response, const SimRequest& request, bool weak) {
  add_etag(response, weak);
  response = if_changed(response, request);
}

std::int64_t counter_of(const SimPost& post, Instant now, std::string_view what) {
  const std::uint64_t age = minutes_of(post, now);
  const std::uint64_t octave = std::bit_width(age) - 1;
  const std::uint64_t steps = age >> (octave < step_bits ? 0 : octave - step_bits);
  const auto speed = static_cast<std::int64_t>(mix64(what, post.serial) % 4);
  return static_cast<std::int64_t>(octave * octave * 8 + steps) * speed;
}

Instant counters_move(const SimPost& post, Instant now) {
  const std::uint64_t age = minutes_of(post, now);
  const std::uint64_t octave = std::bit_width(age) - 1;
  const std::uint64_t step = octave < step_bits ? 1 : std::uint64_t{1} << (octave - step_bits);
  const std::uint64_t next = (age / step + 1) * step;
  if (next > minutes_max) return Instant::max();
  return post.created + std::chrono::minutes(next - 1);
}

}  // namespace pw
