// Who may include whom. The table repeats daemon/README.md; the linker alone
// cannot hold it, since there is one include root.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace fs = std::filesystem;

namespace {

struct Layer {
  std::set<std::string> folders;    // of ours
  std::set<std::string> libraries;  // first path element of an include, or the whole of it
};

const std::map<std::string, Layer> layers = {
    {"daemon/core", {{}, {"openssl", "date"}}},
    {"daemon/runtime", {{"daemon/core"}, {"boost", "spdlog", "systemd"}}},
    {"rules", {{"daemon/core"}, {"re2", "yaml-cpp", "nlohmann", "date", "openssl"}}},
    {"connectors",
     {{"daemon/core", "rules"},
      {"simdjson.h", "nlohmann", "expat.h", "gumbo.h", "boost", "iconv.h", "utf8proc.h"}}},
    {"config", {{"daemon/core"}, {"yaml-cpp"}}},
    {"daemon/store", {{"daemon/core"}, {"sqlite3.h"}}},
    {"daemon/http",
     {{"daemon/core", "daemon/runtime"}, {"boost", "openssl", "zlib.h", "brotli", "zstd.h"}}},
    {"daemon/ledger",
     {{"daemon/core", "daemon/store"}, {"openssl", "zlib.h", "zstd.h", "nlohmann"}}},
    {"daemon/poll",
     {{"daemon/core", "daemon/runtime", "connectors", "daemon/store", "daemon/ledger"}, {"boost"}}},
    {"daemon/stream", {{"daemon/core", "daemon/runtime", "connectors"}, {"boost"}}},
    {"daemon/outbox",
     {{"daemon/core", "daemon/runtime", "daemon/store", "rules", "daemon/ledger"},
      {"nlohmann", "boost", "openssl", "curl"}}},
    {"daemon/review", {{"daemon/core"}, {}}},
    {"daemon/screen",
     {{"daemon/core", "rules", "daemon/store", "daemon/ledger", "daemon/outbox"}, {}}},
    {"daemon/web",
     {{"daemon/core", "daemon/runtime", "daemon/store", "daemon/ledger"},
      {"boost", "openssl", "nlohmann", "prometheus"}}},
    {"daemon/rehearsal",
     {{"daemon/core", "connectors", "daemon/runtime"}, {"boost", "nlohmann", "zlib.h"}}},
};

// Headers that may show Asio: every other file that includes boost/ is a .cpp.
const std::set<std::string> asio_headers = {"daemon/runtime/clock.h",
                                            "daemon/runtime/fetcher.h",
                                            "daemon/runtime/sim_clock.h",
                                            "daemon/runtime/task_group.h",
                                            "daemon/poll/poller.h",
                                            "daemon/poll/recorder.h",
                                            "daemon/http/connection_stream.h",
                                            "daemon/runtime/message_socket.h",
                                            "daemon/stream/activity_subscriber.h",
                                            "daemon/stream/hub_subscriber.h",
                                            "daemon/stream/listener.h",
                                            "daemon/web/server.h"};

// The standard library, the C library and the kernel: lower-case words without
// a folder, and <sys/...>.
bool is_system(const std::string& include) {
  static const std::set<std::string> ours = {"expat.h", "gumbo.h", "simdjson.h", "sqlite3.h",
                                             "zlib.h",  "zstd.h",  "iconv.h",    "utf8proc.h"};
  const bool plain = include.find('/') == std::string::npos;
  return (plain && !ours.contains(include)) || include.starts_with("sys/") ||
         include.starts_with("arpa/") || include.starts_with("netinet/");
}

std::string layer_of(const std::string& path) {
  std::string best;
  for (const auto& [name, layer] : layers) {
    if (path.starts_with(name + "/") && name.size() > best.size()) best = name;
  }
  return best;
}

std::string complaint(const std::string& file, const std::string& include, bool quoted) {
  const Layer& layer = layers.at(layer_of(file));
  if (quoted) {
    const std::string target = layer_of(include);
    if (target.empty()) return file + " includes " + include + ", which is no file of a layer";
    if (target != layer_of(file) && !layer.folders.contains(target))
      return file + " may not include " + include;
    return {};
  }
  if (is_system(include)) return {};
  const std::string library = include.substr(0, include.find('/'));
  if (!layer.libraries.contains(library)) return file + " may not use <" + include + ">";
  if (library == "boost" && file.ends_with(".h") && !asio_headers.contains(file) &&
      !file.ends_with("_asio.h")) {
    return file + " shows <" + include + "> in a header";
  }
  return {};
}

std::vector<std::string> complaints_of(const std::string& file) {
  static const std::regex line_form("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"].*");
  std::vector<std::string> complaints;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, line_form)) continue;
    const std::string text = complaint(file, match[2], match[1] == "\"");
    if (!text.empty()) complaints.push_back(text);
  }
  return complaints;
}

}  // namespace

TEST_CASE("arrows point down: every include is in the layer table") {
  int files = 0;
  for (const auto& [folder, layer] : layers) {
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string path = entry.path().generic_string();
      if (!path.ends_with(".h") && !path.ends_with(".cpp")) continue;
      ++files;
      for (const std::string& text : complaints_of(path)) {
        INFO(text);
        CHECK(false);
      }
    }
  }
  CHECK(files > 50);  // the test ran from the source root
}

TEST_CASE("no file of ours is two concepts, and nothing is left unfinished") {
  for (const std::string root : {"daemon", "connectors", "rules", "config", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const std::string path = entry.path().generic_string();
      if (path.find("node_modules") != std::string::npos) continue;
      if (!path.ends_with(".h") && !path.ends_with(".cpp")) continue;
      std::ifstream in(path);
      int lines = 0;
      for (std::string line; std::getline(in, line); ++lines) {
        INFO(path << ":" << lines + 1);
        const std::string mark = std::string("TO") + "DO";
        CHECK(line.find(mark) == std::string::npos);
      }
      INFO(path);
      CHECK(lines <= 450);
    }
  }
}
