#include "daemon/rehearsal/receiver.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t tolerance_s = 300;  // Standard Webhooks 1.0.0, reference libraries
constexpr std::size_t attempts_kept_max = 100'000;

std::string_view header(const HttpRequest& request, std::string_view name) {
  SimRequest reader{.platform = {}, .http = &request};
  return reader.header(name).value_or("");
}

std::optional<std::string> key_of(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (secret.starts_with(prefix)) secret.remove_prefix(prefix.size());
  auto key = parse_base64(secret);
  if (!key || key->empty()) return std::nullopt;
  return key;
}

// Takes as long for a wrong signature as for a right one.
bool same_bytes(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

bool any_entry_is(std::string_view entries, std::string_view expected) {
  bool found = false;
  while (!entries.empty()) {
    const std::size_t end = std::min(entries.find(' '), entries.size());
    found = same_bytes(entries.substr(0, end), expected) || found;
    entries.remove_prefix(std::min(end + 1, entries.size()));
  }
  return found;
}

HookAnswer answer_with(int status, std::string body) {
  HookAnswer answer;
  answer.response.status = status;
  answer.response.body = std::move(body);
  answer.response.headers.add("Content-Type", "application/json");
  return answer;
}

HookAnswer failure(HookFailure kind) {
  switch (kind) {
    case HookFailure::error:
      return answer_with(500, "{\"error\":\"planned\"}");
    case HookFailure::too_many: {
      HookAnswer answer = answer_with(429, "{\"error\":\"planned\"}");
      answer.response.headers.add("Retry-After", "1");
      return answer;
    }
    case HookFailure::hang:
      return {HookAnswer::Kind::hang, {}};
    case HookFailure::close:
      return {HookAnswer::Kind::close, {}};
  }
  return answer_with(500, "");
}

}  // namespace

std::string_view hook_in(std::string_view url) {
  constexpr std::string_view loopback = "http://127.0.0.1:";
  constexpr std::string_view prefix = "/hook/";
  if (!url.starts_with(loopback)) return {};
  const std::size_t slash = url.find('/', loopback.size());
  if (slash == std::string_view::npos || !url.substr(slash).starts_with(prefix)) return {};
  return url.substr(slash + prefix.size());
}

SimAnswer answer_of_hook(HookAnswer hook) {
  SimAnswer answer;
  if (hook.kind == HookAnswer::Kind::hang) answer.delivery = SimDelivery::hang;
  if (hook.kind == HookAnswer::Kind::close) answer.delivery = SimDelivery::reset;
  answer.response = std::move(hook.response);
  return answer;
}

std::string signature_fault(const HttpRequest& request, std::string_view secret, Instant now) {
  const std::string id(header(request, "webhook-id"));
  const std::string time(header(request, "webhook-timestamp"));
  const std::string_view signatures = header(request, "webhook-signature");
  if (id.empty() || time.empty() || signatures.empty()) return "a header is missing";
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), seconds);
  if (error != std::errc{} || end != time.data() + time.size()) return "the time is no number";
  const std::int64_t now_s = ms_of(now) / 1000;
  if (seconds < now_s - tolerance_s || seconds > now_s + tolerance_s) return "the time is off";
  const auto key = key_of(secret);
  if (!key) return "the secret is none";
  const Digest mac = hmac_sha256(*key, id + '.' + time + '.' + request.body);
  const std::string expected = "v1," + print_base64(bytes_of(mac));
  return any_entry_is(signatures, expected) ? "" : "no signature fits";
}

Receiver::Receiver(std::map<std::string, std::string> secrets, std::vector<HookFailure> failures,
                   std::function<void(const std::string& line)> kept)
    : secrets_(std::move(secrets)), failures_(std::move(failures)), kept_(std::move(kept)) {}

HookAnswer Receiver::receive(std::string_view name, const HttpRequest& request, Instant now) {
  const auto secret = secrets_.find(std::string(name));
  if (secret == secrets_.end() || request.method != "POST") {
    return answer_with(404, "{\"error\":\"no such hook\"}");
  }
  const std::string fault = signature_fault(request, secret->second, now);
  const std::string id(header(request, "webhook-id"));
  if (attempts_.size() >= attempts_kept_max) attempts_.clear();
  const int attempt = ++attempts_[id];
  HookAnswer answer = answer_with(401, "{\"error\":\"signature\"}");
  if (fault.empty() && failed_ < failures_.size()) {
    answer = failure(failures_[failed_++]);
  } else if (fault.empty()) {
    answer = answer_with(200, "{}");
    const bool is_first = accepted_.insert(std::string(name) + ' ' + id).second;
    repeated_ += is_first ? 0 : 1;
  }
  ordered_json line;
  line["at"] = print_rfc3339(now);
  line["hook"] = name;
  line["id"] = id;
  line["attempt"] = attempt;
  line["signature"] = fault.empty() ? "good" : fault;
  // 0: no answer was given.
  line["status"] = answer.kind == HookAnswer::Kind::answer ? answer.response.status : 0;
  ordered_json body = ordered_json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  line["body"] = body.is_discarded() ? ordered_json(request.body) : std::move(body);
  kept_(json_bytes(line));
  return answer;
}

}  // namespace pw
