#include "daemon/web/html.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/web/message.h"

namespace pw {
namespace {

// One path each, in a square of 16; evenodd. The script draws the map with the
// same ones.
constexpr std::array<std::string_view, cell_state_names.size()> paths = {
    "M3.6 1.2 8 5.6l4.4-4.4 2.4 2.4L10.4 8l4.4 4.4-2.4 2.4L8 10.4l-4.4 4.4-2.4-2.4L5.6 8 1.2 3.6z",
    "M8 1 15 8 8 15 1 8z",
    "M2.5 2.5h11v2.4h-11zM2.5 6.8h11v2.4h-11zM2.5 11.1h11v2.4h-11z",
    "M8 3.4a4.6 4.6 0 1 0 0 9.2a4.6 4.6 0 1 0 0-9.2z",
    "M8 3.4a4.6 4.6 0 1 0 0 9.2a4.6 4.6 0 1 0 0-9.2zM8 5a3 3 0 1 1 0 6a3 3 0 1 1 0-6z",
    "M8 2.6a5.4 5.4 0 1 0 0 10.8zM8 2.6a5.4 5.4 0 0 1 0 10.8v-1.6a3.8 3.8 0 0 0 0-7.6z",
    "M2.6 2.6h10.8v10.8H2.6z",
    "M8 1.8 15 14H1zM8 5.6 4.4 12h7.2z",
    "M1.8 6.4h12.4v3.2H1.8z",
    "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM8 5.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 1 1 0-5.6z",
    "M8 6a2 2 0 1 0 0 4a2 2 0 1 0 0-4z"};

std::string sprite() {
  std::string html = "<svg class=\"sprite\" width=\"0\" height=\"0\" aria-hidden=\"true\">";
  for (std::size_t i = 0; i < paths.size(); ++i) {
    html += "<symbol id=\"s-" + std::string(cell_state_names[i]) +
            "\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"" + std::string(paths[i]) +
            "\"/></symbol>";
  }
  return html + "</svg>\n";
}

std::string nav_link(const PageContext& context, std::string_view name, std::string_view href,
                     std::string_view label) {
  const bool here = context.here == name;
  return "<li><a href=\"" + std::string(href) + '"' + (here ? " aria-current=\"page\"" : "") + '>' +
         std::string(label) + "</a></li>";
}

std::string print_nav(const PageContext& context) {
  std::string html = "<nav aria-label=\"Pages\"><ul>" + nav_link(context, "board", "/", "Board");
  if (context.caller.role >= Role::reader) {
    html += nav_link(context, "review", "/review",
                     "Review <span class=\"badge\" id=\"to-review\">" +
                         std::to_string(context.to_review) +
                         "<span class=\"hidden\"> findings await review</span></span>");
    html += nav_link(context, "health", "/health", "Health");
  }
  if (context.caller.proof == ShownBy::cookie) {
    html += "<li><form method=\"post\" action=\"/sign-out\">" + form_guard(context.caller) +
            "<button class=\"quiet-button\">Sign out " + html_name(context.caller.name, 40) +
            "</button></form></li>";
  } else if (context.caller.name.empty()) {
    html += nav_link(context, "sign-in", "/sign-in", "Sign in");
  }
  return html + "</ul></nav>";
}

}  // namespace

std::string print_page(const PageContext& context, std::string_view title, std::string_view body) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         html_text(title, 120) +
         "</title>\n<link rel=\"stylesheet\" href=\"/assets/pledgewatch.css\">\n"
         "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n"
         "<script src=\"/assets/pledgewatch.js\" defer></script>\n"
         "<script src=\"/assets/pages.js\" defer></script>\n</head>\n<body data-page=\"" +
         html_text(context.here) + "\" data-role=\"" + std::string(name_of(context.caller.role)) +
         "\">\n<a class=\"skip\" href=\"#main\">To "
         "the content</a>\n" +
         sprite() + "<header class=\"top\"><p class=\"brand\"><a href=\"/\">pledgewatch</a>" +
         (context.campaign.empty() || context.here == "board"
              ? ""
              : " <span class=\"of-campaign\">" + html_name(context.campaign, 80) + "</span>") +
         "</p>" + print_nav(context) + "</header>\n<main id=\"main\" tabindex=\"-1\">\n" +
         std::string(body) + "</main>\n</body>\n</html>\n";
}

std::string shape(CellState state) {
  const std::string name(name_of(state));
  return "<svg class=\"shape is-" + name +
         "\" aria-hidden=\"true\" width=\"16\" height=\"16\"><use "
         "href=\"#s-" +
         name + "\"/></svg>";
}

std::string state_tag(CellState state) {
  return "<span class=\"state\">" + shape(state) + ' ' + std::string(label_of(state)) + "</span>";
}

std::string form_guard(const Caller& caller) {
  if (caller.proof != ShownBy::cookie) return {};
  return "<input type=\"hidden\" name=\"form\" value=\"" + form_token(caller.session) + "\">";
}

std::string moment(Instant t) {
  // To the second for people; the attribute has all of it.
  const Instant second = std::chrono::floor<std::chrono::seconds>(t);
  return "<time datetime=\"" + print_rfc3339(t) + "\">" + print_utc(second) + "</time>";
}

std::string countdown(Instant t, Instant now) {
  const bool past = t <= now;
  return "<time class=\"countdown\" datetime=\"" + print_rfc3339(t) + "\">" +
         (past ? "over"
               : "in " + print_duration(std::chrono::ceil<std::chrono::seconds>(t - now))) +
         "</time>";
}

std::string number_text(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string percent(double share) {
  const auto tenths = static_cast<std::int64_t>(std::floor(std::clamp(share, 0.0, 1.0) * 1000));
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += '.' + std::to_string(tenths % 10);
  return text + " %";
}

std::string share_bar(double share) {
  const auto width = static_cast<int>(std::clamp(share, 0.0, 1.0) * 1000);
  return "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
         "aria-hidden=\"true\"><rect class=\"bar-lost\" width=\"1000\" height=\"10\"/><rect "
         "class=\"bar-seen\" width=\"" +
         std::to_string(width) + "\" height=\"10\"/></svg>";
}

std::string error_page(const PageContext& context, int status, std::string_view what) {
  return print_page(context, std::string(reason_of(status)) + " – pledgewatch",
                    "<section class=\"panel narrow\"><h1>" + std::string(reason_of(status)) +
                        "</h1><p>" + html_text(what, 400) +
                        "</p><p><a href=\"/\">To the board</a></p></section>\n");
}

std::string sign_in_page(const PageContext& context, std::string_view trouble) {
  std::string html = "<section class=\"panel narrow\"><h1>Sign in</h1>\n";
  if (!trouble.empty())
    html += "<p class=\"warn\" role=\"alert\">" + html_text(trouble, 400) + "</p>\n";
  html +=
      "<form method=\"post\" action=\"/sign-in\" class=\"stack\"><label for=\"token\">Your "
      "token</label><input id=\"token\" name=\"token\" type=\"password\" required "
      "autocomplete=\"current-password\" maxlength=\"512\"><button>Sign in</button></form>\n"
      "<p class=\"soft\">Organisers give each person one. It stays on this machine only as a "
      "session that ends by itself.</p></section>\n";
  return print_page(context, "Sign in – pledgewatch", html);
}

}  // namespace pw
