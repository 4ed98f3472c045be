// What the lines of one actor say of the pledge: each thing said once, or in
// agreement. For roster.cpp only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/roster.h"
#include "config/roster_report.h"

namespace pw {

// As rosters write them, in the order of PledgeStatus.
inline constexpr std::array<std::string_view, 4> pledge_status_names = {"confirmed", "declared",
                                                                        "rumoured", "withdrawn"};

// A value that one line gave for the whole pledge, and which line.
template <class T>
struct Claim {
  std::optional<T> value{};
  int line = 0;
};

struct PledgeClaims {
  std::string actor;
  int line = 0;
  Claim<std::string> zone{};
  Claim<PledgeStatus> status{};
  Claim<SurfaceSet> scope{};
  Claim<int> statements{};
  Claim<std::string> text_version{};
  Claim<std::string> exemptions{};
  RosterCell exemptions_cell{};
  std::string source{};  // of the first line that has one; lines may differ
};

// Reads the cells of one line into the claims; typos and contradictions are
// reported at their cell.
class ClaimReader {
 public:
  // Both outlive the reader.
  ClaimReader(const RosterFile& file, RosterReport& report) : file_(file), report_(report) {}

  void read(const RosterRow& row, PledgeClaims& claims);

 private:
  template <class T>
  void claim(const RosterRow& row, RosterColumn column, Claim<T>& claim, std::optional<T> value);

  std::optional<std::string> zone(const RosterRow& row);
  std::optional<PledgeStatus> status(const RosterRow& row);
  std::optional<SurfaceSet> scope(const RosterRow& row);
  std::optional<int> statements(const RosterRow& row);
  std::optional<std::string> words(const RosterRow& row, RosterColumn column);

  const RosterFile& file_;
  RosterReport& report_;
  std::unordered_map<std::string, bool> zones_;  // whether it is one: looked up once
};

// "post+reel", "post reel", "post, reel": nothing, with an issue, for another word.
std::optional<SurfaceSet> read_scope(std::string_view text, const RosterCell& cell,
                                     RosterReport& report);

// See RosterColumn; `zone` is where times without an offset hold.
std::vector<Exemption> read_exemptions(std::string_view text, const RosterCell& cell,
                                       std::string_view zone, RosterReport& report);

}  // namespace pw
