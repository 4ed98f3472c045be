// The Activity API of the simulated X (platforms-open 6.2): its webhooks and subscriptions,
// and what X then calls: a challenge when a webhook is made and every hour, a signed notice
// of each post that comes or goes. The one part of a simulated platform that remembers what
// it was told.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {

// What goes wrong with notices.
enum class PushFault {
  unsigned_,  // the signature's header is missing
  missigned,  // signed with another app's secret
  altered,    // a byte of the body is not what was signed
  mangled,    // signed, and no JSON
  strange,    // signed, of an event that nobody subscribed to
  foreign,    // signed, about somebody whom nobody watches
  twice,      // delivered two times
  lost,       // not delivered
};
struct PushTrouble {
  PushFault kind = PushFault::lost;
  Interval span{};
};

class SimActivity {
 public:
  // How X reaches a webhook: its address is in the request's.
  using Call = std::function<HttpResponse(const HttpRequest&)>;

  // The population outlives it. `secret` is the app's; what was before `start` is told to
  // nobody.
  SimActivity(const Population& population, std::string secret, Instant start, Call call);

  // An answer of the API; a new webhook is challenged before it.
  HttpResponse answer(const SimRequest& request, Instant now);
  static bool is_asked(const SimRequest& request);

  // Makes the calls that fall due up to `until`, in their order.
  void pass(Instant until);

  std::vector<PushTrouble> troubles{};
  int subscriptions_max = 1'500;

  int calls(std::string_view method) const;  // made so far
  std::size_t subscriptions() const { return subscriptions_.size(); }
  bool is_valid() const { return !webhooks_.empty() && webhooks_.front().valid; }

 private:
  struct Webhook {
    std::string id;
    std::string address;
    bool valid = false;
    Instant challenged{};
  };
  struct Subscription {
    std::string id;
    std::string event;
    std::string user_id;
    std::string webhook;
  };
  struct Happening {
    Instant at;
    const SimAccount* account;
    const SimPost* post;
    bool gone;
  };

  HttpResponse answer_webhooks(const SimRequest& request, Instant now);
  HttpResponse answer_subscriptions(const SimRequest& request, Instant now);
  HttpResponse subscribe(const SimRequest& request, Instant now);
  HttpResponse make_webhook(const SimRequest& request, Instant now);
  bool challenge(Webhook& webhook, Instant now);
  Webhook* find_webhook(std::string_view id);
  std::vector<Happening> happenings(Instant from, Instant until) const;
  void notify(const Happening& happening);
  void deliver(const Webhook& webhook, std::string body, std::optional<PushFault> fault);
  HttpResponse call(const HttpRequest& request);
  std::string next_id();

  const Population& population_;
  std::string secret_;
  Call call_;
  std::vector<Webhook> webhooks_;
  std::vector<Subscription> subscriptions_;
  std::deque<Instant> asked_;  // of new subscriptions, in the last quarter of an hour
  std::vector<std::string> methods_;
  Instant passed_;
  std::uint64_t serial_ = 0;
};

}  // namespace pw
