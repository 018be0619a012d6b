// The module that comes with an application of the package: written for the default target, and renamed for others.

#include "catalog/resource.h"
#include "rules/frameworks/published/published.h"
#include "support/strings.h"

namespace covet::rules::published {

std::string helperName(const MigrationContext& context) {
    std::string name = "covet_package";
    while (context.project().moduleByPath(context.generatedPath(name))) name += "_";
    return name;
}

std::string helperText(const catalog::TargetProfile& target) {
    std::string text = catalog::joinedTemplates({"published/values", "published/serving"});
    const auto importOf = [](const catalog::TargetName& name, const std::string& as) {
        return "from " + name.module + " import " + name.name + (name.name == as ? "" : " as " + as) + "\n";
    };
    text = replaceAll(std::move(text), "from covetpy.types import Request as TargetRequest\n", importOf(target.request, "TargetRequest"));
    text = replaceAll(std::move(text), "from covetpy.types import Response as TargetResponse\n", importOf(target.plainResponse, "TargetResponse"));
    return replaceAll(std::move(text), "add_route(", target.addRouteMethod + "(");
}

} // namespace covet::rules::published
