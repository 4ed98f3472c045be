// What is erased is erased: by the contract, and byte by byte on the disk.
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "tests/store/contract.h"
#include "tests/store/support/samples.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

const std::string word = "kumquat";  // in everything that goes; nothing else has it

StoredPost personal_post(AccountNumber account, const std::string& id, const std::string& text) {
  StoredPost stored = sample_post(account, id);
  stored.post.text = text;
  stored.post.tags = {text};
  stored.post.links = {"https://example.org/" + text};
  stored.post.mentions = {text};
  stored.post.url = "https://example.org/" + text;
  stored.post.media = "image " + text;
  stored.post.in_reply_to = text;
  stored.post.repost_of = text;
  stored.digest = digest_of(stored.post);
  return stored;
}

// A finding with everything that is ever written of one.
void add_finding(Store& store, AccountNumber account, const std::string& post,
                 const std::string& text) {
  Finding finding = sample_finding(account, post);
  finding.summary = "says " + text;
  ScreenCommit commit;
  commit.screened = {{account, post}};
  commit.findings = {finding};
  OutboxRow row = sample_row("organisers", "msg_" + finding.id, at_second(3));
  row.finding = finding.id;
  row.body = "body " + text;
  commit.outbox = {row};
  commit.held = {{"digest", "group", finding.id, "held " + text, at_second(3)}};
  REQUIRE(store.commit_screening(commit));
  for (const ReviewAct act : {ReviewAct::answer, ReviewAct::note, ReviewAct::decide}) {
    Review review{finding.id, "ann", FindingState::confirmed, "we saw it", at_second(5)};
    review.act = act;
    if (act != ReviewAct::decide) review.reason = "about " + text;
    ReviewCommit said{review};
    said.state = FindingState::confirmed;
    REQUIRE(store.commit_review(said));
  }
}

void fail_attempt(Store& store, const std::string& text) {
  const auto lease = store.lease_delivery("organisers", at_second(10), at_second(60));
  REQUIRE(lease);
  REQUIRE(*lease);
  REQUIRE(store.begin_attempt(**lease, at_second(11)));
  AttemptCommit commit;
  commit.delivery = (*lease)->row.id;
  commit.sink = "organisers";
  commit.fence = (*lease)->fence;
  commit.not_before = at_second(100);
  commit.attempt = {(*lease)->row.id, "organisers", 1,       at_second(11),
                    at_second(12),    500,          "retry", "answered " + text};
  REQUIRE(store.commit_attempt(commit));
}

void fill(Store& store) {
  std::vector<Account> accounts = sample_accounts(2);
  REQUIRE(store.enrol(accounts, {}));
  REQUIRE(store.commit_look(sample_look(1, {personal_post(1, "p1", word)})));
  add_finding(store, 1, "p1", word);
  fail_attempt(store, word);
  REQUIRE(store.commit_look(sample_look(2, {personal_post(2, "p2", "apple")})));
  add_finding(store, 2, "p2", "apple");
  // One message about both.
  NoticeCommit shared;
  OutboxRow row = sample_row("chat", "msg_group", at_second(4));
  row.finding = sample_finding(2, "p2").id;
  row.also = {sample_finding(1, "p1").id};
  row.body = "apple and " + word;
  shared.outbox = {row};
  REQUIRE(store.commit_notices(shared));
}

