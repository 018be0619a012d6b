#pragma once

#include "rules/store/store_engine.h"

namespace covet::rules {

/// A container in the store's records that does more than a list or a dict, where the records' code looks into it:
/// `{"votes": Counter()}` and later `poll["votes"][choice] += 1`. A document in a column comes back as a plain dict or
/// list, which knows no missing keys and no longest length. Null where there is none.
Node containerWithBehaviour(const semantic::Project& project, const facts::FoundStore& store, const schema::Table& table);

} // namespace covet::rules
