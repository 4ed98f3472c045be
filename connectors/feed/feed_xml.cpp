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

}  // namespace

bool read_xml(std::string_view text, FeedReader& reader) {
  const std::unique_ptr<XML_ParserStruct, FreeParser> parser(XML_ParserCreate("UTF-8"));
  if (!parser) return false;
  Session session{reader};
  XML_SetUserData(parser.get(), &session);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  // External entities have no handler, hence are never opened.
  constexpr std::size_t step = 1 << 20;
  while (text.size() > step) {
    if (XML_Parse(parser.get(), text.data(), step, XML_FALSE) != XML_STATUS_OK) return false;
    text.remove_prefix(step);
  }
  return XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) ==
         XML_STATUS_OK;
}

}  // namespace pw::feed
