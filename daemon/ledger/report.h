// The report of a campaign: the judgement with the content that lies beside the
// log, as a page for people, a table for spreadsheets and a record for programs.
// Pure: no clock, no files. Texts of others are hostile until shown_text() and
// escaping have passed over them; whatever their size, they are cut.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/surface.h"
#include "daemon/ledger/checkpoint.h"
#include "daemon/ledger/judgement.h"

namespace pw {

struct ReviewRow {
  std::string reviewer;
  FindingState decision = FindingState::open;
  std::string reason;
  Instant at{};
};

// A finding with its post, as the store has them; text and url are empty where
// the content was erased.
struct FindingRow {
  Finding finding;
  Surface surface = Surface::post;
  std::string url;
  std::string text;
  std::optional<Instant> claimed_at{};  // by the platform's own field: a claim
  bool removed = false;                 // the post no longer stands
  bool erased = false;                  // the content was erased at somebody's request
  std::vector<ReviewRow> reviews;
};

struct SinkRow {
  std::string sink;
  int delivered = 0;
  int waiting = 0;
  int dead = 0;
};

struct RunRow {
  Instant at{};
  std::string event;
  std::string detail;
};

// What one connector last declared to the log, in words.
struct ConnectorRow {
  std::string connector;
  std::vector<std::pair<std::string, std::string>> capabilities;
};

struct ReportInput {
  Judgement judgement;
  std::vector<FindingRow> findings;
  std::vector<SinkRow> sinks;
  std::vector<ConnectorRow> connectors{};
  std::vector<RunRow> runs;  // starts, stops, reloads, in order
  Checkpoint checkpoint{};   // the log that this report was made from
  std::string note{};        // ... as it was signed
  std::string vkey{};        // whom to believe it from
};

// One file: no script, nothing fetched, readable without style, printable.
std::string print_html(const ReportInput& input);

// The same as a first page, "report.html", and pages of so many accounts beside it,
// each a file of its own, where there are more than fit one.
struct ReportPage {
  std::string name;
  std::string html;
};
inline constexpr std::size_t accounts_per_page = 500;
std::vector<ReportPage> print_pages(const ReportInput& input,
                                    std::size_t per_page = accounts_per_page);

// RFC 4180, one row per account and window; no cell is a formula.
std::string print_csv(const ReportInput& input);

// Canonical JSON (RFC 8785).
std::string print_json(const ReportInput& input);

}  // namespace pw
