#include <string>

#include <catch2/catch.hpp>

#include "daemon/ledger/terms.h"

namespace {

using namespace pw;

Terms sample() {
  const Instant start = *parse_rfc3339("2020-09-16T04:00:00Z");
  const Interval day{start, start + Millis{86'400'000}};
  Terms terms;
  terms.campaign = "freeze";
  terms.gap_ceiling = Millis{10'800'000};
  terms.sweep = Millis{3'600'000};
  terms.sweep_again = Millis{86'400'000};
  terms.closes = Millis{259'200'000};
  Pledge pledge;
  pledge.actor = "Ann \"the Actor\"";
  pledge.windows = {{day, day, day, "America/New_York", false, Millis{300'000}}};
  pledge.surfaces = {Surface::post, Surface::story};
  pledge.statements_allowed = 1;
  pledge.exemptions = {{{Surface::ad}, day, "contract"}};
  terms.pledges = {pledge};
  AccountTerms account;
  account.account = {3, 0, "instagram", "ann", "", "17841400000000000"};
  account.interval = Millis{60'000};
  account.gap_max = Millis{180'000};
  account.sees = {Surface::post, Surface::reel};
  account.blind_spots = "no stories";
  terms.accounts = {account};
  return terms;
}

TEST_CASE("terms come back as they were, byte for byte") {
  const std::string bytes = encode_terms(sample());
  const auto back = decode_terms(bytes);
  REQUIRE(back);
  CHECK(encode_terms(*back) == bytes);
  CHECK(back->accounts[0].account.id == "17841400000000000");
  CHECK(back->accounts[0].sees == SurfaceSet{Surface::post, Surface::reel});
  CHECK(back->pledges[0].windows[0].grace == Millis{300'000});
  CHECK(back->pledges[0].exemptions[0].reason == "contract");
  CHECK(back->closes == Millis{259'200'000});
}

TEST_CASE("every member of the terms is in their bytes") {
  const std::string bytes = encode_terms(sample());
  const auto changed = [&](auto&& change) {
    Terms terms = sample();
    change(terms);
    return encode_terms(terms) != bytes;
  };
  CHECK(changed([](Terms& t) { t.campaign += 'x'; }));
  CHECK(changed([](Terms& t) { ++t.publish_needs; }));
  CHECK(changed([](Terms& t) { ++t.gap_ceiling; }));
  CHECK(changed([](Terms& t) { ++t.sweep; }));
  CHECK(changed([](Terms& t) { ++t.sweep_again; }));
  CHECK(changed([](Terms& t) { ++t.closes; }));
  CHECK(changed([](Terms& t) { t.pledges[0].status = PledgeStatus::withdrawn; }));
  CHECK(changed([](Terms& t) { t.pledges[0].windows[0].zone_assumed = true; }));
  CHECK(changed([](Terms& t) { t.pledges[0].windows[0].possible.end += Millis{1}; }));
  CHECK(changed([](Terms& t) { t.pledges[0].windows[0].certain.end += Millis{1}; }));
  CHECK(changed([](Terms& t) { t.pledges[0].text_version = "2"; }));
  CHECK(changed([](Terms& t) { t.pledges[0].source = "letter"; }));
  CHECK(changed([](Terms& t) { t.accounts[0].stable_id = false; }));
  CHECK(changed([](Terms& t) { t.accounts[0].list_proves = false; }));
  CHECK(changed([](Terms& t) { t.accounts[0].hides_backdated = true; }));
  CHECK(changed([](Terms& t) { ++t.accounts[0].lag; }));
  CHECK(changed([](Terms& t) { ++t.accounts[0].gap_max; }));
  CHECK(changed([](Terms& t) { ++t.accounts[0].interval; }));
  CHECK(changed([](Terms& t) { t.accounts[0].account.host = "h"; }));
}

TEST_CASE("terms that encode_terms would not print are refused") {
  const std::string bytes = encode_terms(sample());
  CHECK_FALSE(decode_terms(""));
  CHECK_FALSE(decode_terms("null"));
  CHECK_FALSE(decode_terms(bytes + " "));
  Terms astray = sample();
  astray.accounts[0].account.pledge = 1;
  CHECK_FALSE(decode_terms(encode_terms(astray)));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    const auto back = decode_terms(bad);
    if (back) CHECK(encode_terms(*back) == bad);
    CHECK_FALSE(decode_terms(bytes.substr(0, i)));
  }
}

}  // namespace
