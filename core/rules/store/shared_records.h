#pragma once

#include <vector>

#include "facts/store_finder.h"
#include "rules/store/bridge_rewrite.h"
#include "rules/store/obstacles.h"
#include "rules/store/store_engine.h"

namespace covet::rules {

/// A store that holds records of another one: the same objects, and not copies of them.
struct SharedRecords {
    const facts::FoundStore* owner = nullptr;
    const facts::FoundStore* holder = nullptr;
    const semantic::Module* module = nullptr;
    Node where;            // the code that puts a record into both
    bool isInside = false; // the holder has it inside of its own records
    bool isTold = false;   // the records have a key of their own, by which the bridge knows them again
};

/// Stores that hold the same records, where code changes such records in place:
///
///     members.append(m)                           by_id = {m["id"]: m for m in members}
///     teams.setdefault(name, []).append(m)        carts[user]["items"].append(products[key])
///
/// In two tables each would have a copy of its own. Records that nothing changes may be copies.
std::vector<SharedRecords> sharedRecords(const semantic::Project& project, const StorePlan& plan);

bool shareRecords(const std::vector<SharedRecords>& shared, const std::vector<const facts::FoundStore*>& stores);

/// Tells the proxies of such stores of one another. Whether there are any.
bool linkSharing(const std::vector<SharedRecords>& shared, Proxies& proxies);

/// Keeps what nothing could put together again, and what a store that stays holds as well.
void untoldRecords(const std::vector<SharedRecords>& shared, Obstacles& obstacles);

} // namespace covet::rules
