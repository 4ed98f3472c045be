// A platform without C++: what a YAML file says of it, as a connector. The file is
// described in custom_definition.h and, with an example, in README.md.
#pragma once

#include <memory>

#include "connectors/connector.h"
#include "connectors/custom_definition.h"

namespace pw {

// Mappings are CEL over the answer. One that fails, or names what is not there,
// reads nothing; an item without an id is skipped and counted. Whatever goes into
// an address is percent-encoded first, and a credential goes into a header only.
class Custom final : public Connector {
 public:
  Custom(std::shared_ptr<const CustomDefinition> definition, ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  HttpRequest get(const Query& query, const Template& url) const;
  std::optional<Trouble> trouble_in(const Query& query, const HttpResponse& response) const;

  std::shared_ptr<const CustomDefinition> definition_;
  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
