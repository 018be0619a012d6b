#pragma once

#include <vector>

#include "facts/store_finder.h"
#include "rules/migration_context.h"

namespace covet::rules {

/// A statement that runs when the application starts or ends and does nothing but fill or clear stores:
///
///     async def lifespan(app):
///         seed()
///         yield
///         users.clear()
///
/// The rows of the tables are what the start made, and the end of the program is not the end of the data: the
/// statement goes.
struct LifespanPart {
    const semantic::Module* module = nullptr;
    Node statement;
    std::vector<const facts::FoundStore*> stores;
};

std::vector<LifespanPart> lifespanParts(MigrationContext& context, const std::vector<const facts::FoundStore*>& stores);

std::vector<Node> statementsOf(const std::vector<LifespanPart>& parts);

} // namespace covet::rules
