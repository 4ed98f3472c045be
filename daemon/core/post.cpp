#include "daemon/core/post.h"

namespace pw {
namespace {

// Fields are length-prefixed, so that no two different posts print alike.
void append(std::string& out, std::string_view field) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
}

void append(std::string& out, const std::optional<Instant>& t) {
  append(out, t ? std::to_string(ms_of(*t)) : std::string_view{});
}

void append(std::string& out, const std::vector<std::string>& fields) {
  append(out, std::to_string(fields.size()));
  for (const std::string& field : fields) append(out, field);
}

}  // namespace

Digest digest_of(const Post& post) {
  std::string bytes;
  bytes.reserve(post.text.size() + 256);
  append(bytes, post.id);
  append(bytes, name_of(post.surface));
  append(bytes, post.claimed_at);
  append(bytes, post.edited_at);
  append(bytes, post.text);
  append(bytes, post.url);
  append(bytes, post.lang);
  append(bytes, post.repost_of);
  append(bytes, post.in_reply_to);
  append(bytes, post.media);
  append(bytes, post.tags);
  append(bytes, post.links);
  append(bytes, post.mentions);
  append(bytes, post.paid_partnership ? (*post.paid_partnership ? "1" : "0") : "");
  return sha256(bytes);
}

}  // namespace pw
