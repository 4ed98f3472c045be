// Identifiers as the real platforms make them, from a time and a serial number.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/core/time.h"

namespace pw::mint {

// Eleven base64url characters that carry the milliseconds of the upload
// (platforms-meta 2.6). `serial` takes its low 10 bits.
std::string shortcode(Instant t, std::uint64_t serial);
// 17 digits, "179..." as Business Discovery gives them (platforms-meta 2.4).
std::string media_id(std::uint64_t serial);
// 17 digits, "17841..." (platforms-meta 2.3).
std::string instagram_user_id(std::uint64_t serial);
// Milliseconds shifted by 16, a sequence below (platforms-open 4.2).
std::string snowflake(Instant t, std::uint64_t serial);
// 13 characters: microseconds and a 10-bit clock id (platforms-open 3.4).
std::string tid(Instant t, std::uint64_t serial);
// "did:plc:" and 24 characters of a-z2-7.
std::string did(std::uint64_t serial);
// CIDv1 of a record or a blob that nobody has: well formed, of no real content.
std::string cid(std::uint64_t serial);
std::string blob_cid(std::uint64_t serial);
// Milliseconds since 2010-11-04 shifted by 22, a sequence below (platforms-open 6.3).
std::string x_id(Instant t, std::uint64_t serial);
// Seconds shifted by 32: a number beyond 2^53 (platforms-open 9.4).
std::string tiktok_id(Instant t, std::uint64_t serial);
// "UC" and 22 characters; 11 of the same alphabet (platforms-open 7.1).
std::string channel_id(std::uint64_t serial);
std::string video_id(std::uint64_t serial);
// Seven characters of base 36, without the kind before them (platforms-open 9.1).
std::string reddit_id(std::uint64_t serial);
// "t:" and 22 characters; 18 digits (platforms-open 9.2).
std::string blog_id(std::uint64_t serial);
std::string tumblr_id(std::uint64_t serial);
// "-100" and ten digits, as bots see channels (platforms-open 9.3).
std::string chat_id(std::uint64_t serial);
// 16 digits, as the Ad Library's (platforms-meta 9).
std::string library_id(std::uint64_t serial);
// The opaque, base64-looking cursors of the Graph API, and what is in one;
// empty for a cursor that is none of ours.
std::string graph_cursor(const std::string& media_id);
std::string media_id_in(const std::string& cursor);

}  // namespace pw::mint
