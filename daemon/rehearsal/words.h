// Names and sentences for people who do not exist.
#pragma once

#include <string>
#include <string_view>

#include "daemon/rehearsal/random.h"

namespace pw {

// "Riverbank Bakery"; different for every `index` below 1,000.
std::string actor_name(std::size_t index);
// "riverbank.bakery": letters, and `joint` between the words.
std::string handle_of(const std::string& actor, const std::string& joint);
// One sentence of everyday posting; never a hashtag of a campaign.
std::string everyday_text(Dice& dice);
std::string statement_text(const std::string& hashtag);
// What those who are quoted said: a statement, which excuses nobody else's words.
inline constexpr std::string_view quoted_text = "They said it first. #SilentDay";

}  // namespace pw
