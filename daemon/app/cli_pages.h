// The manual page and the shells' completions, made from the same description of
// the command line that --help prints: one source, nothing to keep in step.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace pw {

// man-pages(7) in roff, section 1.
std::string print_man_page(const CLI::App& app);

// Completes subcommands, options and files. Source it, or install it where the
// shell looks.
std::string print_bash_completion(const CLI::App& app);
std::string print_zsh_completion(const CLI::App& app);

// pledgewatch.1, pledgewatch.bash and _pledgewatch in `folder`; false when one
// could not be written.
bool write_cli_pages(const CLI::App& app, const std::string& folder);

}  // namespace pw
