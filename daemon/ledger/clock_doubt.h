// How wrong our clock may have been, judged by the Date fields of everybody's
// answers (design, section 3.2): the median over hosts of each host's median.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/core/time.h"

namespace pw {

class ClockDoubt {
 public:
  // The number of a host, for add().
  std::size_t number_of(const std::string& host);
  // Our clock less the answer's Date, of one answer.
  void add(std::size_t host, Millis offset);

  // At least what the clock was off by, beyond what a right clock shows: Date
  // counts whole seconds, and an answer takes its time, so up to two seconds
  // ahead are as it should be. Zero without any answer.
  Millis doubt() const;

 private:
  // Offsets by powers of two, 2^0 to 2^30 ms and beyond, behind and ahead: a
  // host's median to within a factor of two in constant memory.
  struct Host {
    std::array<std::uint32_t, 64> counts{};
    std::uint64_t answers = 0;
  };
  static Millis median(const Host& host);

  std::map<std::string, std::size_t> numbers_;
  std::vector<Host> hosts_;
};

}  // namespace pw
