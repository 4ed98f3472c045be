#include <random>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/ledger/entry.h"

namespace {

using namespace pw;

Instant at(std::string_view text) { return *parse_rfc3339(text); }
const Instant noon = at("2020-09-16T12:00:00.000Z");
Digest digest_like(char c) { return sha256(std::string(1, c)); }

struct Row {
  Entry entry;
  std::string_view leaf;
};

std::string zeros() { return std::string(64, '0'); }

Finding sample_finding() {
  Finding finding;
  finding.id = "abcdefghijklmnopqrstuvwxyz";
  finding.account = 7;
  finding.post_id = zeros();
  finding.rule = "posted-during-freeze";
  finding.appeared = {noon, noon + Millis{1}};
  finding.found_at = noon;
  return finding;
}

TEST_CASE("every kind of entry prints as log_format.md says, and reads back") {
  const Digest zero{};
  const std::string z = zeros();
  const std::string digests =
      "\"rules\":\"" + z + "\",\"software\":\"pledgewatch 0.1.0\",\"terms\":\"" + z + '"';
  const std::pair<Entry, std::string> rows[] = {
      {CampaignEntry{noon, false, "", "", "freeze", "pledgewatch 0.1.0", zero, zero, zero},
       R"({"at":"2020-09-16T12:00:00.000Z","campaign":"freeze","connectors":")" + z + "\"," +
           digests + R"(,"type":"campaign"})"},
      {CampaignEntry{noon, true, "ann", "typo", "freeze", "pledgewatch 0.1.0", zero, zero, zero},
       R"({"at":"2020-09-16T12:00:00.000Z","campaign":"freeze","connectors":")" + z + "\"," +
           digests + R"(,"type":"amendment","who":"ann","why":"typo"})"},
      {RunEntry{noon, "start", ""},
       R"({"at":"2020-09-16T12:00:00.000Z","event":"start","type":"run"})"},
      {RunEntry{noon, "stop", "SIGTERM"},
       R"({"at":"2020-09-16T12:00:00.000Z","detail":"SIGTERM","event":"stop","type":"run"})"},
      {PinEntry{7, zero, noon},
       R"({"account":7,"at":"2020-09-16T12:00:00.000Z","id":")" + z + R"(","type":"pin"})"},
      {PostEntry{7, PostEvent::removed, zero, z, Surface::reel, {noon, noon + Millis{1500}}},
       R"({"account":7,"appeared":["2020-09-16T12:00:00.000Z","2020-09-16T12:00:01.500Z"],"commitment":")" +
           z + R"(","event":"removed","post":")" + z + R"(","surface":"reel","type":"post"})"},
      {FindingEntry{sample_finding(), noon},
       R"({"account":7,"appeared":["2020-09-16T12:00:00.000Z","2020-09-16T12:00:00.001Z"],)"
       R"("at":"2020-09-16T12:00:00.000Z","finding":"abcdefghijklmnopqrstuvwxyz","mode":"alert",)"
       R"("needs_review":false,"post":")" +
           z +
           R"(","rule":"posted-during-freeze","severity":"breach","state":"open","type":"finding"})"},
      {ReviewEntry{"f", "ann", FindingState::confirmed, FindingState::open, zero, noon},
       R"({"at":"2020-09-16T12:00:00.000Z","decision":"confirmed","finding":"f","reason":")" + z +
           R"(","reviewer":"ann","state":"open","type":"review"})"},
      {ReviewEntry{"f", "ann", FindingState::open, FindingState::open, zero, noon, "note"},
       R"({"act":"note","at":"2020-09-16T12:00:00.000Z","decision":"open","finding":"f","reason":")" +
           z + R"(","reviewer":"ann","state":"open","type":"review"})"},
      {DeliveryEntry{"d", "chat", "f", 2, "retry", 503, noon},
       R"({"at":"2020-09-16T12:00:00.000Z","attempt":2,"delivery":"d","finding":"f","http_status":503,)"
       R"("result":"retry","sink":"chat","type":"delivery"})"},
      {EvidenceEntry{7, "p", zero, noon},
       R"({"account":7,"at":"2020-09-16T12:00:00.000Z","post":"p","record":")" + z +
           R"(","type":"evidence"})"},
      {ErasureEntry{7, "p", "ann", zero, noon},
       R"({"account":7,"at":"2020-09-16T12:00:00.000Z","post":"p","reason":")" + z +
           R"(","type":"erasure","who":"ann"})"},
  };
  for (const auto& [entry, leaf] : rows) {
    CHECK(encode(entry) == leaf);
    const auto back = decode(leaf);
    INFO(leaf << (back ? "" : " " + back.error().detail));
    REQUIRE(back);
    CHECK(back->index() == entry.index());
    CHECK(encode(*back) == leaf);
  }
}

