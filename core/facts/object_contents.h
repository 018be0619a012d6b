#pragma once

#include "facts/store_finder.h"

namespace covet::facts {

/// Gives every object that lives as long as the program stores of its own, where its class alone does not tell
/// them apart, or tells no data at all:
///
///     users, orders = Repository(), Repository()     two of one class, which makes `self._items` in `__init__`
///     @dataclass class State: items: list = field(default_factory=list)
///     state = State()                                fields, which are data only in an object that stays
void addContentsOfObjects(const Project& project, std::vector<FoundStore>& found);

/// Whether a class is a dataclass or a Pydantic model, or one whose objects are tuples or dicts.
bool isRecordClass(const Project& project, const Module& module, const semantic::Class& owner);

} // namespace covet::facts
