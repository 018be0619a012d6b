#pragma once

#include "facts/store_finder.h"

namespace covet::facts {

/// Stores that are neither variables of a module nor attributes of a class:
///
///     db = SimpleNamespace(users=[], orders={})       attributes of an object that a module names
///     storage.cars = []
///     app.state.items = []                            and of the application
///     app.config["USERS"] = {}
///     def create_app(): notes = []                    locals of a function that runs once, for those inside of it
void addObjectStores(const Project& project, std::vector<FoundStore>& found);

/// Fills the references of those stores.
void collectObjectReferences(const Project& project, std::vector<FoundStore>& stores);

} // namespace covet::facts
