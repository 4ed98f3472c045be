// The whole site over a sample campaign: who may see what, and that no text of
// others ever becomes markup.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "daemon/ledger/warc.h"
#include "daemon/runtime/random.h"
#include "daemon/web/json_views.h"
#include "daemon/web/site.h"
#include "tests/web/sample_backend.h"

using namespace pw;
using namespace pw::test;

namespace {

struct Sample {
  explicit Sample(Role anonymous = Role::everybody)
      : site(backend, {{"localhost"}, anonymous, seeded_random(1)}, figures) {}
  SampleBackend backend;
  WebFigures figures;
  Site site;

  int status(const std::string& target, const std::string& who = {}) {
    return site.answer(get(target, who.empty() ? "" : token_of(who))).status;
  }
};

std::string header_of(const WebAnswer& answer, std::string_view name) {
  for (const WebHeader& field : answer.headers) {
    if (field.name == name) return field.value;
  }
  return {};
}

WebRequest post(const std::string& target, const std::string& type, const std::string& body) {
  WebRequest request = get(target);
  request.method = "POST";
  request.headers.push_back({"content-type", type});
  request.body = body;
  return request;
}
constexpr const char* form = "application/x-www-form-urlencoded";

// Signs in and gives the cookie's value.
std::string sign_in(Sample& sample, const std::string& who) {
  const WebAnswer answer =
      sample.site.answer(post("/sign-in", form, "token=" + encode_query(token_of(who))));
  REQUIRE(answer.status == 303);
  const std::string cookie = header_of(answer, "Set-Cookie");
  CHECK(cookie.find("HttpOnly; SameSite=Strict") != std::string::npos);
  return cookie.substr(cookie.find('=') + 1, 64);
}

const std::vector<std::string> pages = {"/", "/accounts/1", "/review", "/health", "/sign-in"};
const std::vector<std::string> routes = {"/api/v1/me",
                                         "/api/v1/board",
                                         "/api/v1/cells",
                                         "/api/v1/accounts",
                                         "/api/v1/accounts/1",
                                         "/api/v1/verdicts",
                                         "/api/v1/findings",
                                         "/api/v1/health",
                                         "/api/v1/sinks",
                                         "/api/v1/connectors",
                                         "/api/v1/findings/abcdefghijklmnopqrstuvwxyz"};

}  // namespace

TEST_CASE("each role sees what it may, and no more") {
  Sample s;
  struct Row {
    const char* target;
    int everybody, reader, reviewer, operator_;
  };
  const Row rows[] = {
      {"/", 200, 200, 200, 200},
      {"/accounts/1", 401, 200, 200, 200},
      {"/accounts/2", 401, 404, 404, 404},
      {"/accounts/x", 401, 404, 404, 404},
      {"/review", 401, 200, 200, 200},
      {"/health", 401, 200, 200, 200},
      {"/metrics", 401, 200, 200, 200},
      {"/healthz", 200, 200, 200, 200},
      {"/readyz", 200, 200, 200, 200},
      {"/api/v1/board", 200, 200, 200, 200},
      {"/api/v1/cells", 401, 200, 200, 200},
      {"/api/v1/findings", 401, 200, 200, 200},
      {"/api/v1/findings/zzz", 401, 404, 404, 404},
      {"/api/v1/accounts?limit=0", 401, 400, 400, 400},
      {"/api/v1/accounts?limit=501", 401, 400, 400, 400},
      {"/api/v1/accounts?state=happy", 401, 400, 400, 400},
      {"/api/v1/verdicts?after=x", 401, 400, 400, 400},
      {"/api/v1/outbox", 401, 200, 200, 200},
      {"/api/v1/nothing", 401, 403, 403, 404},
      {"/log/checkpoint", 200, 200, 200, 200},
      {"/log/tile/0/000.p/3", 403, 403, 403, 200},
      {"/log/tile/0/../checkpoint", 400, 400, 400, 400},
      {"/log/log.key", 404, 404, 404, 404},
      {"/assets/pledgewatch.js", 200, 200, 200, 200},
      {"/assets/none.js", 404, 404, 404, 404},
      {"/nothing", 404, 404, 404, 404},
  };
  for (const Row& row : rows) {
    INFO(row.target);
    CHECK(s.status(row.target) == row.everybody);
    CHECK(s.status(row.target, "rita") == row.reader);
    CHECK(s.status(row.target, "ann") == row.reviewer);
    CHECK(s.status(row.target, "olga") == row.operator_);
    CHECK(s.status(row.target, "nobody") == (row.everybody == 400 ? 400 : 401));
  }
  s.backend.model.phase = Phase::closed;
  CHECK(s.status("/log/tile/0/000.p/3") == 200);
}

