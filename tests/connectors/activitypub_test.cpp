// From a handle to an outbox on any ActivityPub server: who vouches for whom, and
// what is asked of whom.
#include <catch2/catch.hpp>

#include "tests/connectors/captures.h"

namespace pw {
namespace {

Account unresolved() {
  Account account = account_on("activitypub");
  account.id.clear();
  account.home.clear();
  return account;
}

std::string jrd(std::string_view subject, std::string_view links) {
  return R"({"subject":")" + std::string(subject) + R"(","links":[)" + std::string(links) + "]}";
}

std::string self(std::string_view address, std::string_view type = "application/activity+json") {
  return R"({"rel":"self","type":")" + std::string(type) + R"(","href":")" + std::string(address) +
         "\"}";
}

const std::string ours = "https://m.example/users/brandco";
const std::string ld = R"(application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\")";

struct Row {
  int status;
  std::string body;
  std::string yields;
  std::string_view final_url = "https://m.example/.well-known/webfinger?resource=x";
};

std::string print(const std::variant<Identity, Trouble>& answer) {
  if (const auto* trouble = std::get_if<Trouble>(&answer)) return print_trouble(*trouble);
  return std::get<Identity>(answer).id;
}

std::string print(const std::variant<Home, Trouble>& answer) {
  if (const auto* trouble = std::get_if<Trouble>(&answer)) return print_trouble(*trouble);
  const Home& home = std::get<Home>(answer);
  return home.address + (home.onward ? " onward " : " ") + home.handle;
}

}  // namespace

TEST_CASE("a handle's actor is pinned only where the actor's own server vouches for it") {
  const std::string me = "acct:brandco@m.example";
  const std::vector<Row> rows = {
      {200, jrd(me, self(ours)), ours},
      {200, jrd("acct:BrandCo@M.example", self(ours)), ours},
      {200,
       jrd(me, R"({"rel":"http://webfinger.net/rel/profile-page","href":"https://m.example/"},)" +
                   self(ours, ld)),
       ours},
      // The domain delegates: who answers in the end is the actor's server.
      {200, jrd(me, self("https://social.m.example/ap/users/7")),
       "https://social.m.example/ap/users/7",
       "https://social.m.example/.well-known/webfinger?resource=x"},
      // A domain that names an actor elsewhere has nobody's word but its own.
      {200, jrd(me, self("https://victim.example/users/v")), "not_visible account"},
      {200, jrd("acct:other@m.example", self(ours)), "not_visible account"},
      {200, jrd(me, self("http://m.example/users/brandco")), "malformed account"},
      {200, jrd(me, self("https://u@m.example/users/brandco")), "not_visible account"},
      {200, jrd(me, self(ours, "text/html")), "malformed account"},
      {200, jrd(me, ""), "malformed account"},
      {400, "", "not_visible account"},
      {404, "", "not_visible account"},
      {410, "", "gone account"},
      {200, "<html>", "malformed account"},
  };
  const auto connector = make_connector("activitypub", {});
  const Account account = unresolved();
  for (const Row& row : rows) {
    INFO(row.body);
    HttpResponse response = answer(row.status, row.body);
    response.final_url = row.final_url;
    CHECK(print(connector->decode_identity({account}, response)).starts_with(row.yields));
  }
}

TEST_CASE("an actor names itself, and an outbox on its own server") {
  const auto actor = [](std::string_view id, std::string_view rest) {
    return R"({"id":")" + std::string(id) + R"(","type":"Person","preferredUsername":"BrandCo",)" +
           std::string(rest) + "}";
  };
  const std::string outbox = R"("outbox":"https://m.example/users/brandco/outbox")";
  const std::vector<Row> rows = {
      {200, actor(ours, outbox), "https://m.example/users/brandco/outbox onward brandco@m.example"},
      {200, actor("https://m.example/users/mallory", outbox), "other_account account"},
      {200, actor(ours, R"("outbox":"https://evil.example/outbox")"), "not_visible account"},
      {200, actor(ours, R"("outbox":"http://m.example/outbox")"), "not_visible account"},
      {200, actor(ours, R"("inbox":"https://m.example/inbox")"), "not_visible account"},
      {200, actor(ours, outbox + R"(,"suspended":true)"), "suspended account"},
      {200, actor(ours, outbox + R"(,"movedTo":"https://n.example/u")"), "renamed account"},
      {401, R"({"error":"Request not signed"})", "refused host"},
      {403, "", "refused"},
      {410, R"({"type":"Tombstone"})", "gone account"},
  };
  const auto connector = make_connector("activitypub", {});
  Account account = account_on("activitypub");
  account.home.clear();
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK(print(connector->decode_home({account}, answer(row.status, row.body)))
              .starts_with(row.yields));
  }
}

TEST_CASE("an outbox leads to its first page, is one, or shows nothing") {
  const std::string root = "https://m.example/users/brandco/outbox";
  const std::vector<Row> rows = {
      {200,
       R"({"type":"OrderedCollection","totalItems":8,"first":"https://m.example/o?page=true"})",
       "https://m.example/o?page=true "},
      {200, R"({"type":"OrderedCollection","first":{"id":"https://m.example/o?page=1"}})",
       "https://m.example/o?page=1 "},
      {200, R"({"type":"OrderedCollection","first":{"orderedItems":[]}})", root + " "},
      {200, R"({"type":"OrderedCollection","totalItems":1,"orderedItems":[{}]})", root + " "},
      {200, R"({"type":"OrderedCollection","totalItems":0})", root + " "},
      // Pixelfed counts and shows none: that is no silence.
      {200, R"({"type":"OrderedCollection","totalItems":812})", "not_visible account"},
      {200, R"({"type":"OrderedCollection","first":"https://evil.example/o"})",
       "not_visible account"},
  };
  const auto connector = make_connector("activitypub", {});
  Account account = account_on("activitypub");
  account.home = root;
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK(print(connector->decode_home({account}, answer(row.status, row.body)))
              .starts_with(row.yields));
  }
}

TEST_CASE("a cursor leads to further pages of the same server alone") {
  const auto connector = make_connector("activitypub", {});
  const Account account = account_on("activitypub");
  CHECK(connector->request({account}).url == account.home);
  CHECK(connector->request({account, nullptr, "https://m.example/o?page=2"}).url ==
        "https://m.example/o?page=2");
  CHECK(connector->request({account, nullptr, "https://evil.example/o"}).url == account.home);
  CHECK(connector->request({account, nullptr, "https://m.example@evil.example/"}).url ==
        account.home);
  const Reading reading = connector->decode(
      {account}, answer(200, R"({"type":"OrderedCollectionPage","orderedItems":[],)"
                             R"("next":"https://evil.example/o"})"));
  CHECK(std::holds_alternative<Trouble>(reading));
}

TEST_CASE("requests are signed with a credential, and a name's own server is not asked to") {
  const auto connector = make_connector("activitypub", {});
  const Credential key{.label = "k",
                       .app = "k",
                       .user_id = "https://pw.example/actor#main-key",
                       .token = "-----BEGIN PRIVATE KEY-----"};
  const Account account = account_on("activitypub");
  const Account nobody = unresolved();
  CHECK(connector->request({account, &key}).key->id == "https://pw.example/actor#main-key");
  CHECK_FALSE(connector->request({account}).key);
  CHECK_FALSE(connector->resolve_request({nobody, &key})->key);
  CHECK(connector->resolve_request({nobody})->url ==
        "https://m.example/.well-known/webfinger?resource=acct%3Abrandco%40m.example");
}

}  // namespace pw
