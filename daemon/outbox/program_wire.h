// Hands a message to a program of the operator's: on its standard input, once, with
// nothing else of ours.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/runtime/fetcher.h"

namespace boost::asio {
class io_context;
}

namespace pw {

// A Fetcher whose request is a message (`body`) and whose answer is what the program
// said: `status` as HTTP says it, `body` the beginning of its standard error.
//
// `command` is an absolute path and arguments, given to the program as they stand: no
// shell reads them. Its environment is PATH=/usr/bin:/bin, LANG=C.UTF-8,
// PLEDGEWATCH_DELIVERY (the stable id, the same on every attempt) and, where it may
// have had the message before, PLEDGEWATCH_MAYBE_DUPLICATE=true; of our own variables
// and descriptors it has none. Its output is thrown away.
//
//   exit 0            accepted
//   exit 65           never: the message itself is wrong (EX_DATAERR of sysexits.h)
//   any other exit    later, by the schedule
//   a signal          later; it may have done its work
//
// Errors: `refused` it cannot be started, nothing was run; `transient` it ended by a
// signal. Cancelled (its time is over), it is killed with its whole process group.
// `io` outlives it.
std::unique_ptr<Fetcher> make_program_wire(boost::asio::io_context& io,
                                           std::vector<std::string> command);

}  // namespace pw
