#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "equivalence/inspection.h"
#include "semantic/project.h"

namespace covet::equivalence {

/// Reads the code of a handler, and of the functions it calls, for what it takes from a request.
///
/// A guess by names and by following variables: what it misses is not asked for, nothing worse.
class HandlerReader {
public:
    HandlerReader(const semantic::Project& project, RouteHints& hints) : project_(project), hints_(hints) {}

    void read(const semantic::Module& module, const semantic::Function& handler);

private:
    using Node = semantic::Node;
    enum class Channel { None, Body, Query, Form, Headers, Path };
    /// A part of a request: {"items", "*", "price"} of the body. "*" is an element of a list.
    struct Part {
        Channel channel = Channel::None;
        std::vector<std::string> path;
        explicit operator bool() const { return channel != Channel::None; }
    };
    struct Scope {
        const semantic::Module* module = nullptr;
        std::map<std::string, Part> variables;
        std::map<std::string, std::vector<std::string>> names; // loop variables over constant names
    };

    void readFunction(const semantic::Module& module, const semantic::Function& function,
                      std::map<std::string, Part> arguments, int depth);
    void parameters(const semantic::Module& module, const semantic::Function& handler, int depth);
    void dependency(const semantic::Module& module, const Node& annotation, int depth);
    void surroundings(const semantic::Module& module, const semantic::Function& handler);
    void loop(Scope& scope, const Node& target, const Node& iterated);
    void call(Scope& scope, const Node& call, int depth);
    void comparison(Scope& scope, const Node& node);
    void limits(FieldHint& hint, const std::vector<std::pair<std::string, int64_t>>& bounds);
    void arithmetic(Scope& scope, const Node& node);
    void lookUp(Scope& scope, const Node& container, const Node& key);
    Part partOf(Scope& scope, const Node& node);
    Part body();
    Part member(Scope& scope, const Part& base, const Node& key);
    std::vector<std::string> keysOf(Scope& scope, const Node& key);
    std::vector<Value> constantsOf(Scope& scope, const Node& node);
    FieldHint* hintOf(const Part& part);
    FieldHint& root(Channel channel);

    const semantic::Project& project_;
    RouteHints& hints_;
    std::set<const void*> read_;
};

} // namespace covet::equivalence
