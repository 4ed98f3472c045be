// The facts that rules see, declared once: the checker, the evaluator and the
// documentation page read these tables.
#pragma once

#include <string>

#include "rules/object.h"

namespace pw::schema {

extern const cel::ObjectType post;
extern const cel::ObjectType account;
extern const cel::ObjectType actor;
extern const cel::ObjectType pledge;
extern const cel::ObjectType campaign;
extern const cel::ObjectType look;
extern const cel::ObjectType window;
extern const cel::ObjectType interval;
extern const cel::ObjectType finding;

// The tables as Markdown, for rules/README.md; a test compares.
std::string page();

}  // namespace pw::schema
