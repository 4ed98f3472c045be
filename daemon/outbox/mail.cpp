#include "daemon/outbox/mail.h"

#include <algorithm>
#include <array>
#include <optional>

#include "daemon/core/hash.h"
#include "daemon/core/utf8.h"
#include "daemon/outbox/text_limits.h"

namespace pw {
namespace {

constexpr std::size_t line_max = 76;  // RFC 2045 section 6.7
constexpr std::size_t text_width = 72;
constexpr std::size_t subject_points_max = 200;
// "=?UTF-8?B?" and "?=" leave 60 of 75 characters that base64 fills with 45 bytes.
constexpr std::size_t word_bytes_max = 45;

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

std::string domain_of(const Mailbox& mailbox) {
  return mailbox.address.substr(mailbox.address.find('@') + 1);
}

Mailbox mailbox_of(const std::string& text) {
  const Result<Mailbox> mailbox = parse_mailbox(text);
  return mailbox ? *mailbox : Mailbox{"", "invalid@invalid"};
}

// A name in quotes, or as encoded words where it is no plain ASCII.
std::string print_mailbox(const Mailbox& mailbox, std::size_t used) {
  if (mailbox.name.empty()) return mailbox.address;
  const bool plain = std::all_of(mailbox.name.begin(), mailbox.name.end(), [](char c) {
    return (is_visible(c) || c == ' ') && c != '"' && c != '\\';
  });
  const std::string name = plain && mailbox.name.size() < 60 ? '"' + mailbox.name + '"'
                                                             : encoded_words(mailbox.name, used);
  return name + "\r\n <" + mailbox.address + '>';
}

void add_field(std::string& message, std::string_view name, std::string_view value) {
  message.append(name).append(": ").append(value).append("\r\n");
}

// One address a line: no list is too long for one.
std::string print_readers(const std::vector<std::string>& to) {
  std::string list;
  for (const std::string& one : to) {
    if (!list.empty()) list += ",\r\n ";
    list += print_mailbox(mailbox_of(one), /*used=*/4);
  }
  return list;
}

// RFC 5322 section 3.3: "Wed, 16 Sep 2020 12:00:00 +0000"
std::string mail_date(Instant t) {
  std::string date = print_http_date(t);
  return date.replace(date.size() - 3, 3, "+0000");
}

constexpr std::size_t mail_id_bytes_max = 100;

// An id of ours, fit for a Message-ID: its characters are those of RFC 5322's atoms.
std::string message_id(std::string_view id, const std::string& domain) {
  std::string text = "<";
  for (const char c : id.substr(0, mail_id_bytes_max)) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '_' || c == '-' || c == '.';
    text += fits ? c : '-';
  }
  return text + '@' + domain + '>';
}

// Plain words in lines that fit, or nothing: a text of other characters, one that
// looks encoded, double spaces that folding could part, a word too long for a line.
std::optional<std::string> folded(std::string_view text, std::size_t used) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return is_visible(c) || c == ' '; });
  if (!plain || text.find("=?") != std::string_view::npos) return std::nullopt;
  if (text.size() + used <= line_max) return std::string(text);
  std::string lines;
  std::size_t column = used;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (word.empty() || word.size() + 1 > line_max - used) return std::nullopt;
    const bool fits = column + 1 + word.size() <= line_max;
    if (!lines.empty()) lines += fits ? " " : "\r\n ";
    lines += word;
    column = (fits ? column : 0) + 1 + word.size();
  }
  return lines;
}

std::string base64_lines(std::string_view text) {
  const std::string all = print_base64(std::string(text));
  std::string lines;
  for (std::size_t at = 0; at < all.size(); at += line_max)
    lines.append(all, at, line_max).append("\r\n");
  return lines;
}

std::string body_of(const Notice& notice, const Sending& sending) {
  std::string text = titled(notice, sending) + "\n\n" + plain_text(notice) + '\n';
  return wrapped(clean_text(text, /*lines=*/true), text_width);
}

bool is_plain(std::string_view text) {
  std::size_t column = 0;
  for (const char c : text) {
    if (c == '\n') {
      column = 0;
      continue;
    }
    if (!is_visible(c) && c != ' ') return false;
    if (++column > line_max) return false;
  }
  return true;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

}  // namespace

std::string encoded_words(std::string_view text, std::size_t used) {
  const std::string clean = clean_text(text, /*lines=*/false);
  if (const auto lines = folded(clean, used)) return *lines;
  std::string out;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    out.append(out.empty() && used < 12 ? "" : "\r\n ").append("=?UTF-8?B?");
    out.append(print_base64(word)).append("?=");
    word.clear();
  };
  // The first word shares its line with the header's name.
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t size = std::max<std::size_t>(1, utf8_length(clean, at));
    const std::size_t room = out.empty() && used < 12 ? word_bytes_max - 9 : word_bytes_max;
    if (word.size() + size > room) end_word();
    word.append(clean, at, size);
    at += size;
  }
  end_word();
  return out;
}

std::string wrapped(std::string_view text, std::size_t width) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    while (length_of(line, Unit::points) > width) {
      // The last space before the edge; a word longer than a line (an address) stays
      // whole, since half of one leads nowhere.
      std::size_t at = 0, points = 0, space = std::string_view::npos;
      for (; at < line.size(); at += std::max<std::size_t>(1, utf8_length(line, at)), ++points) {
        if (line[at] != ' ') continue;
        if (points <= width || space == std::string_view::npos) space = at;
        if (points > width) break;
      }
      if (space == std::string_view::npos || space + 1 >= line.size()) break;
      out.append(line.substr(0, space)).append("\n");
      line.remove_prefix(space + 1);
    }
    out.append(line).append("\n");
  }
  return out;
}

std::string mail_message(const SinkTarget& sink, const Notice& notice, const Sending& sending,
                         Instant now) {
  const Mailbox from = mailbox_of(sink.from);
  const std::string domain = domain_of(from);
  std::string message;
  add_field(message, "Date", mail_date(now));
  add_field(message, "From", print_mailbox(from, /*used=*/6));
  add_field(message, "To", print_readers(sink.to));
  add_field(message, "Subject",
            encoded_words(cut_text(titled(notice, sending), subject_points_max, Unit::points),
                          /*used=*/9));
  add_field(message, "Message-ID", message_id(sending.id, domain));
  const std::string first = "msg_" + notice.key;
  if (!notice.key.empty() && notice.kind == Notice::Kind::correction) {
    add_field(message, "In-Reply-To", message_id(first, domain));
    add_field(message, "References", message_id(first, domain));
  }
  add_field(message, "Auto-Submitted", "auto-generated");
  add_field(message, "MIME-Version", "1.0");
  add_field(message, "Content-Type", "text/plain; charset=utf-8");
  const std::string body = body_of(notice, sending);
  const bool plain = is_plain(body);
  add_field(message, "Content-Transfer-Encoding", plain ? "7bit" : "base64");
  return message + "\r\n" + (plain ? with_crlf(body) : base64_lines(body));
}

}  // namespace pw
