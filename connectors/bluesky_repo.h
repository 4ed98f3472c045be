// Bluesky accounts read where they live: their server (PDS) is found through the
// DID document, tells by one revision whether anything was written, and lists
// every record there is. Included by bluesky*.cpp and its tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "connectors/connector.h"

namespace pw {

// Where a DID's document lies: in the PLC directory (`directory` in its place),
// or at the host that a did:web names. Empty for anything else.
std::string did_document_address(std::string_view did, std::string_view directory);

// The first service that ends in "#atproto_pds" and is a personal data server,
// and a handle that the document claims: the account's, if it is among them.
// `trusted` is the one address that may be no https.
std::variant<Home, Trouble> decode_did_document(const Query& query, const HttpResponse& response,
                                                std::string_view trusted);

// The records of an account are two lists in a row, posts and reposts, each by
// record key; the cursor names the list and the last key. Keys may be chosen by
// whoever writes the record, so only both lists together, read to their ends,
// leave nothing out.
std::string list_records_target(const Query& query);
Reading decode_records(const Query& query, const HttpResponse& response);

// getLatestCommit: "the same rev means that nothing at all was written".
std::string latest_commit_target(std::string_view did);
ProbeReading decode_latest_commit(const Query& query, const HttpResponse& response);

}  // namespace pw
