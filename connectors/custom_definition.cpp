#include "connectors/custom_definition.h"

#include <algorithm>
#include <array>

#include "rules/types.h"
#include "rules/yaml_reader.h"

namespace pw {
namespace {

constexpr std::size_t troubles_max = 100;
constexpr std::array<std::string_view, 5> list_names = {"complete", "ranked", "capped",
                                                        "claimed_order", "whole"};
constexpr std::array<std::string_view, 3> clock_names = {"server", "poster", "site"};
constexpr std::array<std::string_view, 4> scope_names = {"account", "credential", "app", "host"};

class DefinitionReader {
 public:
  using Key = YamlReader::Key;
  using Node = YAML::Node;

  DefinitionReader(YamlReader& yaml, CustomDefinition& made) : yaml_(yaml), made_(made) {}

  void read(const Node& root) {
    Declaration& d = made_.declared;
    const std::array keys = {
        Key{"source", [&](const Node& n) { take(made_.source, n, "source"); }},
        Key{"blind_spots", [&](const Node& n) { take(made_.blind_spots, n, "blind_spots"); }},
        Key{"terms", [&](const Node& n) { take(made_.terms, n, "terms"); }},
        Key{"sees", [&](const Node& n) { d.sees = surfaces(n); }},
        Key{"never_sees", [&](const Node& n) { d.never_sees = surfaces(n); }},
        Key{"list", [&](const Node& n) { pick(d.list, n, "list", list_names); }},
        Key{"clock", [&](const Node& n) { pick(d.clock, n, "clock", clock_names); }},
        Key{"precision", [&](const Node& n) { span(d.clock_precision, n, "precision"); }},
        Key{"lag", [&](const Node& n) { span(d.lag, n, "lag"); }},
        Key{"interval_floor", [&](const Node& n) { span(d.interval_floor, n, "interval_floor"); }},
        Key{"stable_id", [&](const Node& n) { flag(d.stable_id, n, "stable_id"); }},
        Key{"shows_edits", [&](const Node& n) { flag(d.shows_edits, n, "shows_edits"); }},
        Key{"shows_deletions",
            [&](const Node& n) { flag(d.shows_deletions, n, "shows_deletions"); }},
        Key{"shows_pins", [&](const Node& n) { flag(d.shows_pins, n, "shows_pins"); }},
        Key{"shows_backdating",
            [&](const Node& n) { flag(d.shows_backdating, n, "shows_backdating"); }},
        Key{"page_size", [&](const Node& n) { page_size(n); }},
        Key{"handle", [&](const Node& n) { handle(n); }},
        Key{"auth", [&](const Node& n) { auth(n); }},
        Key{"resolve", [&](const Node& n) { resolve(n); }},
        Key{"url", [&](const Node& n) { made_.url = address(n); }},
        Key{"items", [&](const Node& n) { made_.items = program(n, "items"); }},
        Key{"next", [&](const Node& n) { made_.next = program(n, "next"); }},
        Key{"owner", [&](const Node& n) { made_.owner = program(n, "owner"); }},
        Key{"post", [&](const Node& n) { post(n); }},
        Key{"troubles", [&](const Node& n) { troubles(n); }},
    };
    made_.declared.stable_id = false;
    if (yaml_.fields(root, "a connector's definition", keys)) finish(root);
  }

 private:
  void take(std::string& target, const Node& node, std::string_view what) {
    auto text = yaml_.text(node, what);
    if (text && text->empty()) yaml_.complain(node, std::string(what) + " must not be empty");
    if (text) target = *std::move(text);
  }

  template <class Enum, std::size_t N>
  void pick(Enum& target, const Node& node, std::string_view what,
            const std::array<std::string_view, N>& names) {
    if (const auto at = yaml_.one_of(node, what, names)) target = static_cast<Enum>(*at);
  }

  void flag(bool& target, const Node& node, std::string_view what) {
    target = yaml_.boolean(node, what).value_or(target);
  }

