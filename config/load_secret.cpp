#include <algorithm>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/text.h"

namespace pw {
namespace {

// The characters that systemd lets a credential's name have here; a slash would
// lead out of its folder.
bool is_credential_name(std::string_view name) {
  return !name.starts_with('.') && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '@';
  });
}

std::optional<SecretName> load_name(const YamlField& field, const LoadContext& context) {
  const auto map = field.map(keys::secret, /*nothing_is_map=*/false);
  if (!map) return std::nullopt;
  const YamlField credential = map->field("credential");
  const YamlField file = map->field("file");
  if (credential.is_present() == file.is_present()) {
    field.error("needs one of 'credential' and 'file'");
    return std::nullopt;
  }
  if (file.is_present()) {
    std::optional<std::string> path = load_path(file, context);
    if (!path) return std::nullopt;
    return SecretName{SecretName::Kind::file, *std::move(path)};
  }
  std::optional<std::string> name = credential.text(/*bytes_max=*/255);
  if (!name) return std::nullopt;
  if (!is_credential_name(*name)) {
    credential.error("a credential's name has letters, digits and -_.@ only");
    return std::nullopt;
  }
  return SecretName{SecretName::Kind::credential, *std::move(name)};
}

// Never shows the secret itself.
std::string fault_of(std::string_view value) {
  if (value.size() < secret_bytes_min)
    return "has " + std::to_string(value.size()) + " bytes; a secret needs at least " +
           std::to_string(secret_bytes_min);
  if (value.size() > secret_bytes_max)
    return "has more than " + std::to_string(secret_bytes_max) + " bytes";
  // A private key in PEM has lines; everything else with a line break is a mistake.
  if (has_controls(value) && !value.starts_with("-----BEGIN ")) return "is not one line of text";
  return {};
}

std::string_view without_end_space(std::string_view value) {
  while (!value.empty() && std::string_view(" \t\r\n").find(value.back()) != std::string_view::npos)
    value.remove_suffix(1);
  return value;
}

std::optional<Secret> read(const YamlField& field, const LoadContext& context,
                           const SecretName& name) {
  const bool is_file = name.kind == SecretName::Kind::file;
  const std::string called =
      (is_file ? "secret file " : "credential ") + in_quotes_whole(name.name);
  const Result<std::string> bytes = context.read_secret(name);
  if (!bytes) {
    field.error(called + " cannot be read: " + bytes.error().detail);
    return std::nullopt;
  }
  const std::string_view value = without_end_space(*bytes);
  if (const std::string fault = fault_of(value); !fault.empty()) {
    field.error(called + ' ' + fault);
    return std::nullopt;
  }
  return Secret{name.name, std::string(value)};
}

}  // namespace

std::optional<Secret> load_secret(const YamlField& field, const LoadContext& context,
                                  bool text_is_fine) {
  if (!field.is_present()) return std::nullopt;
  if (field.is_text() && text_is_fine) {
    const std::optional<std::string> value = field.text(secret_bytes_max);
    if (!value) return std::nullopt;
    return Secret{field.path(), *value};
  }
  if (field.is_text()) {
    field.error(
        "a secret does not belong in this file; write { file: PATH } or { credential: NAME }");
    return std::nullopt;
  }
  const std::optional<SecretName> name = load_name(field, context);
  if (!name) return std::nullopt;
  return read(field, context, *name);
}

}  // namespace pw
