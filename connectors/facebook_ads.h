// Advertising of one Facebook Page, from the Ad Library (ads_archive, read
// 2026-10), for pledges that pause it. An ad breaks such a pledge by being
// delivered inside the window, whenever it was made: so each day of delivery (UTC,
// the library's own unit) is one publication here, "LIBRARY-ID/2026-07-14".
#pragma once

#include "connectors/connector.h"

namespace pw {

class FacebookAds final : public Connector {
 public:
  explicit FacebookAds(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // A Page's id in digits, alone or in an address: the library knows no names.
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  // Ten Pages with one request, which counts as one; their ads come mixed, and only
  // the end of the list tells of each Page that it has no more.
  std::optional<HttpRequest> batch_request(std::span<const Query> queries) const override;
  BatchReading decode_batch(std::span<const Query> queries,
                            const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;
  std::optional<HttpRequest> token_request(const Credential& credential) const override;
  std::variant<TokenLife, Trouble> decode_token(const HttpResponse& response) const override;

 private:
  // `page_ids`: a JSON list of texts.
  HttpRequest asked_at(const Query& query, std::string_view page_ids, int limit) const;
  std::string asked_of(std::string_view page_ids, std::string_view fields, int limit) const;

  ConnectorSettings settings_;
  Declaration declaration_;
};

// What the library says of one ad's delivery.
struct AdDelivery {
  Instant start{};
  bool start_is_day = false;      // a date without a time of day
  std::optional<Instant> stop{};  // nothing: still running
  bool stop_is_day = false;       // that whole day counts
};

// The days of `delivery` of which `known_until` (receipt less the library's lag)
// lets anything be said, each with the part of it in which the ad was delivered,
// inside `judged` where that is given. The first 31 of them: enough to break any
// pledge, and the same ones at every look.
std::vector<Interval> days_of(const AdDelivery& delivery, Instant known_until,
                              const std::optional<Interval>& judged);

}  // namespace pw
