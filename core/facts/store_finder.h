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

/// What has a store that is no variable of its module.
enum class Owner {
    None,
    Class,   // an attribute of a class or of its objects
    Object,  // an attribute or an entry of an object that the module names: `db.users`, `app.state.users`
    Function // a local of a function that runs once, for the functions inside of it
};

/// A store with everything the rewrite needs to know about its place in the code.
struct FoundStore {
    Store fact;
    const Module* module = nullptr;
    Owner owner = Owner::None;
    std::string variable;          // "users_db", "_items" of a class, key of a namespaced dict
    std::string className;         // owner of an attribute store: a class, "app.state", "create_app"; "" otherwise
    std::string classId;           // "module:Class" of the class that makes it; "" without one
    /// The same for all stores of one attribute that the code of a family of classes shares; "" for others.
    std::string family;
    struct Keeper {
        std::string classId, attribute;
    };
    std::vector<Keeper> keepers; // classes, "module:Class", whose objects were given it and keep it under an attribute
    std::string namespaceVariable; // `db` of db["users"], "" otherwise
    bool isCounterObject = false;  // itertools.count(), or a generator that counts
    std::string counterArguments;  // of such a call: "10, 2"; "" without any
    bool isAliased = false;        // an attribute denotes it too: `self.db = users_db`
    bool isVariable = false;       // starts as None, a truth value or a text
    bool isOwnClass = false;       // made by a class of the project: `class Store(dict)`
    bool isOfClassAlone = false;   // an attribute of a class; its objects set one of the same name for themselves
    bool isEntry = false;          // `app.config["USERS"]` rather than an attribute of an object
    /// The call that makes the object that has it, where a store belongs to one of several objects of a class,
    /// or to one whose class names no content: `users = Repository()`. `module` is the one of the call then,
    /// `definition` its statement, and `className` what the object is called.
    Node made;
    std::string madeClass;         // "module:Class" of that call
    Node classStatement;           // that makes the container in the class
    Node definition;               // statement of the first assignment
    Node initialValue;             // its right-hand side (or the entry of a namespaced dict)
    std::string elementAnnotation; // "User" of list[User], dict[int, User]
    const Module* annotated = nullptr; // where that annotation stands; nullptr: in `module`
    std::vector<Node> buildStatements; // top-level statements that fill it before the first request
    std::vector<Node> buildReferences; // that denote it there
    std::vector<StoreReference> references; // inside functions; definition and building left out
    /// Calls of module level that only give it another name: `products = repository.all()`.
    std::vector<std::pair<const Module*, Node>> aliasCalls;
    std::vector<StoreReference> testReferences; // in the project's tests

    /// Whether it is an attribute of the objects of a class that are looked at as one.
    bool isOfClass() const { return owner == Owner::Class && made.isNull(); }
};

/// The same for all stores that the same code uses, because they belong to objects or classes of one family.
std::string sharedBy(const FoundStore& store);

/// All candidates for stores of a project, in order of file and line.
///
/// A container counts as a store when code inside functions changes it, or when it holds records and
/// code inside functions reads it. Registries of functions and read-only tables of scalars are no data.
std::vector<FoundStore> findStores(const Project& project);

} // namespace covet::facts
