// Sinks that are no HTTP: mail, and programs of the operator's.
#include <algorithm>
#include <array>

#include "config/load_sections.h"
#include "config/text.h"
#include "daemon/core/mail_address.h"

namespace pw {
namespace {

constexpr std::size_t readers_max = 100;
constexpr std::size_t arguments_max = 100;
constexpr std::size_t argument_bytes_max = 4'096;
constexpr std::size_t user_bytes_max = 255;
// Submission, the same under TLS, and relay (RFC 6409, 8314, 5321).
constexpr std::array<std::uint16_t, 3> mail_ports = {587, 465, 25};

void load_server(const YamlMap& map, const LoadContext& context, SinkConfig& sink) {
  const YamlField field = map.required("url");
  std::optional<Secret> url = load_secret(field, context, /*text_is_fine=*/true);
  if (!url) return;
  const Result<MailServer> server = parse_mail_server(url->value);
  if (!server) {
    field.error(server.error().detail + "; user and password are keys of their own");
    return;
  }
  const auto& more = sink.allowance.ports;
  const bool fits =
      std::find(mail_ports.begin(), mail_ports.end(), server->port) != mail_ports.end() ||
      std::find(more.begin(), more.end(), server->port) != more.end();
  if (!fits)
    field.error("port " + std::to_string(server->port) +
                " is none of mail's (587, 465, 25); name it in allow_ports");
  sink.url = *std::move(url);
}

std::optional<std::string> load_mailbox(const YamlField& field) {
  const std::optional<std::string> text = field.text(/*bytes_max=*/500);
  if (!text) return std::nullopt;
  const Result<Mailbox> mailbox = parse_mailbox(*text);
  if (mailbox) return text;
  field.error(mailbox.error().detail + ", got " + in_quotes(*text));
  return std::nullopt;
}

void load_readers(const YamlField& field, SinkConfig& sink) {
  const std::vector<YamlField> readers = field.items(/*one_is_list=*/true);
  if (readers.size() > readers_max)
    field.error("more than " + std::to_string(readers_max) + " readers; use a mailing list");
  if (field.is_list() && readers.empty()) field.error("names no reader");
  for (const YamlField& reader : readers) {
    if (auto mailbox = load_mailbox(reader)) sink.to.push_back(*std::move(mailbox));
  }
}

void load_argument(const YamlField& field, SinkConfig& sink) {
  const std::optional<std::string> text = field.text(argument_bytes_max);
  if (!text) return;
  if (has_controls(*text)) field.error("must be one line");
  if (sink.command.empty() && !text->starts_with('/'))
    field.error("the program's whole path, such as /usr/local/bin/siren, got " + in_quotes(*text));
  sink.command.push_back(*text);
}

void refuse(const YamlMap& map, std::initializer_list<const char*> keys, const char* why) {
  for (const char* key : keys) {
    const YamlField field = map.field(key);
    if (field.is_present()) field.error(why);
  }
}

}  // namespace

void load_mail(const YamlMap& map, const LoadContext& context, SinkConfig& sink) {
  refuse(map, {"command"}, "an email sink runs none");
  load_allowance(map, sink.allowance);
  load_server(map, context, sink);
  sink.allowance = {};
  take(sink.from, load_mailbox(map.required("from")));
  load_readers(map.required("to"), sink);
  const YamlField user = map.field("user");
  const YamlField secret = map.field("secret");
  if (const auto name = user.text(user_bytes_max)) {
    if (has_controls(*name)) user.error("must be one line");
    sink.user = *name;
  }
  sink.secret = load_secret(secret, context, /*text_is_fine=*/false);
  if (user.is_present() != secret.is_present())
    (user.is_present() ? user : secret).error("'user' and 'secret', the password, go together");
}

void load_program(const YamlMap& map, const Config& config, SinkConfig& sink) {
  refuse(map, {"url", "secret", "to", "from", "user", "allow_hosts", "allow_ports"},
         "an exec sink has none: 'command' is all");
  sink.url = {"url", "exec:"};
  const YamlField command = map.required("command");
  const std::vector<YamlField> words = command.items(/*one_is_list=*/true);
  if (words.size() > arguments_max) command.error("more than 100 arguments");
  if (command.is_list() && words.empty()) command.error("names no program");
  for (const YamlField& word : words) load_argument(word, sink);
  if (!config.allow_exec)
    map.field("type").error("runs a program; allow that with 'allow_exec: true' in this file");
}

}  // namespace pw
