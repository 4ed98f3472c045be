// What a command says on standard error to the person who called it.
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/issue.h"

namespace pw {

// "pledgewatch: why"; gives `code` back, so that a command can return it.
int fail(int code, const std::string& why);

// An issue on a line of its own, below it the line of the file that it is about with
// a caret under the place: of rosters (.csv), of files that hold nothing but rules, and
// of others their conditions, since a line of theirs may hold what is secret. Files over
// 1 MiB are not searched.
std::string print_shown(const Issue& issue, std::string_view file_text);

// Every one of them so, each with the text of its file.
void print_issues(const Issues& issues);

// "doing [####....]  40 %" on standard error, which is a terminal; gone when all is done.
void draw_progress(std::string_view doing, double done);

}  // namespace pw
