// Posts of one X account, by the API v2 with an app's own bearer token.
#pragma once

#include "connectors/connector.h"

namespace pw {

// Milliseconds of an X id: (id >> 22) + 1288834974657. Nothing when the id is no
// number of at most 63 bits.
std::optional<Instant> instant_of_x_id(std::string_view id);

// Off until the operator attests X's written approval: the developer agreement
// forbids tracking users and monitoring protests without it (design, decision 10).
//
// Every answer may carry errors with status 200, also without any data. Posts are
// billed by the item returned, so a page is ten items; a quiet account costs
// nothing. An edited post has a new id: it keeps its first one here, which also
// says when it was posted.
class X final : public Connector {
 public:
  explicit X(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "@name", or "https://x.com/name", or the same at twitter.com.
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  HttpRequest get(const Query& query, std::string_view target) const;

  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