  void span(Millis& target, const Node& node, std::string_view what) {
    const auto text = yaml_.text(node, what);
    const auto read = text ? parse_duration(*text) : std::nullopt;
    if (read && *read >= Millis{0})
      target = *read;
    else if (text)
      yaml_.complain(node, std::string(what) + " is a duration such as 60s");
  }

  void page_size(const Node& node) {
    const auto count = yaml_.count(node, "page_size");
    if (count && *count > 0)
      made_.declared.page_size = *count;
    else if (count)
      yaml_.complain(node, "page_size is at least 1");
  }

  SurfaceSet surfaces(const Node& node) {
    SurfaceSet set;
    if (!node.IsSequence()) {
      yaml_.complain(node, "surfaces are a list, such as [post, reel]");
      return set;
    }
    for (const auto& item : node) {
      if (const auto at = yaml_.one_of(item, "a surface", surface_names)) {
        set.add(static_cast<Surface>(*at));
      }
    }
    return set;
  }

  std::optional<cel::Program> program(const Node& node, std::string_view what,
                                      cel::Wanted wanted = cel::Wanted::any) {
    const auto source = yaml_.text(node, what);
    if (!source) return std::nullopt;
    cel::Compiled compiled = cel::compile(*source, custom_environment(), yaml_.place(node), wanted);
    Issues& issues = yaml_.issues();
    issues.insert(issues.end(), compiled.issues.begin(), compiled.issues.end());
    return std::move(compiled.program);
  }

  // Plain http would show the token; a loopback server is for tests.
  std::optional<Template> address(const Node& node) {
    const auto source = yaml_.text(node, "an address");
    if (!source) return std::nullopt;
    if (!source->starts_with("https://") && !source->starts_with("http://")) {
      yaml_.complain(node, "an address starts with https://");
      return std::nullopt;
    }
    return compile_template(*source, custom_environment(), yaml_.place(node), yaml_.issues());
  }

  void handle(const Node& node) {
    const std::array keys = {
        Key{"fits",
            [&](const Node& n) {
              made_.handle_fits = program(n, "handle.fits", cel::Wanted::condition);
            }},
        Key{"host", [&](const Node& n) { made_.handle_host = program(n, "handle.host"); }},
        Key{"name", [&](const Node& n) { made_.handle_name = program(n, "handle.name"); }},
        Key{"why", [&](const Node& n) { take(made_.handle_why, n, "handle.why"); }},
    };
    yaml_.fields(node, "handle", keys);
  }

  void auth(const Node& node) {
    const std::array keys = {
        Key{"header",
            [&](const Node& n) {
              take(made_.auth_header, n, "auth.header");
              const bool is_name =
                  std::all_of(made_.auth_header.begin(), made_.auth_header.end(), [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-';
                  });
              if (!is_name) yaml_.complain(n, "auth.header is a header's name");
            }},
        Key{"prefix", [&](const Node& n) { take(made_.auth_prefix, n, "auth.prefix"); }},
    };
    if (yaml_.fields(node, "auth", keys) && made_.auth_header.empty()) {
      yaml_.complain(node, "auth needs 'header:'");
    }
    made_.declared.needs_credential = true;
  }

  void resolve(const Node& node) {
    const std::array keys = {
        Key{"url", [&](const Node& n) { made_.resolve_url = address(n); }},
        Key{"id", [&](const Node& n) { made_.resolve_id = program(n, "resolve.id"); }},
        Key{"handle", [&](const Node& n) { made_.resolve_handle = program(n, "resolve.handle"); }},
    };
    if (!yaml_.fields(node, "resolve", keys)) return;
    if (!node["url"]) yaml_.complain(node, "resolve needs 'url:'");
    if (!node["id"]) yaml_.complain(node, "resolve needs 'id:'");
    made_.declared.stable_id = true;
  }

