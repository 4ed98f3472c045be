// The commands of the command line, each in a file of its own. Each returns the
// program's exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/time.h"

namespace pw {

// 0 fine, 1 the answer is no, 2 wrong usage or wrong files, 3 the world failed.
enum ExitCode : int { exit_fine = 0, exit_no = 1, exit_usage = 2, exit_world = 3 };

struct RunOptions {
  std::string config;
  bool live = false;          // a live table on the terminal instead of the journal's lines
  bool until_closed = false;  // end when the last verdict can no longer change
};
int run_daemon(const RunOptions& options);

struct CheckOptions {
  std::string config;
  bool json = false;
  bool online = false;             // also a look at every account and a test message to every sink
  std::optional<Millis> within{};  // how long the looks may take
};
int check_campaign(const CheckOptions& options);

struct ReportOptions {
  std::string config;
  std::string folder;
  bool sentences = false;  // on standard output as well, one a line
  bool json = false;       // the whole record on standard output
};
int write_report(const ReportOptions& options);

struct VerifyOptions {
  std::string folder;
  std::string key;     // a vkey, or a file with one
  std::string anchor;  // a file with a checkpoint that somebody else held; may be empty
  std::vector<std::string> witnesses;  // vkeys, or files with one
  int quorum = 0;                      // of the witnesses; 0: all
  std::string evidence;                // the folder with WARC files; may be empty
  std::string tsa;  // a file with certificates of time stamp authorities; may be empty
  bool json = false;
};
int verify_log(const VerifyOptions& options);

struct StatusOptions {
  std::string config;
  bool brief = false;  // one line, the worst first
  bool json = false;
};
int show_status(const StatusOptions& options);

struct ReceiptOptions {
  std::string config;
  std::string account;  // platform:handle, or the account's number
  std::string folder;
};
int write_receipt(const ReceiptOptions& options);

struct RosterOptions {
  std::string config;
};
int list_roster(const RosterOptions& options);

// What a person saw that no interface shows.
struct ObserveOptions {
  std::string config;
  std::string account;  // "instagram:riverbank.bakery", or a handle that is nobody else's
  std::string url;
  std::string seen;     // RFC 3339
  std::string without;  // when it was last not there; may be empty
  std::string file;     // a picture of it
  std::string surface = "story";
  std::string by;  // who saw it; the user's name by default
  std::string note;
};
int observe_account(const ObserveOptions& options);

// Whose content goes, who asks for it and why.
struct EraseOptions {
  std::string config;
  std::string account;  // "instagram:riverbank.bakery", or a handle that is nobody else's
  std::string reason;
  std::string by;  // the user's name by default
  bool json = false;
};
int erase_account(const EraseOptions& options);

struct RuleTestOptions {
  std::vector<std::string> files;
  bool json = false;
};
int test_rules(const RuleTestOptions& options);

struct RuleConformanceOptions {
  std::string file{};
  bool json = false;
};
int run_rule_conformance(const RuleConformanceOptions& options);

// Why a rule matched, or not: over a post in a file, or over a stored finding's.
struct ExplainOptions {
  std::string rule;                // its name, or a pack's file; empty: the finding's
  std::string post;                // a file of JSON or YAML; empty: the finding's
  std::vector<std::string> packs;  // where the rule stands; empty: the campaign's packs
  std::string config;              // may be empty when `packs` are given
  std::string finding;             // its id; may be empty
  bool json = false;
};
int explain_rule_over_post(const ExplainOptions& options);

struct BacktestOptions {
  std::string config;
  std::string from;  // RFC 3339
  std::string to;
  std::vector<std::string> packs;  // instead of the campaign's
  bool fetch = false;              // look at every account first, and judge what its list shows
  std::optional<Millis> within{};  // how long the looks may take
  bool json = false;
};
int backtest_rules(const BacktestOptions& options);

struct DecodeOptions {
  std::string connector;
  std::vector<std::string> files;
};
int decode_files(const DecodeOptions& options);

struct SimulateCommand {
  std::string folder;
  std::uint64_t seed = 2020;
  int accounts = 60;
  int day_seconds = 120;
  int port = 0;  // 0: any free one
};
int simulate_platforms(const SimulateCommand& options);

// What the daemon found against what the simulator had planned.
struct CompareOptions {
  std::string plan;    // plan.json of the simulator
  std::string config;  // the campaign file that watched it
};
int compare_with_plan(const CompareOptions& options);

struct RehearseCommand {
  std::string config;
  std::string folder;  // kept; empty: a folder of its own, removed afterwards
  std::uint64_t seed = 1;
  bool journal = false;
  bool json = false;
};
int rehearse_campaign(const RehearseCommand& command);

struct SignerCommand {
  std::string key;     // the key's file
  std::string state;   // the folder where it remembers what it signed
  std::string socket;  // where to listen, unless systemd hands a socket over
};
int run_signer(const SignerCommand& command);

struct KeyOptions {
  std::string name;
  std::string file;
};
int make_signing_key(const KeyOptions& options);

// Text of a whole file; empty and false when it cannot be read.
bool read_file(const std::string& path, std::string& text);

}  // namespace pw
