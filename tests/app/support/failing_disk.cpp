#include "tests/app/support/failing_disk.h"

#include <algorithm>
#include <array>

#include "daemon/core/hash.h"

namespace pw::test {

namespace {

struct Kind {
  const char* name;
  bool lasts;  // until it is healed; else one write suffers
};

constexpr std::array kinds = {
    Kind{"the store's disk is full", true},   Kind{"a write to the store fails", false},
    Kind{"a sync of the store fails", false}, Kind{"a write to the store is torn", false},
    Kind{"the log's disk is full", true},     Kind{"a write to the log fails", false},
    Kind{"a write to the log is torn", false}};
constexpr std::size_t log_kinds = 4;  // from here on
constexpr int strikes_a_day = 2;

}  // namespace

class FailingFolder final : public Folder {
 public:
  FailingFolder(std::unique_ptr<Folder> real, FailingDisk& disk)
      : real_(std::move(real)), disk_(disk) {}

  Result<std::optional<std::string>> read(const std::string& path,
                                          std::uint64_t bytes_max) override {
    return real_->read(path, bytes_max);
  }
  Result<Done> replace(const std::string& path, std::string_view bytes) override {
    const FolderTrouble trouble = disk_.next_trouble();
    if (trouble == FolderTrouble::none) return real_->replace(path, bytes);
    if (trouble == FolderTrouble::torn)
      static_cast<void>(real_->replace(path + ".tmp", bytes.substr(0, bytes.size() / 2)));
    return failed(path, trouble);
  }
  Result<Done> append(const std::string& path, std::string_view bytes) override {
    const FolderTrouble trouble = disk_.next_trouble();
    if (trouble == FolderTrouble::none) return real_->append(path, bytes);
    if (trouble == FolderTrouble::torn)
      static_cast<void>(real_->append(path, bytes.substr(0, bytes.size() / 2)));
    return failed(path, trouble);
  }
  // A full disk lets go of what is there.
  Result<Done> remove(const std::string& path) override { return real_->remove(path); }
  Result<std::vector<FolderFile>> list(const std::string& under) override {
    return real_->list(under);
  }

 private:
  static Error failed(const std::string& path, FolderTrouble trouble) {
    return {Errc::transient, path + (trouble == FolderTrouble::full ? ": No space left on device"
                                                                    : ": Input/output error")};
  }

  std::unique_ptr<Folder> real_;
  FailingDisk& disk_;
};

FailingDisk::FailingDisk(std::uint64_t seed) : seed_(seed) {}

std::vector<RehearsalEvent> FailingDisk::events() {
  std::vector<RehearsalEvent> events;
  for (std::uint64_t i = 0; i < strikes_a_day; ++i) {
    // Every kind comes, whatever the seeds: in turn.
    const auto kind = static_cast<int>((seed_ * strikes_a_day + i) % kinds.size());
    const double part = static_cast<double>(mix64("part", seed_ * 10 + i) % 1000) / 1000;
    const double at = 0.08 + 0.42 * static_cast<double>(i) + 0.35 * part;
    const bool in_log = static_cast<std::size_t>(kind) >= log_kinds;
    const auto write = 1 + static_cast<int>(mix64("write", seed_ * 10 + i) % (in_log ? 5 : 25));
    const double lasts = 0.006 + 0.004 * part;
    story_ += std::string(kinds[static_cast<std::size_t>(kind)].name) + " at " +
              std::to_string(at) + " of the window, write " + std::to_string(write) + "; ";
    events.push_back({at, [this, kind, write] { strike(kind, write); }});
    events.push_back({at + lasts, [this] { heal(); }});
  }
  return events;
}

std::unique_ptr<Folder> FailingDisk::wrap(std::unique_ptr<Folder> folder) {
  return std::make_unique<FailingFolder>(std::move(folder), *this);
}

FolderTrouble FailingDisk::next_trouble() {
  if (trouble_ == FolderTrouble::none || --writes_before_ > 0) return FolderTrouble::none;
  ++struck_;
  return trouble_ == FolderTrouble::full ? trouble_ : std::exchange(trouble_, FolderTrouble::none);
}

void FailingDisk::strike(int kind, int write) {
  constexpr std::array faults = {DiskFault::full, DiskFault::write_error, DiskFault::sync_error,
                                 DiskFault::torn};
  constexpr std::array troubles = {FolderTrouble::full, FolderTrouble::broken, FolderTrouble::torn};
  const bool lasts = kinds[static_cast<std::size_t>(kind)].lasts;
  if (static_cast<std::size_t>(kind) < faults.size()) {
    store_.arm(faults[static_cast<std::size_t>(kind)], write, lasts);
    return;
  }
  trouble_ = troubles[static_cast<std::size_t>(kind) - faults.size()];
  writes_before_ = write;
}

void FailingDisk::heal() {
  if (store_.struck()) ++struck_;
  store_.heal();
  // One write that has to suffer may still be to come: the log is written once a minute.
  if (trouble_ == FolderTrouble::full) trouble_ = FolderTrouble::none;
}

}  // namespace pw::test
