// Where a Bluesky account lives, whether anything was written there, and every
// record there is.
#include "connectors/bluesky_repo.h"

#include <catch2/catch.hpp>

#include "tests/connectors/captures.h"

namespace pw {
namespace {

constexpr std::string_view did = "did:plc:k3zq7yexampleacct2pledg3";

std::string document(std::string_view id, std::string_view names, std::string_view service) {
  return R"({"id":")" + std::string(id) + R"(","alsoKnownAs":[)" + std::string(names) +
         R"(],"service":[)" + std::string(service) + "]}";
}

std::string service(std::string_view address, std::string_view id = "#atproto_pds",
                    std::string_view type = "AtprotoPersonalDataServer") {
  return R"({"id":")" + std::string(id) + R"(","type":")" + std::string(type) +
         R"(","serviceEndpoint":")" + std::string(address) + "\"}";
}

const std::string own = R"("at://brandco.example.com")";
const std::string morel = service("https://morel.us-east.host.bsky.network");

struct Row {
  int status;
  std::string body;
  std::string_view yields;
};

const std::vector<Row> documents = {
    {200, document(did, own, morel), "https://morel.us-east.host.bsky.network brandco.example.com"},
    // Ids may be absolute, addresses end in a slash, other services come first.
    {200,
     document(did, own,
              service("https://l.example", "#atproto_labeler", "AtprotoLabeler") + "," +
                  service("https://pds.example/", std::string(did) + "#atproto_pds")),
     "https://pds.example brandco.example.com"},
    // Among several names the account's own counts; otherwise it has been renamed.
    {200, document(did, R"("at://a.example.com",)" + own, morel),
     "https://morel.us-east.host.bsky.network brandco.example.com"},
    {200, document(did, R"("at://new.example.com")", morel),
     "https://morel.us-east.host.bsky.network new.example.com"},
    {200, document(did, "", morel), "https://morel.us-east.host.bsky.network "},
    {200, document("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", own, morel), "other_account account"},
    {200, document(did, own, ""), "malformed account"},
    {200, document(did, own, service("https://a.example/?x")), "malformed account"},
    {200, document(did, own, service("https://u:p@a.example")), "malformed account"},
    {200, document(did, own, service("file:///etc/passwd")), "malformed account"},
    {200, document(did, own, service("https://a.example", "#atproto_pds", "Other")),
     "malformed account"},
    // Without TLS only where the operator named exactly that server.
    {200, document(did, own, service("http://pds.example")), "refused account"},
    {200, document(did, own, service("http://127.0.0.1:2583")),
     "http://127.0.0.1:2583 brandco.example.com"},
    {404, R"({"message":"DID not registered"})", "not_visible account"},
    {410, "{}", "not_visible account"},
    {503, "", "unreachable account"},
    {200, "<html>", "malformed account"},
};

std::string print(const std::variant<Home, Trouble>& found) {
  if (const auto* trouble = std::get_if<Trouble>(&found)) return print_trouble(*trouble);
  const Home& home = std::get<Home>(found);
  return home.address + ' ' + home.handle;
}

std::string print(const ProbeReading& reading) {
  if (const auto* trouble = std::get_if<Trouble>(&reading)) return print_trouble(*trouble);
  return std::get<std::string>(reading);
}

}  // namespace

TEST_CASE("a DID document names a server and a handle, or says why it cannot be used") {
  const Account account = account_on("bluesky");
  for (const Row& row : documents) {
    INFO(row.body);
    const auto found =
        decode_did_document({account}, answer(row.status, row.body), "http://127.0.0.1:2583/");
    CHECK(print(found).starts_with(row.yields));
  }
}

TEST_CASE("only a DID has a document, and did:web keeps its own") {
  CHECK(did_document_address(did, "") == "https://plc.directory/" + std::string(did));
  CHECK(did_document_address(did, "http://127.0.0.1:2582/") ==
        "http://127.0.0.1:2582/" + std::string(did));
  CHECK(did_document_address("did:web:b.example", "http://127.0.0.1:2582") ==
        "https://b.example/.well-known/did.json");
  CHECK(did_document_address("did:web:b.example:8080:x", "").empty());
  CHECK(did_document_address("did:key:z6Mk", "").empty());
  CHECK(did_document_address("brandco.example.com", "").empty());
}

TEST_CASE("a revision is a token, and a repository's trouble is the account's") {
  const Account account = account_on("bluesky");
  const std::vector<Row> rows = {
      {200, R"({"cid":"bafy","rev":"3mvncku2r7c2k"})", "3mvncku2r7c2k"},
      {200, R"({"cid":"bafy"})", "malformed account"},
      {200, R"({"rev":""})", "malformed account"},
      {400, R"({"error":"RepoTakendown","message":"m"})", "suspended account"},
      {400, R"({"error":"RepoSuspended","message":"m"})", "suspended account"},
      {400, R"({"error":"RepoDeactivated","message":"m"})", "not_visible account"},
      {400, R"({"error":"RepoNotFound","message":"m"})", "not_visible account"},
      {400, R"({"error":"InvalidRequest","message":"Could not find repo: did:plc:x"})",
       "not_visible account"},
      {429, R"({"error":"RateLimitExceeded","message":"m"})", "rate_limited host"},
      {502, "<html>", "unreachable host"},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK(print(decode_latest_commit({account}, answer(row.status, row.body)))
              .starts_with(row.yields));
  }
}

TEST_CASE("both lists are read to an empty page each, posts before reposts") {
  const Account account = account_on("bluesky");
  const std::string repo = "com.atproto.repo.listRecords?repo=did%3Aplc%3Ak3zq7yexampleacct2pledg3";
  const std::string posts = "&collection=app.bsky.feed.post&limit=100";
  const std::string reposts = "&collection=app.bsky.feed.repost&limit=100";
  struct Step {
    std::string cursor;
    std::string target;
    std::string body;
    std::string next;
  };
  const std::string one = R"({"records":[{"uri":"at://did:plc:k3zq7yexampleacct2pledg3/)"
                          R"(app.bsky.feed.post/k","value":{"text":"a"}}],"cursor":"k"})";
  const std::vector<Step> steps = {
      {"", repo + posts, one, "app.bsky.feed.post/k"},
      {"app.bsky.feed.post/k", repo + posts + "&cursor=k", R"({"records":[],"cursor":"k"})",
       "app.bsky.feed.repost/"},
      {"app.bsky.feed.repost/", repo + reposts, R"({"records":[]})", ""},
      // A key from an answer goes into the address as what it is.
      {"app.bsky.feed.repost/a&b", repo + reposts + "&cursor=a%26b", R"({"records":[]})", ""},
  };
  for (const Step& step : steps) {
    const Query query{account, nullptr, step.cursor};
    CHECK(list_records_target(query) == step.target);
    const Reading reading = decode_records(query, answer(200, step.body));
    REQUIRE(std::holds_alternative<Page>(reading));
    CHECK(std::get<Page>(reading).next == step.next);
  }
}

