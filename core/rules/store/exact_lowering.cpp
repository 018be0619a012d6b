#include "rules/store/exact_lowering.h"

namespace covet::rules {

bool lowerExactly(MigrationContext&, const StorePlan&, const FunctionGroup&,
                  std::vector<facts::StoreUse>&, std::string& reason) {
    reason = "not-covered";
    return false;
}

} // namespace covet::rules
