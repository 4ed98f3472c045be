// Posts of one professional Instagram account, read through Business Discovery
// with an operator's own token (Graph API, read 2026-10), or, with a credential
// that its owner gave for it (Credential::account), from graph.instagram.com
// (Instagram API with Instagram Login, read 2026-10): then stories show too.
#pragma once

#include "connectors/connector.h"

namespace pw {

class Instagram final : public Connector {
 public:
  explicit Instagram(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;
  std::optional<HttpRequest> token_request(const Credential& credential) const override;
  std::variant<TokenLife, Trouble> decode_token(const HttpResponse& response) const override;

 private:
  HttpRequest discover(const Query& query, std::string_view fields) const;

  ConnectorSettings settings_;
  Declaration declaration_;
};

// What is different where an account is read by its owner's own token.
const Declaration& own_account_declaration();

}  // namespace pw
