// Posts and comments of one Reddit account, by the OAuth interface.
#pragma once

#include "connectors/connector.h"

namespace pw {

// Off until the operator attests Reddit's approval: since November 2025 every use
// of the Data API needs it (design, decision 10).
//
// The newest page is always read whole: `before` of a post that was deleted
// answers nothing. Cursors are the `after` fullname. What the author deleted is
// listed without an author or not at all, and counts as no post.
class Reddit final : public Connector {
 public:
  explicit Reddit(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "name", "u/name", "/user/name", or a profile's address.
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
