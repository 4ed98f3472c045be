// Functions of facts: whether a window covers a time, whether a post is the
// campaign's statement.
#include <array>

#include "rules/evaluator.h"
#include "rules/facts.h"
#include "rules/functions.h"
#include "rules/object.h"
#include "rules/schema.h"

namespace pw::cel {
namespace {

using Arguments = std::span<const Value>;

Value covered(const Value& window, Interval appeared) {
  switch (covers(*static_cast<const Window*>(window.object.data), appeared)) {
    case Ternary::no:
      return Value::of(false);
    case Ternary::yes:
      return Value::of(true);
    case Ternary::unknown:
      break;
  }
  return Value::unknown("the time straddles an edge of the window");
}

Value covers_interval(Context&, Arguments a) {
  return covered(a[0], *static_cast<const Interval*>(a[1].object.data));
}

Value covers_time(Context&, Arguments a) {
  const Instant at = instant_of_ms(a[1].time.seconds * 1000 + a[1].time.nanos / 1'000'000);
  return covered(a[0], {at, at});
}

// The campaign's own condition over the post. Without one, nothing is a
// statement. It shares this evaluation's budget; it names no campaign, so that
// it cannot call itself.
Value is_statement(Context& context, Arguments a) {
  const auto* const campaign = static_cast<const Facts*>(a[0].object.data);
  if (campaign->statement == nullptr) return Value::of(false);
  const StatementActivation slots(*static_cast<const Facts*>(a[1].object.data));
  const Activation activation = slots;
  Value value = Evaluator(campaign->statement->plan(), activation, context).run();
  value.position = no_position;  // the fault stands in another source
  return value;
}

constexpr std::array fact_table = {
    FunctionRow{"window.covers(interval) -> bool", covers_interval},
    FunctionRow{"window.covers(timestamp) -> bool", covers_time},
    FunctionRow{"campaign.is_statement(post) -> bool", is_statement},
};

}  // namespace

std::span<const FunctionRow> fact_rows() { return fact_table; }

const Field* find_field(const ObjectType& type, std::string_view name) {
  for (const Field& field : type.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::span<const ObjectType* const> object_types() {
  static constexpr std::array types = {&schema::post,   &schema::account,  &schema::actor,
                                       &schema::pledge, &schema::campaign, &schema::look,
                                       &schema::window, &schema::interval, &schema::finding};
  return types;
}

}  // namespace pw::cel
