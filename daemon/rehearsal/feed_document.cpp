#include "daemon/rehearsal/feed_document.h"

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/markup.h"
#include "daemon/rehearsal/mastodon_status.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

std::string site_of(const SimAccount& account) {
  return "https://" + handle_of(account.actor, "-") + ".example";
}

std::string link_of(const SimAccount& account, const SimPost& post) {
  return site_of(account) + "/p/" + std::to_string(post.serial);
}

std::string html_of(const SimPost& post, Instant now) {
  return print_html(text_at(post, now), "tags.example");
}

bool has_date(const SimPost& post) { return post.declared != Instant{}; }

// "Wed, 16 Sep 2026 14:03:27 +0000"
std::string print_rfc822(Instant t) {
  std::string text = print_http_date(t);
  return text.substr(0, text.size() - 3) + "+0000";
}

std::string print_seconds(Instant t) { return print_rfc3339(t).substr(0, 19) + 'Z'; }

std::string print_rss(const SimAccount& account, const FeedDocument& document, Instant now) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
      "xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>";
  out += element("title", account.actor) + element("link", site_of(account) + '/') +
         element("description", "News of " + account.actor);
  out += "<atom:link rel=\"self\" href=\"" + escape_attribute(document.address) + "\"/>";
  if (!document.next.empty())
    out += "<atom:link rel=\"next\" href=\"" + escape_attribute(document.next) + "\"/>";
  out += element("lastBuildDate", print_rfc822(document.changed)) + "<ttl>60</ttl>\n";
  for (const SimPost* post : document.posts) {
    out += "<item>" + element("title", text_at(*post, now)) +
           element("link", link_of(account, *post)) + "<guid isPermaLink=\"false\">" +
           escape_text(post->id) + "</guid>";
    if (has_date(*post)) out += element("pubDate", print_rfc822(post->declared));
    out += "<content:encoded><![CDATA[" + html_of(*post, now) + "]]></content:encoded></item>\n";
  }
  return out + "</channel></rss>\n";
}

std::string print_atom(const SimAccount& account, const FeedDocument& document, Instant now) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed "
      "xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">";
  out += element("id", site_of(account) + "/feed") + element("title", account.actor) +
         element("updated", print_seconds(document.changed));
  out += "<link rel=\"self\" href=\"" + escape_attribute(document.address) + "\"/>";
  if (!document.next.empty())
    out += "<link rel=\"next\" href=\"" + escape_attribute(document.next) + "\"/>";
  for (const SimPost* post : document.posts) {
    const bool edited = post->edited && *post->edited <= now;
    const Instant published = has_date(*post) ? post->declared : post->created;
    out += "\n<entry>" + element("id", post->id) + element("title", text_at(*post, now)) +
           "<link href=\"" + escape_attribute(link_of(account, *post)) + "\"/>";
    if (has_date(*post)) out += element("published", print_seconds(post->declared));
    out += element("updated", print_seconds(edited ? *post->edited : published)) + "<author>" +
           element("name", account.actor) + "</author><content type=\"html\">" +
           escape_text(html_of(*post, now)) + "</content></entry>";
  }
  return out + "\n</feed>\n";
}

std::string print_rdf(const SimAccount& account, const FeedDocument& document, Instant now) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF "
      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
      "xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">";
  out += "<channel rdf:about=\"" + escape_attribute(document.address) + "\">" +
         element("title", account.actor) + element("link", site_of(account) + '/') +
         element("description", "News of " + account.actor) + "<items><rdf:Seq>";
  for (const SimPost* post : document.posts) {
    out += "<rdf:li rdf:resource=\"" + escape_attribute(post->id) + "\"/>";
  }
  out += "</rdf:Seq></items></channel>";
  for (const SimPost* post : document.posts) {
    out += "\n<item rdf:about=\"" + escape_attribute(post->id) + "\">" +
           element("title", text_at(*post, now)) + element("link", link_of(account, *post));
    if (has_date(*post)) out += element("dc:date", print_seconds(post->declared));
    out += element("description", text_at(*post, now)) + "</item>";
  }
  return out + "\n</rdf:RDF>\n";
}

std::string print_json(const SimAccount& account, const FeedDocument& document, Instant now) {
  ordered_json out{{"version", "https://jsonfeed.org/version/1.1"},
                   {"title", account.actor},
                   {"home_page_url", site_of(account) + '/'},
                   {"feed_url", document.address}};
  if (!document.next.empty()) out["next_url"] = document.next;
  out["items"] = ordered_json::array();
  for (const SimPost* post : document.posts) {
    ordered_json item{
        {"id", post->id}, {"url", link_of(account, *post)}, {"content_html", html_of(*post, now)}};
    if (has_date(*post)) item["date_published"] = print_seconds(post->declared);
    if (post->edited && *post->edited <= now) item["date_modified"] = print_seconds(*post->edited);
    item["authors"] = ordered_json::array({{{"name", account.actor}}});
    out["items"].push_back(std::move(item));
  }
  return json_bytes(out);
}

}  // namespace

std::string print_feed(const SimAccount& account, const FeedDocument& document, Instant now) {
  switch (account.format) {
    case FeedFormat::rss:
      return print_rss(account, document, now);
    case FeedFormat::atom:
      return print_atom(account, document, now);
    case FeedFormat::json:
      return print_json(account, document, now);
    case FeedFormat::rdf:
      return print_rdf(account, document, now);
  }
  return {};
}

std::string_view media_type_of(FeedFormat format) {
  switch (format) {
    case FeedFormat::rss:
      return "application/rss+xml; charset=utf-8";
    case FeedFormat::atom:
      return "application/atom+xml";
    case FeedFormat::json:
      return "application/feed+json";
    case FeedFormat::rdf:
      return "text/xml";
  }
  return "text/xml";
}

}  // namespace pw
