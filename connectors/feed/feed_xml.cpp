#include "connectors/feed/feed_xml.h"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace pw::feed {
namespace {

struct FreeParser {
  void operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }
};

struct Session {
  FeedReader& reader;
  std::vector<Attribute> attributes{};
};

void on_start(void* user, const XML_Char* name, const XML_Char** pairs) {
  auto& session = *static_cast<Session*>(user);
  session.attributes.clear();
  for (; *pairs != nullptr; pairs += 2) session.attributes.push_back({pairs[0], pairs[1]});
  session.reader.start(name, session.attributes);
}

void on_end(void* user, const XML_Char* name) { static_cast<Session*>(user)->reader.end(name); }

void on_text(void* user, const XML_Char* text, int bytes) {
  static_cast<Session*>(user)->reader.text({text, static_cast<std::size_t>(bytes)});
}

// One parser a thread: its tables are made once and its memory is kept.
XML_ParserStruct* fresh_parser() {
  thread_local const std::unique_ptr<XML_ParserStruct, FreeParser> kept(XML_ParserCreate("UTF-8"));
  if (kept && XML_ParserReset(kept.get(), "UTF-8") == XML_FALSE) return nullptr;
  return kept.get();
}

}  // namespace

bool read_xml(std::string_view text, FeedReader& reader) {
  XML_ParserStruct* const parser = fresh_parser();
  if (parser == nullptr) return false;
  Session session{reader};
  XML_SetUserData(parser, &session);
  XML_SetElementHandler(parser, on_start, on_end);
  XML_SetCharacterDataHandler(parser, on_text);
  // External entities have no handler, hence are never opened.
  constexpr std::size_t step = 1 << 20;
  while (text.size() > step) {
    if (XML_Parse(parser, text.data(), step, XML_FALSE) != XML_STATUS_OK) return false;
    text.remove_prefix(step);
  }
  return XML_Parse(parser, text.data(), static_cast<int>(text.size()), XML_TRUE) == XML_STATUS_OK;
}

}  // namespace pw::feed
