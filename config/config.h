// Everything an operator can set, with units and defaults. Loaded whole or not
// at all: every mistake in the file is reported at once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/core/http.h"
#include "daemon/core/reviewer.h"
#include "daemon/core/surface.h"
#include "daemon/core/time.h"

namespace pw {

// Where in which file a text stands, so that a later stage (rules) can report
// its own mistakes there. Lines and columns from 1.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

// A text whose meaning is checked by a later stage: a CEL condition.
struct Placed {
  std::string text;
  Place place;
};

// A secret is named in the file and read at load: `{ credential: NAME }` from
// $CREDENTIALS_DIRECTORY/NAME, `{ file: PATH }`. At least eight bytes; trailing
// white space is cut. Never written to a log.
struct Secret {
  std::string name;  // for messages: the credential's name or the file's path
  std::string value;
};

struct WindowConfig {
  LocalTime start;
  LocalTime end;
  std::string zone;  // IANA name, or "actor": local to each actor
};

struct StatementConfig {
  int allowed = 0;
  std::optional<Placed> matches{};  // CEL over post
};

struct CampaignConfig {
  std::string name;
  std::vector<WindowConfig> windows;  // `window:` one, or `windows:` several
  std::string default_zone = "UTC";   // for actors without one; then assumed
  bool default_zone_given = false;
  Millis grace{0};
  SurfaceSet surfaces{Surface::post, Surface::reel, Surface::story};
  std::optional<Millis> gap_max{};             // nothing: auto, what the plan can promise
  Millis sweep{std::chrono::minutes(15)};      // after the window's end
  Millis sweep_again{std::chrono::hours(24)};  // after the window's end
  Millis closes{std::chrono::hours(72)};       // after the window's end
  StatementConfig statement;
};

struct CredentialConfig {
  std::string label;
  std::string app;  // default: label
  std::string user_id;
  Secret token;
  std::optional<Secret> app_secret{};  // Meta: where the app requires proofs; X: of its webhook
  std::string account{};  // Instagram: the handle whose owner gave this token; empty: the operator
  std::optional<Instant> expires{};  // when the token ends, as its maker said; nothing: unknown
  int budget = 0;                    // requests ...
  Millis budget_window{std::chrono::hours(1)};  // ... in this span
};

struct ConnectorConfig {
  std::string name;
  Place place;
  std::string base{};         // replaces scheme, host and path prefix; "{host}" is the home server
  std::string home{};         // likewise, of the server that an account lives on (Bluesky)
  std::string directory{};    // likewise, of where that server is found out (Bluesky)
  std::string api_version{};  // Meta
  std::string stream{};       // "jetstream", or empty: only looks
  std::string stream_url{};   // in place of the stream's own
  // The public address that leads to this daemon's /hub, which makes YouTube's hub, or X by
  // webhook, tell of news; empty: only looks. And a hub in place of the platform's own.
  std::string callback{};
  std::string hub{};
  Allowance allowance{};             // allow_hosts, allow_ports
  std::optional<Millis> interval{};  // wished spacing of looks; never below the floor
  Millis interval_floor{0};          // 0: the connector's own
  std::optional<Millis> lag{};       // publication to visibility, where known better than declared
  int host_budget = 0;               // requests per host ...
  Millis host_budget_window{std::chrono::minutes(5)};  // ... in this span; 0: the connector's own
  // Pages one look may read before it is truncated; nothing: the connector's own.
  std::optional<int> pages_max{};
  std::vector<CredentialConfig> credentials{};
  // The operator's own words on whose permission they hold, where a platform's
  // terms ask for one; empty: none is attested.
  std::string attest{};
  std::string definition{};  // a custom platform's file
};

// Findings of one actor, rule or window that are told in one message.
enum class GroupBy { actor, rule, window };
struct GroupConfig {
  GroupBy by = GroupBy::actor;
  Millis wait{std::chrono::seconds(30)};     // from a group's first finding to its message
  Millis interval{std::chrono::minutes(5)};  // between two messages of one group
};

// At most so many messages about findings in any such span.
struct FloodConfig {
  int messages = 0;
  Millis span{0};
};

// Which summaries of the campaign a sink is told.
struct SummaryConfig {
  bool opening = false;
  bool hourly = false;
  bool closing = false;
};

struct SinkConfig {
  std::string name;
  std::string type;  // "webhook", "slack", "discord", ...
  Place place;
  Secret url;                      // plain `url:` texts too: a chat URL is a secret
  std::optional<Secret> secret{};  // whsec_..., or the service's token or key
  std::optional<Placed> when{};    // CEL over finding; nothing: every finding
  Allowance allowance{};
  Millis timeout{std::chrono::seconds(20)};
  bool is_public = false;              // `public:` told only of what people have confirmed
  bool operators = false;              // `operators:` told how the daemon fares, and of no finding
  std::vector<std::string> to{};       // Telegram's chat, Matrix's room, mail's readers
  bool cloud_events = false;           // `format: cloudevents`: a webhook's body in that form
  std::optional<GroupConfig> group{};  // nothing: every finding by itself
  std::optional<Millis> repeat{};      // reminds of findings that nobody has reviewed
  std::optional<FloodConfig> flood{};  // `flood: 30/h`; nothing: no limit
  SummaryConfig summaries{};
  std::string from{};                  // e-mail: "Name <address>" or an address
  std::string user{};                  // e-mail: who logs in, with `secret`
  std::vector<std::string> command{};  // exec: the program's path and its arguments
};

// A dead man's switch: somebody else's service notices when the calls stop.
struct HeartbeatConfig {
  Secret url;
  Millis every{std::chrono::minutes(1)};
  Allowance allowance{};
};

// A time stamp authority (RFC 3161) that is shown checkpoints.
struct StampConfig {
  Secret url;  // plain text too: some carry a token
  Millis every{std::chrono::hours(1)};
  Allowance allowance{};
};

struct LogConfig {
  std::string origin{};    // default: pledgewatch/<campaign name>
  std::string key_file{};  // default: <state>/log.key
  std::string signer{};    // socket of a signer that holds the key instead; empty: the key file
  Millis checkpoint_every{std::chrono::minutes(1)};
  std::optional<StampConfig> stamp{};
};

// An account of the organisers' own that posts on a schedule, so that a platform which
// shows nothing can be told from people who say nothing. It stands on the roster.
struct CanaryConfig {
  std::string account;  // "mastodon:canary@example.org"
  Millis every{std::chrono::hours(1)};
  Place place;
};

struct HttpConfig {
  std::string contact{};  // URL or mail address in the User-Agent
  Millis deadline{std::chrono::seconds(30)};
  int connections_per_host = 2;
  std::string ca_file{};  // beside the system's
};

// Who is watched is everybody's to see only as the organisers decide; the default
// shows counts, on this machine alone.
struct WebConfig {
  std::string listen{};    // "127.0.0.1:8420"; empty: only the unix socket
  std::string socket{};    // default: <state>/pledgewatch.sock, mode 0600
  std::string tls_cert{};  // PEM files; both or none
  std::string tls_key{};
  std::vector<std::string> hosts{};  // further names that a request's Host may have
  bool open_to_readers = false;      // `anonymous: reader`: names and findings without a token
};

struct Config {
  std::string file;       // as named on the command line
  std::string directory;  // relative paths start here
  CampaignConfig campaign;
  std::string roster_file;
  std::vector<std::string> rule_files;
  std::map<std::string, ConnectorConfig> connectors;
  std::vector<CanaryConfig> canaries;
  std::vector<SinkConfig> sinks;
  bool allow_exec = false;  // sinks may run programs
  std::optional<HeartbeatConfig> heartbeat{};
  int publish_needs = 2;
  std::vector<Reviewer> reviewers;
  // A post that is removed within this time of appearing is excused by rule.
  std::optional<Millis> amnesty{};
  std::string state_dir;  // `store:`
  std::string log_dir;    // default: <state>/log
  LogConfig log;
  HttpConfig http;
  WebConfig web;
  int concurrency = 64;  // looks under way at once
};

}  // namespace pw
