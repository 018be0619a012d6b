#pragma once

#include <string>

#include "rules/migration_context.h"

namespace covet::rules {

/// What a bridge module is needed for, besides handlers.
struct BridgeFeatures {
    bool dependencies = false; // injected functions open stores
    bool middleware = false;   // functions around all handlers open stores
    bool filling = false;      // code makes the first content of a store
    bool starting = false;     // code works on stores when the program starts
    bool locks = false;        // the application has locks of its own
    bool mainBlock = false;    // main blocks fill stores
    bool objects = false;      // objects of one class have stores of their own
    bool sharing = false;      // stores hold the same records
    bool late = false;         // stores are named as texts
};

/// Text of the generated bridge module, with the target's own names.
std::string bridgeModuleText(MigrationContext& context, const BridgeFeatures& features);

/// The same for an application that stays on a WSGI framework, and the module that gives it sessions.
std::string wsgiBridgeModuleText(const MigrationContext& context, const BridgeFeatures& features);
std::string wsgiDatabaseModuleText(const MigrationContext& context);

} // namespace covet::rules
