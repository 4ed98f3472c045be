#include "daemon/ledger/looks_leaf.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/entry_fields.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/utf8.h"

namespace pw {
namespace {

// What looks of one kind have in common; they name it by its place in the
// leaf's table, in order of first use.
struct Kind {
  Outcome outcome = Outcome::unreachable;
  int status = 0;
  int depth = 0;
  Purpose purpose = Purpose::routine;
  friend auto operator<=>(const Kind&, const Kind&) = default;
};

Kind kind_of(const Look& look) {
  return {look.outcome, look.http_status, look.depth, look.purpose};
}

void append_number(std::string& out, std::int64_t number) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  out.append(buffer, end.ptr);
}

void append_kind(std::string& out, const Kind& kind) {
  out += "[\"";
  out += name_of(kind.outcome);
  out += "\",";
  append_number(out, kind.status);
  out += ',';
  append_number(out, kind.depth);
  if (kind.purpose != Purpose::routine) {
    out += ",\"";
    out += name_of(kind.purpose);
    out += '"';
  }
  out += ']';
}

// The answer's age where nothing else is said: what our clock is ahead of its Date.
std::int64_t usual_delay(const std::optional<Millis>& clock_offset) {
  return clock_offset ? std::max<std::int64_t>(0, printable_ms(*clock_offset)) : 0;
}

void append_details(std::string& out, const Look& look, std::int64_t delay) {
  std::string details;
  const auto number = [&](std::string_view name, std::int64_t value) {
    details += details.empty() ? "\"" : ",\"";
    details += name;
    details += "\":";
    append_number(details, value);
  };
  if (delay != usual_delay(look.clock_offset)) number("delay", delay);
  if (!look.detail.empty()) {
    details += details.empty() ? "\"detail\":" : ",\"detail\":";
    append_quoted(details, clean_text(look.detail, look_detail_bytes_max));
  }
  if (look.digest) {
    details += details.empty() ? "\"digest\":\"" : ",\"digest\":\"";
    details += print_hex(*look.digest) + '"';
  }
  if (look.posts_new != 0) number("new", look.posts_new);
  if (look.posts_skipped != 0) number("skipped", look.posts_skipped);
  if (!details.empty()) out += ",{" + details + '}';
}

void append_look(std::string& out, const Look& look, std::size_t kind, Instant at) {
  const Instant effective = printable(look.effective);
  out += '[';
  append_number(out, look.account);
  out += ',';
  append_number(out, (effective - at).count());
  out += ',';
  append_number(out, static_cast<std::int64_t>(kind));
  if (look.clock_offset) {
    out += ',';
    append_number(out, printable_ms(*look.clock_offset));
  }
  append_details(out, look, (printable(look.received) - effective).count());
  out += ']';
}

Instant earliest(std::span<const Look> looks) {
  Instant at = looks.empty() ? Instant{} : printable(looks.front().effective);
  for (const Look& look : looks) at = std::min(at, printable(look.effective));
  return at;
}

// Numbers kinds in order of first use. Looks of one kind come in long runs.
class KindTable {
 public:
  // The kind's number, and whether it is new.
  std::pair<std::size_t, bool> number_of(const Kind& kind) {
    if (last_ != numbers_.end() && last_->first == kind) return {last_->second, false};
    const auto [it, is_new] = numbers_.try_emplace(kind, numbers_.size());
    last_ = it;
    return {it->second, is_new};
  }
  void clear() {
    numbers_.clear();
    last_ = numbers_.end();
  }

 private:
  std::map<Kind, std::size_t> numbers_;
  std::map<Kind, std::size_t>::iterator last_ = numbers_.end();
};

constexpr std::string_view head = "{\"at\":\"";
constexpr std::string_view kinds_head = "\",\"kinds\":[";
constexpr std::string_view looks_head = "],\"looks\":[";
constexpr std::string_view tail = "],\"type\":\"looks\"}";
constexpr std::size_t time_bytes = 24;
constexpr std::size_t frame_bytes =
    head.size() + time_bytes + kinds_head.size() + looks_head.size() + tail.size();

// Reads a leaf from the left; every step fails for good once one has failed.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  bool at(char c) const { return ok_ && !rest_.empty() && rest_.front() == c; }

