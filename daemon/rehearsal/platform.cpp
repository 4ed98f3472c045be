#include "daemon/rehearsal/platform.h"

#include <algorithm>

#include "daemon/core/hash.h"

namespace pw {

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

void set_etag(HttpResponse& response, const SimRequest& request, bool weak) {
  if (response.status != 200) return;
  std::string tag = '"' + print_hex(sha256(response.body)).substr(0, 32) + '"';
  if (weak) tag = "W/" + tag;
  response.headers.add("ETag", tag);
  const auto known = request.header("if-none-match");
  if (!known || known->find(tag) == std::string_view::npos) return;
  response.status = 304;
  response.body.clear();
}

std::int64_t counter_of(const SimPost& post, Instant now, std::string_view what) {
  const std::int64_t minutes =
      std::chrono::duration_cast<std::chrono::minutes>(now - post.created).count();
  const auto speed = static_cast<std::int64_t>(mix64(what, post.serial) % 4);
  return std::clamp<std::int64_t>(minutes, 0, 10'000) * speed;
}

}  // namespace pw