Look quiet(AccountNumber account, Millis after) {
  Look look;
  look.account = account;
  look.outcome = Outcome::unchanged;
  look.http_status = 200;
  look.depth = 12;
  look.clock_offset = Millis{812};
  look.effective = noon + after;
  look.received = look.effective + Millis{812};
  return look;
}

TEST_CASE("looks print as log_format.md says") {
  Look news = quiet(99'999, Millis{59'000});
  news.outcome = Outcome::fresh;
  news.posts_new = 1;
  news.digest = Digest{};
  Look trouble;
  trouble.account = 3;
  trouble.outcome = Outcome::rate_limited;
  trouble.http_status = 429;
  trouble.effective = trouble.received = noon + Millis{60'000};
  trouble.detail = "code \"4\"";
  Look sweep = quiet(4, Millis{70'000});
  sweep.purpose = Purpose::sweep;
  sweep.received += Millis{1000};
  sweep.posts_skipped = 2;
  CHECK(encode(LooksEntry{
            {quiet(12'345, Millis{0}), quiet(2, Millis{59'999}), news, trouble, sweep}}) ==
        R"({"at":"2020-09-16T12:00:00.000Z","kinds":[["unchanged",200,12],["fresh",200,12],)"
        R"(["rate_limited",429,0],["unchanged",200,12,"sweep"]],)"
        R"("looks":[[12345,0,0,812],[2,59999,0,812],[99999,59000,1,812,{"digest":")" +
            zeros() +
            R"(","new":1}],[3,60000,2,{"detail":"code \"4\""}],)"
            R"([4,70000,3,812,{"delay":1812,"skipped":2}]],"type":"looks"})");
}

TEST_CASE("a quiet look costs at most 20 bytes") {
  std::vector<Look> looks;
  for (AccountNumber i = 0; i < 1000; ++i)
    looks.push_back(quiet(90'000 + i, Millis{50'000 + 5 * i}));
  const auto leaves = encode_looks(looks);
  REQUIRE(leaves.size() == 1);
  CHECK(leaves[0].size() < looks.size() * 20 + 120);
}

bool same(const Look& a, const Look& b) {
  return a.account == b.account && a.outcome == b.outcome && a.purpose == b.purpose &&
         a.effective == b.effective && a.received == b.received && a.http_status == b.http_status &&
         a.digest == b.digest && a.posts_new == b.posts_new && a.posts_skipped == b.posts_skipped &&
         a.depth == b.depth && a.clock_offset == b.clock_offset && a.detail == b.detail;
}

