// Uploads of one YouTube channel: by the Data API v3 with a key, by the channel's
// own Atom feed without one.
#pragma once

#include "connectors/connector.h"

namespace pw {

// With a key an account's list is its uploads playlist ("UU" and the channel's id
// without "UC"), 50 videos for one unit of the key's 10,000 a day; the key travels
// in X-Goog-Api-Key. Without a key it is videos.xml: the 15 newest, for channels
// named by their id alone. Cursors are page tokens.
//
// The feed answers 404 and 500 for channels that are there, in waves of hours
// (platforms-open 7.4): from it neither says anything about the channel.
//
// No time is a server's stamp: a video that was uploaded unlisted keeps the time
// of its upload when it becomes public.
class YouTube final : public Connector {
 public:
  explicit YouTube(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "@name", "UC" and 22 characters, or a profile's address with either.
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
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

// "UC" and 22 of [A-Za-z0-9_-]; up to two more are let through, since no document
// fixes the length.
bool is_channel_id(std::string_view text);

}  // namespace pw
