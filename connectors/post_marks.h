// The marks of a post whose platform sends plain text and no entities.
#pragma once

#include "connectors/text_marks.h"
#include "daemon/core/post.h"

namespace pw {

inline void read_marks(Post& post) {
  for (std::string& tag : hashtags_in(post.text)) add_mark(post.tags, std::move(tag));
  for (std::string& link : links_in(post.text)) add_mark(post.links, std::move(link));
  for (std::string& name : mentions_in(post.text)) add_mark(post.mentions, std::move(name));
}

}  // namespace pw
