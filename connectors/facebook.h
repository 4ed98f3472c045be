// Public posts of one Facebook Page (Graph API, "Page Feed" and "PagePost", read
// 2026-10). The platform ranks the list and leaves posts out, some 600 a year
// remain, and it never shows Reels: a clean list is weak evidence.
#pragma once

#include "connectors/connector.h"

namespace pw {

class Facebook final : public Connector {
 public:
  explicit Facebook(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // A Page's id in digits is its own identity; a name is resolved to one.
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  // A cursor is a Graph cursor, or "until|token" where the platform pages by time.
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  // Twenty Pages with one request, which counts as twenty: it saves round trips, and
  // one Page that is not there fails it for all.
  std::optional<HttpRequest> batch_request(std::span<const Query> queries) const override;
  BatchReading decode_batch(std::span<const Query> queries,
                            const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;
  std::optional<HttpRequest> token_request(const Credential& credential) const override;
  std::variant<TokenLife, Trouble> decode_token(const HttpResponse& response) const override;

 private:
  ConnectorSettings settings_;
  Declaration declaration_;
};

// The id or the name of a Page in what people paste; empty when there is none.
//   "riverbank.bakery", "@riverbank.bakery", "102030405060708"
//   https://www.facebook.com/riverbank.bakery/?locale=en_GB
//   https://www.facebook.com/profile.php?id=102030405060708
//   https://www.facebook.com/people/Name/102030405060708/, /pages/Name/102030405060708
//   https://www.facebook.com/p/Riverbank-Bakery-102030405060708/
//   https://www.facebook.com/ads/library/?view_all_page_id=102030405060708
std::string facebook_page_in(std::string_view text);

}  // namespace pw
