// Posts of one Tumblr blog, by the API v2 in its Neue Post Format.
#pragma once

#include "connectors/connector.h"

namespace pw {

// The list is sorted by a time that the poster sets and may set back: no time is
// a server's. Cursors are offsets, since `before` counts whole seconds and would
// lose posts of the same second. The key can travel nowhere but in the address
// (api_key); it names an app rather than a person, and is redacted all the same.
class Tumblr final : public Connector {
 public:
  explicit Tumblr(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "name", "name.tumblr.com", a blog's own domain, or an address of either.
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  HttpRequest get(const Query& query, std::string target) const;

  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
