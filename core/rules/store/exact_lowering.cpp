#include "rules/store/exact_lowering.h"

#include "rules/store/exact/group_lowering.h"

namespace covet::rules {

bool lowerExactly(MigrationContext& context, const StorePlan& plan, const FunctionGroup& group,
                  std::vector<facts::StoreUse>& uses, std::string& reason) {
    std::vector<facts::StoreUse> planned = uses;
    exact::GroupLowering lowering(context, plan, group, planned);
    if (!lowering.run(reason)) return false;
    uses = std::move(planned);
    return true;
}

} // namespace covet::rules
