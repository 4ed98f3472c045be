// The second half of FeedReader: what the value of each element does to the entry.
#include <cctype>

#include "connectors/feed/feed_address.h"
#include "connectors/feed/feed_reader.h"
#include "connectors/plain_text.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"

namespace pw::feed {
namespace {

// Broken feeds escape an address once more, or end its parameters with ';':
// "?a=1&amp;b=2", "?a=1&b;=2".
std::string mended_address(std::string given) {
  if (given.find('&') == std::string::npos) return given;
  const std::string_view text = given;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '&') {
      out += text[at++];
      continue;
    }
    if (text.substr(at).starts_with("&amp;")) {
      out += '&';
      at += 5;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) {
      ++end;
    }
    out += text.substr(at, end - at);
    const bool closed = end > at + 1 && end < text.size() && text[end] == ';';
    at = closed ? end + 1 : end;
  }
  return out;
}

}  // namespace

void FeedReader::finish_value(const Frame& frame, std::string value) {
  const auto keep_date = [&](std::optional<FeedDate>& slot) {
    const auto date = parse_feed_date(value);
    if (date) slot = date;
  };
  switch (frame.meaning) {
    case Meaning::id:
      return finish_id(frame, std::move(value));
    case Meaning::link:
      return finish_link(frame, value);
    case Meaning::author:
      return finish_author(value);
    case Meaning::person_name:
    case Meaning::person_email:
      if (in_author_ > 0 && in_other_person_ == 0 && frame.meaning == Meaning::person_name) {
        finish_name(value);
      } else if (in_author_ > 0 && in_other_person_ == 0 && !author_has_name_) {
        set_author(value, /*structured=*/false);
      }
      return;
    case Meaning::category:
      if (in_entry()) add_mark(entry().tags, without_controls(std::move(value)));
      return;
    case Meaning::language:
      if (!in_entry_) feed_lang_ = value.substr(0, 64);
      return;
    default:
      break;
  }
  if (!in_entry()) return;
  if (frame.meaning == Meaning::published) keep_date(entry().published);
  if (frame.meaning == Meaning::updated) keep_date(entry().updated);
  if (frame.meaning == Meaning::created) keep_date(state_.created);
}

// Half an id is another one.
void FeedReader::finish_id(const Frame& frame, std::string value) {
  if (closing_) return;
  if (!in_entry() || in_image_ > 0 || in_author_ > 0) return;
  if (entry().id && state_.id_depth != 0 && depth() > state_.id_depth) return;
  state_.id_depth = depth();
  state_.guid_is_link = frame.guid_is_link;
  if (frame.guid_is_link && !entry().link && !value.empty()) {
    entry().link = join_address(scope_.base, value);
  }
  entry().id = frame.guid_is_link ? join_address(scope_.id_base, value) : std::move(value);
}

void FeedReader::finish_link(const Frame&, const std::string& value) {
  if (!in_entry() || in_image_ > 0) return;
  if (value.empty()) return;
  entry().link = mended_address(join_address(scope_.base, value));
  state_.link_given = true;
}

// The first title at the level nearest to the entry; one of the media extension
// only until there is one of the entry's own.
void FeedReader::finish_title(const Frame& frame) {
  TextValue value = text_value(frame.text, frame.kind, /*guess=*/!is_atom());
  const bool locked = title_lock_ > -1 && title_lock_ <= depth();
  if (frame.meaning == Meaning::title && !value.text.empty()) title_lock_ = depth();
  if (locked || !in_entry()) return;
  if (entry().title && depth() > state_.title_depth) return;
  state_.title_depth = depth();
  entry().title = value.is_html ? plain_text(value.text).text : std::move(value.text);
}

// The content is kept before any summary; of each the first that has words.
void FeedReader::finish_body(const Frame& frame) {
  if (!in_entry() || in_image_ > 0) return;
  TextValue value = text_value(frame.text, frame.kind, /*guess=*/!is_atom());
  if (value.text.empty()) return;
  if (frame.meaning == Meaning::content) {
    if (!entry().body.empty()) return;
    entry().body = std::move(value.text);
    entry().body_is_html = value.is_html;
  } else if (state_.summary.empty()) {
    state_.summary = std::move(value.text);
    state_.summary_is_html = value.is_html;
  }
}

void FeedReader::finish_author(const std::string& text) {
  if (in_author_ > 1 || author_has_name_ || text.empty()) return;
  set_author(person_in(text), /*structured=*/false);
}

void FeedReader::finish_name(const std::string& name) {
  author_has_name_ = true;
  set_author(name, /*structured=*/true);
}

// Of several authors in elements of their own the last is kept, of several in
// text the first, as the widely used readers do; a name wins over an address.
void FeedReader::set_author(const std::string& name, bool structured) {
  if (name.empty()) return;
  if (in_source_ > 0) {
    state_.source_author = name;
  } else if (!in_entry_) {
    if (in_image_ == 0) feed_author_ = name;
  } else if (structured || !entry().author) {
    entry().author = name;
  }
}

void FeedReader::finish_entry() {
  if (!in_entry_) return;
  in_entry_ = false;
  ParsedEntry& done = entry();
  if (!done.published) done.published = state_.created;
  // Dublin Core's date is the only one that RSS 1.0 has.
  if (!done.published) done.published = done.updated;
  if (!done.updated) done.updated = done.published;
  if (done.body.empty()) {
    done.body = std::move(state_.summary);
    done.body_is_html = state_.summary_is_html;
  }
  if (!done.author) done.author = state_.source_author;
  if (!done.author && !feed_author_.empty()) done.author = feed_author_;
}

}  // namespace pw::feed