  Key field(std::string_view name, std::optional<cel::Program>& target) {
    return {name, [this, name, &target](const Node& n) {
              target = program(n, "post." + std::string(name));
            }};
  }

  void post(const Node& node) {
    CustomPost& p = made_.post;
    const std::array keys = {field("id", p.id),
                             field("surface", p.surface),
                             field("text", p.text),
                             field("html", p.html),
                             field("published", p.published),
                             field("edited", p.edited),
                             field("url", p.url),
                             field("lang", p.lang),
                             field("repost_of", p.repost_of),
                             field("in_reply_to", p.in_reply_to),
                             field("media", p.media),
                             field("tags", p.tags),
                             field("pinned", p.pinned)};
    if (yaml_.fields(node, "post", keys) && !node["id"]) {
      yaml_.complain(node, "post needs 'id:'");
    }
  }

  void trouble(const Node& node) {
    CustomTrouble row;
    const std::array keys = {
        Key{"status", [&](const Node& n) { row.status = yaml_.count(n, "a status"); }},
        Key{"when", [&](const Node& n) { row.when = program(n, "when", cel::Wanted::condition); }},
        Key{"outcome", [&](const Node& n) { pick(row.outcome, n, "outcome", outcome_names); }},
        Key{"scope", [&](const Node& n) { pick(row.scope, n, "scope", scope_names); }},
    };
    if (!yaml_.fields(node, "a trouble", keys)) return;
    if (!node["status"] && !node["when"]) yaml_.complain(node, "a trouble needs status or when");
    if (!node["outcome"]) yaml_.complain(node, "a trouble needs 'outcome:'");
    if (observes(row.outcome)) yaml_.complain(node["outcome"], "a trouble observes nothing");
    made_.troubles.push_back(std::move(row));
  }

  void troubles(const Node& node) {
    if (!node.IsSequence() || node.size() > troubles_max) {
      yaml_.complain(node, "troubles are a list of at most 100");
      return;
    }
    for (const auto& item : node) trouble(item);
  }

  // What cannot be left out: nobody else can declare a platform truthfully.
  void finish(const Node& root) {
    for (const char* key :
         {"source", "blind_spots", "sees", "list", "clock", "lag", "url", "items", "post"}) {
      if (!root[key]) yaml_.complain(root, "key '" + std::string(key) + "' is missing");
    }
    const Declaration& d = made_.declared;
    if (root["sees"] && d.sees.empty()) yaml_.complain(root["sees"], "sees no surface at all");
    if (!(d.sees & d.never_sees).empty()) {
      yaml_.complain(root["never_sees"], "a surface is both seen and never seen");
    }
    made_.server_stamps = d.clock == PostClock::server;
  }

  YamlReader& yaml_;
  CustomDefinition& made_;
};

}  // namespace

const cel::Environment& custom_environment() {
  static const cel::Environment environment = [] {
    static cel::TypePool pool;
    const cel::Type* const text = cel::plain_type(cel::TypeKind::string);
    const cel::Type* const dyn = cel::plain_type(cel::TypeKind::dyn);
    cel::Environment made;
    made.variables = {
        {"account", pool.map(text, text)}, {"cursor", text}, {"answer", dyn}, {"item", dyn}};
    return made;
  }();
  return environment;
}

std::shared_ptr<const CustomDefinition> load_custom(std::string_view name, std::string_view file,
                                                    std::string_view text, Issues& issues) {
  if (text.size() > definition_bytes_max) {
    issues.push_back({std::string(file), 0, 0, "is larger than 256 KiB"});
    return nullptr;
  }
  Issues found;
  YamlReader yaml(file, text, found);
  auto made = std::make_shared<CustomDefinition>();
  made->name = name;
  if (const auto root = yaml.load()) DefinitionReader(yaml, *made).read(*root);
  const bool refused = has_errors(found);
  issues.insert(issues.end(), found.begin(), found.end());
  if (refused) return nullptr;
  return made;
}

}  // namespace pw
