#include <algorithm>
#include <array>

#include "config/roster_report.h"
#include "config/roster_rows.h"
#include "config/text.h"

namespace pw {
namespace {

constexpr std::size_t cells_max = 1'000;        // in one line
constexpr std::size_t cell_bytes_max = 65'536;  // a longer one is an unclosed quote

struct CsvCell {
  std::string text{};
  int line = 0;
  int column = 0;
};

// Reads one line of cells after another; a line here may span several of the
// file, through quotes.
class CsvScanner {
 public:
  CsvScanner(std::string_view text, char separator, RosterReport* report)
      : text_(text), separator_(separator), report_(report) {}

  // False at the end of the text.
  bool next(std::vector<CsvCell>& cells) {
    cells.clear();
    if (at_ >= text_.size()) return false;
    do {
      CsvCell& cell = cells.emplace_back();
      cell.line = line_;
      cell.column = column();
      read_cell(cell);
    } while (takes(separator_) && cells.size() < cells_max);
    if (cells.size() == cells_max) skip_line();
    end_line();
    return true;
  }

  // Leaves out the line that starts here.
  void skip() {
    skip_line();
    end_line();
  }

 private:
  int column() const { return static_cast<int>(at_ - line_start_) + 1; }
  bool takes(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool at_line_end() const {
    return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
  }
  void end_line() {
    takes('\r');
    if (takes('\n')) start_line();
  }
  void start_line() {
    ++line_;
    line_start_ = at_;
  }
  void skip_line() {
    while (!at_line_end()) ++at_;
  }
  void complain(int line, int column, std::string message) {
    if (report_ != nullptr) report_->error(line, column, std::move(message));
  }

  void read_cell(CsvCell& cell) {
    if (takes('"')) {
      read_quoted(cell);
      return;
    }
    const std::size_t start = at_;
    while (!at_line_end() && text_[at_] != separator_) ++at_;
    cell.text = text_.substr(start, at_ - start);
  }

  // After the opening quote.
  void read_quoted(CsvCell& cell) {
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos || quote - at_ + cell.text.size() > cell_bytes_max) {
        complain(cell.line, cell.column, "this quote is never closed");
        at_ = text_.size();
        return;
      }
      append_lines(cell.text, text_.substr(at_, quote - at_));
      at_ = quote + 1;
      if (!takes('"')) break;
      cell.text += '"';
    }
    if (at_line_end() || text_[at_] == separator_) return;
    complain(line_, column(), "after a closing quote the cell must end");
    while (!at_line_end() && text_[at_] != separator_) ++at_;
  }

  void append_lines(std::string& to, std::string_view piece) {
    to += piece;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      if (piece[i] != '\n') continue;
      ++line_;
      line_start_ = at_ + i + 1;
    }
  }

  std::string_view text_;
  char separator_;
  RosterReport* report_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

std::string column_name(std::string_view text) {
  std::string name = lower_text(trim_text(text));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::optional<std::size_t> column_of(std::string_view cell) {
  const std::string name = column_name(cell);
  const auto it = std::find(roster_column_names.begin(), roster_column_names.end(), name);
  if (it == roster_column_names.end()) return std::nullopt;
  return static_cast<std::size_t>(it - roster_column_names.begin());
}

bool is_blank(const std::vector<CsvCell>& cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const CsvCell& cell) { return trim_text(cell.text).empty(); });
}

// The separator under which the first line has most of our columns.
char separator_of(std::string_view text) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char separator : {',', ';', '\t'}) {
    CsvScanner scanner(text, separator, nullptr);
    std::vector<CsvCell> cells;
    while (scanner.next(cells) && is_blank(cells)) {
    }
    const auto known = std::count_if(cells.begin(), cells.end(), [](const CsvCell& cell) {
      return column_of(cell.text).has_value();
    });
    if (known > most) {
      most = known;
      best = separator;
    }
  }
  return best;
}

// For each cell of a line its column, or nothing for one that is not read.
using Header = std::vector<std::optional<std::size_t>>;