std::string bytes_below(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

TEST_CASE("no byte of erased content is left in any file of the store") {
  TempFolder folder;
  const auto store = open_sqlite(folder.file("store"), OpenMode::read_write);
  REQUIRE(store);
  fill(**store);
  // Posts of all sizes, so that pages split, overflow and are merged again.
  for (int i = 0; i < 600; ++i) {
    const std::string id = "q" + std::to_string(i * 7919 % 600);
    std::string text;
    for (int n = i * 37 % 300; n >= 0; --n) text += word + std::to_string(n) + ' ';
    REQUIRE((*store)->commit_look(sample_look(
        1 + i % 2, {personal_post(1 + i % 2, id, i % 2 == 0 ? text : std::string(i, 'a'))})));
    if (i % 100 == 99) REQUIRE((*store)->checkpoint());
  }
  // An edit leaves the old text behind.
  REQUIRE((*store)->commit_look(sample_look(1, {personal_post(1, "p1", word + " edited")})));
  REQUIRE(bytes_below(folder.path()).find(word) != std::string::npos);
  REQUIRE((*store)->erase({1, {}, {"{}"}}));
  CHECK(bytes_below(folder.path()).find(word) == std::string::npos);
  CHECK(bytes_below(folder.path()).find("apple") != std::string::npos);
}

TEST_CASE("an erasure that a reader holds up says so, and is ended by asking again") {
  TempFolder folder;
  const auto store = open_sqlite(folder.file("store"), OpenMode::read_write);
  REQUIRE(store);
  fill(**store);
  {
    const auto reader = open_sqlite(folder.file("store"), OpenMode::read_only);
    REQUIRE(reader);
    REQUIRE((*reader)->findings());
    const auto erased = (*store)->erase({1, {}, {"{}"}});
    REQUIRE_FALSE(erased);
    CHECK(erased.error().code == Errc::rate_limited);
    CHECK((*store)->findings()->at(0).summary == erased_summary);
    CHECK(bytes_below(folder.path()).find(word) != std::string::npos);
  }
  REQUIRE((*store)->erase({1}));
  CHECK(bytes_below(folder.path()).find(word) == std::string::npos);
}

}  // namespace

void check_erasure(const std::function<OpenStore()>& fresh) {
  const OpenStore open = fresh();
  auto store = open();
  fill(*store);
  const std::uint64_t leaves = *store->leaf_count();
  REQUIRE(store->erase({1, {sample_row("chat", "msg_alone", at_second(20))}, {"{}", "{}"}}));
  store.reset();
  store = open();
  CHECK(*store->leaf_count() == leaves + 2);
  const auto posts = store->posts_of(std::vector<AccountNumber>{1, 2});
  REQUIRE(posts);
  REQUIRE(posts->size() == 2);
  const StoredPost& gone = posts->at(0);
  CHECK(gone.erased);
  CHECK(gone.post.id == "p1");
  CHECK(gone.post.surface == Surface::reel);
  CHECK(gone.appeared == sample_post(1, "p1").appeared);
  CHECK(gone.post.text.empty());
  CHECK(gone.post.links.empty());
  CHECK(gone.salt.empty());
  CHECK_FALSE(posts->at(1).erased);
  CHECK(posts->at(1).post.text == "apple");
  CHECK(store->known_posts(1)->at(0).erased);
  CHECK_FALSE(store->known_posts(2)->at(0).erased);
  CHECK(store->unscreened(10)->empty());
  CHECK(store->findings()->at(0).summary == erased_summary);
  CHECK(store->findings()->at(1).summary == "says apple");
  const auto reviews = store->reviews();
  REQUIRE(reviews);
  for (const Review& review : *reviews) {
    const bool is_theirs = review.finding == sample_finding(1, "p1").id;
    CHECK(review.reason.empty() == (is_theirs && review.act != ReviewAct::decide));
  }
  CHECK(store->held()->size() == 1);
  CHECK(store->attempts()->at(0).detail.empty());
  const auto deliveries = store->deliveries();
  REQUIRE(deliveries);
  for (const Delivery& delivery : *deliveries) {
    INFO(delivery.row.sink << ' ' << delivery.row.id);
    const bool tells =
        delivery.row.finding == sample_finding(1, "p1").id || !delivery.row.also.empty();
    CHECK(delivery.row.body.empty() == tells);
    CHECK((delivery.state == DeliveryState::withheld) == tells);
    CHECK((delivery.row.withheld == "erased") == tells);
  }
}

}  // namespace pw
