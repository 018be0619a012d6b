#pragma once

#include <string>

#include "semantic/project.h"

namespace covet::facts {

using semantic::Module;
using semantic::Project;
using syntax::Node;

/// What the code around a reference to a store does with it.
enum class UseKind {
    Read,        // handed on as a whole: returned, passed, assigned
    Length,      // len(S)
    Truth,       // `if S`, `not S`
    Contains,    // k in S
    NotContains, // k not in S
    GetItem,     // S[k]
    Slice,       // S[a:b]
    Get,         // S.get(k[, default])
    Iterate,     // for x in S: / comprehension over S
    Values,      // S.values()
    Items,       // S.items()
    Keys,        // S.keys()
    Append,      // S.append(x), set.add(x)
    Insert,      // S.insert(i, x)
    Extend,      // S.extend(xs)
    SetItem,     // S[k] = v
    SetSlice,    // S[:] = xs
    DelItem,     // del S[k]
    Pop,         // S.pop(k[, default])
    Remove,      // S.remove(x), set.discard(x)
    Clear,       // S.clear()
    Update,      // S.update(d), S |= d
    SetDefault,  // S.setdefault(k, v)
    Rebind,      // S = xs (through `global` or self)
    Augment,     // S += xs; counter += 1
    Sort,        // S.sort(...), S.reverse()
    Next,        // next(S) of a counter object
    Method       // any other method
};

struct ReferenceContext {
    UseKind kind = UseKind::Read;
    Node node;      // the whole operation: call, subscript, comparison, loop, assignment, or the reference
    Node key;       // index, key or slice
    Node value;     // what is stored, or the default
    Node statement; // innermost statement around it
    std::string method;
};

ReferenceContext contextOf(const Node& reference);

/// Whether the operation changes the container itself.
bool isMutation(const ReferenceContext& context);

/// Whether the expression around `S[k]` or `S.get(k)` changes the element: `S[k]["f"] = v`,
/// `S[k].append(x)`, `del S[k]["f"]`.
bool changesInside(const Node& reference);

/// The innermost statement around a node.
Node statementOf(const Node& node);

/// "module:Class" of the object of an attribute: `self`, `cls`, a class, a variable or parameter
/// known to hold an instance; "" if unknown.
std::string ownerClass(const Project& project, const Module& module, const Node& object);

/// Whether a method name changes a built-in list, dict or set.
bool isMutatingMethod(std::string_view name);

const char* useKindName(UseKind kind);

} // namespace covet::facts
