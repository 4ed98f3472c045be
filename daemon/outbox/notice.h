// What people are told, before any service has words or limits for it: one wording
// for every chat, mail and pager.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/outbox/message.h"
#include "daemon/outbox/webhook_body.h"

namespace pw {

struct NoticeFact {
  std::string name;
  std::string value;
};

struct NoticeItem {  // of a group
  std::string title;
  std::string link;
};

struct Notice {
  enum class Kind { finding, group, correction, summary, operators, test };
  Kind kind = Kind::finding;
  std::string title;              // one line; what happened
  std::string severity = "note";  // "breach", "warning", "note"
  std::string link{};             // the post; first, so that no cut can lose it
  std::vector<NoticeFact> facts{};
  std::vector<NoticeItem> items{};
  std::string quote{};  // the post's own words
  std::string text{};   // what it claims and what it does not
  std::string campaign{};
  std::string key{};  // the finding's id: what a pager opens and resolves by
  std::string rule{};
  std::string actor{};
  std::string account{};
  bool resolves = false;  // what was opened under `key` is over
  Instant at{};
};

Notice notice_of(const Message& message);
Notice notice_of(const Message& message, const Correction& correction);
// One message about several findings, however many: it names twenty of them and says
// how many more there are and where to read them.
class NoticeGroup {
 public:
  void add(Notice notice);

  std::size_t size() const { return size_; }
  // The first twenty, without facts and quotes.
  const std::vector<Notice>& first() const { return first_; }
  // Of at least one.
  Notice notice() const;

 private:
  std::size_t size_ = 0;
  std::vector<Notice> first_;
  std::string severity_;  // the gravest
  Instant at_{};          // the latest
  bool one_actor_ = true;
  bool one_rule_ = true;
};
inline constexpr std::string_view where_all_are =
    "all of them: pledgewatch review list, or the board's page of findings.";

// The frozen form that waits in the outbox, and back.
std::string print_notice(const Notice& notice);
Result<Notice> parse_notice(std::string_view text);

// All of it as lines of plain text.
std::string plain_text(const Notice& notice);

}  // namespace pw
