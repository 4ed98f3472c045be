#include "daemon/core/reviewer.h"

#include <algorithm>

#include "daemon/core/review.h"

namespace pw {
namespace {

bool same(const Digest& a, const Digest& b) {
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

template <class Fits>
const Reviewer* first(std::span<const Reviewer> people, Fits fits) {
  const auto it = std::find_if(people.begin(), people.end(), fits);
  return it == people.end() ? nullptr : &*it;
}

}  // namespace

const Reviewer* find_by_token(std::span<const Reviewer> people, std::string_view token) {
  return token.empty() ? nullptr : find_by_digest(people, sha256(token));
}

const Reviewer* find_by_digest(std::span<const Reviewer> people, const Digest& token) {
  const Reviewer* found = nullptr;
  for (const Reviewer& person : people) {
    if (person.token && same(*person.token, token)) found = &person;
  }
  return found;
}

const Reviewer* find_by_uid(std::span<const Reviewer> people, std::uint32_t uid) {
  return first(people, [&](const Reviewer& person) { return person.uid == uid; });
}

const Reviewer* find_by_name(std::span<const Reviewer> people, std::string_view name) {
  return first(people, [&](const Reviewer& person) { return person.name == name; });
}

Reviewer local_person(std::span<const Reviewer> people, std::uint32_t uid) {
  if (const Reviewer* person = find_by_uid(people, uid)) return *person;
  return {"uid " + std::to_string(uid), {}, uid, Role::operator_};
}

std::optional<ReviewAct> parse_review_act(std::string_view name) {
  const auto it = std::find(review_act_names.begin(), review_act_names.end(), name);
  if (it == review_act_names.end()) return std::nullopt;
  return static_cast<ReviewAct>(it - review_act_names.begin());
}

}  // namespace pw