Look random_look(std::mt19937& random) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Look look;
  look.account = static_cast<AccountNumber>(random());
  look.outcome = static_cast<Outcome>(pick(outcome_names.size()));
  look.purpose = static_cast<Purpose>(pick(8) == 0 ? pick(4) : 0);
  look.effective = noon + Millis{pick(100'000'000) - 50'000'000};
  look.received = look.effective + Millis{pick(3) == 0 ? pick(100'000) - 1000 : 0};
  look.http_status = pick(600);
  look.depth = pick(50);
  look.posts_new = pick(5) == 0 ? pick(100) : 0;
  look.posts_skipped = pick(9) == 0 ? pick(100) : 0;
  if (pick(2) == 0) look.clock_offset = Millis{pick(4000) - 1000};
  if (pick(5) == 0) look.digest = digest_like(static_cast<char>(pick(256)));
  if (pick(5) == 0)
    look.detail = std::string(static_cast<std::size_t>(pick(40)), static_cast<char>(pick(128)));
  return look;
}

TEST_CASE("any looks come back as they were, in leaves that are never too long") {
  std::mt19937 random(20200916);
  for (const int count : {0, 1, 2, 100, 5000}) {
    std::vector<Look> looks;
    for (int i = 0; i < count; ++i) looks.push_back(random_look(random));
    std::vector<Look> back;
    for (const std::string& leaf : encode_looks(looks)) {
      CHECK(leaf.size() <= leaf_bytes_max);
      const auto entry = decode(leaf);
      REQUIRE(entry);
      for (const Look& look : std::get<LooksEntry>(*entry).looks) back.push_back(look);
    }
    REQUIRE(back.size() == looks.size());
    for (std::size_t i = 0; i < looks.size(); ++i) CHECK(same(looks[i], back[i]));
  }
}

TEST_CASE("what an entry cannot say is brought into range, once and for all") {
  Look look = quiet(1, Millis{0});
  look.effective = Instant::min();
  look.received = Instant::max();
  look.clock_offset = Millis::max();
  look.detail = std::string(1'000'000, '\xff');
  Finding finding = sample_finding();
  finding.rule = std::string(1'000'000, '"');
  finding.why = std::string("\0\x1f\xed\xa0\x80", 5);
  finding.appeared = {Instant::min(), Instant::max()};
  const Entry entries[] = {
      LooksEntry{{look}},
      FindingEntry{finding, Instant::max()},
      RunEntry{Instant::min(), std::string(1'000'000, '\n'), std::string(1'000'000, '\1')},
      PostEntry{4'294'967'295u,
                PostEvent::baseline,
                {},
                "",
                Surface::ad,
                {Instant::min(), Instant::max()}},
      CampaignEntry{noon,
                    true,
                    std::string(99'999, '\\'),
                    std::string(99'999, '\2'),
                    std::string(99'999, '\3'),
                    std::string(99'999, '\4'),
                    {},
                    {},
                    {}},
  };
  for (const Entry& entry : entries) {
    const std::string leaf = encode(entry);
    CHECK(leaf.size() <= leaf_bytes_max);
    const auto back = decode(leaf);
    REQUIRE(back);
    CHECK(encode(*back) == leaf);
  }
}

TEST_CASE("a leaf that encode would not print is refused with its reason") {
  const std::pair<std::string, std::string_view> rows[] = {
      {R"({"at":"2020-09-16T12:00:00.000Z","event":"start","type":"run"} )",
       "not in canonical form"},
      {R"({"event":"start","at":"2020-09-16T12:00:00.000Z","type":"run"})",
       "not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00Z","event":"start","type":"run"})", "not in canonical form"},
      {R"({"at":"2020-09-16T14:00:00.000+02:00","event":"start","type":"run"})",
       "not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00.000Z","event":"st\u0061rt","type":"run"})",
       "not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00.000Z","detail":"","event":"start","type":"run"})",
       "not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00.000Z","event":"start","more":1,"type":"run"})",
       "a member that does not belong here"},
      {R"({"at":"2020-09-16T12:00:00.000Z","type":"run"})", "no event"},
      {R"({"at":"2020-09-16T12:00:00.000Z","event":7,"type":"run"})", "event is no text"},
      {R"({"at":"yesterday","event":"start","type":"run"})", "at is no time"},
      {R"({"at":"2020-09-16T12:00:00.000Z","at":"2020-09-16T12:00:00.000Z","event":"start","type":"run"})",
       "the name \"at\" comes twice"},
      {R"({"account":-1,"at":"2020-09-16T12:00:00.000Z","id":")" + zeros() + R"(","type":"pin"})",
       "account is no whole number in range"},
      {R"({"account":4294967296,"at":"2020-09-16T12:00:00.000Z","id":")" + zeros() +
           R"(","type":"pin"})",
       "account is no whole number in range"},
      {R"({"account":1,"at":"2020-09-16T12:00:00.000Z","id":")" + std::string(64, 'A') +
           R"(","type":"pin"})",
       "id is no SHA-256 digest"},
      {R"({"type":"confession"})", "an entry of unknown type 'confession'"},
      {R"({"type":7})", "an entry of unknown type ''"},
      {R"([])", "an entry of unknown type ''"},
      {"", "not JSON"},
      {std::string(100, '['), "nested too deeply"},
      {std::string(60'001, ' '), "longer than a leaf may be"},
      {R"({"at":"2020-09-16T12:00:00.000Z","kinds":[["asleep",200,12]],"looks":[[1,0,0]],"type":"looks"})",
       "an unknown outcome 'asleep'"},
      {R"({"at":"2020-09-16T12:00:00.000Z","kinds":[["fresh",200,12]],"looks":[[1,0,1]],"type":"looks"})",
       "looks that are not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00.000Z","kinds":[["fresh",200,12]],"looks":[[1,5,0]],"type":"looks"})",
       "looks that are not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00.000Z","kinds":[["fresh",200,12]],"looks":[[1,0,0,{}]],"type":"looks"})",
       "looks that are not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00.000Z","kinds":[["fresh",200,12]],"looks":[[1,0,0],],"type":"looks"})",
       "looks that are not in canonical form"},
      {R"({"at":"2020-09-16T12:00:00.000Z","kinds":[],"looks":[[1,0,99999999999999999999]],"type":"looks"})",
       "looks that are not in canonical form"},
  };
  for (const auto& [leaf, why] : rows) {
    INFO(leaf);
    const auto entry = decode(leaf);
    REQUIRE_FALSE(entry);
    CHECK(entry.error().detail == why);
  }
}

TEST_CASE("no byte of a leaf can change and still read as the same entry") {
  std::mt19937 random(7);
  std::vector<Look> looks;
  for (int i = 0; i < 20; ++i) looks.push_back(random_look(random));
  for (const Entry& entry :
       {Entry(LooksEntry{looks}), Entry(FindingEntry{sample_finding(), noon})}) {
    const std::string leaf = encode(entry);
    for (std::size_t i = 0; i < leaf.size(); ++i) {
      for (const char flip : {'\x01', '\x20', '\x80'}) {
        std::string bad = leaf;
        bad[i] = static_cast<char>(bad[i] ^ flip);
        const auto back = decode(bad);
        if (back) CHECK(encode(*back) == bad);
      }
      CHECK_FALSE(decode(leaf.substr(0, i)));
    }
  }
}

}  // namespace
