#include "daemon/ledger/log_writer.h"

#include "daemon/ledger/checkpoint.h"

namespace pw {
namespace {

Error contradicted(std::uint64_t index) {
  return Error{Errc::refused,
               "leaf " + std::to_string(index) +
                   " of the store is not the one that was signed; nothing is signed"};
}

}  // namespace

std::string object_path(const Digest& digest, std::string_view extension) {
  return std::string(objects_folder) + print_hex(digest) + std::string(extension);
}

Result<Digest> write_object(Folder& log, std::string_view bytes, std::string_view extension) {
  if (bytes.size() > object_bytes_max) return Error{Errc::refused, "an object of too many bytes"};
  const Digest digest = sha256(bytes);
  const auto done = log.replace(object_path(digest, extension), bytes);
  if (!done) return done.error();
  return digest;
}

Result<Published> LogWriter::catch_up(LeafSource& source) {
  const auto count = source.leaf_count();
  if (!count) return count.error();
  if (!stack_) {
    const auto repaired = repair();
    if (!repaired) return repaired.error();
  }
  const auto& last = signer_.last();
  if (last && *count < last->size) {
    stack_.reset();
    return Error{Errc::refused, "the store has " + std::to_string(*count) + " leaves, but " +
                                    std::to_string(last->size) +
                                    " were signed; was it restored from an older copy?"};
  }
  if (*count == 0) return Published{{signer_.verifier().name, 0, empty_root(), {}}, {}, false};
  const bool had_all = stack_->size() == *count && last && last->size == *count;
  const auto extended = had_all ? Result<Done>(Done{}) : extend(source, *count);
  auto published = extended ? publish({signer_.verifier().name, *count, stack_->root(), {}})
                            : Result<Published>(extended.error());
  if (published && has_leftovers_) {
    const auto removed = remove_leftovers(*count);
    if (!removed) published = removed.error();
  }
  // Half-written tiles and memory may differ now: the next call reads them anew.
  if (!published) stack_.reset();
  return published;
}

Result<Done> LogWriter::repair() {
  const std::string vkey = print_vkey(signer_.verifier()) + '\n';
  const auto stored = log_.read(std::string(vkey_file), note_bytes_max);
  if (!stored) return stored.error();
  if (*stored && **stored != vkey) {
    return Error{Errc::refused, "the folder holds the log of another key"};
  }
  if (!*stored) {
    const auto done = log_.replace(std::string(vkey_file), vkey);
    if (!done) return done;
  }
  const auto done = repair_history();
  if (!done) return done;
  has_leftovers_ = true;
  // From tiles where they agree with the signature, else from the first leaf.
  stack_ = TileStack();
  const auto& last = signer_.last();
  if (last) {
    auto loaded = TileStack::load(log_, last->size);
    if (loaded && loaded->root() == last->root) stack_ = std::move(*loaded);
  }
  bundle_.clear();
  bundled_ = stack_->size() / tile_width * tile_width;
  return Done{};
}

// What a crash left: temporary files, and partial tiles whose fuller ones stand.
Result<Done> LogWriter::remove_leftovers(std::uint64_t size) {
  const auto files = log_.list("");
  if (!files) return files.error();
  for (const FolderFile& file : *files) {
    const auto tile = parse_tile_path(file.path);
    const bool is_replaced = tile && tile->width < tile_width_at(tile->level, tile->index, size);
    if (!is_replaced && !is_temporary(file.path)) continue;
    const auto done = log_.remove(file.path);
    if (!done) return done;
  }
  has_leftovers_ = false;
  return Done{};
}

// An append that a crash cut short leaves the beginning of a note behind. What
// was signed stands in the signer's state and is appended again.
Result<Done> LogWriter::repair_history() {
  const auto history = log_.read(std::string(history_file), history_bytes_max);
  if (!history) return history.error();
  const std::string bytes = history->value_or("");
  std::size_t torn_at = 0;
  const auto notes = split_notes(bytes, torn_at);
  if (torn_at < bytes.size()) {
    const auto done =
        log_.replace(std::string(history_file), std::string_view(bytes).substr(0, torn_at));
    if (!done) return done;
  }
  published_ = notes.empty() ? "" : std::string(notes.back().bytes);
  if (published_.empty()) return Done{};
  const auto latest = log_.read(std::string(checkpoint_file), note_bytes_max);
  if (!latest) return latest.error();
  if (*latest != published_) {
    const auto done = log_.replace(std::string(checkpoint_file), published_);
    if (!done) return done;
  }
  return signer_.adopt(published_);
}

Result<Done> LogWriter::extend(LeafSource& source, std::uint64_t count) {
  Result<Done> taken = Done{};
  const auto done =
      source.each_leaf(bundled_, count - bundled_, [&](std::uint64_t index, std::string_view leaf) {
        taken = take_leaf(index, leaf);
        return static_cast<bool>(taken);
      });
  if (!done) return done;
  if (!taken) return taken;
  if (stack_->size() != count)
    return Error{Errc::transient, "the store gave fewer leaves than it has"};
  return write_partials();
}

Result<Done> LogWriter::take_leaf(std::uint64_t index, std::string_view leaf) {
  if (index != bundled_) return Error{Errc::malformed, "the store gave its leaves out of order"};
  if (leaf.size() > 65'535) return Error{Errc::malformed, "a leaf longer than 65,535 bytes"};
  append_entry(bundle_, leaf);
  ++bundled_;
  const Digest hash = hash_leaf(leaf);
  // Leaves of the open bundle that are in the tree already are only read again.
  if (index < stack_->size()) {
    return stack_->leaf_in_edge(index) == hash ? Result<Done>(Done{}) : contradicted(index);
  }
  if (bundled_ % tile_width == 0) {
    const auto done = log_.replace(entries_path(index / tile_width), bundle_);
    if (!done) return done;
    bundle_.clear();
  }
  const auto appended =
      stack_->append(hash, [this](unsigned level, std::uint64_t i, const auto& hashes) {
        return write_tile(level, i, hashes);
      });
  return appended ? check_signed_prefix() : appended;
}

// While the tree is made again from the first leaf, it must pass through what was signed.
Result<Done> LogWriter::check_signed_prefix() const {
  const auto& last = signer_.last();
  if (last && stack_->size() == last->size && stack_->root() != last->root) {
    return contradicted(last->size - 1);
  }
  return Done{};
}

Result<Done> LogWriter::write_tile(unsigned level, std::uint64_t index,
                                   const std::vector<Digest>& hashes) {
  const auto width = static_cast<unsigned>(hashes.size());
  return log_.replace(tile_path(level, index, width), print_tile(hashes));
}

Result<Done> LogWriter::write_partials() {
  if (!bundle_.empty()) {
    const auto width = static_cast<unsigned>(bundled_ % tile_width);
    const auto done = log_.replace(entries_path(bundled_ / tile_width, width), bundle_);
    if (!done) return done;
  }
  return stack_->each_partial([this](unsigned level, std::uint64_t index, const auto& hashes) {
    return write_tile(level, index, hashes);
  });
}

// Partial tiles at the edge of the tree of `old_size`, where the tree of `size`
// has fuller ones.
Result<Done> LogWriter::remove_replaced(std::uint64_t old_size, std::uint64_t size) {
  for (unsigned level = 0; level * tile_height < 64 && old_size >> (level * tile_height) != 0;
       ++level) {
    const std::uint64_t index = old_size >> (level * tile_height) >> tile_height;
    const unsigned width = tile_width_at(level, index, size);
    auto done = remove_thinner(tile_path(level, index), width);
    if (done && level == 0) done = remove_thinner(entries_path(index), width);
    if (!done) return done;
  }
  return Done{};
}

// `path` is the full tile's.
Result<Done> LogWriter::remove_thinner(const std::string& path, unsigned width) {
  const auto files = log_.list(path + ".p");
  if (!files) return files.error();
  for (const FolderFile& file : *files) {
    const auto tile = parse_tile_path(file.path);
    if (!tile || tile->width >= width) continue;
    const auto done = log_.remove(file.path);
    if (!done) return done;
  }
  return Done{};
}

Result<Published> LogWriter::publish(const Checkpoint& next) {
  const auto last = signer_.last();
  Proof proof;
  if (last && last->size > 0) {
    auto made = consistency_proof(last->size, next.size, node_reader(log_, next.size));
    if (!made) return made.error();
    proof = std::move(*made);
  }
  auto note = signer_.sign(next, proof);
  if (!note) return note.error();
  Published published{next, std::move(*note), !last || *last != next};
  if (published.note == published_) return published;
  auto done = log_.append(std::string(history_file), published.note);
  if (done) done = log_.replace(std::string(checkpoint_file), published.note);
  if (!done) return done.error();
  published_ = published.note;
  const auto cleaned = remove_replaced(last ? last->size : 0, next.size);
  if (!cleaned) return cleaned.error();
  return published;
}

}  // namespace pw
