// RFC 6962's tree over the eight well-known leaves, and every proof of small trees.
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "daemon/ledger/merkle.h"

namespace {

using namespace pw;

std::string hex(const Digest& digest) { return print_hex(digest); }

const std::vector<std::string>& leaves() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> bytes;
    for (const char* text : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                             "606162636465666768696a6b6c6d6e6f"}) {
      bytes.push_back(*parse_hex(text));
    }
    return bytes;
  }();
  return all;
}

constexpr std::string_view roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

// Any node of a tree whose leaf hashes are in memory.
NodeReader reader_of(const std::vector<Digest>& hashes) {
  return [&hashes](unsigned level, std::uint64_t index) -> Result<Digest> {
    Frontier frontier;
    for (std::uint64_t i = index << level; i < (index + 1) << level; ++i)
      frontier.append(hashes.at(i));
    return frontier.root();
  };
}

std::vector<Digest> known_hashes() {
  std::vector<Digest> hashes;
  for (const std::string& leaf : leaves()) hashes.push_back(hash_leaf(leaf));
  return hashes;
}

std::string print_proof(const Result<Proof>& proof) {
  if (!proof) return proof.error().detail;
  std::string text;
  for (const Digest& hash : *proof) text += hex(hash).substr(0, 8) + ' ';
  return text;
}

std::vector<Digest> numbered_hashes(std::size_t count) {
  std::vector<Digest> hashes;
  for (std::size_t i = 0; i < count; ++i) hashes.push_back(hash_leaf(std::to_string(i)));
  return hashes;
}

Digest root_at(const std::vector<Digest>& hashes, std::size_t size) {
  Frontier frontier;
  for (std::size_t i = 0; i < size; ++i) frontier.append(hashes[i]);
  return frontier.root();
}

TEST_CASE("the roots of the well-known tree are the published ones") {
  Frontier frontier;
  for (std::size_t size = 0; size <= leaves().size(); ++size) {
    CHECK(hex(frontier.root()) == roots[size]);
    CHECK(frontier.size() == size);
    if (size < leaves().size()) frontier.append(hash_leaf(leaves()[size]));
  }
}

TEST_CASE("leaf and node hashes are the published ones") {
  CHECK(hex(hash_leaf("L123456")) ==
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  const auto node = [](std::string_view l, std::string_view r) {
    return print_hex(sha256('\1' + std::string(l) + std::string(r)));
  };
  CHECK(node("N123", "N456") == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  const auto hashes = known_hashes();
  CHECK(hex(hashes[1]) == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
  CHECK(hex(hashes[7]) == "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1");
  CHECK(hex(hash_node(hashes[2], hashes[3])) ==
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
  CHECK(hex(hash_node(hashes[4], hashes[5])) ==
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
}

TEST_CASE("proofs over the well-known tree are the published ones") {
  const auto hashes = known_hashes();
  const NodeReader node = reader_of(hashes);
  CHECK(print_proof(inclusion_proof(0, 8, node)) == "96a296d2 5f083f0a 6b47aaf2 ");
  CHECK(print_proof(inclusion_proof(5, 8, node)) == "bc1a0643 ca854ea1 d37ee418 ");
  CHECK(print_proof(inclusion_proof(2, 3, node)) == "fac54203 ");
  CHECK(print_proof(inclusion_proof(1, 5, node)) == "6e340b9c 5f083f0a bc1a0643 ");
  CHECK(print_proof(consistency_proof(1, 8, node)) == "96a296d2 5f083f0a 6b47aaf2 ");
  CHECK(print_proof(consistency_proof(6, 8, node)) == "0ebc5d34 ca854ea1 d37ee418 ");
  CHECK(print_proof(consistency_proof(2, 5, node)) == "5f083f0a bc1a0643 ");
  CHECK(print_proof(consistency_proof(6, 7, node)) == "0ebc5d34 b08693ec d37ee418 ");
}

TEST_CASE("what is not in the tree has no proof") {
  const auto hashes = known_hashes();
  const NodeReader node = reader_of(hashes);
  CHECK_FALSE(inclusion_proof(8, 8, node));
  CHECK_FALSE(inclusion_proof(0, 0, node));
  CHECK_FALSE(consistency_proof(0, 8, node));
  CHECK_FALSE(consistency_proof(8, 7, node));
  CHECK_FALSE(check_inclusion(0, 0, hashes[0], {}, hashes[0]));
  CHECK_FALSE(check_consistency(0, 1, empty_root(), hashes[0], {}));
  CHECK(check_inclusion(0, 1, hashes[0], {}, hashes[0]));
}

// Every way to damage a proof: flip, drop, double, lengthen.
template <class Check>
void mutations_fail(const Proof& proof, const Check& check) {
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Proof bad = proof;
    bad[i][i % 32] ^= 1;
    CHECK_FALSE(check(bad));
    bad = proof;
    bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_FALSE(check(bad));
  }
  Proof longer = proof;
  longer.push_back(Digest{});
  CHECK_FALSE(check(longer));
  longer = proof;
  longer.insert(longer.begin(), Digest{});
  CHECK_FALSE(check(longer));
}

TEST_CASE("every inclusion proof of trees up to 40 leaves holds, and no damaged one") {
  const auto hashes = numbered_hashes(40);
  const NodeReader node = reader_of(hashes);
  for (std::uint64_t size = 1; size <= hashes.size(); ++size) {
    const Digest root = root_at(hashes, size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, node);
      REQUIRE(proof);
      CHECK(check_inclusion(index, size, hashes[index], *proof, root));
      CHECK_FALSE(check_inclusion(size, size, hashes[index], *proof, root));
      CHECK_FALSE(check_inclusion(index, size, hash_leaf("other"), *proof, root));
      mutations_fail(*proof, [&](const Proof& bad) {
        return check_inclusion(index, size, hashes[index], bad, root);
      });
    }
  }
}

TEST_CASE("every consistency proof of trees up to 40 leaves holds, and no damaged one") {
  const auto hashes = numbered_hashes(40);
  const NodeReader node = reader_of(hashes);
  for (std::uint64_t size = 1; size <= hashes.size(); ++size) {
    const Digest root = root_at(hashes, size);
    for (std::uint64_t old = 1; old <= size; ++old) {
      const auto proof = consistency_proof(old, size, node);
      const Digest old_root = root_at(hashes, old);
      REQUIRE(proof);
      CHECK(check_consistency(old, size, old_root, root, *proof));
      CHECK_FALSE(check_consistency(old, size, hash_leaf("other"), root, *proof));
      CHECK_FALSE(check_consistency(old, size, old_root, hash_leaf("other"), *proof));
      mutations_fail(*proof, [&](const Proof& bad) {
        return check_consistency(old, size, old_root, root, bad);
      });
    }
  }
}

}  // namespace
