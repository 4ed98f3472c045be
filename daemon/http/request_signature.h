// HTTP Signatures as ActivityPub servers read them: draft-cavage-http-signatures-12
// with rsa-sha256 over (request-target), host and date (platforms-open 5.3).
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/http.h"
#include "daemon/core/result.h"

namespace pw {

// What is signed, line by line. `path` has the query.
std::string signature_base(std::string_view method, std::string_view path, std::string_view host,
                           std::string_view date);

// The value of the Signature field. `refused` when the key is no RSA private key
// in PEM.
Result<std::string> sign_request(const RequestKey& key, std::string_view method,
                                 std::string_view path, std::string_view host,
                                 std::string_view date);

}  // namespace pw
