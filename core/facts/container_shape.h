#pragma once

#include <optional>

#include "facts/store_finder.h"

namespace covet::facts {

/// What an expression makes, as far as a store is concerned.
struct ContainerShape {
    bool isContainer = false;
    Container container = Container::List;
    bool isCounterObject = false;
    std::string counterArguments; // "10, 2"
    bool isLoaded = false;   // json.load(...) or a call that returns data
    bool isOwnClass = false; // a class of the project that is a list, dict or set
    bool isVariable = false; // a flag, a text or None
};

ContainerShape shapeOfContainer(const Project& project, const Module& module, const Node& value);

/// What a call of a function of the project makes, where each `return` shows the same kind of container: one that is written
/// there, or a local variable that starts as one.
ContainerShape shapeOfResult(const Project& project, const Module& module, const Node& call);

/// The store that a value makes under a name; nothing if it makes no container. `owner`: what has it, "" for
/// a variable of the module. Its definition is left to the caller.
std::optional<FoundStore> storeOfContainer(const Project& project, const Module& module, const std::string& name,
                                           const Node& value, const Node& annotation, const std::string& owner);
std::optional<FoundStore> storeOfContainer(const Module& module, const std::string& name, const Node& value, const Node& annotation,
                                           const std::string& owner, ContainerShape shape);

/// Adds a store unless one of its id is there.
void addStore(FoundStore store, std::vector<FoundStore>& found);

} // namespace covet::facts
