#include "daemon/app/scratch_folder.h"

#include <unistd.h>

namespace pw {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const std::string& purpose, const std::string& wished)
    : keeps_(!wished.empty()) {
  std::error_code error;
  const fs::path memory("/dev/shm");
  const fs::path base = fs::is_directory(memory, error) ? memory : fs::temp_directory_path(error);
  const std::string name = "pledgewatch-" + purpose + "-" + std::to_string(getpid());
  path_ = keeps_ ? fs::path(wished) : base / name;
  fs::create_directories(path_, error);
  if (!error && !keeps_) fs::permissions(path_, fs::perms::owner_all, error);
  usable_ = !error && fs::is_empty(path_, error) && !error;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!keeps_) fs::remove_all(path_, ignored);
}

void keep_to_itself(const std::string& folder, Config& config) {
  config.log.signer.clear();
  config.log.stamp.reset();
  config.heartbeat.reset();
  for (auto& [name, connector] : config.connectors) connector.callback.clear();
  config.state_dir = folder + "/state";
  config.log_dir = folder + "/log";
  config.log.key_file = folder + "/state/log.key";
}

}  // namespace pw
