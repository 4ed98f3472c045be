// How fast each connector reads a page, on one core: from bytes to posts, with
// their text, tags, links and mentions. Beside Instagram's stands nlohmann_json's
// DOM of the same page in the same run, which is the reading alone, without posts.
// Usage: bench_decode [--json] [--seconds N] [--only CONNECTOR], from the source root.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "connectors/registry.h"
#include "tests/bench/decode_pages.h"

namespace {

using namespace pw;
using Steady = std::chrono::steady_clock;

struct Options {
  bool json = false;
  double seconds = 2;
  std::string only{};  // one connector
};

struct Rate {
  double pages_per_second = 0;
  double megabytes_per_second = 0;
};

// The best of several rounds: other programs on the machine only ever slow it.
template <class F>
Rate rate_of(std::size_t bytes, double seconds, F&& turn) {
  constexpr int rounds = 5;
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto start = Steady::now();
    double spent = 0;
    int turns = 0;
    while (spent < seconds / rounds) {
      for (int i = 0; i < 16; ++i) turn();
      turns += 16;
      spent = std::chrono::duration<double>(Steady::now() - start).count();
    }
    best = std::max(best, turns / spent);
  }
  return {best, best * static_cast<double>(bytes) / 1e6};
}

Rate rate_of_connector(std::string_view name, const bench::DecodePage& page, double seconds) {
  const auto connector = make_connector(name, {});
  const Account account;
  HttpResponse response;
  response.status = 200;
  response.body = page.body;
  std::size_t posts = 0;
  const Rate rate = rate_of(page.body.size(), seconds, [&] {
    const Reading reading = connector->decode(Query{account}, response);
    const Page* read = std::get_if<Page>(&reading);
    posts = read != nullptr ? read->posts.size() : 0;
  });
  if (posts == 0) throw std::runtime_error(page.name + " is no page of " + std::string(name));
  return rate;
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

// Both once more, one after the other, so that the machine is the same.
void compare_instagram(const Options& options, nlohmann::ordered_json& summary) {
  const bench::DecodePage page = bench::instagram_page();
  const Rate ours = rate_of_connector("instagram", page, options.seconds);
  std::size_t fields = 0;
  const Rate dom = rate_of(page.body.size(), options.seconds,
                           [&] { fields += nlohmann::json::parse(page.body).size(); });
  if (fields == 0) throw std::runtime_error("nlohmann_json read nothing");
  const double times = ours.pages_per_second / dom.pages_per_second;
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