Header read_header(const std::vector<CsvCell>& cells, RosterReport& report) {
  Header header;
  std::array<bool, roster_column_names.size()> has{};
  for (const CsvCell& cell : cells) {
    std::optional<std::size_t>& column = header.emplace_back(column_of(cell.text));
    if (column && has[*column]) {
      report.error(cell.line, cell.column, "column " + in_quotes(cell.text) + " stands twice");
    } else if (column) {
      has[*column] = true;
    } else if (!trim_text(cell.text).empty()) {
      Misnamed found = misnamed("column", column_name(cell.text), roster_column_names);
      if (found.nearest.empty()) {
        report.warning(cell.line, cell.column, "column " + in_quotes(cell.text) + " is not read");
      } else {
        report.error(cell.line, cell.column, std::move(found.message), std::move(found.nearest));
      }
    }
  }
  for (const RosterColumn needed :
       {RosterColumn::actor, RosterColumn::platform, RosterColumn::handle}) {
    if (!has[static_cast<std::size_t>(needed)])
      report.error(cells.front().line, 1,
                   "column '" + std::string(name_of(needed)) + "' is missing");
  }
  return header;
}

void read_row(const std::vector<CsvCell>& cells, const Header& header, RosterFile& file,
              RosterReport& report) {
  if (cells.size() != header.size()) {
    const CsvCell& blamed = cells.size() > header.size() ? cells[header.size()] : cells.front();
    report.error(blamed.line, blamed.column,
                 "this line has " + std::to_string(cells.size()) + " cells, the first line " +
                     std::to_string(header.size()));
    return;
  }
  RosterRow& row = file.rows.emplace_back();
  row.line = cells.front().line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!header[i]) continue;
    row.cells[*header[i]] = add_cell(file, cells[i].text, cells[i].line, cells[i].column);
  }
}

// False for text that cannot be a CSV file in UTF-8.
bool is_readable(std::string_view text, RosterReport& report) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    report.error(1, 1, "the file is UTF-16; export it as UTF-8");
    return false;
  }
  if (text.size() > roster_csv_bytes_max) {
    report.error(0, 0, "the file has more than " + std::to_string(roster_csv_bytes_max) + " bytes");
    return false;
  }
  if (const auto at = first_ill_formed(text)) {
    const Spot spot = spot_of(text, *at);
    report.error(spot.line, spot.column,
                 "this byte is not UTF-8, the file may be Latin-1; export it as UTF-8");
    return false;
  }
  const auto is_control = [](char c) {
    return c != '\n' && c != '\r' && c != '\t' && has_controls({&c, 1});
  };
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control == text.end()) return true;
  const Spot spot = spot_of(text, static_cast<std::size_t>(control - text.begin()));
  report.error(spot.line, spot.column, "control characters are not text");
  return false;
}

// Spreadsheets announce their separator in a line of its own, "sep=;".
std::optional<char> announced_separator(std::string_view text) {
  const bool is_line = text.size() > 5 && (text[5] == '\n' || text[5] == '\r');
  if (!is_line || lower_text(text.substr(0, 4)) != "sep=" || text[4] == '"') return std::nullopt;
  return text[4];
}

void read_rows(CsvScanner& scanner, RosterFile& file, RosterReport& report) {
  std::vector<CsvCell> cells;
  Header header;
  while (scanner.next(cells)) {
    if (is_blank(cells)) continue;
    if (header.empty()) {
      header = read_header(cells, report);
    } else if (file.rows.size() == roster_rows_max) {
      report.error(cells.front().line, 1,
                   "more than " + std::to_string(roster_rows_max) + " lines");
      return;
    } else {
      read_row(cells, header, file, report);
    }
  }
}

}  // namespace

std::optional<RosterFile> read_roster_csv(std::string_view file, std::string_view text,
                                          Issues& issues) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  RosterReport report(file, issues);
  RosterFile roster{.file = std::string(file), .words = {}, .rows = {}};
  if (!is_readable(text, report)) return std::nullopt;
  roster.words.reserve(text.size());
  const std::optional<char> announced = announced_separator(text);
  CsvScanner scanner(text, announced ? *announced : separator_of(text), &report);
  if (announced) scanner.skip();
  read_rows(scanner, roster, report);
  if (roster.rows.empty()) report.error(0, 0, "the roster names nobody");
  report.finish();
  return roster;
}

}  // namespace pw
