// An answer as it goes over the wire, in HTTP/1.1.
#pragma once

#include <string>

#include "daemon/core/http.h"

namespace pw {

// gzip (RFC 1952) of `body`.
std::string gzip(std::string_view body);
// Some 64 KiB that decode to 64 MiB.
const std::string& gzip_bomb();

// Status line, header fields and body, with Content-Length and Connection; the
// body is compressed when `accept_encoding` names gzip and it is worth it.
std::string print_answer(HttpResponse response, std::string_view accept_encoding, bool keep_alive);

// Where the body begins in what print_answer made.
std::size_t body_start(std::string_view answer);

}  // namespace pw
