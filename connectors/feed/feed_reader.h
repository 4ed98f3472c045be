// From elements to entries. Both parsers, the strict and the tolerant one, feed it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/feed/feed_document.h"
#include "connectors/feed/feed_names.h"
#include "connectors/feed/feed_text.h"

namespace pw::feed {

struct Attribute {
  std::string_view name;
  std::string_view value;
};
using Attributes = std::span<const Attribute>;

// What the reading of one entry remembers beside the entry itself.
struct EntryState {
  std::optional<FeedDate> created{};
  std::optional<std::string> source_author{};
  std::string summary{};
  bool summary_is_html = false;
  bool guid_is_link = false;
  bool link_given = false;
  bool author_named = false;
  // Depth of the element that a property was read from: what stands nearer to
  // the entry wins over what stands deeper, in an image or a group.
  int title_depth = 0;
  int id_depth = 0;
};

class FeedReader {
 public:
  // `tolerant`: end tags may be missing or wrong.
  FeedReader(std::string_view base, bool tolerant);

  // Names as written, with their prefixes.
  void start(std::string_view name, Attributes attributes);
  void text(std::string_view text);
  void end(std::string_view name);
  // Closes what is open and hands the feed over.
  ParsedFeed finish();

 private:
  // What xml:base and xml:lang say; few elements change it.
  struct Scope {
    std::string base{};
    // What the document's own xml:base says. Ids are joined to nothing else: they
    // must not change when the address of the feed does.
    std::string id_base{};
    std::string lang{};
  };
  struct Frame {
    std::string name{};  // as written, lower case
    Meaning meaning = Meaning::unknown;
    bool is_markup = false;  // an element inside a text construct
    TextKind kind{};
    std::string text{};
    std::unique_ptr<Scope> outer{};  // to go back to, where the element changed it
    std::size_t prefixes_before = 0;
    bool guid_is_link = true;
  };

  Frame& next_frame(const ElementName& element, std::size_t prefixes_before);
  void bind_prefixes(Attributes attributes);
  void change_scope(Frame& frame, Attributes attributes);
  void start_markup(std::string_view name, Attributes attributes);
  void start_document(std::string_view name, Attributes attributes);
  void start_item(Attributes attributes);
  void start_link(Frame& frame, Attributes attributes);
  void start_enclosure(Attributes attributes);
  void start_text(Frame& frame, Attributes attributes);
  void dispatch(Frame& frame, Attributes attributes);
  void enter(Meaning meaning, int step);
  void close_top();
  void finish_frame(const Frame& frame);
  void finish_value(const Frame& frame, std::string value);
  void finish_title(const Frame& frame);
  void finish_body(const Frame& frame);
  void finish_id(const Frame& frame, std::string value);
  void finish_link(const Frame& frame, const std::string& value);
  void finish_author(const std::string& text);
  void finish_name(const std::string& name);
  void finish_entry();
  void set_author(const std::string& name, bool structured);
  bool captures() const { return markup_root_ > 0; }
  bool in_entry() const { return in_entry_ && in_source_ == 0; }
  bool is_atom() const { return feed_.version.starts_with("atom"); }
  int depth() const { return static_cast<int>(open_); }
  ParsedEntry& entry() { return overflow_ ? spare_ : feed_.entries.back(); }

  ParsedFeed feed_;
  ParsedEntry spare_;  // takes what belongs to entries beyond the limit
  EntryState state_;
  Prefixes prefixes_;
  // The first `open_` are open elements; those behind keep their memory for the next.
  std::vector<Frame> frames_;
  std::size_t open_ = 0;
  std::size_t markup_root_ = 0;  // 1 + index of the open text construct; 0: none
  std::size_t ignored_depth_ = 0;
  Scope scope_;
  std::string feed_lang_;  // what <language> says
  std::string feed_author_;
  int title_lock_ = -1;
  int in_source_ = 0;
  int in_image_ = 0;
  int in_author_ = 0;
  int in_other_person_ = 0;
  bool in_entry_ = false;
  bool overflow_ = false;
  bool author_has_name_ = false;
  bool closing_ = false;
  bool ended_ = false;  // the document's own end tag came
  bool tolerant_;
};

}  // namespace pw::feed
