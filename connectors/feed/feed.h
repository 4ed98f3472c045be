// One feed of a site, in RSS, RDF, Atom or JSON Feed. Its address is its
// identity: nothing has to be resolved.
#pragma once

#include "connectors/connector.h"
#include "connectors/feed/feed_document.h"

namespace pw {

// The post that an entry is. Its id is the entry's own, else its link, else a
// digest of its words. `id_is_shared`: the feed gave one id to several entries,
// so that the link is needed beside it.
Post post_of_entry(feed::ParsedEntry entry, bool id_is_shared);

// Sites stamp their posts themselves, so no time is a server's in the sense that
// a poster could not choose it. RFC 6721's deleted-entry is no item and is not
// counted: that something vanished is seen by its absence. A conditional
// request's 304 is Trouble with `not_modified`.
class Feed final : public Connector {
 public:
  explicit Feed(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // An http or https address, also as "feed://".
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query&) const override { return std::nullopt; }
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  // A cursor is the path and query of the page that the feed names as next; it
  // is followed at the feed's own origin only.
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