TEST_CASE("everybody's board names nobody and tells of no finding") {
  Sample s;
  for (const char* target : {"/", "/api/v1/board"}) {
    const WebAnswer answer = s.site.answer(get(target));
    INFO(target);
    CHECK(answer.body.find("alert(1)") == std::string::npos);
    CHECK(answer.body.find("awaits review") == std::string::npos);
    CHECK(answer.body.find("findings to review") == std::string::npos);
    CHECK(answer.body.find("Ann") == std::string::npos);
  }
}

TEST_CASE("no text of others becomes markup, turns around or hides") {
  Sample s;
  s.backend.model.cells[0].actor = markup + std::string(1'000'000, 'x');
  s.backend.model.cells[0].handle = turned;
  s.backend.model.judgement.campaign = markup;
  s.backend.model.troubles = {markup, turned};
  s.backend.model.windows[0].zone = markup;
  s.backend.found[0].reviews = {{markup, FindingState::confirmed, markup, s.backend.time},
                                {turned, FindingState::dismissed, turned, s.backend.time}};
  s.backend.found[0].answer = markup;
  for (const std::string& page : pages) {
    const WebAnswer answer = s.site.answer(get(page, token_of("ann")));
    INFO(page);
    CHECK(answer.status == 200);
    CHECK(answer.body.find("<script>") == std::string::npos);
    CHECK(answer.body.find("<img") == std::string::npos);
    CHECK(answer.body.find("javascript:alert") ==
          answer.body.find("<bdi>javascript:alert") +
              (answer.body.find("javascript:alert") == std::string::npos ? 0 : 5));
    CHECK(answer.body.find("\u202e") == std::string::npos);
    CHECK(answer.body.find("\u200b") == std::string::npos);
    CHECK(answer.body.size() < 200'000);
    CHECK(header_of(answer, "Content-Security-Policy").find("'unsafe") == std::string::npos);
    CHECK(header_of(answer, "X-Content-Type-Options") == "nosniff");
  }
  for (const std::string& route : routes) {
    const WebAnswer answer = s.site.answer(get(route, token_of("ann")));
    INFO(route);
    CHECK(answer.status == 200);
    CHECK(answer.type == "application/json");
    CHECK(answer.body.size() < 100'000);
    CHECK(nlohmann::json::accept(answer.body));
  }
}

TEST_CASE("a search is answered without being believed") {
  Sample s;
  const std::string query = "/?q=" + encode_query(markup) + "&platform=" + encode_query(markup) +
                            "&state=" + encode_query(markup) + "&page=99999999999999&only=x,-1";
  const WebAnswer answer = s.site.answer(get(query, token_of("rita")));
  CHECK(answer.status == 200);
  CHECK(answer.body.find("<script>") == std::string::npos);
}

TEST_CASE("who has the newest version is told so") {
  Sample s;
  WebRequest request = get("/api/v1/board", token_of("rita"));
  const WebAnswer first = s.site.answer(request);
  request.headers.push_back({"if-none-match", header_of(first, "ETag")});
  CHECK(s.site.answer(request).status == 304);
  CHECK(s.site.answer(request).body.empty());
  s.backend.change(CellState::broken);
  CHECK(s.site.answer(request).status == 200);
}

TEST_CASE("the names of all cells come packed to whoever takes that") {
  Sample s;
  WebRequest request = get("/api/v1/cells", token_of("rita"));
  const WebAnswer plain = s.site.answer(request);
  CHECK(header_of(plain, "Content-Encoding").empty());
  request.headers.push_back({"accept-encoding", "br;q=1.0, gzip;q=0.8"});
  const WebAnswer packed = s.site.answer(request);
  CHECK(header_of(packed, "Content-Encoding") == "gzip");
  CHECK(unpack_gzip(packed.body, 1'000'000) == plain.body);
  CHECK(header_of(packed, "ETag") != header_of(plain, "ETag"));
  s.backend.change(CellState::broken);
  CHECK(unpack_gzip(s.site.answer(request).body, 1'000'000) != plain.body);
  for (const char* no : {"br", "gzip;q=0", "gzip;q=0.000", "gzipped", "x-gzip"}) {
    request.headers.back().value = no;
    INFO(no);
    CHECK(header_of(s.site.answer(request), "Content-Encoding").empty());
  }
}

TEST_CASE("two people decide by forms; a forged form is refused") {
  Sample s;
  const std::string id = s.backend.found[0].finding.id;
  const std::string ann = sign_in(s, "ann");
  WebRequest decision = post("/review/" + id, form, "decision=confirmed&reason=seen");
  decision.headers.push_back({"cookie", "pledgewatch=" + ann});
  CHECK(s.site.answer(decision).status == 403);  // without the form's token
  decision.body += "&form=" + form_token("other");
  CHECK(s.site.answer(decision).status == 403);
  decision.body = "decision=confirmed&reason=seen&form=" + form_token(ann);
  CHECK(s.site.answer(decision).status == 303);
  REQUIRE(s.backend.asks.size() == 1);
  CHECK(s.backend.asks[0].reviewer == "ann");
  CHECK(s.backend.asks[0].reason == "seen");
  decision.headers.push_back({"origin", "http://evil.example"});
  CHECK(s.site.answer(decision).status == 421);

  WebRequest json = post("/api/v1/findings/" + id + "/reviews", "application/json",
                         R"({"decision":"dismissed","reason":"a repost"})");
  CHECK(s.site.answer(json).status == 401);
  json.headers.push_back({"authorization", "Bearer " + token_of("rita")});
  CHECK(s.site.answer(json).status == 403);
  json.headers.back().value = "Bearer " + token_of("bob");
  CHECK(s.site.answer(json).status == 201);
  const WebAnswer queue = s.site.answer(get("/review", token_of("rita")));
  CHECK(queue.body.find("1 of 2 people confirm. People disagree.") != std::string::npos);
  for (const char* body : {"", "[]", "{", R"({"decision":7})", R"({"decision":"maybe"})",
                           R"({"decision":"confirmed","reason":7})"}) {
    json.body = body;
    INFO(body);
    CHECK(s.site.answer(json).status == 422);
  }
  json.headers[1].value = "text/plain";
  CHECK(s.site.answer(json).status == 415);
  CHECK(s.backend.asks.size() == 2);
}

TEST_CASE("signing out ends the session, and guessing is slow") {
  Sample s;
  const std::string cookie = sign_in(s, "olga");
  WebRequest request = get("/health");
  request.headers.push_back({"cookie", "pledgewatch=" + cookie});
  CHECK(s.site.answer(request).status == 200);
  WebRequest out = post("/sign-out", form, "form=" + form_token(cookie));
  out.headers.push_back({"cookie", "pledgewatch=" + cookie});
  CHECK(s.site.answer(out).status == 303);
  CHECK(s.site.answer(request).status == 401);
  for (int i = 0; i < 20; ++i)
    CHECK(s.site.answer(post("/sign-in", form, "token=guess")).status == 403);
  CHECK(s.site.answer(post("/sign-in", form, "token=token+of+ann")).status == 429);
  s.backend.time += std::chrono::minutes(1);
  CHECK(s.site.answer(post("/sign-in", form, "token=token+of+ann")).status == 303);
}

TEST_CASE("a token that is nobody's any more opens nothing, nor does its session") {
  Sample s;
  WebRequest browser = get("/health");
  browser.headers.push_back({"cookie", "pledgewatch=" + sign_in(s, "rita")});
  CHECK(s.site.answer(browser).status == 200);
  s.backend.people = {{"rita", sha256("another token"), {}, Role::reader}};
  CHECK(s.site.answer(browser).status == 401);
  CHECK(s.status("/health", "rita") == 401);
  CHECK(s.status("/health", "olga") == 401);
  CHECK(s.site.answer(get("/health", "another token")).status == 200);
}

TEST_CASE("the unix socket's peer is the reviewer of that uid") {
  Sample s;
  s.backend.people.push_back({"sue", {}, 1000, Role::reviewer});
  WebRequest request = get("/api/v1/me");
  request.peer = {true, 1000, false};
  CHECK(s.site.answer(request).body == R"({"name":"sue","role":"reviewer"})");
  request.peer.uid = 1001;
  CHECK(s.site.answer(request).body == R"({"name":"uid 1001","role":"operator"})");
}

TEST_CASE("the unix socket's peer is the operator, unless a token says otherwise") {
  Sample s;
  WebRequest request = get("/api/v1/me");
  request.peer = {true, 1000, false};
  CHECK(s.site.answer(request).body == R"({"name":"uid 1000","role":"operator"})");
  request.headers.push_back({"authorization", "Bearer " + token_of("rita")});
  CHECK(s.site.answer(request).body == R"({"name":"rita","role":"reader"})");
}

TEST_CASE("while the window runs nobody is called kept") {
  Sample s;
  REQUIRE(s.backend.model.phase == Phase::running);
  const WebAnswer answer = s.site.answer(get("/api/v1/board", token_of("rita")));
  const auto board = nlohmann::json::parse(answer.body);
  CHECK(board["counts"][0]["label"] == "nothing seen so far");
  for (const auto& count : board["counts"]) CHECK(count["label"] != "kept");
  CHECK(board["counts"][0]["of"] == 1);
}

TEST_CASE("metrics are counts, with no name of anybody") {
  Sample s;
  const WebAnswer answer = s.site.answer(get("/metrics", token_of("rita")));
  CHECK(answer.type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(answer.body.find("pledgewatch_accounts{state=\"review\"} 1") != std::string::npos);
  CHECK(answer.body.find("pledgewatch_looks_total{connector=\"instagram\",outcome=\"fresh\"} 14") !=
        std::string::npos);
  CHECK(answer.body.find("Ann") == std::string::npos);
}

TEST_CASE("a hub is answered with the challenge alone, and its notice handed on as it came") {
  Sample sample;
  const std::string query = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fa&hub.challenge=XYZ";
  const WebAnswer asked = sample.site.answer(get("/hub/known?" + query));
  CHECK(asked.status == 200);
  CHECK(asked.body == "XYZ");
  CHECK(asked.type == "text/plain; charset=utf-8");
  REQUIRE(sample.backend.hub_asks.size() == 1);
  CHECK(sample.backend.hub_asks[0].query == query);
  CHECK_FALSE(sample.backend.hub_asks[0].notice);

  WebRequest notice = post("/hub/known", "application/atom+xml", "<feed>\n</feed>");
  notice.headers.push_back({"x-hub-signature", "sha1=00"});
  CHECK(sample.site.answer(notice).status == 202);
  CHECK(sample.backend.hub_asks[1].notice);
  CHECK(sample.backend.hub_asks[1].body == "<feed>\n</feed>");
  CHECK(sample.backend.hub_asks[1].signature == "sha1=00");

  CHECK(sample.backend.hub_asks[1].x_signatures.empty());

  const WebAnswer proof = sample.site.answer(get("/hub/x?crc_token=a%20b"));
  CHECK(proof.status == 200);
  CHECK(proof.type == "application/json");
  CHECK(proof.body == R"({"response_token":"sha256=…"})");
  CHECK(sample.backend.hub_asks[2].query == "crc_token=a%20b");
  WebRequest signed_twice = post("/hub/x", "application/json", R"({"data":{}})");
  signed_twice.headers.push_back({"x-twitter-webhooks-signature", "sha256=a"});
  signed_twice.headers.push_back({"x-twitter-webhooks-signature-oauth2", "sha256=b"});
  CHECK(sample.site.answer(signed_twice).status == 200);
  CHECK(sample.backend.hub_asks[3].x_signatures ==
        std::vector<std::string>{"sha256=b", "sha256=a"});
  CHECK(sample.backend.hub_asks[3].body == R"({"data":{}})");

  CHECK(sample.status("/hub/unknown?" + query) == 404);
  CHECK(sample.status("/hub/") != 200);
  WebRequest removal = get("/hub/known");
  removal.method = "DELETE";
  CHECK(sample.site.answer(removal).status == 405);
  // By a name that is not ours nobody is answered, a hub neither.
  WebRequest foreign = get("/hub/known?" + query);
  for (WebHeader& field : foreign.headers) {
    if (field.name == "host") field.value = "elsewhere.example";
  }
  CHECK(sample.site.answer(foreign).status == 421);
}
