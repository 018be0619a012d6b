#pragma once

#include <vector>

#include "rules/store/store_access.h"

namespace covet::rules {

/// Whether a call makes a generator whose pieces a response sends, and that comes to its end by itself:
///
///     return Response(generate(), mimetype="text/csv")
///
/// The response asks for the pieces when the handler has returned, and then no store is open any more. Nobody can tell
/// when they were made, so they are made before: `Response(iter(list(generate())))`.
bool isStreamedCall(const semantic::Module& module, const Node& call, const semantic::Function& generator);

/// Whether a call of a function's name may be one of it: a function inside of another one is known there alone.
bool mayCall(const semantic::Module& module, const Node& call, const semantic::Module& home, const semantic::Function& function);

/// Lets the handlers make the pieces that are made of the stores.
void makePiecesFirst(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                     const std::vector<const facts::FoundStore*>& stores);

} // namespace covet::rules
