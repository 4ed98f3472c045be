// The mistakes of one roster, of which only so many are listed: a spreadsheet
// exported the wrong way has one in every line.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/misnamed.h"
#include "config/roster.h"
#include "daemon/core/issue.h"

namespace pw {

class RosterReport {
 public:
  // Both outlive the report.
  RosterReport(std::string_view file, Issues& issues) : file_(file), issues_(issues) {}

  // True when a further mistake would not be listed, so that its nearest name
  // need not be searched.
  bool is_full() const { return listed_ >= roster_issues_max; }

  void error(int line, int column, std::string message, std::string nearest = {}) {
    if (is_full()) {
      ++left_out_;
      return;
    }
    ++listed_;
    issues_.push_back({std::string(file_), line, column, std::move(message), std::move(nearest)});
  }
  void error(const RosterCell& cell, std::string message, std::string nearest = {}) {
    error(cell.line, cell.column, std::move(message), std::move(nearest));
  }
  void misnamed(const RosterCell& cell, std::string_view what, std::string_view word,
                std::span<const std::string_view> names) {
    if (is_full()) {
      ++left_out_;
      return;
    }
    Misnamed found = pw::misnamed(what, word, names);
    error(cell, std::move(found.message), std::move(found.nearest));
  }
  void warning(int line, int column, std::string message) {
    issues_.push_back(
        {std::string(file_), line, column, std::move(message), {}, Issue::Level::warning});
  }

  // Says how many were left out. Call once, at the end.
  void finish() {
    if (left_out_ == 0) return;
    issues_.push_back(
        {std::string(file_), 0, 0, "and " + std::to_string(left_out_) + " more mistakes"});
  }

 private:
  std::string_view file_;
  Issues& issues_;
  std::size_t listed_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace pw
