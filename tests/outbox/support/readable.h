// A request as its reader sees it: markup applied, addresses and secrets left out.
#pragma once

#include <string>

#include "daemon/outbox/service.h"

namespace pw::test {

// Without tags, entities as the characters they stand for.
std::string shown_html(const std::string& html);

std::string readable(SinkType type, const HttpRequest& request);

// The header fields that a mail program shows, and the text.
std::string readable_mail(const std::string& message);

}  // namespace pw::test
