// Posts, replies and reposts of one Bluesky account, as an AppView lists them.
#pragma once

#include "connectors/connector.h"

namespace pw {

// No time that an author feed shows is a server's stamp. `createdAt` is the
// poster's to choose; `indexedAt` may change when a record is updated, and an
// AppView without a configured epoch gives min(createdAt, indexedAt) in its place
// (Observed 2026-11-24: real_feed.json and real_feed_epoch.json among the
// captures), so narrowing by it could move an old post into the window.
// The feed is sorted by that minimum: a backdated post stands deep in it.
class Bluesky final : public Connector {
 public:
  explicit Bluesky(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // A handle, with or without '@' or as a profile's address, or a DID, which
  // pins itself.
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

// "did:plc:" and 24 characters, or "did:web:" and a host name.
bool is_did(std::string_view text);

}  // namespace pw
