#include "daemon/core/redact.h"

#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"
#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::string_view mark = "[redacted]";
constexpr std::size_t secret_bytes_min = 8;

// Parameters and fields whose value is always a secret, whatever it is. Meta:
// platforms-meta 1.2 and 5.8; the rest are the usual names.
constexpr std::array<std::string_view, 12> secret_names = {
    "access_token",  "appsecret_proof", "client_secret", "input_token", "fb_exchange_token",
    "api_key",       "apikey",          "password",      "passwd",      "secret",
    "refresh_token", "id_token"};

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string percent_encode(std::string_view text, bool upper) {
  std::string out;
  for (const char c : text) {
    if (is_name_char(c) || c == '-' || c == '.' || c == '~') {
      out += c;
      continue;
    }
    const std::uint8_t byte[1] = {static_cast<std::uint8_t>(c)};
    std::string hex = print_hex(byte);
    if (upper)
      std::transform(hex.begin(), hex.end(), hex.begin(),
                     [](char h) { return h >= 'a' ? static_cast<char>(h - 'a' + 'A') : h; });
    out += '%' + hex;
  }
  return out;
}

std::string json_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '/') out += '\\';
    out += c;
  }
  return out;
}

// What stays the same of a secret's base64 form whatever stands before it:
// three alignments, each without the characters that its neighbours decide.
std::array<std::string, 3> base64_cores(std::string_view secret) {
  std::array<std::string, 3> cores;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string padded = std::string(shift, 'x') + std::string(secret);
    const std::string whole = print_base64(padded.substr(0, padded.size() / 3 * 3));
    const std::size_t skip = shift == 0 ? 0 : 4;
    if (whole.size() > skip) cores[shift] = whole.substr(skip);
  }
  return cores;
}

std::string base64url_of(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

void replace_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), mark);
    at += mark.size();
  }
}

constexpr std::array<bool, 256> ends_secret_name = [] {
  std::array<bool, 256> table{};
  for (const std::string_view name : secret_names) {
    const char last = name.back();
    for (const char c : {last, static_cast<char>(last - 'a' + 'A')})
      table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool names_secret(std::string_view text, std::size_t end) {
  return std::any_of(secret_names.begin(), secret_names.end(), [&](std::string_view name) {
    if (name.size() > end) return false;
    const std::size_t at = end - name.size();
    const bool starts_word = at == 0 || !is_name_char(text[at - 1]);
    return starts_word && std::equal(name.begin(), name.end(), text.begin() + static_cast<long>(at),
                                     [](char a, char b) { return a == lower_ascii(b); });
  });
}

// Past what separates a name from its value: `=`, `%3D`, `":"`, `\":\"`, `: `.
std::size_t value_start(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  for (const std::string_view separator :
       {"\\\":\\\"", "\\u003d", "\\u003D", "\": \"", "\":\"", "%3D", "%3d", "=", ": "}) {
    if (rest.starts_with(separator)) return at + separator.size();
  }
  return std::string::npos;
}

// Where the names of secrets end, in the text's order. A separator is looked for, by
// what it begins with, and only there is it asked what stands before it.
std::vector<std::size_t> secret_names_in(std::string_view text) {
  std::vector<std::size_t> ends;
  for (const char first : {'\\', '"', '%', '=', ':'}) {
    for (std::size_t at = text.find(first, 1); at != text.npos; at = text.find(first, at + 1)) {
      const bool may = ends_secret_name[static_cast<unsigned char>(text[at - 1])];
      if (may && names_secret(text, at)) ends.push_back(at);
    }
  }
  std::sort(ends.begin(), ends.end());
  return ends;
}

bool ends_value(char c) {
  return c == '&' || c == '"' || c == '\\' || c == '\'' || c == '<' || c == '>' || c == '#' ||
         c == ';' || c == ',' || c == '}' || static_cast<unsigned char>(c) <= ' ';
}

std::string redact_named_values(std::string given) {
  const std::string_view text = given;
  std::string out;
  std::size_t copied = 0;
  for (const std::size_t at : secret_names_in(text)) {
    const std::size_t start = value_start(text, at);
    // The end of a secret is not asked whether it is another's name.
    if (start == std::string::npos || (copied > 0 && at <= copied)) continue;
    std::size_t end = start;
    while (end < text.size() && !ends_value(text[end])) ++end;
    if (end == start) continue;
    out += text.substr(copied, start - copied);
    out += mark;
    copied = end;
  }
  if (copied == 0) return given;
  out += text.substr(copied);
  return out;
}

// Where the host of an address has ended.
constexpr std::array<bool, 256> ends_host = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("/?# \t\r\n\"'<>\\"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

// https://user:password@host → https://[redacted]@host
std::string redact_user_info(std::string given) {
  const std::string_view text = given;
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find("://"); at != std::string_view::npos;
       at = text.find("://", at + 3)) {
    const std::size_t start = at + 3;
    std::size_t end = start;
    while (end < text.size() && !ends_host[static_cast<unsigned char>(text[end])]) ++end;
    // Only as far as the host may reach: a text is searched once, however many
    // addresses are in it.
    const std::size_t sign = text.substr(start, end - start).rfind('@');
    if (sign == std::string_view::npos || start < copied) continue;
    out += text.substr(copied, start - copied);
    out += mark;
    copied = start + sign;
  }
  if (copied == 0) return given;
  out += text.substr(copied);
  return out;
}

}  // namespace

Redactor::Redactor(std::vector<std::string> secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < secret_bytes_min) continue;
    forms_.push_back(secret);
    forms_.push_back(json_escape(secret));
    forms_.push_back(percent_encode(secret, /*upper=*/true));
    forms_.push_back(percent_encode(secret, /*upper=*/false));
    forms_.push_back(
        print_hex({reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size()}));
    for (const std::string& core : base64_cores(secret)) {
      if (core.size() < secret_bytes_min) continue;
      forms_.push_back(core);
      forms_.push_back(base64url_of(core));
    }
  }
  std::sort(forms_.begin(), forms_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
}

std::string Redactor::redact(std::string_view text) const {
  std::string out(text);
  for (const std::string& form : forms_) replace_all(out, form);
  return redact_user_info(redact_named_values(std::move(out)));
}

bool is_secret_header(std::string_view name) {
  constexpr std::array<std::string_view, 9> names = {
      "authorization", "proxy-authorization", "cookie",           "set-cookie",       "x-api-key",
      "api-key",       "x-auth-token",        "www-authenticate", "webhook-signature"};
  const std::string folded = lower_ascii(name);
  return std::find(names.begin(), names.end(), folded) != names.end();
}

}  // namespace pw
