#include "daemon/app/cli_pages.h"

#include <fstream>
#include <functional>
#include <vector>

#include <CLI/CLI.hpp>

namespace pw {
namespace {

using Apps = std::vector<const CLI::App*>;

Apps children(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([&app](const CLI::Option* option) {
    return !option->get_group().empty() && option != app.get_help_ptr();
  });
}

// Every command that does something by itself, with the words that lead to it.
void each_command(const CLI::App& app, const std::string& words,
                  const std::function<void(const CLI::App&, const std::string&)>& visit) {
  for (const CLI::App* child : children(app)) {
    if (child->get_group().empty()) continue;
    const std::string path = words.empty() ? child->get_name() : words + ' ' + child->get_name();
    if (children(*child).empty()) {
      visit(*child, path);
    } else {
      each_command(*child, path, visit);
    }
  }
}

// A leading dot or apostrophe would be a request, a backslash an escape, and a
// bare hyphen a typographic one (groff_char(7)).
std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::string value_of(const CLI::Option& option) {
  return option.get_type_name().empty() ? "VALUE" : option.get_type_name();
}

std::string synopsis(const CLI::App& command, const std::string& words) {
  std::string line = "\\fBpledgewatch " + roff(words) + "\\fR";
  for (const CLI::Option* option : options_of(command)) {
    if (option->get_positional()) {
      line += " \\fI" + roff(option->get_name(/*positional=*/true)) + "\\fR";
    } else if (option->get_required()) {
      line += " \\fB" + roff(option->get_name()) + "\\fR \\fI" + roff(value_of(*option)) + "\\fR";
    }
  }
  return line + " [options]";
}

std::string option_lines(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* option : options_of(command)) {
    const bool positional = option->get_positional();
    const std::string name = positional ? option->get_name(true) : option->get_name(false, true);
    out += ".RS\n.TP\n\\fB" + roff(name) + "\\fR";
    if (!positional && takes_value(*option)) out += " \\fI" + roff(value_of(*option)) + "\\fR";
    out += '\n' + roff(option->get_description()) + "\n.RE\n";
  }
  return out;
}

std::vector<std::string> option_words(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : options_of(command)) {
    for (const std::string& name : option->get_snames()) words.push_back('-' + name);
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::vector<std::string> names_of(const Apps& apps) {
  std::vector<std::string> names;
  for (const CLI::App* app : apps) {
    if (!app->get_group().empty()) names.push_back(app->get_name());
  }
  return names;
}

// One case of the completion: after these words, these may follow.
void add_cases(const CLI::App& app, const std::string& path, std::string& out) {
  std::vector<std::string> next = names_of(children(app));
  const std::vector<std::string> options = option_words(app);
  next.insert(next.end(), options.begin(), options.end());
  out += "    '" + path + "') words='" + joined(next) + "' ;;\n";
  for (const CLI::App* child : children(app)) {
    if (child->get_group().empty()) continue;
    add_cases(*child, path.empty() ? child->get_name() : path + ' ' + child->get_name(), out);
  }
}

// A description inside single quotes, inside zsh's [..].
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

void add_zsh_cases(const CLI::App& app, const std::string& path, std::string& out) {
  out += "    '" + path + "') list=(";
  for (const CLI::App* child : children(app)) {
    if (!child->get_group().empty())
      out += " '" + child->get_name() + ':' + zsh_text(child->get_description()) + '\'';
  }
  for (const CLI::Option* option : options_of(app)) {
    for (const std::string& name : option->get_lnames())
      out += " '--" + name + ':' + zsh_text(option->get_description()) + '\'';
  }
  out += " ) ;;\n";
  for (const CLI::App* child : children(app)) {
    if (child->get_group().empty()) continue;
    add_zsh_cases(*child, path.empty() ? child->get_name() : path + ' ' + child->get_name(), out);
  }
}

// The words so far that are commands, so that options in between do not matter.
constexpr std::string_view bash_body = R"sh(  local path='' word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in -*) continue ;; esac
    case " $(_pledgewatch_words "$path") " in
      *" $word "*) path=${path:+$path }$word ;;
    esac
  done
  COMPREPLY=($(compgen -W "$(_pledgewatch_words "$path")" -- "${COMP_WORDS[COMP_CWORD]}"))
  [ ${
#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
)sh";

constexpr std::string_view zsh_body = R"sh(  local so_far='' word
  local -a list
  for word in ${words[2,CURRENT-1]}; do
    [[ $word == -* ]] && continue
    _pledgewatch_list "$so_far"
    (( ${list[(I)$word:*]} )) && so_far=${so_far:+$so_far }$word
  done
  _pledgewatch_list "$so_far"
  _describe 'pledgewatch' list
  _files
)sh";

constexpr std::string_view man_tail = R"sh(.SH EXIT STATUS
.TP
0
Fine.
.TP
1
The answer is no: a check failed, a log does not verify.
.TP
2
Wrong usage, or a mistake in the files; nothing was started.
.TP
3
The world failed: a disk, a network, a running daemon in the way.
.SH FILES
.TP
\fI/etc/pledgewatch/CAMPAIGN/campaign.yaml\fR
What \fBpledgewatch@CAMPAIGN.service\fR runs.
.TP
\fI/var/lib/pledgewatch/CAMPAIGN\fR
Its store, and its compliance log in \fIlog/\fR.
.SH SEE ALSO
\fBsystemctl\fR(1), \fBjournalctl\fR(1), \fBsystemd.exec\fR(5)
)sh";

}  // namespace

std::string print_man_page(const CLI::App& app) {
  std::string out = ".TH PLEDGEWATCH 1 \"\" \"pledgewatch " PLEDGEWATCH_VERSION
                    "\" \"User Commands\"\n.SH NAME\npledgewatch \\- who kept the pledge, and "
                    "what nobody can say\n.SH SYNOPSIS\n.B pledgewatch\n\\fICOMMAND\\fR "
                    "[options]\n.SH DESCRIPTION\n" +
                    roff(app.get_description()) + "\n.SH COMMANDS\n";
  each_command(app, "", [&](const CLI::App& command, const std::string& words) {
    out += ".TP\n" + synopsis(command, words) + '\n' + roff(command.get_description()) + '\n' +
           option_lines(command);
  });
  return out + std::string(man_tail);
}

std::string print_bash_completion(const CLI::App& app) {
  std::string out =
      "# bash completion for pledgewatch\n_pledgewatch_words() {\n  local words=''\n  case $1 in\n";
  add_cases(app, "", out);
  out += "  esac\n  echo \"$words\"\n}\n_pledgewatch() {\n" + std::string(bash_body);
  return out + "}\ncomplete -F _pledgewatch pledgewatch\n";
}

std::string print_zsh_completion(const CLI::App& app) {
  std::string out = "#compdef pledgewatch\n_pledgewatch_list() {\n  case $1 in\n";
  add_zsh_cases(app, "", out);
  out += "  esac\n}\n_pledgewatch() {\n" + std::string(zsh_body);
  return out + "}\n_pledgewatch \"$@\"\n";
}

bool write_cli_pages(const CLI::App& app, const std::string& folder) {
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream out(folder + '/' + name, std::ios::binary);
    out << text;
    out.close();
    return static_cast<bool>(out);
  };
  return write("pledgewatch.1", print_man_page(app)) &&
         write("pledgewatch.bash", print_bash_completion(app)) &&
         write("_pledgewatch", print_zsh_completion(app));
}

}  // namespace pw
