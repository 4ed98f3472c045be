#include "connectors/meta_answer.h"

#include "connectors/http_status.h"
#include "connectors/meta_error.h"
#include "connectors/meta_request.h"
#include "connectors/text_form.h"
#include "connectors/text_marks.h"

namespace pw {

std::variant<JsonObject, Trouble> graph_object_in(const Query& query,
                                                  const HttpResponse& response) {
  const auto root = parse_json(response.body);
  JsonObject object;
  if (!root || root->get(object)) {
    if (auto trouble = trouble_of_status(response, Scope::credential)) return *std::move(trouble);
    return trouble_of_body(response, "a Graph API answer");
  }
  if (json_object(object, "error")) {
    const auto error = meta_error_in(response.body);
    return trouble_of(error.value_or(MetaError{}), response, !query.cursor.empty());
  }
  if (auto trouble = trouble_of_status(response, Scope::credential)) return *std::move(trouble);
  return object;
}

std::optional<std::string> graph_cursor_in(JsonObject edge) {
  const auto paging = json_object(edge, "paging");
  if (!paging) return std::string();
  const auto cursors = json_object(*paging, "cursors");
  const std::string_view after = cursors ? json_text(*cursors, "after").value_or("") : "";
  if (after.empty()) {
    // A list that goes on, by an address that must not be followed.
    if (json_text(*paging, "next")) return std::nullopt;
    return std::string();
  }
  if (!is_graph_cursor(after)) return std::nullopt;
  return std::string(after);
}

void read_graph_time(std::string_view text, bool server_stamped, Post& post) {
  post.claimed_at = parse_rfc3339(text);
  if (server_stamped) post.server_at = post.claimed_at;
}

void read_graph_text(std::string_view text, Post& post) {
  post.text = clean_text(text);
  if (post.text.empty()) return;
  post.tags = hashtags_in(post.text);
  post.mentions = mentions_in(post.text);
  post.links = links_in(post.text);
}

std::string graph_media_of(std::string_view media_type) {
  if (media_type == "IMAGE") return "image";
  if (media_type == "VIDEO") return "video";
  if (media_type == "AUDIO") return "audio";
  return media_type == "CAROUSEL_ALBUM" ? "album" : "";
}

Trouble graph_malformed(std::string detail) {
  return {.outcome = Outcome::malformed, .detail = std::move(detail)};
}

}  // namespace pw
