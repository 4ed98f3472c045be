// A platform as a YAML file describes it, read whole or not at all.
//
// Every mapping is one CEL expression over these variables:
//   account  map: handle, host, id, name (what `account.name` made of the handle)
//   cursor   text; empty for the newest page
//   answer   the answer's JSON, whole
//   item     one item of the list, in `post` alone
// In `url` the parts of `account` and `cursor` are percent-encoded already.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "daemon/core/issue.h"
#include "rules/program.h"
#include "rules/template.h"

namespace pw {

// The slots of a mapping's variables.
namespace custom_slot {
inline constexpr std::size_t account = 0, cursor = 1, answer = 2, item = 3, count = 4;
}
const cel::Environment& custom_environment();

// Where an answer that is no page is recognised. The first that fits wins; what
// none fits is read by its status.
struct CustomTrouble {
  std::optional<int> status{};
  std::optional<cel::Program> when{};  // over `answer`
  Outcome outcome = Outcome::malformed;
  Scope scope = Scope::account;
};

struct CustomPost {
  std::optional<cel::Program> id{}, surface{}, text{}, html{}, published{}, edited{}, url{}, lang{},
      repost_of{}, in_reply_to{}, media{}, tags{}, pinned{};
};

struct CustomDefinition {
  std::string name{}, source{}, blind_spots{}, terms{};
  Declaration declared{};  // its texts are set when a connector is made of it
  bool server_stamps = false;

  std::optional<cel::Program> handle_fits{};  // over `account.handle` alone
  std::optional<cel::Program> handle_host{}, handle_name{};
  std::string handle_why = "is no handle of this platform";

  std::string auth_header{};  // empty: no credential is sent
  std::string auth_prefix{};  // "Bearer "

  std::optional<Template> resolve_url{};
  std::optional<cel::Program> resolve_id{}, resolve_handle{};
  std::optional<Template> url{};
  std::optional<cel::Program> items{}, next{}, owner{};
  CustomPost post{};
  std::vector<CustomTrouble> troubles{};
};

inline constexpr std::size_t definition_bytes_max = 262'144;

// `name` is the platform's, as the roster writes it. Every mistake goes to `issues`
// with its line and column; nothing is returned when one is an error.
std::shared_ptr<const CustomDefinition> load_custom(std::string_view name, std::string_view file,
                                                    std::string_view text, Issues& issues);

}  // namespace pw
