#include "daemon/rehearsal/youtube_object.h"

#include <algorithm>

#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/markup.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

std::string print_second(Instant t, std::string_view zone) {
  return print_rfc3339(t).substr(0, 19) + std::string(zone);
}

// A title is one line of at most 100 characters; the rest is the description.
std::string title_of(const SimPost& post, Instant now) {
  const std::string& text = text_at(post, now);
  const std::string line = text.substr(0, text.find('\n'));
  return line.empty() ? "Untitled" : line;
}

std::string channel_page(const SimAccount& account) {
  return "https://www.youtube.com/channel/" + account.id;
}

Instant changed_at(const SimPost& post, Instant now) {
  return post.edited && *post.edited <= now ? *post.edited : post.created;
}

}  // namespace

std::string uploads_of(const SimAccount& account) { return "UU" + account.id.substr(2); }

ordered_json print_channel(const SimAccount& account, Instant now) {
  return {
      {"kind", "youtube#channel"},
      {"id", account.id},
      {"snippet",
       {{"title", account.actor},
        {"customUrl", "@" + account.name},
        {"publishedAt", "2013-02-01T10:00:00Z"}}},
      {"contentDetails", {{"relatedPlaylists", {{"likes", ""}, {"uploads", uploads_of(account)}}}}},
      {"statistics",
       {{"viewCount", "345000"},
        {"subscriberCount", "5120"},
        {"hiddenSubscriberCount", false},
        {"videoCount", std::to_string(listing(account, now).size())}}}};
}

ordered_json print_playlist_item(const SimAccount& account, const SimPost& post,
                                 std::size_t position, Instant now) {
  return {{"kind", "youtube#playlistItem"},
          {"id", "VVV" + account.id.substr(2) + '.' + post.id},
          {"snippet",
           {{"publishedAt", print_second(post.created, "Z")},
            {"channelId", account.id},
            {"title", title_of(post, now)},
            {"description", text_at(post, now)},
            {"channelTitle", account.actor},
            {"playlistId", uploads_of(account)},
            {"position", position},
            {"resourceId", {{"kind", "youtube#video"}, {"videoId", post.id}}},
            {"videoOwnerChannelTitle", account.actor},
            {"videoOwnerChannelId", account.id}}},
          {"contentDetails",
           {{"videoId", post.id}, {"videoPublishedAt", print_second(post.declared, "Z")}}},
          {"status", {{"privacyStatus", "public"}}}};
}

std::string print_channel_feed(const SimAccount& account, const std::vector<const SimPost*>& posts,
                               Instant now) {
  const std::string author = "<author>" + element("name", account.actor) +
                             element("uri", channel_page(account)) + "</author>";
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" "
      "xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "<link rel=\"self\" href=\"http://www.youtube.com/feeds/videos.xml?channel_id=" +
      account.id + "\"/>" + element("id", "yt:channel:" + account.id.substr(2)) +
      element("yt:channelId", account.id.substr(2)) + element("title", account.actor) + author +
      element("published", "2013-02-01T10:00:00+00:00") + '\n';
  for (const SimPost* post : posts) {
    const std::string title = title_of(*post, now);
    out += "<entry>" + element("id", "yt:video:" + post->id) + element("yt:videoId", post->id) +
           element("yt:channelId", account.id) + element("title", title) +
           "<link rel=\"alternate\" href=\"https://www.youtube.com/watch?v=" + post->id + "\"/>" +
           author + element("published", print_second(post->declared, "+00:00")) +
           element("updated", print_second(changed_at(*post, now), "+00:00")) + "<media:group>" +
           element("media:title", title) + element("media:description", text_at(*post, now)) +
           "<media:community><media:statistics views=\"" +
           std::to_string(counter_of(*post, now, "views")) +
           "\"/></media:community></media:group></entry>\n";
  }
  return out + "</feed>\n";
}

}  // namespace pw
