#include "tests/bench/feeds_rivals.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include <sqlite3.h>

namespace pw::bench {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Runs it with its output in a file; returns the seconds that it took.
double seconds_of(const std::string& command, const fs::path& output) {
  const auto start = Steady::now();
  const int code = std::system((command + " >" + output.string() + " 2>&1").c_str());
  const double seconds = std::chrono::duration<double>(Steady::now() - start).count();
  if (code != 0) throw std::runtime_error(command + " failed:\n" + read_all(output).substr(0, 800));
  return seconds;
}

void check_items(const std::string& name, long read, const FeedSite& site) {
  const long expected = static_cast<long>(site.feeds()) * site.items();
  if (read == expected) return;
  throw std::runtime_error(name + " read " + std::to_string(read) + " items of " +
                           std::to_string(expected));
}

long count_rows(const fs::path& database, const char* query) {
  sqlite3* handle = nullptr;
  long rows = -1;
  const auto keep = [](void* to, int, char** values, char**) {
    *static_cast<long*>(to) = std::atol(values[0]);
    return 0;
  };
  if (sqlite3_open_v2(database.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK) {
    sqlite3_exec(handle, query, keep, &rows, nullptr);
  }
  sqlite3_close(handle);
  return rows;
}

long count_lines(const fs::path& folder) {
  long lines = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    const std::string text = read_all(file.path());
    lines += std::count(text.begin(), text.end(), '\n');
  }
  return lines;
}

Passes two_passes(const std::string& name, const std::string& command, const fs::path& folder,
                  const FeedSite& site, const std::function<long()>& items) {
  const double feeds = site.feeds();
  Passes passes{.name = name};
  passes.first = feeds / seconds_of(command, folder / "first.log");
  check_items(name, items(), site);
  passes.again = feeds / seconds_of(command, folder / "again.log");
  check_items(name, items(), site);
  return passes;
}

}  // namespace

Passes run_newsboat(const fs::path& folder, const FeedSite& site) {
  fs::create_directories(folder);
  std::string urls;
  for (int i = 0; i < site.feeds(); ++i) urls += site.url(i) + '\n';
  write(folder / "urls", urls);
  write(folder / "config", "reload-threads 16\ndownload-retries 1\nsuppress-first-reload yes\n");
  const std::string command = "newsboat -q -u " + (folder / "urls").string() + " -C " +
                              (folder / "config").string() + " -c " +
                              (folder / "cache.db").string() + " -x reload";
  return two_passes("newsboat -x reload, 16 threads", command, folder, site, [&] {
    return count_rows(folder / "cache.db", "SELECT count(*) FROM rss_item");
  });
}

Passes run_sfeed(const fs::path& folder, const FeedSite& site) {
  fs::create_directories(folder / "feeds");
  std::string text = "sfeedpath=\"" + (folder / "feeds").string() + "\"\nmaxjobs=16\nfeeds() {\n";
  for (int i = 0; i < site.feeds(); ++i) {
    text += "feed \"" + std::to_string(i) + "\" \"" + site.url(i) + "\"\n";
  }
  write(folder / "sfeedrc", text + "}\n");
  return two_passes("sfeed_update, 16 jobs", "sfeed_update " + (folder / "sfeedrc").string(),
                    folder, site, [&] { return count_lines(folder / "feeds"); });
}

Passes run_feedparser(const fs::path& folder, const FeedSite& site) {
  fs::create_directories(folder);
  const std::string prefix = site.url(0).substr(0, site.url(0).rfind('/') + 1);
  seconds_of(
      "/usr/bin/python3 tests/bench/feeds_rival.py " + prefix + ' ' + std::to_string(site.feeds()),
      folder / "out.txt");
  Passes passes{.name = "python3 aiohttp and feedparser"};
  long items = 0;
  std::istringstream out(read_all(folder / "out.txt"));
  out >> passes.first >> passes.again >> items;
  check_items(passes.name, items, site);
  return passes;
}

}  // namespace pw::bench