TEST_CASE("an operator's allowance reaches the operator's own server and no other") {
  ConnectorSettings settings;
  settings.base = "http://127.0.0.1:2584";
  settings.home = "http://127.0.0.1:2583";
  settings.directory = "http://127.0.0.1:2582";
  settings.allowance.hosts = {"127.0.0.1"};
  const auto connector = make_connector("bluesky", settings);
  Account account = account_on("bluesky");
  const auto reaches = [&](const HttpRequest& request) { return request.allowance != nullptr; };
  CHECK(reaches(*connector->home_request({account})));
  account.home = "http://127.0.0.1:2583";
  CHECK(reaches(connector->request({account})));
  const Query query{account};
  CHECK(reaches(*connector->probe_request({&query, 1})));
  // What a document names is a stranger's word, even on the same machine.
  account.home = "http://127.0.0.1:6379";
  const Query elsewhere{account};
  CHECK_FALSE(reaches(connector->request(elsewhere)));
  CHECK_FALSE(reaches(*connector->probe_request({&elsewhere, 1})));
  // Nor does a token go there.
  const Query with_token{account, &test_credential};
  for (const HttpHeader& header : connector->request(with_token).headers)
    CHECK(header.value.find("canary") == std::string::npos);
}

TEST_CASE("an AppView alone is read as before, and proves less") {
  ConnectorSettings settings;
  settings.base = "http://127.0.0.1:2584";
  const auto view = make_connector("bluesky", settings);
  CHECK(view->declaration().list == ListKind::claimed_order);
  const Account account = account_on("bluesky");
  const Query query{account};
  CHECK_FALSE(view->home_request(query));
  CHECK_FALSE(view->probe_request({&query, 1}));
  CHECK(view->request(query).url.find("getAuthorFeed") != std::string::npos);
  CHECK(make_connector("bluesky", {})->declaration().list == ListKind::whole);
}

}  // namespace pw
