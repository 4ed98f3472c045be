// Work in a process of its own, which may be killed or have fewer rights.
#pragma once

#include <cstdlib>
#include <exception>

#include <sys/wait.h>
#include <unistd.h>

namespace pw {

struct ChildEnd {
  int exit_code = -1;  // -1: a signal ended it
  int signal = 0;
};

// `work` returns the exit code. The child leaves without running destructors of
// what it inherited.
template <class Work>
ChildEnd in_child(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = work();
    } catch (const std::exception&) {
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) return {WEXITSTATUS(status), 0};
  return {-1, WTERMSIG(status)};
}

}  // namespace pw
