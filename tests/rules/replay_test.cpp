// The fuzz target of rule files over the shipped packs, each with every byte
// range cut away once, and over what the fuzzer has found, so that neither rots.
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a rule file cut anywhere is refused or loaded, never worse") {
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator("rules/packs")) {
    const std::string pack = read(entry.path());
    replay(pack);
    constexpr std::size_t cut = 37;
    for (std::size_t at = 0; at + cut < pack.size(); at += cut, ++inputs) {
      replay(pack.substr(0, at) + pack.substr(at + cut));
    }
  }
  CHECK(inputs > 100);
}

TEST_CASE("what the fuzzer found once stays harmless") {
  const std::filesystem::path folder = "tests/fuzz/corpus/fuzz_rule_file";
  REQUIRE(std::filesystem::exists(folder));
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    replay(read(entry.path()));
    ++inputs;
  }
  CHECK(inputs > 0);
}
