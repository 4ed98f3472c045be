#include "tests/rehearsal/support/sample_population.h"

namespace pw {
namespace {

SimPost post_of(std::string id, Surface surface, std::string_view created, std::string text) {
  SimPost post{.id = std::move(id), .surface = surface, .created = at(created)};
  post.declared = post.created;
  post.text = std::move(text);
  return post;
}

SimAccount instagram() {
  SimAccount account{.platform = "instagram", .handle = "riverbank.bakery"};
  account.name = account.handle;
  account.id = "17841409876543210";
  account.actor = "Riverbank Bakery";
  account.posts = {
      post_of("17901000000000103", Surface::post, "2026-09-15T18:45:00Z", ""),
      post_of("17901000000000102", Surface::post, "2026-09-16T09:30:12Z", "Morning loaves"),
      post_of("17901000000000101", Surface::reel, "2026-09-16T14:02:39Z",
              "Open late tonight with friends from @harbour_roasters #rye")};
  account.posts[0].media = "album";
  account.posts[1].media = "image";
  account.posts[2].media = "video";
  account.posts[0].serial = 1;
  account.posts[1].serial = 7;  // hides its likes
  account.posts[2].serial = 3;
  return account;
}

SimAccount mastodon() {
  SimAccount account{.platform = "mastodon", .handle = "brandco@m.example", .host = "m.example"};
  account.name = "brandco";
  account.id = "109500000000000001";
  account.actor = "BrandCo";
  account.posts = {
      post_of("117280879417794835", Surface::repost, "2026-09-16T13:10:00.101Z", "Day of silence"),
      post_of("117281089618747667", Surface::post, "2026-09-16T14:03:27.512Z",
              "New drop today! #sale")};
  account.posts[1].edited = at("2026-09-16T14:10:02.120Z");
  account.posts[1].edited_text = "New drop today, <corrected> #sale";
  account.posts[1].serial = 2;
  return account;
}

SimAccount bluesky() {
  SimAccount account{.platform = "bluesky", .handle = "brandco.example.com"};
  account.name = account.handle;
  account.id = "did:plc:k3zq7yexampleacct2pledg3";
  account.actor = "BrandCo";
  const std::string repo = "at://" + account.id;
  account.posts = {post_of(repo + "/app.bsky.feed.post/3mvmtbun7k2a2", Surface::reply,
                           "2026-09-16T09:30:01Z", "@fan thanks!"),
                   post_of(repo + "/app.bsky.feed.post/3mvncku2qi237", Surface::post,
                           "2026-09-16T14:03:28.101Z", "New drop today!"),
                   post_of(repo + "/app.bsky.feed.repost/3mvncnmiuwkk2", Surface::repost,
                           "2026-09-16T14:05:00.250Z", "Day of silence starts now")};
  account.posts[1].serial = 1;
  account.posts[2].serial = 2;
  return account;
}

SimAccount feed() {
  SimAccount account{.platform = "feed", .handle = "https://brand.example/feed"};
  account.name = account.handle;
  account.id = account.handle;
  account.actor = "BrandCo Blog";
  account.posts = {post_of("https://brand.example/?p=42", Surface::post, "2026-09-16T14:03:27Z",
                           "Out <now> & hot")};
  account.posts[0].serial = 42;
  return account;
}

}  // namespace

Population sample_population() {
  Population population;
  population.window = {at("2026-09-16T00:00:00Z"), at("2026-09-17T00:00:00Z")};
  population.accounts = {instagram(), mastodon(), bluesky(), feed()};
  return population;
}

PopulationOptions demo_options(std::uint64_t seed) {
  PopulationOptions options;
  options.cast.seed = seed;
  options.window = {at("2026-11-24T03:22:07Z"), at("2026-11-24T03:24:07Z")};
  options.credentials = {{"instagram-a", "app-a", "17841400000000001", "token-of-the-first"},
                         {"instagram-b", "app-b", "17841400000000002", "token-of-the-second"}};
  options.limits.instagram = 1'000'000;
  options.limits.mastodon = 1'000'000;
  options.limits.mastodon_paging = 1'000'000;
  options.limits.bluesky = 1'000'000;
  return options;
}

HttpRequest get(std::string url, std::vector<HttpHeader> headers) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers = std::move(headers);
  return request;
}

HttpResponse ask(const Population& population, const HttpRequest& request, Instant now) {
  const SimWorld world(population);
  RequestCounts counts;
  return world.answer(request, now, counts).response;
}

std::string header_of(const HttpResponse& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or(""));
}

}  // namespace pw
