#include "daemon/rehearsal/mint.h"

#include <string_view>

#include "daemon/core/hash.h"

namespace pw::mint {
namespace {

constexpr std::string_view cursor_prefix = "QVFIU";
constexpr std::string_view url_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// `length` characters of `alphabet`, drawn from `serial`.
std::string letters(std::string_view alphabet, std::size_t length, std::uint64_t serial,
                    std::string_view purpose) {
  std::string text;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (i % 8 == 0) bits = mix64(purpose, serial + i);
    text += alphabet[bits % alphabet.size()];
    bits /= alphabet.size();
  }
  return text;
}

// `value` in base `1 << shift`, most significant digit first.
std::string digits(std::uint64_t value, unsigned shift, std::size_t length,
                   std::string_view alphabet) {
  std::string text(length, alphabet[0]);
  for (std::size_t i = length; i > 0; --i, value >>= shift) {
    text[i - 1] = alphabet[value & ((1u << shift) - 1)];
  }
  return text;
}

// Base32 of RFC 4648 in lower case, without padding.
std::string base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  unsigned held = 0;
  int bits = 0;
  for (const char byte : bytes) {
    held = (held << 8 | static_cast<unsigned char>(byte)) & 0xFFFF;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[held >> (bits - 5) & 31];
  }
  if (bits > 0) text += alphabet[held << (5 - bits) & 31];
  return text;
}

// CIDv1 of a SHA-256 digest, multibase "b".
std::string print_cid(char codec, std::string_view purpose, std::uint64_t serial) {
  const Digest digest = sha256(std::string(purpose) + ' ' + std::to_string(serial));
  std::string bytes = {'\x01', codec, '\x12', '\x20'};
  bytes += bytes_of(digest);
  return 'b' + base32(bytes);
}

}  // namespace

std::string shortcode(Instant t, std::uint64_t serial) {
  constexpr std::int64_t epoch_ms = 1314220021721;
  const auto ms = static_cast<std::uint64_t>(ms_of(t) - epoch_ms);
  const std::uint64_t shard = mix64("shard", serial >> 10) & 0x1fff;
  return digits((ms << 23) | (shard << 10) | (serial & 0x3ff), 6, 11,
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

std::string media_id(std::uint64_t serial) {
  return std::to_string(17'900'000'000'000'000 + mix64("media", serial) % 100'000'000'000'000);
}

std::string instagram_user_id(std::uint64_t serial) {
  return std::to_string(17'841'000'000'000'000 + mix64("user", serial) % 1'000'000'000'000);
}

std::string snowflake(Instant t, std::uint64_t serial) {
  return std::to_string(static_cast<std::uint64_t>(ms_of(t)) << 16 | (serial & 0xffff));
}

std::string tid(Instant t, std::uint64_t serial) {
  const std::uint64_t us = static_cast<std::uint64_t>(ms_of(t)) * 1000 + (serial >> 10) % 1000;
  return digits((us << 10) | (serial & 0x3ff), 5, 13, "234567abcdefghijklmnopqrstuvwxyz");
}

std::string did(std::uint64_t serial) {
  return "did:plc:" + letters("abcdefghijklmnopqrstuvwxyz234567", 24, serial, "did");
}

std::string cid(std::uint64_t serial) { return print_cid('\x71', "record", serial); }
std::string blob_cid(std::uint64_t serial) { return print_cid('\x55', "blob", serial); }

std::string x_id(Instant t, std::uint64_t serial) {
  constexpr std::int64_t epoch_ms = 1'288'834'974'657;
  return std::to_string(static_cast<std::uint64_t>(ms_of(t) - epoch_ms) << 22 |
                        (serial & 0x3f'ffff));
}

std::string tiktok_id(Instant t, std::uint64_t serial) {
  return std::to_string(static_cast<std::uint64_t>(ms_of(t) / 1000) << 32 | (serial & 0xffff'ffff));
}

std::string channel_id(std::uint64_t serial) {
  return "UC" + letters(url_letters, 22, serial, "channel");
}

std::string video_id(std::uint64_t serial) { return letters(url_letters, 11, serial, "video"); }

std::string reddit_id(std::uint64_t serial) {
  return '1' + letters("0123456789abcdefghijklmnopqrstuvwxyz", 6, serial, "thing");
}

std::string blog_id(std::uint64_t serial) {
  return "t:" + letters(url_letters.substr(0, 62), 22, serial, "blog");
}

std::string library_id(std::uint64_t serial) {
  return std::to_string(7'100'000'000'000'000 + mix64("advert", serial) % 899'999'999'999'999);
}

std::string tumblr_id(std::uint64_t serial) {
  return std::to_string(790'000'000'000'000'000 +
                        mix64("blog post", serial) % 1'000'000'000'000'000);
}

std::string chat_id(std::uint64_t serial) {
  return "-100" + std::to_string(1'000'000'000 + mix64("chat", serial) % 9'000'000'000);
}

std::string graph_cursor(const std::string& media_id) {
  std::string text = print_base64("after:" + media_id);
  while (text.ends_with('=')) text.pop_back();
  return std::string(cursor_prefix) + text;
}

std::string media_id_in(const std::string& cursor) {
  if (!cursor.starts_with(cursor_prefix)) return {};
  std::string text = cursor.substr(cursor_prefix.size());
  while (text.size() % 4 != 0) text += '=';
  const auto plain = parse_base64(text);
  constexpr std::string_view start = "after:";
  if (!plain || !plain->starts_with(start)) return {};
  return plain->substr(start.size());
}

}  // namespace pw::mint
