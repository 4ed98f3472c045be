// How every connector of a Meta platform asks: one address, the token in the
// Authorization header and nowhere else (platforms-meta 1.2, read 2026-10).
#pragma once

#include <string>
#include <string_view>

#include "connectors/connector.h"

namespace pw {

// Current until at least 2028-07 (Graph API, "Versions", read 2026-10).
inline constexpr std::string_view graph_version = "v25.0";

// Where one platform's API lives.
struct GraphHome {
  std::string_view origin;   // "https://graph.facebook.com"
  std::string_view version;  // where the settings name none
};
inline constexpr GraphHome graph_facebook{"https://graph.facebook.com", graph_version};
inline constexpr GraphHome graph_instagram{"https://graph.instagram.com", graph_version};
inline constexpr GraphHome graph_threads{"https://graph.threads.net", "v1.0"};

// A GET of `path` (without a leading slash, already percent-encoded) with
// `parameters` ("a=1&b=2", encoded too). With the credential's app secret an
// appsecret_proof goes along: the hex HMAC-SHA256 of the token under the secret,
// of no use without the token itself, and redacted wherever it is written.
HttpRequest graph_request(const ConnectorSettings& settings, const GraphHome& home,
                          const Query& query, std::string_view path, std::string_view parameters);

// Cursors are opaque, but a ')' in one would end a modifier of the field
// expansion and inject fields. At most 1,024 bytes.
bool is_graph_cursor(std::string_view cursor);

// Decimal digits only, at most 30 of them.
bool is_graph_id(std::string_view text);

// A name of Instagram and Threads: 1 to 30 letters, digits, points and
// underscores. What else is put into a field expansion would inject fields.
bool is_instagram_name(std::string_view text);

// "https://www.SITE/name/?x" → "name", also without a scheme; `text` itself where
// SITE (with its slash, lower case) is not in it. A leading '@' is dropped.
std::string_view first_part_behind(std::string_view text, std::string_view site);

}  // namespace pw
