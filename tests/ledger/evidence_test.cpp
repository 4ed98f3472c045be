#include <filesystem>

#include <catch2/catch.hpp>

#include "daemon/ledger/evidence.h"
#include "tests/ledger/memory_folder.h"

namespace {

using namespace pw;

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
const std::string secret = "EAAB-secret-token-1234";

// Each gzip member of a file, unpacked.
std::vector<std::string> members(const std::string& file) {
  std::vector<std::string> all;
  const std::string magic("\x1f\x8b\x08", 3);
  for (std::size_t at = 0; at < file.size();) {
    std::size_t end = file.find(magic, at + 1);
    std::string member;
    for (; member.empty(); end = file.find(magic, end + 1)) {
      end = std::min(end, file.size());
      member = unpack_gzip(std::string_view(file).substr(at, end - at), 1'000'000);
      if (!member.empty() || end == file.size()) break;
    }
    if (member.empty()) break;
    all.push_back(member);
    at = end;
  }
  return all;
}

HttpRequest request() {
  HttpRequest r;
  r.url = "https://graph.example/17/media?access_token=" + secret + "&limit=5";
  r.headers = {{"Authorization", "Bearer " + secret}, {"Accept", "application/json"}};
  return r;
}

HttpResponse answer(const std::string& body, Instant at) {
  HttpResponse r;
  r.status = 200;
  r.headers.add("Content-Type", "application/json");
  r.headers.add("Content-Encoding", "gzip");
  r.headers.add("Set-Cookie", "session=" + secret);
  r.body = body;
  r.received = at;
  r.peer = "192.0.2.7";
  return r;
}

SlotFile waiting() { return SlotFile(std::filesystem::temp_directory_path().string()); }

TEST_CASE("evidence holds the answer with the post and the one before, and no credential") {
  MemoryFolder folder;
  EvidenceKeeper keeper(folder, waiting(), Redactor({secret}), "pledgewatch test");
  const std::string next =
      R"(,"paging":{"next":"https://graph.example/x?access_token=)" + secret + "\"}";
  REQUIRE(keeper.take(1, request(), answer("{\"data\":[]" + next + "}", noon), {}, noon));
  CHECK(folder.files.empty());
  const auto entries =
      keeper.take(1, request(), answer("{\"data\":[\"p\"]" + next + "}", noon + Millis{60'000}),
                  {"name-of-p", "name-of-q"}, noon + Millis{30'000});
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK(entries->at(0).record == entries->at(1).record);
  REQUIRE(folder.files.size() == 1);
  const auto& [path, file] = *folder.files.begin();
  CHECK(path == evidence_path(entries->at(0).record));
  CHECK(sha256(file) == entries->at(0).record);
  const auto records = members(file);
  REQUIRE(records.size() == 7);
  std::string all;
  for (const std::string& record : records) {
    CHECK(record.starts_with("WARC/1.1\r\nWARC-Type: "));
    all += record;
  }
  CHECK(all.find(secret) == all.npos);
  CHECK(all.find("[redacted]") != all.npos);
  CHECK(records[2].find("{\"data\":[]") != std::string::npos);
  CHECK(records[3].find("unchangedUntil: 2020-09-16T12:00:30.000Z") != std::string::npos);
  CHECK(records[5].find("{\"data\":[\"p\"]") != std::string::npos);
  CHECK(records[5].find("WARC-IP-Address: 192.0.2.7") != std::string::npos);
  CHECK(all.find("Content-Encoding") == all.npos);
}

TEST_CASE("without the answer before, the file says so") {
  const std::string no_disk = "/nonexistent";
  const std::string usual = std::filesystem::temp_directory_path().string();
  enum class Why { first, full, forgotten };
  const auto [why, path] = GENERATE_COPY(table<Why, std::string>(
      {{Why::first, usual}, {Why::full, no_disk}, {Why::forgotten, usual}}));
  MemoryFolder folder;
  EvidenceKeeper keeper(folder, SlotFile(path), Redactor(), "pledgewatch test");
  if (why != Why::first) REQUIRE(keeper.take(3, request(), answer("w", noon), {}, noon));
  if (why == Why::forgotten) keeper.forget(3);
  REQUIRE(keeper.take(3, request(), answer("x", noon), {"p"}, noon));
  const auto records = members(folder.files.begin()->second);
  REQUIRE(records.size() == 4);
  CHECK(records[3].find("before: the answer before was not kept") != std::string::npos);
}

TEST_CASE("a disk that does not take evidence is an error, and nothing is said") {
  MemoryFolder folder;
  int budget = 0;
  folder.budget = &budget;
  EvidenceKeeper keeper(folder, waiting(), Redactor(), "pledgewatch test");
  CHECK_FALSE(keeper.take(3, request(), answer("x", noon), {"p"}, noon));
}

TEST_CASE("a slot gives back what was put there last, and nothing once it is cleared") {
  SlotFile file = waiting();
  REQUIRE(file.put(70'000, "first"));
  REQUIRE(file.put(2, std::string(slot_bytes_max, 'x')));
  REQUIRE(file.put(70'000, "second"));
  CHECK(file.get(70'000, 6) == "second");
  CHECK(file.get(2, slot_bytes_max) == std::string(slot_bytes_max, 'x'));
  CHECK_FALSE(file.put(1, std::string(slot_bytes_max + 1, 'x')));
  file.clear(2);
  CHECK(file.get(2, 3) == std::string(3, '\0'));
  CHECK(file.get(80'000, 3).empty());  // beyond the file's end
}

TEST_CASE("what was packed quickly comes back, and what is damaged or too long gives nothing") {
  QuickPacker packer;
  const std::string text(300'000, 'a');
  CHECK(unpack_quick(packer.pack(text), 300'000) == text);
  CHECK(unpack_quick(packer.pack(text), 299'999).empty());
  CHECK(unpack_quick(packer.pack(""), 1000).empty());
  const std::string packed = packer.pack("hello");
  CHECK(unpack_quick(packed, 1000) == "hello");
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const std::string back = unpack_quick(damaged, 1000);
    CHECK((back.empty() || back == "hello"));
    CHECK(unpack_quick(packed.substr(0, at), 1000).empty());
  }
  CHECK(unpack_quick("not packed", 1000).empty());
}

TEST_CASE("gzip comes back, and what is damaged or too long gives nothing") {
  const std::string text(300'000, 'a');
  CHECK(unpack_gzip(pack_gzip(text), 300'000) == text);
  CHECK(unpack_gzip(pack_gzip(text), 299'999).empty());
  std::string packed = pack_gzip("hello");
  packed[packed.size() - 5] ^= 1;
  CHECK(unpack_gzip(packed, 1000).empty());
  CHECK(unpack_gzip("not gzip", 1000).empty());
}

}  // namespace
