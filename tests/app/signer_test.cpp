// The signer in another process, as the wire between it and the daemon carries it.
#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/app/signer_wire.h"
#include "daemon/ledger/key.h"
#include "tests/ledger/memory_folder.h"

using namespace pw;
using nlohmann::json;

namespace {

struct Bench {
  Bench() : signer(*Signer::open(*make_key("example.org/freeze"), state)) {}
  json ask(const json& question) {
    const auto note = state.read(std::string(signed_file), note_bytes_max);
    REQUIRE(note);
    return json::parse(answer_signer_line(question.dump(), signer, print_vkey(signer.verifier()),
                                          note->value_or("")));
  }
  MemoryFolder state;
  Signer signer;
};

Checkpoint checkpoint_at(std::uint64_t size, const std::string& what) {
  return {"example.org/freeze", size, sha256(what), {}};
}

}  // namespace

TEST_CASE("the signer's answers, question by question") {
  Bench bench;
  CHECK(bench.ask({{"op", "standing"}})["note"] == "");
  CHECK(bench.ask({{"op", "fly"}})["error"] == "unknown op; known are standing, sign and adopt");
  CHECK(bench.ask(json::array())["error"] == "a question is one JSON object on one line");
  CHECK(bench.ask({{"op", "sign"}, {"checkpoint", "rubbish"}}).contains("error"));
  const std::string first = print_checkpoint(checkpoint_at(1, "one leaf"));
  CHECK(bench.ask({{"op", "sign"}, {"checkpoint", first}})["error"] == "no proof");
  const json signed_first =
      bench.ask({{"op", "sign"}, {"checkpoint", first}, {"proof", json::array()}});
  REQUIRE(signed_first.contains("note"));
  CHECK(bench.ask({{"op", "standing"}})["note"] == signed_first["note"]);
  // Another tree of the same size is no extension, whoever asks.
  const std::string rewritten = print_checkpoint(checkpoint_at(1, "another leaf"));
  const json refused =
      bench.ask({{"op", "sign"}, {"checkpoint", rewritten}, {"proof", json::array()}});
  CHECK_THAT(refused["error"].get<std::string>(), Catch::Contains("does not extend"));
}

TEST_CASE("a link's answers are checked like anybody's") {
  struct Liar final : SignerLink {
    explicit Liar(Bench& b) : bench(b) {}
    Result<Standing> standing() override {
      return Standing{print_vkey(bench.signer.verifier()), ""};
    }
    Result<std::string> sign(const Checkpoint&, std::span<const Digest> proof) override {
      return bench.signer.sign(checkpoint_at(1, "something else"), proof);
    }
    Result<Done> adopt(std::string_view) override { return Done{}; }
    Bench& bench;
  };
  Bench bench;
  Liar liar(bench);
  Result<Signer> signer = Signer::open(liar);
  REQUIRE(signer);
  const Result<std::string> note = signer->sign(checkpoint_at(1, "one leaf"), {});
  REQUIRE_FALSE(note);
  CHECK(note.error().detail == "the signer signed something else than it was asked to");
}
