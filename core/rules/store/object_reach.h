#pragma once

#include <map>
#include <set>
#include <vector>

#include "facts/store_finder.h"
#include "rules/store/call_graph.h"

namespace covet::rules {

/// Tells which of several objects of one class a function can get hold of, so that it opens the tables of those
/// alone: `users.all()` runs code that works on the content of every repository, and needs that of `users`.
class ObjectReach {
public:
    ObjectReach(const CallGraph& graph, const std::vector<const facts::FoundStore*>& stores);

    /// Takes the stores of objects that nothing names which the function runs out of a set. Stores of which no
    /// object is named stay all: a method gets its object from whoever calls it.
    void narrow(const semantic::Function& function, std::set<const facts::FoundStore*>& reached) const;

private:
    struct Code {
        const semantic::Module* module = nullptr;
        Node node;
    };

    bool isHandedOn(const facts::FoundStore& store) const;
    std::vector<Code> codeOf(const semantic::Function& function, std::set<std::string>& classes) const;
    void addNamed(const semantic::Module& module, const Node& code, std::vector<Code>& out, std::set<const void*>& seen,
                  std::set<std::string>& classes) const;

    const CallGraph& graph_;
    const semantic::Project& project_;
    std::set<const facts::FoundStore*> everywhere_; // whose object goes where names do not lead to
    bool any_ = false;
};

} // namespace covet::rules
