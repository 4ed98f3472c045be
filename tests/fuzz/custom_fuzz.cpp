// Any bytes as a custom connector's definition, and as an answer to one.
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "connectors/custom.h"

namespace {

constexpr std::string_view definition =
    "source: s\nblind_spots: b\nsees: [post]\nlist: complete\nclock: server\nlag: 1s\n"
    "url: https://a.example/${account.name}?p=${cursor}\nitems: answer.items\nnext: answer.next\n"
    "owner: answer.owner\npost: { id: item.id, text: item.text, html: item.html, "
    "published: item.at, edited: item.at, url: item.url, tags: item.tags, pinned: item.pinned }\n"
    "troubles: [ { when: answer.error == 1, outcome: gone } ]\n";

std::shared_ptr<const pw::CustomDefinition> fixed() {
  static const auto made = [] {
    pw::Issues issues;
    return pw::load_custom("x", "x.yaml", definition, issues);
  }();
  return made;
}

void decode(const pw::Connector& connector, std::string_view body) {
  pw::Account account;
  account.handle = "a";
  account.id = "1";
  pw::HttpResponse response;
  response.status = 200;
  response.body = body;
  const pw::Reading reading = connector.decode({account}, response);
  if (const auto* page = std::get_if<pw::Page>(&reading)) {
    for (const pw::Post& post : page->posts) assert(!post.id.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  decode(pw::Custom(fixed(), {}), bytes);
  pw::Issues issues;
  if (const auto made = pw::load_custom("y", "y.yaml", bytes, issues)) {
    assert(!pw::has_errors(issues));
    decode(pw::Custom(made, {}), R"({"items":[{"id":1}]})");
  } else {
    assert(pw::has_errors(issues));
  }
  return 0;
}
