#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"
#include "semantic/project.h"

namespace covet::facts {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using syntax::Node;

/// One place in the code that denotes a store.
struct StoreReference {
    const Module* module = nullptr;
    Node node;                          // identifier, attribute or constant-key subscript
    const Function* function = nullptr; // innermost; nullptr at module or class level
};

/// A store with everything the rewrite needs to know about its place in the code.
struct FoundStore {
    Store fact;
    const Module* module = nullptr;
    std::string variable;          // "users_db", "_items" of a class, key of a namespaced dict
    std::string className;         // owner of an attribute store, "" otherwise
    std::string namespaceVariable; // `db` of db["users"], "" otherwise
    bool isCounterObject = false;  // itertools.count()
    bool isAliased = false;        // an attribute denotes it too: `self.db = users_db`
    bool isVariable = false;       // starts as None, a truth value or a text
    Node definition;               // statement of the first assignment
    Node initialValue;             // its right-hand side (or the entry of a namespaced dict)
    std::string elementAnnotation; // "User" of list[User], dict[int, User]
    std::vector<Node> buildStatements; // top-level statements that fill it before the first request
    std::vector<StoreReference> references; // inside functions; definition and building left out
    std::vector<StoreReference> testReferences; // in the project's tests
};

/// All candidates for stores of a project, in order of file and line.
///
/// A container counts as a store when code inside functions changes it, or when it holds records and
/// code inside functions reads it. Registries of functions and read-only tables of scalars are no data.
std::vector<FoundStore> findStores(const Project& project);

} // namespace covet::facts
