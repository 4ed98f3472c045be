// Public posts of one account on any server that speaks ActivityPub, read from its
// actor's outbox.
#pragma once

#include "connectors/connector.h"

namespace pw {

// From handle to actor by WebFinger, from the actor to its outbox, from that to its
// first page. Names have to agree both ways (design, "Addresses"): the actor's own
// server vouches for the handle, the actor names itself by the id it was found
// under, and its outbox lies on the same server.
//
// A credential signs what is asked: `user_id` is the key's address, the token the
// private key in PEM. Servers that demand it refuse everybody else, and that
// refusal is respected.
class ActivityPub final : public Connector {
 public:
  explicit ActivityPub(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "name@host", with or without a leading '@', or "https://host/@name".
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  std::optional<HttpRequest> home_request(const Query& query) const override;
  std::variant<Home, Trouble> decode_home(const Query& query,
                                          const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  HttpRequest get(std::string address, std::string_view media_type, const Query& query) const;
  bool is_trusted(std::string_view address) const;

  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
