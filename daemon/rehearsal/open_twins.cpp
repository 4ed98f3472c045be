#include "daemon/rehearsal/open_twins.h"

#include <algorithm>
#include <iterator>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/platform_form.h"

namespace pw {
namespace {

bool is_host_mark(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// The name with whatever the platform allows in place of other signs.
std::string name_with(const std::string& name, char joint, std::size_t bytes_max) {
  std::string out = name;
  std::replace_if(
      out.begin(), out.end(), [](char c) { return !is_host_mark(c); }, joint);
  out.resize(std::min(out.size(), bytes_max));
  while (out.size() > 1 && out.back() == joint) out.pop_back();
  return out;
}

std::string name_on(std::string_view platform, const std::string& name) {
  if (platform == "x") return name_with(name, '_', 15);
  if (platform == "reddit") return name_with(name, '_', 20);
  if (platform == "tiktok") return name_with(name, '.', 24);
  if (platform == "tumblr") return name_with(name, '-', 32);
  if (platform == "telegram") return "at_" + name_with(name, '_', 29);
  return name_with(name, '.', 30);
}

bool poster_dates(std::string_view platform) {
  return platform == "youtube" || platform == "tumblr";
}

bool shows_edits(std::string_view platform) { return platform != "tiktok"; }

bool answers_somebody(std::string_view platform, const SimPost& post) {
  return platform == "x" || (platform == "reddit" && post.surface == Surface::comment);
}

}  // namespace

SimAccount open_twin_of(const SimAccount& person, std::string_view platform) {
  SimAccount twin = person;
  twin.platform = platform;
  twin.host.clear();
  twin.handle = twin.name = name_on(platform, person.name);
  twin.id = account_id_on(twin, mix64(person.id));
  std::erase_if(twin.posts, [&](const SimPost& post) { return !surface_on(platform, post); });
  for (std::size_t i = 0; i < twin.posts.size(); ++i) {
    SimPost& post = twin.posts[i];
    post.surface = *surface_on(platform, post);
    post.quotes = post.quotes && has_quotes(platform);
    if (!poster_dates(platform) || post.declared == Instant{}) post.declared = post.created;
    if (!shows_edits(platform)) post.edited.reset();
    if (!answers_somebody(platform, post)) {
      post.answers.clear();
      post.answers_own = false;
    }
    post.id = post_id_on(twin, post, i);
  }
  return twin;
}

void add_open_twins(Population& population, int most) {
  std::vector<SimAccount> twins;
  const auto add = [&](std::string_view home, std::initializer_list<std::string_view> platforms) {
    int left = most;
    for (const SimAccount& person : population.accounts) {
      if (person.platform != home || left-- <= 0) continue;
      for (const std::string_view platform : platforms) {
        twins.push_back(open_twin_of(person, platform));
      }
    }
  };
  add("instagram", {"youtube", "tiktok"});
  add("mastodon", {"x", "reddit", "tumblr", "telegram"});
  std::move(twins.begin(), twins.end(), std::back_inserter(population.accounts));
}

}  // namespace pw
