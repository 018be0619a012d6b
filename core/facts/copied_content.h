#pragma once

#include <vector>

#include "facts/store_finder.h"

namespace covet::facts {

/// The places at which something is done with a value: code that gets it under a name, as the result of a function or
/// as its argument. `of` are expressions that make the value, all of the same kind; where code names an entry of it
/// (`data["notes"]`, or `data.get("notes", [])`) that place is the subscript's or the call's.
std::vector<StoreReference> placesOfValue(const Project& project, const std::vector<std::pair<const Module*, Node>>& of);

/// The same for the entry with this key alone: `data["notes"]` and the names that it gets.
std::vector<StoreReference> placesOfEntry(const Project& project, const std::vector<StoreReference>& whole, const std::string& key);

/// What a string literal says; "" for other expressions.
std::string constantText(const Node& node);

/// The constant key of `data["notes"]` and `data.get("notes")` around a place; "" for anything else.
std::string keyAsked(const Node& place);

/// Whether the store gets what a text says, or a part of it: `users = json.loads(...)`, `users = document["users"]`.
bool isReadFromText(const FoundStore& store);

/// Places at which copies of a store's content are worked on: of `deepcopy(notes)` that functions hand on.
std::vector<StoreReference> placesOfCopies(const Project& project, const FoundStore& store);

} // namespace covet::facts
