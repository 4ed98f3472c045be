// Public Telegram channels that let our bot in, by the Bot API.
#pragma once

#include "connectors/connector.h"

namespace pw {

// A bot sees a channel only after its owner made it an administrator: the
// pledger's own consent. It cannot read what came before, and Telegram keeps an
// update for a day. So a look asks for the newest hundred updates of all the
// bot's channels (a negative offset, core.telegram.org/bots/api#getupdates, read
// 2026-08) and reads this channel's out of them.
//
// No update of a channel may mean that nothing was posted or that the bot is not
// in it: that is `not_visible`, never silence. A channel that did post, or let the
// bot in, within the day is observed.
//
// The bot must be used for nothing else, and without a webhook (409). Its token
// stands in every address: the interface has no other place for it.
class Telegram final : public Connector {
 public:
  explicit Telegram(ConnectorSettings settings);

  const Declaration& declaration() const override { return declaration_; }
  // "@name", "https://t.me/name", or a chat's id such as -1001234567890.
  std::optional<Account> normalise(Account account, std::string& why) const override;
  std::optional<HttpRequest> resolve_request(const Query& query) const override;
  std::variant<Identity, Trouble> decode_identity(const Query& query,
                                                  const HttpResponse& response) const override;
  HttpRequest request(const Query& query) const override;
  Reading decode(const Query& query, const HttpResponse& response) const override;
  Headroom headroom(const HttpResponse& response) const override;

 private:
  HttpRequest call(const Query& query, std::string_view method_and_query) const;

  ConnectorSettings settings_;
  Declaration declaration_;
};

}  // namespace pw
