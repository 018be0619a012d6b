#pragma once

#include <vector>

#include "facts/facts.h"
#include "schema/model.h"

namespace covet::schema {

/// Finds references between tables by name (`user_id` -> the key of `users`) and proves them: every
/// value of every row must be a key that is there. What all rows keep becomes a foreign key,
/// enforced only where the code can never break it; for a column without rows the name earns an
/// index only. Indexes of the fields that handlers filter by are added too. `stores` holds the
/// store of each table, at the same position. Tables before `first` are known already: others may refer to them.
void relateTables(std::vector<Table>& tables, const std::vector<const facts::Store*>& stores, size_t first = 0);

/// Referenced tables first; otherwise the order stays.
void sortByReferences(std::vector<Table>& tables);

} // namespace covet::schema
