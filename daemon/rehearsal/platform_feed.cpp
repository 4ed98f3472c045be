// Sites with feeds: conditional requests and paging (platforms-open 8).
#include <algorithm>

#include "daemon/rehearsal/answer_shelf.h"
#include "daemon/rehearsal/feed_document.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

// When the feed last changed: something came, was changed, or went.
Instant changed_at(const SimAccount& account, Instant now) {
  Instant latest{};
  for (const SimPost& post : account.posts) {
    for (const std::optional<Instant>& t :
         {std::optional<Instant>(post.created), post.edited, post.deleted, post.pinned}) {
      if (t && *t <= now) latest = std::max(latest, *t);
    }
  }
  return latest;
}

// If-None-Match decides alone where it is given (RFC 9110 section 13.1.3).
HttpResponse as_validated(const HttpResponse& kept, const SimRequest& request) {
  const auto since = request.header("if-modified-since");
  const auto known = since ? parse_http_date(*since) : std::nullopt;
  const auto changed = parse_http_date(kept.headers.find("last-modified").value_or(""));
  if (request.header("if-none-match") || !known || !changed || *changed > *known) {
    return if_changed(kept, request);
  }
  HttpResponse unmodified;
  unmodified.status = 304;
  unmodified.headers = kept.headers;
  return unmodified;
}

class SimFeed final : public SimPlatform {
 public:
  explicit SimFeed(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest&) const override { return {}; }

  const SimAccount* account_of(const SimRequest& request) const override {
    return find_by_name(population_, "feed", "", request.path);
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>&,
                      Instant now) const override {
    const SimAccount* account = account_of(request);
    if (account == nullptr) return answer_of(404, "Not Found\n", "text/plain");
    if (const Spell* spell = spell_at(*account, now)) {
      const int status = spell->kind == SpellKind::deleted ? 410 : 404;
      return answer_of(status, "Not here\n", "text/plain");
    }
    return as_validated(shelf_.answer(*account, request.http->url, now,
                                      [&] { return print_page(*account, request, now); }),
                        request);
  }

  HttpResponse refusal(const SimRequest&, FaultKind kind, Instant until, Instant) const override {
    if (kind == FaultKind::closed) return answer_of(403, "Forbidden\n", "text/plain");
    HttpResponse response = answer_of(429, "Slow down\n", "text/plain");
    // The other form of Retry-After: a date.
    response.headers.add("Retry-After", print_http_date(until + std::chrono::seconds(1)));
    return response;
  }

 private:
  static HttpResponse print_page(const SimAccount& account, const SimRequest& request,
                                 Instant now) {
    const int page = number_or(request.parameter("page"), 1, 1, 1000);
    const FeedDocument document = document_of(account, request, page, now);
    HttpResponse response =
        answer_of(200, print_feed(account, document, now), media_type_of(account.format));
    // RDF stands for the sites that set no validators at all.
    if (account.format == FeedFormat::rdf) return response;
    response.headers.add("Last-Modified", print_http_date(document.changed));
    add_etag(response, /*weak=*/false);
    return response;
  }

  static FeedDocument document_of(const SimAccount& account, const SimRequest& request, int page,
                                  Instant now) {
    std::vector<const SimPost*> posts = listing(account, now);
    const std::string address = request.http->url.substr(0, request.http->url.find('?'));
    FeedDocument document{.address = address, .changed = changed_at(account, now)};
    if (page > 1) document.address += "?page=" + std::to_string(page);
    const std::size_t first =
        std::min(posts.size(), static_cast<std::size_t>(page - 1) * feed_items);
    const std::size_t end = std::min(posts.size(), first + feed_items);
    document.posts.assign(posts.begin() + static_cast<std::ptrdiff_t>(first),
                          posts.begin() + static_cast<std::ptrdiff_t>(end));
    if (end < posts.size()) document.next = address + "?page=" + std::to_string(page + 1);
    return document;
  }

  const Population& population_;
  mutable AnswerShelf shelf_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_feed(const Population& population) {
  return std::make_unique<SimFeed>(population);
}

}  // namespace pw
