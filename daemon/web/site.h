// From a request to its answer: who asks, what for, whether they may, and the
// view. Everything but the sockets; pure over Backend, which has the world.
#pragma once

#include <string>
#include <vector>

#include "daemon/runtime/random.h"
#include "daemon/web/backend.h"
#include "daemon/web/html.h"
#include "daemon/web/message.h"
#include "daemon/web/metrics.h"
#include "daemon/web/route.h"

namespace pw {

struct SiteOptions {
  // Names by which this server may be asked for, without port, in lower case.
  std::vector<std::string> hosts{};
  // What somebody may who shows no token.
  Role anonymous = Role::everybody;
  Random random{};
};

class Site {
 public:
  // All but the options outlives the site.
  Site(Backend& backend, SiteOptions options, const WebFigures& figures)
      : backend_(backend), options_(std::move(options)), figures_(figures) {}

  // With `stream` set in the answer the connection becomes one for `role`.
  WebAnswer answer(const WebRequest& request);
  Role role_of(const WebRequest& request) const { return caller_of(request).role; }

 private:
  struct Ask {
    const WebRequest& request;
    const WebTarget& target;
    const WebRoute& route;
    const Caller& caller;
  };

  Caller caller_of(const WebRequest& request) const;
  bool has_wrong_token(const WebRequest& request) const;
  WebAnswer refuse(const WebTarget& target, const Caller& caller, int status, std::string_view why);
  WebAnswer route(const Ask& ask);
  WebAnswer page(const Ask& ask);
  WebAnswer api(const Ask& ask);
  WebAnswer plain(const Ask& ask);

  PageContext context_of(const Caller& caller, std::string_view here);
  WebAnswer board_answer(const Ask& ask);
  WebAnswer account_answer(const Ask& ask);
  WebAnswer queue_answer(const Ask& ask, std::string trouble, std::string done);
  WebAnswer decide(const Ask& ask);
  WebAnswer sign_in(const Ask& ask);
  WebAnswer sign_out(const Ask& ask);
  WebAnswer log_answer(const Ask& ask);
  WebAnswer hub_answer(const Ask& ask);

  WebAnswer api_cells(const Ask& ask);
  WebAnswer api_accounts(const Ask& ask);
  WebAnswer api_account(const Ask& ask);
  WebAnswer api_findings(const Ask& ask);
  WebAnswer api_finding(const Ask& ask);
  WebAnswer api_review(const Ask& ask);
  WebAnswer api_action(const Ask& ask);
  WebAnswer api_health(const Ask& ask);

  Backend& backend_;
  SiteOptions options_;
  const WebFigures& figures_;
  WebSessions sessions_;
  // The largest answer there is, asked for by every browser that comes: made once for
  // each revision of the board.
  std::string cells_{};
  std::string cells_packed_{};
  std::uint64_t cells_revision_ = 0;
  int sign_in_failures_ = 0;  // in the minute that began at ...
  Instant sign_in_minute_{};
};

// Sent with every answer.
void add_guards(WebAnswer& answer);
// 304 when the client has this very body.
void validate(WebAnswer& answer, const WebRequest& request);
WebAnswer json_answer(std::string body, int status = 200);
WebAnswer problem(int status, std::string_view detail);

}  // namespace pw
