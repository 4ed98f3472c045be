// Posts of one public Threads profile (Threads API, "Profiles" and "Retrieve
// posts", read 2026-10). The platform never tells an account's id: a name that
// changes hands looks like the same account, so its findings need review.
#pragma once

#include "connectors/connector.h"

namespace pw {

class Threads final : public Connector {
 public:
  explicit Threads(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  std::optional<Account> normalise(Account account, std::string& why) const override;
  // Nothing: the name is all there is, and a look-up would cost one of the
  // thousand requests that a token has a day.
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;
  std::optional<HttpRequest> token_request(const Credential& credential) const override;
  std::variant<TokenLife, Trouble> decode_token(const HttpResponse& response) const override;

 private:
  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
