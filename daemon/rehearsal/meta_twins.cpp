#include "daemon/rehearsal/meta_twins.h"

#include <algorithm>

#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/random.h"

namespace pw {
namespace {

using std::chrono::days;

std::string page_id_of(const SimAccount& person) {
  return "1" + std::to_string(100'000'000'000'000 + mix64(person.id) % 899'999'999'999'999);
}

SimAccount twin_of(const SimAccount& person, std::string_view platform) {
  SimAccount twin = person;
  twin.platform = platform;
  if (platform != "threads") twin.id = page_id_of(person);
  if (platform == "threads") twin.id = person.name;
  if (platform == "facebook_ads") twin.handle = twin.name = twin.id;
  return twin;
}

SimAccount twin_page(const SimAccount& person) {
  SimAccount page = twin_of(person, "facebook");
  // No Reel of a Page is ever listed.
  std::erase_if(page.posts, [](const SimPost& post) { return post.surface == Surface::reel; });
  for (SimPost& post : page.posts) post.id = page.id + '_' + mint::media_id(post.serial);
  return page;
}

SimAccount profile_of(const SimAccount& person) {
  SimAccount profile = twin_of(person, "threads");
  for (SimPost& post : profile.posts) {
    post.id = mint::media_id(post.serial + 1);
    if (post.surface == Surface::reel) post.surface = Surface::post;
  }
  return profile;
}

SimAccount advertiser_of(const SimAccount& person, const Interval& window) {
  SimAccount page = twin_of(person, "facebook_ads");
  page.posts.clear();
  page.spells.clear();
  const auto advertise = [&](Instant start, std::optional<Instant> stop) {
    SimPost ad{.id = {}, .surface = Surface::ad, .created = start, .declared = start};
    ad.deleted = stop;
    ad.serial = mix64(page.id) + page.posts.size();
    ad.id = mint::library_id(ad.serial);
    ad.text = person.actor + ": order today";
    page.posts.push_back(std::move(ad));
  };
  advertise(window.start - days(20), window.start - days(10));
  advertise(window.start - days(5), std::nullopt);
  advertise(window.start - days(2), window.start + (window.end - window.start) / 2);
  return page;
}

}  // namespace

void add_meta_twins(Population& population, int most) {
  std::vector<SimAccount> twins;
  for (const SimAccount& person : population.accounts) {
    if (person.platform != "instagram" || most-- <= 0) continue;
    twins.push_back(twin_page(person));
    twins.push_back(profile_of(person));
    twins.push_back(advertiser_of(person, population.window));
  }
  std::move(twins.begin(), twins.end(), std::back_inserter(population.accounts));
}

}  // namespace pw
