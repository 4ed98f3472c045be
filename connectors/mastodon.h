// Public statuses of one Mastodon account, read from its home server, and from
// the software that answers the same requests.
#pragma once

#include "connectors/connector.h"

namespace pw {

// Unix milliseconds of a Mastodon id (id >> 16; reference server, read 2026-08).
// Nothing when the id is no number of at most 63 bits. What it says is a time
// only if it agrees with the status's own `created_at`: other software numbers
// otherwise.
std::optional<Instant> instant_of_snowflake(std::string_view id);

// Cursors are the oldest id of a page, sent as `max_id`. No watermark is sent on
// the newest page: requests with min_id or since_id are limited three times
// harder (design, decision 9).
//
// A suspended account's list is 200 and empty, like that of an account that
// deleted everything; an empty page says so by having neither posts nor next,
// and the poller asks again.
class Mastodon final : public Connector {
 public:
  explicit Mastodon(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "name@host", with or without a leading '@', or "https://host/@name".
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  // Of up to 40 accounts of one server that runs Mastodon 4.3 or later; others
  // answer 404 or 422, and their accounts are looked at one by one.
  std::optional<HttpRequest> probe_request(std::span<const Query> queries) const override;
  std::vector<ProbeReading> decode_probe(std::span<const Query> queries,
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
