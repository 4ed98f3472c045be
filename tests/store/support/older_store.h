// Stores as older programs left them, made of one that today's program wrote.
#pragma once

#include <string>

namespace pw {

// Takes out of the closed store at `path` what a program of schema `version` could not
// have written: rows of later tables and kinds, values of later columns. The schema
// stays today's.
void forget_later_than(int version, const std::string& path);

// Makes the store at `path`, with the tables of schema `version` and all that fits into
// them of the closed store at `newest`. Throws where anything goes wrong.
void write_older_store(const std::string& newest, int version, const std::string& path);

// Runs the steps up to `version`, as a start does that is then cut off.
void bring_to(int version, const std::string& path);

// How many rows each table has, and the text of everything in the schema.
std::string print_shape(const std::string& path);

}  // namespace pw
