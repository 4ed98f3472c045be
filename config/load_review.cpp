// Who may decide on findings, and when a rule does.
#include <algorithm>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/text.h"

namespace pw {
namespace {

constexpr std::size_t reviewer_bytes_max = 100;
constexpr std::size_t reviewers_max = 1'000;
constexpr std::size_t token_bytes_min = 16;

void load_name(const YamlField& field, Reviewer& person) {
  const std::optional<std::string> name = field.text(reviewer_bytes_max);
  if (!name) return;
  // A colon marks what a rule said; controls would break lists and logs.
  if (has_controls(*name) || name->find(':') != std::string::npos) {
    field.error("must be one line without a colon");
    return;
  }
  person.name = one_line(*name);
}

// Only its digest is kept.
void load_token(const YamlField& field, const LoadContext& context, Reviewer& person) {
  const std::optional<Secret> token = load_secret(field, context, /*text_is_fine=*/false);
  if (!token) return;
  if (token->value.size() < token_bytes_min) {
    field.error("a token needs at least " + std::to_string(token_bytes_min) + " bytes");
    return;
  }
  person.token = sha256(token->value);
}

void load_role(const YamlField& field, Reviewer& person) {
  const auto name = field.name_of(reviewer_role_names, "role");
  if (!name) return;
  const auto it = std::find(reviewer_role_names.begin(), reviewer_role_names.end(), *name);
  person.role = static_cast<Role>(it - reviewer_role_names.begin());
}

void check_unique(const YamlMap& map, const Reviewer& person, const std::vector<Reviewer>& others) {
  for (const Reviewer& other : others) {
    if (!person.name.empty() && other.name == person.name)
      map.field("name").error("two reviewers are called " + in_quotes(person.name));
    if (person.token && other.token == person.token)
      map.field("token").error("this is also the token of " + in_quotes(other.name) +
                               "; two confirmations from one are one");
    if (person.uid && other.uid == person.uid)
      map.field("uid").error("this is also the uid of " + in_quotes(other.name));
  }
}

void load_reviewer(const YamlField& item, const LoadContext& context,
                   std::vector<Reviewer>& people) {
  const auto map = item.map(keys::reviewer, /*nothing_is_map=*/false);
  if (!map) return;
  Reviewer person;
  load_name(map->required("name"), person);
  load_token(map->field("token"), context, person);
  take(person.uid, map->field("uid").number(0, 4'294'967'294));
  if (!map->field("token").is_present() && !map->field("uid").is_present())
    map->self().error("needs a 'token' or, on this machine, a 'uid'");
  load_role(map->field("role"), person);
  check_unique(*map, person, people);
  people.push_back(std::move(person));
}

// A campaign that can never confirm anything is mistaken rather than careful.
void check_numbers(const YamlField& field, const Config& config) {
  const auto deciders =
      std::count_if(config.reviewers.begin(), config.reviewers.end(),
                    [](const Reviewer& person) { return person.role >= Role::reviewer; });
  if (deciders < config.publish_needs)
    field.warning("has " + std::to_string(deciders) + " who may decide, and publish_needs is " +
                  std::to_string(config.publish_needs) + ": no finding can ever be confirmed");
}

}  // namespace

void load_review(const YamlField& field, const LoadContext& context, Config& config) {
  const auto map = field.map(keys::review, /*nothing_is_map=*/true);
  if (!map) return;
  take(config.publish_needs, map->field("publish_needs").number(1, 100));
  if (const auto amnesty =
          map->field("amnesty").duration(std::chrono::seconds(1), std::chrono::hours(24 * 30)))
    config.amnesty = *amnesty;
  const YamlField people = map->field("reviewers");
  const std::vector<YamlField> items = people.items(/*one_is_list=*/false);
  if (items.size() > reviewers_max) {
    people.error("more than " + std::to_string(reviewers_max) + " reviewers");
    return;
  }
  for (const YamlField& item : items) load_reviewer(item, context, config.reviewers);
  if (people.is_present()) check_numbers(people, config);
}

}  // namespace pw
