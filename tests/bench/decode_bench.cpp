// How fast each connector reads a page, on one core: from bytes to posts, with
// their text, tags, links and mentions. Beside Instagram's stands nlohmann_json's
// DOM of the same page in the same run, which is the reading alone, without posts.
// Usage: bench_decode [--json] [--seconds N] [--only CONNECTOR], from the source root.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include <time.h>

#include "connectors/registry.h"
#include "tests/bench/decode_pages.h"

namespace {

using namespace pw;

struct Options {
  bool json = false;
  double seconds = 2;
  std::string only{};  // one connector
};

struct Rate {
  double pages_per_second = 0;
  double megabytes_per_second = 0;
};

// Seconds that this program has had a core for: decoding waits for nothing, so
// that what other programs take is left out.
double core_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class F>
double turns_per_second(double seconds, F&& turn) {
  const double start = core_seconds();
  double spent = 0;
  int turns = 0;
  while (spent < seconds) {
    for (int i = 0; i < 16; ++i) turn();
    turns += 16;
    spent = core_seconds() - start;
  }
  return turns / spent;
}

constexpr int rounds = 5;

Rate rate_at(double turns, std::size_t bytes) {
  return {turns, turns * static_cast<double>(bytes) / 1e6};
}

// Reads one page again and again.
class Turn {
 public:
  Turn(std::string_view name, const bench::DecodePage& page)
      : connector_(make_connector(name, {})) {
    response_.status = 200;
    response_.body = page.body;
    (*this)();
    if (posts_ == 0) throw std::runtime_error(page.name + " is no page of " + std::string(name));
  }

  void operator()() {
    const Reading reading = connector_->decode(Query{account_}, response_);
    const Page* read = std::get_if<Page>(&reading);
    posts_ = read != nullptr ? read->posts.size() : 0;
  }

 private:
  std::unique_ptr<Connector> connector_;
  Account account_{};
  HttpResponse response_{};
  std::size_t posts_ = 0;
};

// The best of several rounds: other programs on the machine only ever slow it.
Rate rate_of_connector(std::string_view name, const bench::DecodePage& page, double seconds) {
  Turn turn(name, page);
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    best = std::max(best, turns_per_second(seconds / rounds, turn));
  }
  return rate_at(best, page.body.size());
}

void print_row(std::string_view what, const bench::DecodePage& page, const Rate& rate) {
  std::printf("  %-10.*s  %-42s %7.1f KB  %9.0f pages/s  %8.1f MB/s\n",
              static_cast<int>(what.size()), what.data(), page.name.c_str(),
              static_cast<double>(page.body.size()) / 1e3, rate.pages_per_second,
              rate.megabytes_per_second);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json") {
      options.json = true;
    } else if (word == "--seconds" && i + 1 < argc) {
      options.seconds = std::atof(argv[++i]);
    } else if (word == "--only" && i + 1 < argc) {
      options.only = argv[++i];
    } else {
      throw std::runtime_error("usage: bench_decode [--json] [--seconds N] [--only CONNECTOR]");
    }
  }
  return options;
}

// Both in turns, so that the machine is the same for them.
void compare_instagram(const Options& options, nlohmann::ordered_json& summary) {
  const bench::DecodePage page = bench::instagram_page();
  Turn turn("instagram", page);
  std::size_t fields = 0;
  const auto parse = [&] { fields += nlohmann::json::parse(page.body).size(); };
  double ours = 0;
  double theirs = 0;
  for (int round = 0; round < rounds; ++round) {
    ours = std::max(ours, turns_per_second(options.seconds / rounds, turn));
    theirs = std::max(theirs, turns_per_second(options.seconds / rounds, parse));
  }
  if (fields == 0) throw std::runtime_error("nlohmann_json read nothing");
  const double times = ours / theirs;
  const Rate dom = rate_at(theirs, page.body.size());
  print_row("nlohmann", page, dom);
  std::printf("  Instagram pages decoded: %.1f times nlohmann_json's DOM of the same page\n",
              times);
  summary["nlohmann_dom"] = {{"pages_per_second", dom.pages_per_second},
                             {"megabytes_per_second", dom.megabytes_per_second}};
  summary["instagram_over_nlohmann"] = times;
}

void run(const Options& options) {
  nlohmann::ordered_json summary;
  std::printf("\nFrom saved answers to posts, one core\n");
  for (const std::string_view name : connector_names()) {
    if (!options.only.empty() && name != options.only) continue;
    std::vector<bench::DecodePage> pages = bench::captured_pages(name);
    if (name == "instagram") pages.push_back(bench::instagram_page());
    if (name == "feed") pages.push_back({"RSS of 25 items, made", bench::rss_document(1, 25)});
    for (const bench::DecodePage& page : pages) {
      const Rate rate = rate_of_connector(name, page, options.seconds);
      print_row(name, page, rate);
      summary[std::string(name)] = {{"pages_per_second", rate.pages_per_second},
                                    {"megabytes_per_second", rate.megabytes_per_second}};
    }
  }
  if (options.only.empty() || options.only == "instagram") compare_instagram(options, summary);
  if (options.json) std::printf("%s\n", summary.dump().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_decode: %s\n", error.what());
    return 3;
  }
  return 0;
}
