// What holds for every connector alike.
#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "connectors/utf8.h"
#include "daemon/core/redact.h"
#include "tests/connectors/captures.h"

namespace pw {
namespace {

void check_reading(const Reading& reading) {
  if (const auto* trouble = std::get_if<Trouble>(&reading)) {
    if (observes(trouble->outcome)) FAIL("trouble that observes");
    return;
  }
  const Page& page = std::get<Page>(reading);
  if (page.posts.empty() && page.skipped > 0) FAIL("a page of nothing but unreadable items");
  if (page.posts.size() > 1000) FAIL("more posts than the limit");
  for (const Post& post : page.posts) {
    if (post.id.empty()) FAIL("a post without an id");
    if (!is_utf8(post.id) || !is_utf8(post.text) || !is_utf8(post.url)) FAIL("ill-formed text");
    if (post.text.find('\0') != std::string::npos) FAIL("a NUL in a text");
  }
}

// Reads a body and checks what may never happen, whatever it is; as an answer about two
// accounts at once too, where the connector reads such.
Reading read_safely(const Connector& connector, const Account& account, std::string body) {
  const Query query{account, &test_credential};
  const HttpResponse response = answer(200, std::move(body));
  if (connector.declaration().probe == ProbeProves::lists) {
    Account other = account;
    other.handle = other.id = "987654321";
    const Query both[] = {query, {other, &test_credential}};
    const BatchReading batch = connector.decode_batch(both, response);
    if (batch.readings.size() != 2) FAIL("not a reading for each account");
    for (const Reading& one : batch.readings) {
      if (const Page* page = std::get_if<Page>(&one); page == nullptr || !page->posts.empty())
        check_reading(one);
    }
  }
  const Reading reading = connector.decode(query, response);
  check_reading(reading);
  return reading;
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string out;
  out.reserve(part.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += part;
  return out;
}

std::vector<std::string> hostile_bodies() {
  constexpr std::size_t five_megabytes = 5 << 20;
  return {
      "",
      " ",
      std::string(1, '\0'),
      "<html><body>Sorry</body></html>",
      "null",
      "[]",
      "{}",
      "[[[[",
      "{\"error\":null}",
      "{\"business_discovery\":{\"media\":{\"data\":{}}}}",
      "{\"feed\":{}}",
      "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":7}",
      repeated("[", 200'000),
      repeated("{\"a\":", 200'000),
      repeated("<b>", 200'000),
      repeated("<item>", 200'000),
      repeated("<rss><channel><item><title>", 50'000),
      "<rss><channel>" + repeated("<item><title>x</title></item>", 20'000) + "</channel></rss>",
      "<rss><channel><item><description>" + repeated("&lt;b&gt;&lt;p&gt;", 20'000),
      repeated("<!--", 300'000),
      repeated("<![CDATA[", 300'000),
      repeated("<a b=\"", 300'000),
      repeated("&", five_megabytes),
      repeated("<", five_megabytes),
      repeated("\xFF", five_megabytes),
      repeated("\"\\ud800", 500'000),
      repeated("a", five_megabytes),
      "[" + repeated("{\"id\":\"1\"},", 100'000) + "{\"id\":\"1\"}]",
      "[" + repeated("9", 100'000) + "]",
  };
}

constexpr std::size_t flips_for_each = 1500;

}  // namespace

TEST_CASE("every connector declares itself truthfully enough to be printed") {
  for (const std::string_view name : connector_names()) {
    const auto connector = make_connector(name, {});
    REQUIRE(connector);
    const Declaration& declared = connector->declaration();
    CHECK(declared.name == name);
    CHECK_FALSE(declared.sees.empty());
    CHECK((declared.sees & declared.never_sees).empty());
    CHECK_FALSE(declared.blind_spots.empty());
    CHECK_FALSE(declared.source.empty());
    CHECK(declared.page_size > 0);
    CHECK(declared.lag >= Millis{0});
    CHECK(declared.pages_max > 0);
    CHECK(declared.cost > 0);
    CHECK(declared.clock_precision > Millis{0});
    // A batch without a check would be asked for and never answered.
    CHECK((declared.batch_size == 1 || declared.probe != ProbeProves::nothing));
    CHECK((declared.host_requests_max == 0) == (declared.host_window == Millis{0}));
  }
  CHECK(make_connector("telepathy", {}) == nullptr);
}

TEST_CASE("what a connector declares is said to people in full") {
  const std::vector<std::string> capabilities = {
      "sees",          "never sees",  "list",       "times",      "late by",      "edits",
      "deletions",     "pins",        "backdating", "stable id",  "a look reads", "a look costs",
      "asked at most", "cheap check", "push",       "credential", "permission"};
  for (const std::string_view name : connector_names()) {
    const auto connector = make_connector(name, {});
    std::vector<std::string> said;
    std::cout << name << '\n';
    for (const auto& [what, value] : print_capabilities(connector->declaration())) {
      INFO(name << ' ' << what);
      said.push_back(what);
      CHECK_FALSE(value.empty());
      std::cout << "  " << what << ": " << value << '\n';
    }
    CHECK(said == capabilities);
  }
  const auto value_of = [](std::string_view name, std::string_view what) {
    for (const auto& [key, value] : print_capabilities(make_connector(name, {})->declaration())) {
      if (key == what) return value;
    }
    return std::string();
  };
  CHECK(value_of("youtube", "push") == "WebSub");
  CHECK(value_of("bluesky", "push") == "a stream");
  CHECK(value_of("x", "push") == "a webhook");
  CHECK(value_of("youtube", "cheap check").starts_with("one request for 50 accounts"));
  CHECK(value_of("facebook_ads", "cheap check").starts_with("one request for 10 accounts"));
  CHECK(value_of("x", "permission") == "to be attested by the operator");
  CHECK(value_of("mastodon", "permission") == "nobody's");
  CHECK(value_of("telegram", "asked at most") ==
        "every 5 s; the platform allows 30 requests in 1 s");
}

// Interfaces that take a key nowhere else: a blog's key parameter, a bot's path.
// There the one redaction has to know the token, as it does from the configuration.
bool takes_token_in_address(std::string_view name) {
  return name == "tumblr" || name == "telegram";
}

TEST_CASE("no request carries a token in its address where another place is offered") {
  const Redactor redactor({std::string(test_credential.token)});
  for (const std::string_view name : connector_names()) {
    const auto shown = [&](const std::string& url) {
      return takes_token_in_address(name) ? redactor.redact(url) : url;
    };
    const auto connector = make_connector(name, {});
    const Account account = account_on(name);
    for (const std::string_view cursor : {"", "QVFIUg", "/feed?page=2"}) {
      const Query query{account, &test_credential, cursor};
      INFO(name);
      CHECK(shown(connector->request(query).url).find("canary") == std::string::npos);
      const auto resolve = connector->resolve_request(query);
      if (resolve) CHECK(shown(resolve->url).find("canary") == std::string::npos);
    }
  }
}

TEST_CASE("an answer cut off at any byte invents nothing, and says what it is") {
  int cuts = 0;
  int pages = 0;
  for (const Capture& capture : all_captures()) {
    const auto connector = make_connector(capture.platform, {});
    const Account account = account_on(capture.platform);
    const std::size_t bytes = trimmed(capture.body).size();
    const bool is_json = capture.path.extension() == ".json";
    const Reading whole = read_safely(*connector, account, capture.body);
    const Page* page = std::get_if<Page>(&whole);
    for (std::size_t size = 0; size < bytes; ++size, ++cuts) {
      const Reading part = read_safely(*connector, account, capture.body.substr(0, size));
      if (!std::holds_alternative<Page>(part)) continue;
      ++pages;
      INFO(capture.path.string() << " cut at " << size);
      if (is_json || page == nullptr) FAIL("a page from a part");
      if (const std::string wrong = wrong_in_part(*page, part); !wrong.empty()) FAIL(wrong);
    }
  }
  std::cout << "contract: " << cuts << " cut answers, " << pages << " still pages\n";
  CHECK(cuts > 10'000);
  CHECK(pages > 300);
}

TEST_CASE("a flipped byte crashes nothing and leaves no ill-formed post") {
  std::uint64_t state = 20260916;
  int flips = 0;
  for (const Capture& capture : all_captures()) {
    const auto connector = make_connector(capture.platform, {});
    const Account account = account_on(capture.platform);
    INFO(capture.path.string());
    for (std::size_t i = 0; i < std::min(flips_for_each, capture.body.size() * 8); ++i, ++flips) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      std::string body = capture.body;
      const std::size_t bit = (state >> 20) % (body.size() * 8);
      body[bit / 8] = static_cast<char>(body[bit / 8] ^ (1 << (bit % 8)));
      read_safely(*connector, account, std::move(body));
    }
  }
  std::cout << "contract: " << flips << " flipped answers\n";
  CHECK(flips > 10'000);
}

TEST_CASE("hostile bodies end in a page or in trouble, and soon") {
  for (const std::string_view name : connector_names()) {
    const auto connector = make_connector(name, {});
    const Account account = account_on(name);
    const auto bodies = hostile_bodies();
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      INFO(name << " body " << i);
      const auto start = std::chrono::steady_clock::now();
      read_safely(*connector, account, bodies[i]);
      // Generous: sanitizers and loaded machines; quadratic work takes minutes.
      CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    }
  }
}

}  // namespace pw
