#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/http/target.h"

namespace pw {
namespace {

std::string printed(const Result<Target>& target) {
  if (!target) return target.error().code == Errc::refused ? "refused" : "malformed";
  return (target->scheme == Scheme::https ? "https " : "http ") + target->host + " " +
         std::to_string(target->port) + " " + target->path +
         (target->is_ip_literal ? " literal" : "");
}

struct Row {
  std::string_view url;
  std::string_view is;
};

constexpr Row rows[] = {
    {"https://example.org/a?b=c", "https example.org 443 /a?b=c"},
    {"http://example.org", "http example.org 80 /"},
    {"HTTPS://EXAMPLE.org/A", "https example.org 443 /A"},
    {"https://example.org?x=1", "https example.org 443 /?x=1"},
    {"https://example.org:/", "https example.org 443 /"},
    {"https://example.org:80/", "https example.org 80 /"},
    {"http://example.org:443/", "http example.org 443 /"},
    {"https://example.org:00443/", "https example.org 443 /"},
    {"https://example.org./", "https example.org 443 /"},
    {"https://example.org/#top", "https example.org 443 /"},
    {"https://example.org#top", "https example.org 443 /"},
    {"https://xn--mnchen-3ya.example/", "https xn--mnchen-3ya.example 443 /"},
    {"https://under_score.example/", "https under_score.example 443 /"},
    {"https://1e100.net/", "https 1e100.net 443 /"},
    {"https://example.org/a b", "https example.org 443 /a%20b"},
    {"https://example.org/f?q={a[0]}|\"<>^`",
     "https example.org 443 /f?q=%7Ba%5B0%5D%7D%7C%22%3C%3E%5E%60"},
    {"https://example.org/\xc3\xa9", "https example.org 443 /%C3%A9"},
    {"https://example.org/\xff", "https example.org 443 /%FF"},
    {"https://example.org/50%", "https example.org 443 /50%25"},
    {"https://example.org/%7e%2F%zz", "https example.org 443 /%7e%2F%25zz"},
    {"https://example.org//a/../b", "https example.org 443 //a/../b"},
    {"https://example.org/@user", "https example.org 443 /@user"},
    {"https://8.8.8.8/", "https 8.8.8.8 443 / literal"},
    {"http://127.0.0.1/", "http 127.0.0.1 80 / literal"},
    {"http://[::1]/", "http ::1 80 / literal"},
    {"http://[0:0:0:0:0:0:0:1]/", "http ::1 80 / literal"},
    {"http://[::ffff:7f00:1]/", "http ::ffff:127.0.0.1 80 / literal"},
    {"http://[2606:4700::1]:80", "http 2606:4700::1 80 / literal"},
    // Odd spellings of IPv4 addresses, which readers understand differently.
    {"http://0x7f.1/", "refused"},
    {"http://0X7F.0.0.1/", "refused"},
    {"http://2130706433/", "refused"},
    {"http://0177.0.0.1/", "refused"},
    {"http://127.1/", "refused"},
    {"http://127.0.0.1./", "refused"},
    {"http://127.0.0.01/", "refused"},
    {"http://1.2.3.4.5/", "refused"},
    {"http://256.256.256.256/", "refused"},
    {"http://example.0x/", "refused"},
    {"http://example.09/", "refused"},
    // Tricks with the authority.
    {"http://user@host/", "refused"},
    {"http://user:pw@host/", "refused"},
    {"http://@host/", "refused"},
    {"http://host\\@evil/", "refused"},
    {"http:\\\\host/", "refused"},
    {"http://host/\\evil", "refused"},
    {"http://host#@evil/", "http host 80 /"},
    {"http://host?@evil/", "http host 80 /?@evil/"},
    {"http://ex%61mple.org/", "refused"},
    {"http://127%2e0%2e0%2e1/", "refused"},
    {"http://[fe80::1%25eth0]/", "refused"},
    {"http://[fe80::1%eth0]/", "refused"},
    {"http://[v1.x]/", "refused"},
    {"http://example\xe3\x80\x82org/", "refused"},
    {"http://m\xc3\xbcnchen.example/", "refused"},
    {"http://exa mple.org/", "refused"},
    {"http://a..b/", "refused"},
    {"http://.a/", "refused"},
    {"http://a../", "refused"},
    {"http://a,b/", "refused"},
    {"http://*/", "refused"},
    {"http://./", "refused"},
    // Control characters, wherever they stand.
    {"http://example.org/\r\nX: y", "refused"},
    {"http://exa\tmple.org/", "refused"},
    {"http://example.org/\x7f", "refused"},
    {"\nhttp://example.org/", "refused"},
    // Ports.
    {"https://example.org:22/", "refused"},
    {"https://example.org:8080/", "https example.org 8080 /"},
    {"https://example.org:8081/", "refused"},
    {"https://example.org:0/", "refused"},
    {"https://example.org:65536/", "refused"},
    {"https://example.org:99999999999/", "refused"},
    {"https://example.org:-1/", "refused"},
    {"https://example.org:8o/", "refused"},
    // Other schemes, and what is no URL.
    {"ftp://example.org/", "refused"},
    {"file:///etc/passwd", "refused"},
    {"gopher://example.org/", "refused"},
    {"httpss://example.org/", "refused"},
    {"javascript:alert(1)", "malformed"},
    {"http:example.org", "malformed"},
    {"//example.org/", "malformed"},
    {"/path", "malformed"},
    {"", "malformed"},
    {"http://", "refused"},
    {"http:///path", "refused"},
    {"https://[::1/", "malformed"},
    {"1http://example.org/", "malformed"},
};

TEST_CASE("a URL leads where its row says, with port 8080 allowed") {
  const Allowance allowance{.hosts = {}, .ports = {8080, 0}};
  for (const Row& row : rows) {
    INFO(row.url);
    CHECK(printed(parse_target(row.url, &allowance)) == row.is);
  }
}

TEST_CASE("without an allowance no port but 80 and 443 is open") {
  CHECK(printed(parse_target("http://example.org:8080/", nullptr)) == "refused");
}

TEST_CASE("a NUL ends no URL early") {
  CHECK(printed(parse_target(std::string_view("http://a\0.example/", 18), nullptr)) == "refused");
}

TEST_CASE("lengths have limits: a URL, a name, a label") {
  const std::string label(63, 'a');
  const std::string name_253 = label + "." + label + "." + label + "." + std::string(61, 'b');
  CHECK(parse_target("http://" + name_253 + "/", nullptr));
  CHECK(printed(parse_target("http://" + name_253 + "b/", nullptr)) == "refused");
  CHECK(printed(parse_target("http://" + label + "a/", nullptr)) == "refused");
  const std::string front = "http://a/";
  CHECK(parse_target(front + std::string(url_bytes_max - front.size(), 'x'), nullptr));
  CHECK(printed(parse_target(front + std::string(url_bytes_max, 'x'), nullptr)) == "refused");
}

TEST_CASE("printing a target and reading it back changes nothing") {
  const Allowance allowance{.hosts = {}, .ports = {8080}};
  for (const Row& row : rows) {
    const auto target = parse_target(row.url, &allowance);
    if (!target) continue;
    INFO(row.url << " -> " << print_url(*target));
    CHECK(printed(parse_target(print_url(*target), &allowance)) == printed(target));
  }
}

struct Reference {
  std::string_view location;
  std::string_view leads_to;
};

constexpr Reference references[] = {
    {"https://other.example/x", "https://other.example/x"},
    {"//other.example/x", "https://other.example/x"},
    {"/x?y", "https://example.org:8080/x?y"},
    {"x", "https://example.org:8080/a/x"},
    {"../x", "https://example.org:8080/x"},
    {"../../../x", "https://example.org:8080/x"},
    {"../../..", "https://example.org:8080/"},
    {"./", "https://example.org:8080/a/"},
    {"?page=2", "https://example.org:8080/a/b?page=2"},
    {"#part", "https://example.org:8080/a/b?c"},
    {"", "https://example.org:8080/a/b?c"},
    {"/a b\xc3\xa9", "https://example.org:8080/a%20b%C3%A9"},
    {"x?next=http://evil/", "https://example.org:8080/a/x?next=http://evil/"},
    {"/\\evil", "refused"},
    {"/\x01", "refused"},
};

TEST_CASE("a Location is read relative to where it was found") {
  const Allowance allowance{.hosts = {}, .ports = {8080}};
  const auto base = parse_target("https://example.org:8080/a/b?c", &allowance);
  REQUIRE(base);
  for (const Reference& row : references) {
    INFO(row.location);
    const auto url = resolve_reference(*base, row.location);
    CHECK((url ? *url : "refused") == row.leads_to);
  }
}

TEST_CASE("an allowance frees exactly the hosts that it names") {
  const Allowance allowance{.hosts = {"LocalHost", "127.0.0.1", "[::1]"}, .ports = {}};
  const auto is_free = [&](std::string_view url) {
    return is_exempt(*parse_target(url, nullptr), &allowance);
  };
  CHECK(is_free("http://localhost/"));
  CHECK(is_free("http://localhost./"));
  CHECK(is_free("http://127.0.0.1/"));
  CHECK(is_free("http://[0::1]/"));
  CHECK_FALSE(is_free("http://127.0.0.2/"));
  CHECK_FALSE(is_free("http://a.localhost/"));
  CHECK_FALSE(is_free("http://localhost.example/"));
  CHECK_FALSE(is_exempt(*parse_target("http://localhost/", nullptr), nullptr));
}

}  // namespace
}  // namespace pw
