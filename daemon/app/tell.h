// What a command says on standard error to the person who called it.
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/issue.h"

namespace pw {

// "pledgewatch: why"; gives `code` back, so that a command can return it.
int fail(int code, const std::string& why);

// An issue on a line of its own, below it the line of the file that it is about with
// a caret under the place. Of campaign files and custom connectors only conditions
// are shown, since other lines may hold what is secret.
std::string print_shown(const Issue& issue, std::string_view file_text);

// Every one of them so, each with the text of its file.
void print_issues(const Issues& issues);

}  // namespace pw
