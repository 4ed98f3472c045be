// `pledgewatch decode`: what a connector reads in saved answers.
#include <algorithm>
#include <cstdio>

#include "connectors/registry.h"
#include "daemon/app/commands.h"
#include "daemon/core/issue.h"

namespace pw {
namespace {

std::string one_line(std::string_view text) {
  constexpr std::size_t bytes_max = 100;
  std::string line;
  for (const char c : text.substr(0, bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return line;
}

void print_page(const Page& page) {
  std::printf("  account %s (%s), %zu posts, %d unreadable, %s\n", page.owner_id.c_str(),
              one_line(page.owner_handle).c_str(), page.posts.size(), page.skipped,
              page.next.empty() ? "the list ends here" : "the list goes on");
  for (const Post& post : page.posts) {
    const std::optional<Instant> time = post.server_at ? post.server_at : post.claimed_at;
    std::printf("  %-24s  %-7s  %-7s  %s  %s\n", time ? print_rfc3339(*time).c_str() : "no time",
                post.server_at ? "stamped" : "claimed", std::string(name_of(post.surface)).c_str(),
                one_line(post.id).c_str(), one_line(post.text).c_str());
  }
}

bool decode_file(const Connector& connector, const std::string& file) {
  HttpResponse response;
  response.status = 200;
  if (!read_file(file, response.body)) {
    std::fprintf(stderr, "%s: error: cannot be read\n", file.c_str());
    return false;
  }
  const Account account;
  const Reading reading = connector.decode(Query{account}, response);
  if (const Trouble* trouble = std::get_if<Trouble>(&reading)) {
    std::printf("%s: %s: %s\n", file.c_str(), std::string(name_of(trouble->outcome)).c_str(),
                trouble->detail.c_str());
    return false;
  }
  std::printf("%s:\n", file.c_str());
  print_page(std::get<Page>(reading));
  return true;
}

}  // namespace

int decode_files(const DecodeOptions& options) {
  const std::unique_ptr<Connector> connector = make_connector(options.connector, {});
  if (!connector) {
    const std::string nearest = nearest_of(options.connector, connector_names());
    std::fprintf(stderr, "pledgewatch: no connector is called '%s'%s\n", options.connector.c_str(),
                 nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").c_str());
    return exit_usage;
  }
  bool all = true;
  for (const std::string& file : options.files) all = decode_file(*connector, file) && all;
  return all ? exit_fine : exit_no;
}

}  // namespace pw
