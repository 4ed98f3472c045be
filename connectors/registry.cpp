#include "connectors/registry.h"

#include <array>

#include "connectors/activitypub.h"
#include "connectors/bluesky.h"
#include "connectors/facebook.h"
#include "connectors/facebook_ads.h"
#include "connectors/feed/feed.h"
#include "connectors/instagram.h"
#include "connectors/mastodon.h"
#include "connectors/reddit.h"
#include "connectors/telegram.h"
#include "connectors/threads.h"
#include "connectors/tiktok.h"
#include "connectors/tumblr.h"
#include "connectors/x.h"
#include "connectors/youtube.h"

namespace pw {
namespace {

template <class T>
std::unique_ptr<Connector> make(ConnectorSettings settings) {
  return std::make_unique<T>(std::move(settings));
}

struct Row {
  std::string_view name;
  std::unique_ptr<Connector> (*make)(ConnectorSettings);
};

// A platform is added by one row here; see README.md.
constexpr std::array rows = {
    Row{"instagram", make<Instagram>},
    Row{"facebook", make<Facebook>},
    Row{"threads", make<Threads>},
    Row{"facebook_ads", make<FacebookAds>},
    Row{"mastodon", make<Mastodon>},
    Row{"bluesky", make<Bluesky>},
    Row{"activitypub", make<ActivityPub>},
    Row{"feed", make<Feed>},
    Row{"youtube", make<YouTube>},
    Row{"tumblr", make<Tumblr>},
    Row{"x", make<X>},
    Row{"reddit", make<Reddit>},
    Row{"tiktok", make<TikTok>},
    Row{"telegram", make<Telegram>},
};

constexpr auto names = [] {
  std::array<std::string_view, rows.size()> out;
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = rows[i].name;
  return out;
}();

}  // namespace

std::span<const std::string_view> connector_names() { return names; }

std::unique_ptr<Connector> make_connector(std::string_view name, ConnectorSettings settings) {
  for (const Row& row : rows) {
    if (row.name == name) return row.make(std::move(settings));
  }
  return nullptr;
}

}  // namespace pw
