// What is neither a page nor the API: assets, metrics, the log's files.
#include <algorithm>

#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/stamp.h"
#include "daemon/ledger/tiles.h"
#include "daemon/web/assets.h"
#include "daemon/web/site.h"

namespace pw {
namespace {

WebAnswer text_answer(std::string text, int status = 200) {
  WebAnswer answer;
  answer.status = status;
  answer.type = "text/plain; charset=utf-8";
  answer.body = std::move(text);
  return answer;
}

bool is_object_path(std::string_view path) {
  if (!path.starts_with(objects_folder)) return false;
  if (!path.ends_with(".json") && !path.ends_with(".yaml")) return false;
  path.remove_prefix(objects_folder.size());
  path.remove_suffix(5);
  return path.size() == 64 && path.find_first_not_of("0123456789abcdef") == path.npos;
}

bool is_log_path(std::string_view path) {
  if (path.starts_with("tile/")) return parse_tile_path(path).has_value();
  return is_object_path(path) || stamped_size(path);
}

WebAnswer asset_answer(const std::string& name) {
  const Asset* asset = find_asset(name);
  if (asset == nullptr) return problem(404, "no such asset");
  WebAnswer answer;
  answer.type = asset->type;
  answer.body = asset->bytes;
  return answer;
}

}  // namespace

WebAnswer Site::log_answer(const Ask& ask) {
  std::string path = ask.route.rest;
  if (ask.route.page == WebPage::log_checkpoint) path = checkpoint_file;
  if (ask.route.page == WebPage::log_key) path = vkey_file;
  if (ask.route.page == WebPage::log_file) {
    if (!is_log_path(path)) return problem(404, "the log has no such file");
    // Tiles would show findings before review, and when we look.
    if (backend_.board().phase != Phase::closed && ask.caller.role < Role::operator_)
      return problem(403, "until the campaign closes only checkpoints are public");
  }
  const auto file = backend_.log_file(path);
  if (!file) return problem(503, "the log cannot be read now");
  if (!*file) return problem(404, "the log has no such file yet");
  WebAnswer answer = text_answer(**file);
  if (path.starts_with("tile/")) answer.type = "application/octet-stream";
  if (path.starts_with(objects_folder)) answer.type = "application/json";
  return answer;
}

// Of the answer to a question the body is the challenge, and nothing else.
WebAnswer Site::hub_answer(const Ask& ask) {
  const std::string& target = ask.request.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  HubAsk said{.key = ask.route.rest, .notice = ask.request.method == "POST"};
  said.query = target.substr(std::min(mark + 1, target.size()));
  said.signature = std::string(ask.request.header("x-hub-signature").value_or(""));
  for (const std::string_view name :
       {"x-twitter-webhooks-signature-oauth2", "x-twitter-webhooks-signature"}) {
    if (const auto field = ask.request.header(name)) said.x_signatures.emplace_back(*field);
  }
  said.body = ask.request.body;
  HubSaid answer = backend_.hub(said);
  WebAnswer written = text_answer(std::move(answer.body), answer.status);
  written.type = answer.type;
  return written;
}

WebAnswer Site::plain(const Ask& ask) {
  WebAnswer answer;
  switch (ask.route.page) {
    case WebPage::asset:
      answer = asset_answer(ask.route.rest);
      break;
    case WebPage::events:
      answer.type = "text/event-stream";
      answer.stream = true;
      return answer;
    case WebPage::metrics: {
      const auto health = backend_.health();
      if (!health) return problem(503, health.error().detail);
      answer = text_answer(print_metrics(backend_.board(), *health, figures_));
      answer.type = "text/plain; version=0.0.4; charset=utf-8";
      return answer;
    }
    case WebPage::hub:
      return hub_answer(ask);
    case WebPage::healthz:
      return text_answer("alive\n");
    case WebPage::readyz: {
      const auto health = backend_.health();
      const bool ready = health && health->ready;
      return text_answer(ready ? "ready\n" : "not ready\n", ready ? 200 : 503);
    }
    default:
      answer = log_answer(ask);
  }
  validate(answer, ask.request);
  return answer;
}

}  // namespace pw
