// `pledgewatch decode`: what a connector reads in saved answers, one JSON object
// a file and line, for those who write connectors or report what one misread.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "connectors/custom.h"
#include "connectors/registry.h"
#include "daemon/app/commands.h"
#include "daemon/app/tell.h"
#include "daemon/core/issue.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

ordered_json text_or_null(std::string_view text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json time_or_null(const std::optional<Instant>& t) {
  return t ? ordered_json(print_rfc3339(*t)) : ordered_json(nullptr);
}

// Whose the page is; without the host that no saved answer names.
std::string owner_of(const Page& page) {
  std::string owner = page.owner_handle;
  if (owner.ends_with('@')) owner.pop_back();
  return owner;
}

// `published` is the platform's stamp where it gives one, else what the poster
// claims; a post that was never edited was updated when it was published.
ordered_json describe(const Post& post, const Page& page) {
  const auto published = post.server_at ? post.server_at : post.claimed_at;
  const bool is_owners = post.author.empty() && post.surface != Surface::repost;
  const std::string author = is_owners ? owner_of(page) : post.author;
  return {
      {"id", post.id},
      {"url", text_or_null(post.url.empty() ? post.written_link : post.url)},
      {"title", text_or_null(post.title)},
      {"text", post.text},
      {"author", text_or_null(author)},
      {"published", time_or_null(published)},
      {"updated", time_or_null(post.edited_at ? post.edited_at : published)},
      {"surface", name_of(post.surface)},
      {"claimed_at", time_or_null(post.claimed_at)},
      {"server_at", time_or_null(post.server_at)},
      {"edited_at", time_or_null(post.edited_at)},
      {"lang", text_or_null(post.lang)},
      {"media", text_or_null(post.media)},
      {"repost_of", text_or_null(post.repost_of)},
      {"in_reply_to", text_or_null(post.in_reply_to)},
      {"tags", post.tags},
      {"links", post.links},
      {"mentions", post.mentions},
      {"paid_partnership",
       post.paid_partnership ? ordered_json(*post.paid_partnership) : ordered_json(nullptr)},
      {"pinned", post.pinned},
  };
}

ordered_json describe(const Page& page, const std::string& file) {
  ordered_json posts = ordered_json::array();
  for (const Post& post : page.posts) posts.push_back(describe(post, page));
  return {{"file", file},
          {"skipped", page.skipped},
          {"owner_id", text_or_null(page.owner_id)},
          {"owner_handle", text_or_null(owner_of(page))},
          {"next", text_or_null(page.next)},
          {"posts", std::move(posts)}};
}

ordered_json describe(const Trouble& trouble, const std::string& file) {
  return {{"file", file},
          {"skipped", 0},
          {"error", trouble.detail.empty() ? name_of(trouble.outcome) : trouble.detail},
          {"outcome", name_of(trouble.outcome)},
          {"posts", ordered_json::array()}};
}

int decode_file(const Connector& connector, const std::string& file) {
  HttpResponse response;
  response.status = 200;
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored) || !read_file(file, response.body)) {
    std::fprintf(stderr, "%s: error: cannot be read\n", file.c_str());
    return exit_world;
  }
  const Account account;
  const Reading reading = connector.decode(Query{account}, response);
  const auto* trouble = std::get_if<Trouble>(&reading);
  const ordered_json line =
      trouble != nullptr ? describe(*trouble, file) : describe(std::get<Page>(reading), file);
  // File names may be in any charset.
  std::puts(line.dump(-1, ' ', false, ordered_json::error_handler_t::replace).c_str());
  return trouble != nullptr ? exit_no : exit_fine;
}

// A definition's file, as its author tries it out. Null after saying what is wrong.
std::unique_ptr<Connector> connector_defined_in(const std::string& file) {
  std::string text;
  if (!read_file(file, text)) {
    std::fprintf(stderr, "%s: error: cannot be read\n", file.c_str());
    return nullptr;
  }
  Issues issues;
  auto definition = load_custom(std::filesystem::path(file).stem().string(), file, text, issues);
  print_issues(issues);
  if (!definition) return nullptr;
  return std::make_unique<Custom>(std::move(definition), ConnectorSettings{});
}

std::unique_ptr<Connector> connector_named(const std::string& name) {
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return connector_defined_in(name);
  auto connector = make_connector(name, {});
  if (connector) return connector;
  const std::string nearest = nearest_of(name, connector_names());
  std::fprintf(stderr, "pledgewatch: no connector is called '%s'%s\n", name.c_str(),
               nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").c_str());
  return nullptr;
}

}  // namespace

int decode_files(const DecodeOptions& options) {
  const std::unique_ptr<Connector> connector = connector_named(options.connector);
  if (!connector) return exit_usage;
  int worst = exit_fine;
  for (const std::string& file : options.files) {
    worst = std::max(worst, decode_file(*connector, file));
  }
  return worst;
}

}  // namespace pw
