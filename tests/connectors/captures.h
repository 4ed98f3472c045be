// Saved answers and how to ask every connector about them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "connectors/registry.h"

namespace pw {

struct Capture {
  std::string platform;
  std::filesystem::path path;
  std::string body;
  int status = 200;
};

// Every saved answer to a question for a page, in the order of their names. Where
// a folder has a real_index.json, it says which of its files are such answers and
// with which status they came.
std::vector<Capture> all_captures();

// An account of the platform as the captures know it, pinned.
Account account_on(std::string_view platform);

inline const Credential test_credential{
    .label = "a", .app = "a", .user_id = "17841400000000001", .token = "canary-SECRET-0123456789"};

HttpResponse answer(int status, std::string body,
                    std::vector<std::pair<std::string, std::string>> headers = {});

// One line for each post, and one for what the page says of itself.
std::string print_reading(const Reading& reading);
std::string print_trouble(const Trouble& trouble);

// What is wrong with the reading of an answer's first bytes, or empty. It may be trouble,
// or the first posts of the `whole` one, each to the letter, on a page that says it is
// cut off; the whole page only where nothing but the last bracket is missing.
std::string wrong_in_part(const Page& whole, const Reading& part);

}  // namespace pw
