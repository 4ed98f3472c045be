// A platform, reduced to the pure questions the poller asks of it: what to
// request, and what an answer says. Implementations hold no state beyond their
// settings, do no I/O, read no clock and write no log.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/core/http.h"
#include "daemon/core/look.h"
#include "daemon/core/post.h"

namespace pw {

// What a platform's list of posts can be trusted with.
enum class ListKind {
  complete,       // newest first by the server's own order, nothing left out
  ranked,         // the platform leaves out or reorders as it likes
  capped,         // complete, but only so many items deep
  claimed_order,  // ordered by a time the poster declares; a backdated post hides deep
};

enum class PostClock { server, poster, site };  // who sets a post's time

// What a connector can and cannot see, as data: printed by `check`, the report
// and the log.
struct Declaration {
  std::string_view name;  // "instagram"
  SurfaceSet sees;
  SurfaceSet never_sees;  // surfaces that exist there and stay invisible
  ListKind list = ListKind::complete;
  PostClock clock = PostClock::site;
  Millis clock_precision{1000};
  Millis lag{0};          // publication to visibility, at worst as documented or assumed
  bool stable_id = true;  // false: its findings are always needs_review
  bool shows_edits = false;
  bool shows_deletions = false;  // a post that is taken down disappears from the list
  bool needs_credential = false;
  int page_size = 20;            // items one request returns
  int cost = 1;                  // requests of budget one look takes
  Millis interval_floor{0};      // politeness: never look at one account more often
  int host_requests_max = 0;     // the platform's own limit per host ...
  Millis host_window{0};         // ... in this span; 0: none documented
  std::string_view blind_spots;  // one sentence for people
  std::string_view source;       // the document and the date it was read
};

// How the operator set a connector up.
struct ConnectorSettings {
  // Scheme, host and path prefix in place of the platform's own; "{host}" is
  // replaced by the account's home server. For tests and rehearsals, and for
  // Bluesky's own AppView. Empty: the platform's.
  std::string base{};
  std::string api_version{};  // Meta: "v25.0"
  Allowance allowance{};      // non-public targets this connector may reach
  // In place of the declared ones: a simulated platform publishes at once, and
  // a site that agreed may be asked more often.
  std::optional<Millis> lag{};
  std::optional<Millis> interval_floor{};
};

// One question about one account.
struct Query {
  const Account& account;
  const Credential* credential = nullptr;  // null where none is needed
  std::string_view cursor{};               // empty: the newest page
};

// Who the platform says the account is.
struct Identity {
  std::string id;      // stable; what gets pinned
  std::string handle;  // as the platform spells it today
  std::string url{};   // for people
};

struct Page {
  std::vector<Post> posts;  // as listed; not sorted, pins marked
  std::string next{};       // cursor of the page of older posts; empty at the list's end
  std::string owner_id{};   // the stable id the answer names, when it names one
  std::string owner_handle{};
  int skipped = 0;  // items present but unreadable; never rounded to none
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

  // The page at `query.cursor`.
  virtual HttpRequest request(const Query& query) const = 0;
  virtual Reading decode(const Query& query, const HttpResponse& response) const = 0;

  // `received` anchors limits that count seconds from now.
  virtual Headroom headroom(const HttpResponse& response) const = 0;
};

}  // namespace pw
