#include "daemon/rehearsal/words.h"

#include <array>
#include <string_view>

namespace pw {
namespace {

constexpr std::array<std::string_view, 20> places = {
    "Riverbank", "Harbour", "Hilltop", "Lantern", "Orchard",   "Northgate", "Quarry",
    "Willow",    "Copper",  "Meadow",  "Saltbox", "Juniper",   "Foxglove",  "Granite",
    "Ember",     "Paper",   "Cedar",   "Tideway", "Larkfield", "Windmill"};
constexpr std::array<std::string_view, 10> trades = {"Bakery",  "Roasters", "Cycles",  "Press",
                                                     "Theatre", "Records",  "Pottery", "Books",
                                                     "Garden",  "Kitchen"};
constexpr std::array<std::string_view, 8> openings = {
    "New this week:",   "Out of the workshop:", "Open late tonight,", "Thank you all for",
    "Behind the door:", "Last chance for",      "We are proud of",    "Somebody asked about"};
constexpr std::array<std::string_view, 10> subjects = {"the autumn batch",
                                                       "a table by the window",
                                                       "rye & honey <fresh>",
                                                       "caf\xc3\xa9 evenings",
                                                       "the second printing",
                                                       "our friends @lantern",
                                                       "what \"slow\" can mean",
                                                       "number 42",
                                                       "the green one \xf0\x9f\x8c\xbf",
                                                       "an old photograph"};
constexpr std::array<std::string_view, 4> tags = {"", " #local", " #handmade", " #opendoor"};

template <std::size_t size>
std::string_view pick(Dice& dice, const std::array<std::string_view, size>& of) {
  return dice.pick(std::span<const std::string_view>(of));
}

}  // namespace

std::string actor_name(std::size_t index) {
  const std::size_t place = index % places.size();
  const std::size_t round = index / places.size();
  const std::size_t trade = (index + round) % trades.size();
  std::string name = std::string(places[place]) + ' ' + std::string(trades[trade]);
  if (round >= trades.size()) name += ' ' + std::to_string(round / trades.size() + 1);
  return name;
}

std::string handle_of(const std::string& actor, const std::string& joint) {
  std::string handle;
  for (const char c : actor) {
    if (c == ' ') {
      handle += joint;
    } else {
      handle += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  return handle;
}

std::string everyday_text(Dice& dice) {
  std::string text(pick(dice, openings));
  text += ' ';
  text += pick(dice, subjects);
  text += pick(dice, tags);
  return text;
}

std::string statement_text(const std::string& hashtag) {
  return "Today we are silent, and this is why. " + hashtag;
}

}  // namespace pw
