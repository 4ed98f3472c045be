// The model's answers about a few of many.
#include <algorithm>
#include <set>

#include "tests/store/support/memory_store.h"

namespace pw {
namespace {

bool fits(const Finding& finding, const FindingsAsk& ask) {
  return (!ask.state || finding.state == *ask.state) && (!ask.mode || finding.mode == *ask.mode) &&
         (!ask.account || finding.account == *ask.account);
}

template <class Item>
void cut(std::vector<Item>& items, int limit) {
  const auto size = static_cast<std::size_t>(std::max(limit, 0));
  if (items.size() > size) items.erase(items.begin() + limit, items.end());
}

// What follows the finding of that id; nothing when there is none.
void skip_to(std::vector<Finding>& findings, std::string_view id) {
  if (id.empty()) return;
  const auto it = std::find_if(findings.begin(), findings.end(),
                               [&](const Finding& finding) { return finding.id == id; });
  findings.erase(findings.begin(), it == findings.end() ? it : it + 1);
}

}  // namespace

Result<std::optional<StoredPost>> MemoryStore::post(AccountNumber account, std::string_view id) {
  const auto it = posts_.find({account, std::string(id)});
  return it == posts_.end() ? std::optional<StoredPost>() : it->second.post;
}

Result<std::vector<Finding>> MemoryStore::findings() { return findings_; }

Result<std::vector<Finding>> MemoryStore::findings(const FindingsAsk& ask) {
  std::vector<Finding> found(findings_.rbegin(), findings_.rend());
  skip_to(found, ask.beyond);
  std::erase_if(found, [&](const Finding& finding) { return !fits(finding, ask); });
  cut(found, ask.limit);
  return found;
}

Result<std::optional<Finding>> MemoryStore::finding(std::string_view id) {
  for (const Finding& finding : findings_) {
    if (finding.id == id) return std::optional(finding);
  }
  return std::optional<Finding>();
}

Result<std::uint64_t> MemoryStore::finding_count(const FindingsAsk& ask) {
  return static_cast<std::uint64_t>(std::count_if(findings_.begin(), findings_.end(),
                                                  [&](const Finding& f) { return fits(f, ask); }));
}

Result<std::vector<Finding>> MemoryStore::waiting_findings(std::string_view reviewer,
                                                           std::string_view beyond, int limit) {
  std::vector<Finding> found = findings_;
  skip_to(found, beyond);
  std::erase_if(found, [&](const Finding& finding) {
    FindingState word = FindingState::open;
    for (const Review& review : reviews_) {
      const bool his = review.finding == finding.id && review.reviewer == reviewer;
      if (his && review.act == ReviewAct::decide) word = review.decision;
    }
    return finding.state != FindingState::open || finding.mode != Mode::alert ||
           word != FindingState::open;
  });
  cut(found, limit);
  return found;
}

Result<std::vector<Finding>> MemoryStore::findings_removed_within(Millis stood) {
  std::vector<Finding> found;
  for (const Finding& finding : findings_) {
    const auto post = posts_.find({finding.account, finding.post_id});
    if (finding.state != FindingState::open || post == posts_.end()) continue;
    const auto& removed = post->second.post.removed;
    if (removed && removed->end - finding.appeared.start <= stood) found.push_back(finding);
  }
  return found;
}

Result<std::vector<Delivery>> MemoryStore::deliveries(const DeliveriesAsk& ask) {
  std::vector<Delivery> deliveries;
  std::int64_t place = 0;
  for (const Waiting& waiting : deliveries_) {
    Delivery delivery = waiting.delivery;
    delivery.place = ++place;
    const bool wanted = (!ask.state || delivery.state == *ask.state) &&
                        (ask.sink.empty() || delivery.row.sink == ask.sink);
    if (wanted && place > ask.beyond) deliveries.push_back(std::move(delivery));
  }
  cut(deliveries, ask.limit);
  return deliveries;
}

Result<std::vector<DeliveryCount>> MemoryStore::delivery_counts() {
  std::map<std::pair<std::string_view, std::string>, DeliveryCount> counts;
  for (const Waiting& waiting : deliveries_) {
    const Delivery& delivery = waiting.delivery;
    DeliveryCount& count = counts[{name_of(delivery.state), delivery.row.sink}];
    if (count.count++ == 0) count.oldest = delivery.created_at;
    count.oldest = std::min(count.oldest, delivery.created_at);
    count.sink = delivery.row.sink;
    count.state = delivery.state;
  }
  std::vector<DeliveryCount> all;
  for (const auto& [key, count] : counts) all.push_back(count);
  return all;
}

Result<std::vector<AttemptRecord>> MemoryStore::attempts_of(std::string_view sink,
                                                            std::string_view delivery) {
  std::vector<AttemptRecord> found;
  for (const AttemptRecord& attempt : attempts_) {
    if (attempt.sink == sink && attempt.delivery == delivery) found.push_back(attempt);
  }
  return found;
}

Result<std::vector<HeldAlert>> MemoryStore::held(const HeldAsk& ask) {
  std::vector<HeldAlert> found;
  for (const HeldAlert& alert : held_) {
    if (!ask.sink.empty() && alert.sink != ask.sink) continue;
    if ((ask.group && alert.group != *ask.group) || alert.place <= ask.beyond) continue;
    found.push_back(alert);
  }
  cut(found, ask.limit);
  return found;
}

Result<std::vector<HeldGroup>> MemoryStore::held_groups(std::string_view sink) {
  std::vector<HeldGroup> groups;
  for (const HeldAlert& alert : held_) {
    const auto same = [&](const HeldGroup& group) { return group.group == alert.group; };
    if (alert.sink != sink || std::any_of(groups.begin(), groups.end(), same)) continue;
    groups.push_back({alert.group, alert.at});
  }
  return groups;
}

Result<std::vector<ToldFinding>> MemoryStore::unreviewed(std::string_view sink,
                                                         std::string_view except) {
  std::set<std::string> open;
  for (const Finding& finding : findings_) {
    if (finding.state == FindingState::open) open.insert(finding.id);
  }
  std::vector<ToldFinding> told;
  for (const Waiting& waiting : deliveries_) {
    const Delivery& delivery = waiting.delivery;
    if (delivery.row.sink != sink || delivery.state != DeliveryState::delivered) continue;
    if (delivery.row.id.starts_with(except)) continue;
    std::vector<std::string> findings = delivery.row.also;
    findings.insert(findings.begin(), delivery.row.finding);
    for (const std::string& finding : findings) {
      if (open.erase(finding) > 0) told.push_back({finding, delivery.created_at});
    }
  }
  return told;
}

}  // namespace pw
