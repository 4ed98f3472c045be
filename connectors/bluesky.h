// Posts, replies and reposts of one Bluesky account, as its own server keeps them;
// or, where only an AppView is configured (`base`), as that lists them.
#pragma once

#include "connectors/connector.h"

namespace pw {

// The account's server is found through its DID document. Its revision proves that
// nothing was written (design 3.3); when it moved, all records are listed to their
// end, so that no post can hide behind a key or a time that its author chose.
// That proof goes as far as the account's server is honest.
//
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
  std::optional<HttpRequest> home_request(const Query& query) const override;
  std::variant<Home, Trouble> decode_home(const Query& query,
                                          const HttpResponse& response) const override;
  std::optional<HttpRequest> probe_request(std::span<const Query> queries) const override;
  std::vector<ProbeReading> decode_probe(std::span<const Query> queries,
                                         const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  HttpRequest get(std::string address, const Query& query, bool trusted) const;
  HttpRequest call_view(const Query& query, std::string_view target) const;
  HttpRequest call_home(const Query& query, std::string_view target) const;
  // Reads accounts at their own servers.
  bool reads_homes() const;

  ConnectorSettings settings_;
  Declaration declaration_;
};

// "did:plc:" and 24 characters, or "did:web:" and a host name.
bool is_did(std::string_view text);

}  // namespace pw
