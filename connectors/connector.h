// A platform, reduced to the pure questions the poller asks of it: what to
// request, and what an answer says. Implementations hold no state beyond their
// settings, do no I/O, read no clock and write no log.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connectors/declaration.h"
#include "daemon/core/account.h"
#include "daemon/core/http.h"
#include "daemon/core/look.h"
#include "daemon/core/post.h"

namespace pw {

// How the operator set a connector up.
struct ConnectorSettings {
  // Scheme, host and path prefix in place of the platform's own; "{host}" is
  // replaced by the account's home server. For tests and rehearsals, and for
  // Bluesky's own AppView. Empty: the platform's.
  std::string base{};
  // Where an account's own server is found out (Bluesky: the PLC directory), and
  // that server, in place of the platform's own. For tests and rehearsals, and
  // for whoever runs such a server. Empty: the platform's.
  std::string directory{};
  std::string home{};
  std::string api_version{};  // Meta: "v25.0"
  Allowance allowance{};      // non-public targets this connector may reach
  // In place of the declared ones: a simulated platform publishes at once, and
  // a site that agreed may be asked more often.
  std::optional<Millis> lag{};
  std::optional<Millis> interval_floor{};
  // From the first to the last moment of any pledge's window, wherever on earth:
  // what a platform that lists by time has to be asked about. Nothing: unknown.
  std::optional<Interval> judged{};
  // No credential is configured: the connector has to do without.
  bool anonymous = false;
};

// One question about one account.
struct Query {
  const Account& account;
  const Credential* credential = nullptr;  // null where none is needed
  std::string_view cursor{};               // empty: the newest page
  Instant now{};                           // for interfaces that have to be asked about days
};

// Who the platform says the account is.
struct Identity {
  std::string id;      // stable; what gets pinned
  std::string handle;  // as the platform spells it today
  std::string url{};   // for people
};

// Which server answers for the account now, and what it calls it. It comes from
// an answer, so no allowance reaches it.
struct Home {
  std::string address;   // handed back as Account::home
  std::string handle{};  // empty when the answer does not say
  bool onward = false;   // only a step: ask again from there
};

struct Page {
  std::vector<Post> posts;  // as listed; not sorted, pins marked
  std::string next{};       // cursor of the page of older posts; empty at the list's end
  std::string owner_id{};   // the stable id the answer names, when it names one
  std::string owner_handle{};
  int skipped = 0;  // items present but unreadable; never rounded to none
  // The answer ended before its end, where what came before the cut can be read: its
  // posts stand, and it proves nothing of others. `next` is empty then.
  bool cut_off = false;
};

// Whom a failure concerns: the poller stops asking exactly there.
enum class Scope { account, credential, app, host };

// An answer that is no page, classified. `outcome` is never one that observes.
struct Trouble {
  Outcome outcome = Outcome::malformed;
  Scope scope = Scope::account;
  std::optional<Millis> retry_after{};  // when the peer said so
  std::string detail{};                 // for people; without secrets
  // The list did not change since the validators we sent (HTTP 304).
  bool not_modified = false;
};

using Reading = std::variant<Page, Trouble>;

// One answer about several accounts, in the order in which they were asked about.
struct BatchReading {
  std::vector<Reading> readings;  // a page's `next` is that account's alone
  std::string next{};             // cursor of the rest for all together; empty at its end
};

// A cheap check's word on one account: a token to compare with the last one,
// opaque and never empty. What equal and different tokens prove stands in the
// declaration.
using ProbeReading = std::variant<std::string, Trouble>;

// What a platform itself says of a credential.
struct TokenLife {
  bool valid = true;
  std::optional<Instant> ends{};  // nothing: not by itself
  std::vector<std::string> scopes{};
};

// What a platform said about its limits in an answer's headers.
struct Headroom {
  std::optional<double> used{};    // 0..1 of the budget; may exceed 1
  std::optional<int> remaining{};  // requests
  std::optional<Instant> resets_at{};
};

class Connector {
 public:
  virtual ~Connector() = default;

  virtual const Declaration& declaration() const = 0;

  // Empty when the handle cannot be one of this platform; then `why` says what
  // is wrong with it. Otherwise the account's handle and host, normalised.
  virtual std::optional<Account> normalise(Account account, std::string& why) const = 0;

  // From handle to stable id, in one request. A connector whose handle is its
  // id asks nothing: resolve_request is empty and the handle is pinned as id.
  virtual std::optional<HttpRequest> resolve_request(const Query& query) const = 0;
  virtual std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                          const HttpResponse& response) const = 0;

  // Where the account's own server has to be found before anything else is asked,
  // and found again when it moves: one further request, after the id is known. A
  // connector without such a thing asks nothing.
  virtual std::optional<HttpRequest> home_request(const Query&) const { return std::nullopt; }
  virtual std::variant<Home, Trouble> decode_home(const Query&, const HttpResponse&) const {
    return Trouble{};
  }

  // The cheap check of at most `batch_size` accounts, all of them of one lane;
  // nothing where the platform has none, or not for these accounts. decode_probe
  // answers in the order of `queries`, one reading each.
  virtual std::optional<HttpRequest> probe_request(std::span<const Query>) const {
    return std::nullopt;
  }
  virtual std::vector<ProbeReading> decode_probe(std::span<const Query> queries,
                                                 const HttpResponse&) const {
    return std::vector<ProbeReading>(queries.size(), Trouble{});
  }

  // The lists of at most `batch_size` pinned accounts of one lane with one request,
  // where the declaration says so; nothing where it cannot be asked for these. The
  // first query's cursor says where the answer goes on. Trouble that is one account's
  // may be said of all of them: then each has to be asked about alone.
  virtual std::optional<HttpRequest> batch_request(std::span<const Query>) const {
    return std::nullopt;
  }
  virtual BatchReading decode_batch(std::span<const Query> queries, const HttpResponse&) const {
    return {std::vector<Reading>(queries.size(), Trouble{})};
  }

  // The page at `query.cursor`.
  virtual HttpRequest request(const Query& query) const = 0;
  virtual Reading decode(const Query& query, const HttpResponse& response) const = 0;

  // Asks what the platform says of the credential; nothing where it says nothing, or
  // not of this one. A Trouble is no word on the credential.
  virtual std::optional<HttpRequest> token_request(const Credential&) const { return std::nullopt; }
  virtual std::variant<TokenLife, Trouble> decode_token(const HttpResponse&) const {
    return Trouble{};
  }

  // `received` anchors limits that count seconds from now.
  virtual Headroom headroom(const HttpResponse& response) const = 0;
};

}  // namespace pw
