#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/legacy/text_values.h"

namespace covet::rules::legacy {

struct RouteKey {
    std::string method, pattern;
    bool isRegex = false;
};

/// What one decorator, call or assignment puts into a registry.
struct Insertion {
    std::string registry; // containerId
    std::vector<RouteKey> keys; // empty: not constant
    std::string keyForm;
    Bound handler;                     // module is null for the decorated function
    std::vector<const Function*> path; // registering functions on the way
};

/// The functions that put a function given to them into a container.
class Registrars {
public:
    explicit Registrars(const Project& project);

    bool isRegistrar(const Function& function) const { return known_.count(&function) > 0; }
    /// Whether a registering function fills this container.
    bool reaches(const Function& function, const std::string& registry) const;
    std::vector<const Function*> all() const;
    /// Effects of `@expression` on a definition.
    std::vector<Insertion> decoration(const Module& module, const Node& expression) const;
    /// Effects of a statement's expression outside of registering functions.
    std::vector<Insertion> operation(const Module& module, const Node& expression) const;
    /// Entries of a literal table of functions; `registry` is left empty.
    std::vector<Insertion> literal(const Module& module, const Node& expression) const;

private:
    struct Store {
        std::string registry;
        std::vector<Node> parts; // key expressions
        Node handler;
        bool isRegex = false;
    };
    struct Known {
        const Module* module = nullptr;
        const Function* function = nullptr;
    };

    std::optional<Store> storeOf(const Module& module, const Node& expression) const;
    std::vector<Insertion> apply(const Module& module, const Function& function, const Bindings& bindings,
                                 int depth) const;
    std::optional<Insertion> resolve(const Module& module, const Store& store, const Bindings& bindings) const;
    void keysOf(const Module& module, const Store& store, const Bindings& bindings, Insertion& out) const;
    const Function* outermost(const Module& module, const Node& node) const;
    bool isParameterAround(const Module& module, const Node& identifier) const;

    const Project& project_;
    std::map<const Function*, Known> known_;
    std::map<const Function*, std::set<std::string>> reach_;
};

} // namespace covet::rules::legacy