  bool take(std::string_view word) {
    if (!ok_ || !rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void need(std::string_view word) { ok_ = take(word); }
  void fail() { ok_ = false; }

  std::string_view bytes(std::size_t count) {
    if (rest_.size() < count) ok_ = false;
    const std::string_view taken = ok_ ? rest_.substr(0, count) : std::string_view{};
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::int64_t number() {
    std::int64_t value = 0;
    const auto end = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (end.ec != std::errc{} || value > json_integer_max || value < -json_integer_max) {
      ok_ = false;
      return 0;
    }
    rest_.remove_prefix(static_cast<std::size_t>(end.ptr - rest_.data()));
    return value;
  }
  template <class Integer>
  Integer number_of() {
    const std::int64_t value = number();
    const auto narrow = static_cast<Integer>(value);
    if (static_cast<std::int64_t>(narrow) != value) ok_ = false;
    return narrow;
  }

  // A quoted text, unescaped.
  std::string text() {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    if (!at('"') || end >= rest_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view quoted = bytes(end + 1);
    const std::string_view inner = quoted.substr(1, end - 1);
    const auto stands_for_itself = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
    if (std::all_of(inner.begin(), inner.end(), stands_for_itself)) return std::string(inner);
    const auto value = parse_json(quoted);
    if (!value || !value->is_string()) ok_ = false;
    return ok_ ? value->get<std::string>() : std::string{};
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

Kind read_kind(Cursor& cursor, std::string& unknown) {
  Kind kind;
  cursor.need("[");
  const std::string outcome = cursor.text();
  if (const auto known = parse_outcome(outcome)) {
    kind.outcome = *known;
  } else if (cursor.ok()) {
    unknown = "an unknown outcome '" + clean_text(outcome, 40) + "'";
    cursor.fail();
  }
  cursor.need(",");
  kind.status = cursor.number_of<int>();
  cursor.need(",");
  kind.depth = cursor.number_of<int>();
  if (cursor.take(",")) {
    const auto purpose = parse_purpose(cursor.text());
    if (!purpose) cursor.fail();
    kind.purpose = purpose.value_or(Purpose::routine);
  }
  cursor.need("]");
  return kind;
}

std::int64_t read_details(Cursor& cursor, Look& look) {
  std::int64_t delay = usual_delay(look.clock_offset);
  cursor.need("{");
  do {
    if (cursor.take("\"delay\":")) {
      delay = cursor.number();
    } else if (cursor.take("\"detail\":")) {
      look.detail = cursor.text();
    } else if (cursor.take("\"digest\":\"")) {
      look.digest = parse_digest(cursor.bytes(64));
      cursor.need("\"");
    } else if (cursor.take("\"new\":")) {
      look.posts_new = cursor.number_of<int>();
    } else if (cursor.take("\"skipped\":")) {
      look.posts_skipped = cursor.number_of<int>();
    } else {
      cursor.fail();
    }
  } while (cursor.take(","));
  cursor.need("}");
  return delay;
}

Look read_look(Cursor& cursor, const std::vector<Kind>& kinds, Instant at) {
  Look look;
  cursor.need("[");
  look.account = cursor.number_of<AccountNumber>();
  cursor.need(",");
  look.effective = at + Millis{cursor.number()};
  cursor.need(",");
  const std::size_t kind = cursor.number_of<std::uint32_t>();
  if (!cursor.ok() || kind >= kinds.size()) {
    cursor.fail();
    return look;
  }
  look.outcome = kinds[kind].outcome;
  look.http_status = kinds[kind].status;
  look.depth = kinds[kind].depth;
  look.purpose = kinds[kind].purpose;
  bool more = cursor.take(",");
  if (more && !cursor.at('{')) {
    look.clock_offset = Millis{cursor.number()};
    more = cursor.take(",");
  }
  const std::int64_t delay = more ? read_details(cursor, look) : usual_delay(look.clock_offset);
  look.received = look.effective + Millis{delay};
  cursor.need("]");
  return look;
}

}  // namespace

std::string encode_looks_leaf(std::span<const Look> looks) {
  const Instant at = earliest(looks);
  KindTable table;
  std::string kinds;
  std::string rows;
  rows.reserve(looks.size() * 24);
  for (const Look& look : looks) {
    const Kind kind = kind_of(look);
    const auto [number, is_new] = table.number_of(kind);
    if (is_new) {
      if (!kinds.empty()) kinds += ',';
      append_kind(kinds, kind);
    }
    if (!rows.empty()) rows += ',';
    append_look(rows, look, number, at);
  }
  std::string leaf;
  leaf.reserve(frame_bytes + kinds.size() + rows.size());
  leaf += head;
  leaf += print_rfc3339(at);
  leaf += kinds_head;
  leaf += kinds;
  leaf += looks_head;
  leaf += rows;
  leaf += tail;
  return leaf;
}

std::vector<std::string> encode_looks(std::span<const Look> looks) {
  std::vector<std::string> leaves;
  // Offsets count from the leaf's earliest look; from the earliest of all they
  // are no shorter, so what fits here fits there.
  const Instant at = earliest(looks);
  std::size_t from = 0;
  std::size_t bytes = frame_bytes;
  KindTable table;
  std::string row;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    const auto measure = [&] {
      row.clear();
      const auto [number, is_new] = table.number_of(kind_of(looks[i]));
      if (is_new) append_kind(row, kind_of(looks[i]));
      append_look(row, looks[i], number, at);
      return row.size() + 2;  // the commas
    };
    std::size_t more = measure();
    if (bytes + more > leaf_bytes_max) {
      leaves.push_back(encode_looks_leaf(looks.subspan(from, i - from)));
      from = i;
      bytes = frame_bytes;
      table.clear();
      more = measure();
    }
    bytes += more;
  }
  if (from < looks.size()) leaves.push_back(encode_looks_leaf(looks.subspan(from)));
  return leaves;
}

bool is_looks_leaf(std::string_view leaf) { return leaf.ends_with(tail); }

Result<std::vector<Look>> decode_looks_leaf(std::string_view leaf) {
  Cursor cursor(leaf);
  std::string wrong = "looks that are not in canonical form";
  cursor.need(head);
  const auto at = parse_rfc3339(cursor.bytes(time_bytes));
  cursor.need(kinds_head);
  std::vector<Kind> kinds;
  while (cursor.at('[') || cursor.take(",")) kinds.push_back(read_kind(cursor, wrong));
  cursor.need(looks_head);
  std::vector<Look> looks;
  looks.reserve(leaf.size() / 20);
  while (at && (cursor.at('[') || cursor.take(","))) looks.push_back(read_look(cursor, kinds, *at));
  cursor.need(tail);
  if (!at || !cursor.done()) return Error{Errc::malformed, wrong};
  if (encode_looks_leaf(looks) != leaf) return Error{Errc::malformed, wrong};
  return looks;
}

}  // namespace pw
