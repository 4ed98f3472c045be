// What one message of Jetstream says, one line each.
#include "connectors/jetstream.h"

#include <catch2/catch.hpp>

namespace pw {
namespace {

#define DID "did:plc:k3zq7yexampleacct2pledg3"
#define EVENT(kind, rest) \
  R"({"did":")" DID R"(","time_us":1789567408101223,"kind":")" kind "\"" rest "}"
#define COMMIT(rest) EVENT("commit", R"(,"commit":{"rev":"3mvncku2r7c2k",)" rest "}")

struct Row {
  std::string_view message;
  std::string_view yields;
};

constexpr Row rows[] = {
    {COMMIT(R"("operation":"create","collection":"app.bsky.feed.post","rkey":"3mvncku2qi237",)"
            R"("record":{"$type":"app.bsky.feed.post","createdAt":"2026-09-16T14:03:27.512Z",)"
            R"("text":"New drop today!"},"cid":"bafy")"),
     "written 3mvncku2r7c2k at://" DID "/app.bsky.feed.post/3mvncku2qi237 'New drop today!'"},
    {COMMIT(R"("operation":"update","collection":"app.bsky.feed.post","rkey":"a",)"
            R"("record":{"text":"edited"})"),
     "written 3mvncku2r7c2k at://" DID "/app.bsky.feed.post/a 'edited'"},
    // A record that cannot be read is still one that was written.
    {COMMIT(R"("operation":"create","collection":"app.bsky.feed.post","rkey":"a")"),
     "written 3mvncku2r7c2k at://" DID "/app.bsky.feed.post/a"},
    {COMMIT(R"("operation":"create","collection":"app.bsky.feed.repost","rkey":"r",)"
            R"("record":{"subject":{"uri":"at://did:plc:x/app.bsky.feed.post/1"}})"),
     "written 3mvncku2r7c2k at://" DID "/app.bsky.feed.repost/r ''"},
    {COMMIT(R"("operation":"delete","collection":"app.bsky.feed.post","rkey":"3mvncku2qi237")"),
     "deleted 3mvncku2r7c2k at://" DID "/app.bsky.feed.post/3mvncku2qi237"},
    // Only the revision of what is no post matters.
    {COMMIT(R"("operation":"create","collection":"app.bsky.feed.like","rkey":"l","record":{})"),
     "revised 3mvncku2r7c2k"},
    {EVENT("identity", R"(,"identity":{"did":")" DID R"(","handle":"new.example.com","seq":1})"),
     "identity new.example.com"},
    {EVENT("identity", R"(,"identity":{"did":")" DID R"("})"), "identity"},
    {EVENT("account", R"(,"account":{"active":false,"status":"deactivated"})"),
     "account deactivated"},
    {EVENT("account", R"(,"account":{"active":false})"), "account inactive"},
    {EVENT("account", R"(,"account":{"active":true})"), "account"},
    // A number of a newer server beside it changes nothing.
    {R"({"did":")" DID R"(","time_us":1789567408101223,"cursor":412345678,"kind":"account",)"
     R"("account":{"active":true}})",
     "account"},
    {EVENT("sync", R"(,"sync":{})"), "nothing"},
    {EVENT("commit", ""), "nothing"},
    {COMMIT(R"("operation":"create","rkey":"a")"), "nothing"},
    // A sequence number is no time.
    {R"({"did":")" DID R"(","time_us":412345678,"kind":"account","account":{}})", "nothing"},
    {R"({"did":"brandco","time_us":1789567408101223,"kind":"account","account":{}})", "nothing"},
    {R"({"$type":"error","error":"ConsumerTooSlow"})", "nothing"},
    {"[]", "nothing"},
    {"{", "nothing"},
    {"", "nothing"},
};

std::string print(const std::optional<JetstreamEvent>& event) {
  if (!event) return "nothing";
  constexpr std::string_view kinds[] = {"written", "deleted", "revised", "identity", "account"};
  std::string out(kinds[static_cast<std::size_t>(event->kind)]);
  for (const std::string& part : {event->rev, event->post_id, event->handle, event->status}) {
    if (!part.empty()) out += ' ' + part;
  }
  if (event->post) out += " '" + event->post->text + '\'';
  return out;
}

}  // namespace

TEST_CASE("a message of Jetstream says what its row says") {
  for (const Row& row : rows) {
    INFO(row.message);
    CHECK(print(decode_jetstream(row.message)) == row.yields);
  }
}

TEST_CASE("a connection is asked for in microseconds, greeted before anything is sent") {
  CHECK(jetstream_address("wss://j.example/", std::nullopt) ==
        "wss://j.example/subscribe?requireHello=true");
  CHECK(jetstream_address("ws://127.0.0.1:9", 1'789'567'403'101'223) ==
        "ws://127.0.0.1:9/subscribe?requireHello=true&cursor=1789567403101223");
  // A small number would be read as a sequence number.
  CHECK(jetstream_address("wss://j.example", 412'345'678) ==
        "wss://j.example/subscribe?requireHello=true");
}

TEST_CASE("the filter names accounts, and leaves no collection out") {
  const std::vector<std::string> dids = {DID, "did:web:b.example"};
  CHECK(jetstream_filter(dids) == R"({"payload":{"wantedDids":[")" DID
                                  R"(","did:web:b.example"]},"type":"options_update"})");
  const std::vector<std::string> many(jetstream_accounts_max + 5, DID);
  CHECK(jetstream_filter(many).size() < 10'000'000);
}

TEST_CASE("a message with a flipped bit crashes nothing, and names what it names") {
  std::uint64_t state = 20260916;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < 500 && !row.message.empty(); ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      std::string message(row.message);
      const std::size_t bit = (state >> 20) % (message.size() * 8);
      message[bit / 8] = static_cast<char>(message[bit / 8] ^ (1 << (bit % 8)));
      const auto event = decode_jetstream(message);
      if (event && event->post) CHECK(event->post->id == event->post_id);
    }
  }
}

}  // namespace pw
