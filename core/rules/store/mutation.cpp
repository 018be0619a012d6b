#include "rules/store/mutation.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;

/// Functions of libraries that change what they are given.
bool changesItsArguments(std::string_view name) {
    static constexpr Words kNames = {
        "shuffle", "heapify", "heappush", "heappop", "heapreplace", "insort", "insort_left", "insort_right",
        "setattr", "delattr", "exec", "eval", "setitem", "delitem", "next", "__setitem__", "__setattr__",
        "ior", "iadd", "isub", "iconcat", "__ior__", "__iadd__", "merge", "deep_merge", "deep_update", "deepmerge", "apply_patch", "populate_obj"};
    return kNames.count(name) > 0;
}

/// Makes a new container or scalar whatever it is given.
bool isFresh(const Node& value) {
    if (value.is("list") || value.is("dictionary") || value.is("set") || value.is("list_comprehension") ||
        value.is("dictionary_comprehension") || value.is("set_comprehension") || value.is("string") ||
        value.is("integer") || value.is("float"))
        return true;
    if (!value.is("call")) return false;
    static constexpr Words kMakers = {"list", "dict", "set", "defaultdict", "Counter", "sorted"};
    return kMakers.count(value.field("function").text()) > 0;
}

/// Whether a name is a local variable of the function that only ever holds fresh containers.
bool isFreshLocal(const Function& function, const Node& name) {
    std::string text(name.text());
    if (!name.is("identifier") || !function.locals.count(text)) return false;
    bool fresh = false, other = false;
    syntax::walk(function.node, [&](const Node& node) {
        if (node.is("assignment") && !node.field("right").isNull()) {
            if (node.field("left").text() == text) (isFresh(node.field("right")) ? fresh : other) = true;
        } else if (node.is("identifier") && node.text() == text) {
            Node parent = node.parent();
            bool target = (parent.is("for_statement") || parent.is("for_in_clause") ||
                           parent.is("named_expression") || parent.is("pattern_list") ||
                           parent.is("as_pattern_target") || parent.is("parameters") ||
                           parent.is("typed_parameter") || parent.is("default_parameter") ||
                           parent.is("typed_default_parameter")) &&
                          !(parent.field("right") == node) && !(parent.field("value") == node);
            other = other || target;
        }
        return true;
    });
    return fresh && !other;
}

/// `a["x"]` and `a.x` of a fresh local write into what it made itself; deeper ones may reach a record.
bool writesIntoOthers(const Function& function, const Node& target) {
    if (target.is("subscript")) return !isFreshLocal(function, target.field("value"));
    if (target.is("attribute")) {
        bool building = function.name == "__init__" && target.field("object").text() == "self";
        return !building && !isFreshLocal(function, target.field("object"));
    }
    if (target.is("pattern_list") || target.is("tuple_pattern") || target.is("list_pattern") ||
        target.is("expression_list")) {
        for (const Node& part : target.namedChildren())
            if (writesIntoOthers(function, part)) return true;
        return false;
    }
    return target.is("identifier") && function.globals.count(std::string(target.text())) > 0;
}

/// `item |= changes` and `cart += lines` change the dict and the list that the names stand for.
bool changesInPlace(const Function& function, const Node& assignment) {
    const Node left = assignment.field("left"), right = assignment.field("right");
    const bool isScalar = right.is("integer") || right.is("float") || right.is("string") || right.is("concatenated_string");
    return left.is("identifier") && !isScalar && !isFreshLocal(function, left);
}

bool changes(const Module& module, const Function& function, const Node& code) {
    bool found = false;
    syntax::walk(code, [&](const Node& node) {
        if (found) return false;
        const Function* owner = module.enclosingFunction(node);
        const Function& scope = owner ? *owner : function;
        if (node.is("assignment") || node.is("augmented_assignment") || node.is("for_statement"))
            found = writesIntoOthers(scope, node.field("left")) || (node.is("augmented_assignment") && changesInPlace(scope, node));
        else if (node.is("delete_statement"))
            for (const Node& target : node.namedChildren()) found = found || writesIntoOthers(scope, target);
        else if (node.is("call")) {
            Node callee = node.field("function");
            if (callee.is("attribute"))
                found = (facts::isMutatingMethod(callee.field("attribute").text()) &&
                         !isFreshLocal(scope, callee.field("object"))) ||
                        changesItsArguments(callee.field("attribute").text());
            else
                found = changesItsArguments(callee.text()) &&
                        !(callee.text() == "next" && node.field("arguments").namedChildCount() > 0 &&
                          (node.field("arguments").namedChild(0).is("generator_expression") ||
                           node.field("arguments").is("generator_expression") ||
                           node.field("arguments").namedChild(0).is("call")));
        }
        return !found;
    });
    return found;
}

} // namespace

bool onlyReads(const semantic::Project&, const CallGraph& graph, const Function& function) {
    for (const Function* reached : graph.reachableFrom(function))
        if (changes(graph.moduleOf(*reached), *reached, reached->node.field("body"))) return false;
    return true;
}

bool onlyReads(const semantic::Project& project, const CallGraph& graph, const Module& module, const Node& code) {
    if (changes(module, Function{}, code)) return false;
    for (const Function* named : graph.namedIn(module, code))
        if (!onlyReads(project, graph, *named)) return false;
    return true;
}

} // namespace covet::rules
