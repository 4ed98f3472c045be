// Videos of one TikTok account, by the Research API.
#pragma once

#include "connectors/connector.h"

namespace pw {

// Unix seconds in the upper half of a TikTok id (observed, not documented).
std::optional<Instant> instant_of_tiktok_id(std::string_view id);

// Off until the operator attests TikTok's approval: the Research API is for
// approved research only (design, decision 10).
//
// Asks for the 30 UTC days that end with the query's own day, since the interface
// takes whole days and no more of them. Videos show up to two days late, so it
// serves an audit afterwards and alerts nobody. It gives no id of an account: the
// name is the identity, and findings are always reviewed. Cursors are
// "cursor:search_id".
class TikTok final : public Connector {
 public:
  explicit TikTok(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "@name", or "https://www.tiktok.com/@name".
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query&) const override { return std::nullopt; }
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  // Also answers of the Display API (/v2/video/list/), whose videos have the same shape.
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
