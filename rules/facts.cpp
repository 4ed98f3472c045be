#include "rules/facts.h"

#include "rules/schema.h"
#include "rules/types.h"

namespace pw {
namespace {

using cel::Environment;
using cel::Type;
using cel::TypeKind;
using cel::Value;

const Type* object(const cel::ObjectType& type) {
  static cel::TypePool pool;
  return pool.object(&type);
}

Environment make_rule_environment() {
  Environment environment;
  environment.variables = {
      {"post", object(schema::post)},
      {"account", object(schema::account)},
      {"actor", object(schema::actor)},
      {"pledge", object(schema::pledge)},
      {"campaign", object(schema::campaign)},
      {"look", object(schema::look)},
      {"now", cel::plain_type(TypeKind::timestamp)},
  };
  return environment;
}

Environment make_condition_environment() {
  Environment environment = make_rule_environment();
  environment.warn_of_claims = true;
  return environment;
}

Value time_of(Instant t) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
  return Value::of(cel::Time{seconds.time_since_epoch().count(),
                             static_cast<std::int32_t>((t - seconds).count() * 1'000'000)});
}

}  // namespace

const Environment& rule_environment() {
  static const Environment environment = make_rule_environment();
  return environment;
}

const Environment& condition_environment() {
  static const Environment environment = make_condition_environment();
  return environment;
}

const Environment& statement_environment() {
  static const Environment environment = [] {
    Environment made;
    made.variables = {{"post", object(schema::post)}};
    made.warn_of_claims = true;
    return made;
  }();
  return environment;
}

const Environment& finding_environment() {
  static const Environment environment = [] {
    Environment made;
    made.variables = {{"finding", object(schema::finding)}};
    return made;
  }();
  return environment;
}

FactsActivation::FactsActivation(const Facts& facts)
    : slots_{Value::of_object(&schema::post, &facts),
             Value::of_object(&schema::account, &facts),
             Value::of_object(&schema::actor, &facts),
             Value::of_object(&schema::pledge, &facts),
             Value::of_object(&schema::campaign, &facts),
             Value::of_object(&schema::look, &facts),
             time_of(facts.now)} {}

StatementActivation::StatementActivation(const Facts& facts)
    : slots_{Value::of_object(&schema::post, &facts)} {}

FindingActivation::FindingActivation(const FindingFacts& facts)
    : slots_{Value::of_object(&schema::finding, &facts)} {}

}  // namespace pw
