#pragma once

#include "semantic/project.h"

namespace covet::facts {

/// What a name of a module holds whose first value shows no container.
enum class Contents {
    NoData,       // a client, a logger, an application, an object of the project
    Data,         // that no store is recognised for: `load()` of a library, `[None] * 9`, `text.split()`
    RuntimeObject // of a library, and filled like a container: `TTLCache(maxsize=10)`
};

/// How functions change what a name holds.
enum class ChangeOfName {
    None,
    Contents,  // as only containers are: `x.append(y)`, `x[key] = y`
    Ambiguous, // as sessions and clients are, too: `x.add(y)`, `x.update(y)`
    Value      // `x += 1`, `x = x + 1`
};

/// The change that a statement or a call makes of a name itself, not of what its calls give.
ChangeOfName changeOfName(const syntax::Node& node, const syntax::Node& name);

Contents contentsOf(const semantic::Project& project, const semantic::Module& module, const syntax::Node& value, ChangeOfName change);

} // namespace covet::facts
