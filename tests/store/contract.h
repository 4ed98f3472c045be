// What every Store has to keep. Each implementation's tests run this over a
// factory that opens the same store again, as a restart does.
#pragma once

#include <functional>
#include <memory>

#include "daemon/store/store.h"

namespace pw {

// Opens the store of this test; the one before is destroyed by then.
using OpenStore = std::function<std::unique_ptr<Store>()>;

// `fresh` gives an OpenStore over a new, empty store, once per property.
void check_contract(const std::function<OpenStore()>& fresh);
// Of finding_contract.cpp: pages and counts.
void check_finding_contract(const std::function<OpenStore()>& fresh);
// Of erase_test.cpp: what is erased, and what is left.
void check_erasure(const std::function<OpenStore()>& fresh);
// Of notice_contract.cpp: what waits to be told together.
void check_notice_contract(const std::function<OpenStore()>& fresh);
// Of delivery_contract.cpp: leases, fences, attempts.
void check_delivery_contract(const std::function<OpenStore()>& fresh);

}  // namespace pw
