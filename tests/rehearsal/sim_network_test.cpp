#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/rehearsal/sim_network.h"
#include "daemon/runtime/sim_clock.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;
namespace asio = boost::asio;

namespace {

const Instant noon = at("2026-09-16T15:00:00Z");
const Interval hour{noon, noon + std::chrono::hours(1)};
constexpr const char* feed = "https://brand.example/feed";

struct Ending {
  std::optional<Result<Done>> result;
  Millis took{0};
  HttpResponse response;
};

asio::awaitable<void> fetch_one(Fetcher& fetcher, Clock& clock, const HttpRequest& request,
                                Ending& ending) {
  const Instant start = clock.now();
  ending.result = co_await fetcher.fetch(request, ending.response);
  ending.took = clock.now() - start;
}

Ending fetch(const std::vector<Fault>& faults, HttpRequest request) {
  Population population = sample_population();
  population.faults = faults;
  const SimWorld world(population);
  asio::io_context io;
  SimClock clock(noon);
  SimNetwork network(world, clock, {std::chrono::seconds(30)});
  Ending ending;
  asio::co_spawn(io, fetch_one(network, clock, request, ending),
                 [](std::exception_ptr error) { CHECK_FALSE(error); });
  clock.advance(io, std::chrono::minutes(2));
  REQUIRE(ending.result);
  return ending;
}

}  // namespace

TEST_CASE("an answer takes its time and is the function's answer") {
  const Ending ending = fetch({}, get(feed));
  REQUIRE(*ending.result);
  CHECK(ending.took >= Millis(15));
  CHECK(ending.took <= Millis(90));
  CHECK(ending.response.received == noon + ending.took);
  CHECK(ending.response.final_url == feed);
  CHECK(ending.response.body == ask(sample_population(), get(feed), noon).body);
}

TEST_CASE("what never arrives is an error of the right class, at the right time") {
  struct Row {
    FaultKind kind;
    Errc code;
    bool at_once;
  };
  const Row rows[] = {{FaultKind::reset, Errc::transient, true},
                      {FaultKind::cut, Errc::transient, true},
                      {FaultKind::hang, Errc::transient, false},
                      {FaultKind::garbled, Errc::malformed, true}};
  for (const Row& row : rows) {
    INFO(name_of(row.kind));
    const Ending ending = fetch({{row.kind, hour}}, get(feed));
    REQUIRE_FALSE(*ending.result);
    CHECK((ending.result->error().code == row.code));
    CHECK((ending.took < std::chrono::seconds(1)) == row.at_once);
    if (!row.at_once) CHECK(ending.took == std::chrono::seconds(30));
  }
}

TEST_CASE("a redirect to a login page is followed, refused or handed over, as the request says") {
  const std::vector<Fault> wall = {{FaultKind::login_redirect, hour}};
  const Ending followed = fetch(wall, get(feed));
  REQUIRE(*followed.result);
  CHECK(followed.response.status == 200);
  CHECK(followed.response.final_url == "https://brand.example/login?next=/feed");
  CHECK_THAT(followed.response.body, Catch::Contains("password"));

  HttpRequest careful = get(feed);
  careful.redirects = Redirects::refuse;
  CHECK(fetch(wall, careful).response.status == 302);

  // An allowance for an address that is not public never follows a redirect.
  const Allowance allowance{{"brand.example"}, {}};
  HttpRequest allowed = get(feed);
  allowed.allowance = &allowance;
  const Ending refused = fetch(wall, allowed);
  REQUIRE_FALSE(*refused.result);
  CHECK((refused.result->error().code == Errc::refused));
}
