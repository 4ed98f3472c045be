// What the process holds of the machine's memory.
#pragma once

namespace pw {

// Gives free pages of the heap back to the system (malloc_trim(3)). Starting and
// reloading need several times the memory of the day that follows, and glibc keeps
// what was freed between what is not. Takes some milliseconds; elsewhere nothing.
void give_back_memory();

}  // namespace pw
