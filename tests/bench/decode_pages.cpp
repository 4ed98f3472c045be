#include "tests/bench/decode_pages.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "connectors/registry.h"

namespace pw::bench {
namespace {

std::string read_all(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool has_posts(std::string_view connector, const std::string& body) {
  HttpResponse response;
  response.status = 200;
  response.body = body;
  const Account account;
  const Reading reading = make_connector(connector, {})->decode(Query{account}, response);
  const auto* page = std::get_if<Page>(&reading);
  return page != nullptr && !page->posts.empty();
}

constexpr std::array captions = {
    "Fresh from the oven this morning \\ud83c\\udf5e rye, spelt and a little sea salt. Come by "
    "before noon, the first hundred loaves go to the night shift of the clinic. #rye #bakery "
    "\\n\\nPhoto: @ann.other",
    "Am Mittwoch bleibt unser Kan\\u00e4lchen still: wir machen mit. Mehr dazu auf "
    "https://example.org/warum-wir-schweigen #StopHateForProfit #Gro\\u00dfdemo",
    "\\u4eca\\u65e5\\u306f\\u304a\\u4f11\\u307f\\u3057\\u307e\\u3059\\u3002\\u307e\\u305f\\u660e"
    "\\u65e5\\u3001\\u304a\\u5f85\\u3061\\u3057\\u3066\\u304a\\u308a\\u307e\\u3059\\u3002"
    "#\\u30d1\\u30f3\\u5c4b",
    "Ma\\u00f1ana volvemos con la receta que nos hab\\u00edais pedido tantas veces: pan de "
    "centeno con semillas, sin prisa, con masa madre de tres d\\u00edas y horno de le\\u00f1a.",
};

}  // namespace

std::vector<DecodePage> captured_pages(std::string_view connector) {
  const std::filesystem::path folder =
      std::filesystem::path("tests/connectors/captures") / connector;
  DecodePage largest;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    const std::string kind = file.path().extension();
    if (kind != ".json" && kind != ".xml") continue;
    std::string body = read_all(file.path());
    if (body.size() <= largest.body.size() || !has_posts(connector, body)) continue;
    largest = {"capture " + file.path().filename().string(), std::move(body)};
  }
  if (largest.body.empty()) return {};
  return {largest};
}

DecodePage instagram_page() {
  std::string media;
  for (int k = 0; k < 10; ++k) {
    const std::string n = std::to_string(100 + k);
    if (k > 0) media += ',';
    media += R"({"id":"17901234567890)" + n + R"(","caption":")" +
             captions[static_cast<std::size_t>(k) % captions.size()] +
             R"(","media_type":"IMAGE","media_product_type":"FEED",)" +
             R"("media_url":"https://scontent.example-cdn.net/v/t51.29350-15/)" + n +
             R"(_n.jpg?_nc_cat=108&ccb=1-7&_nc_sid=18de74&_nc_ohc=0123456789abcdef&_nc_ht=)" +
             R"(scontent.example-cdn.net&edm=AL-3X8kEAAAA&oh=00_AfB0123456789abcdef0123456789abc)" +
             R"(&oe=68A1B2C3","permalink":"https://www.instagram.com/p/DdV96ksjK)" + n.substr(1) +
             R"(/","shortcode":"DdV96ksjK)" + n.substr(1) + R"(","timestamp":"2020-09-1)" +
             std::to_string(k % 5) + R"(T09:30:12+0000","username":"riverbank.bakery",)" +
             R"("like_count":)" + std::to_string(1000 + k) + R"(,"comments_count":4})";
  }
  return {"ten media, made",
          R"({"business_discovery":{"id":"17841409876543210","username":"riverbank.bakery",)"
          R"("media_count":842,"media":{"data":[)" +
              media +
              R"(],"paging":{"cursors":{"after":"QVFIUnBsZWRnZXdhdGNo"}}}},)"
              R"("id":"17841400000000001"})"};
}

std::string rss_document(int number, int items) {
  const std::string site = "https://site" + std::to_string(number) + ".example/";
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n<title>Site " +
      std::to_string(number) + "</title>\n<link>" + site +
      "</link>\n<description>News of the house</description>\n<language>en-GB</language>\n";
  for (int i = 0; i < items; ++i) {
    const std::string n = std::to_string(number * 1000 + i);
    const int hour = 23 - i % 24;
    out += "<item>\n<title>A post about the &#8220;house&#8221;, number " + n + "</title>\n<link>" +
           site + "2020/09/a-post-number-" + n +
           "/</link>\n<dc:creator><![CDATA[Ann Other]]></dc:creator>\n<pubDate>Tue, 15 Sep 2020 " +
           (hour < 10 ? "0" : "") + std::to_string(hour) +
           ":30:12 +0000</pubDate>\n<category><![CDATA[News]]></category>\n<guid "
           "isPermaLink=\"false\">" +
           site + "?p=" + n +
           "</guid>\n<description><![CDATA[<p>We have been asked what we think, and we have an "
           "answer: the <a href=\"" +
           site + "about/" + n +
           "\">house</a> is open on Wednesday, and everybody is welcome who brings a loaf.</p>\n"
           "<p>Caf&eacute; &amp; kitchen as always. #House</p>]]></description>\n</item>\n";
  }
  return out + "</channel>\n</rss>\n";
}

}  // namespace pw::bench
