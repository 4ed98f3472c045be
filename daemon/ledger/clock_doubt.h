// How wrong our clock may have been, and when, judged by the Date fields of
// everybody's answers (design, section 3.2): the median over hosts of each host's
// median, for every few minutes on its own, so that a clock which was set wrong
// for an hour of a day is noticed.
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
  // Our clock less the answer's Date, of one answer that was received `at`. In
  // the order in which answers came, whatever our clock said of it.
  void add(std::size_t host, Instant at, Millis offset);

  // At least what the clock was off by at some time of `span`, beyond what a right
  // clock shows: Date counts whole seconds, and an answer takes its time, so up to
  // two seconds ahead are as it should be. Zero without any answer.
  Millis doubt(Interval span) const;
  Millis doubt() const { return doubt({Instant::min(), Instant::max()}); }

 private:
  // Offsets by powers of two, 2^0 to 2^30 ms and beyond, behind and ahead: a
  // host's median to within a factor of two in constant memory.
  struct Host {
    std::array<std::uint32_t, 64> counts{};
    std::uint64_t answers = 0;
  };
  struct Spell {
    Interval span;
    Millis doubt;
  };
  static Millis median(const Host& host);
  Millis doubt_now() const;
  // Every host that ever answered has been heard often enough to judge by.
  bool is_enough(Instant at) const;
  void close();

  std::map<std::string, std::size_t> numbers_;
  std::vector<Host> hosts_;  // of the spell that is open
  std::size_t heard_ = 0;    // hosts in it
  std::size_t heard_ever_ = 0;
  std::vector<bool> ever_;
  Interval open_{Instant::max(), Instant::min()};
  std::vector<Spell> doubts_;  // closed spells in which there was any
};

}  // namespace pw
