#include "rules/frameworks/frameworks.h"

#include "rules/legacy/legacy_frontend.h"

namespace covet::rules {

void detectOtherApps(MigrationContext& context) {
    findFlaskRoutes(context);
    findFastApiRoutes(context);
    findPackageRoutes(context);
    findTargetRoutes(context);
    findHelperHandlers(context);
    findHttpServers(context);
    findOtherServers(context);
}

} // namespace covet::rules
