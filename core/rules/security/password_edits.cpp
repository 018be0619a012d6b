#include "rules/security/password_edits.h"

namespace covet::rules::security {
namespace {

/// Requires a function of the generated module, and gives the name by which the module calls it.
std::string imported(MigrationContext& context, const Module& module, const std::string& name) {
    const std::string local = localName(module, name);
    context.rewrite(module).requireImport(context.importPath(module, context.passwordsModule), name, local == name ? "" : local);
    return local;
}

/// Whether `not f()` can stand in the place of a comparison as it is.
bool takesNot(const Node& comparison) {
    const Node parent = comparison.parent();
    return !parent.is("comparison_operator") && !parent.is("binary_operator") && !parent.is("attribute") && !parent.is("subscript");
}

} // namespace

std::string localName(const Module& module, const std::string& name) {
    std::string local = name;
    while (!module.tree->identifiers(local).empty()) local = "covet_" + local;
    return local;
}

void useHashes(MigrationContext& context, const PasswordUses& uses) {
    for (const PasswordPlace& place : uses.values) {
        const std::string name = imported(context, *place.module, "hash_password");
        context.rewrite(*place.module).wrap(place.node, name + "(", ")");
    }
    for (const PasswordComparison& one : uses.comparisons) {
        const std::string name = imported(context, *one.module, "is_password");
        const bool isBare = takesNot(one.node);
        Node callee = one.node.field("function");
        while (callee.is("attribute")) callee = callee.field("object");
        if (callee.is("identifier")) context.rewrite(*one.module).dropImportIfUnused(std::string(callee.text()));
        context.rewrite(*one.module).replace(one.node, [=](const ModuleRewrite& rewrite) {
            const std::string call = name + "(" + rewrite.render(one.stored) + ", " + rewrite.render(one.given) + ")";
            return !one.negated ? call : isBare ? "not " + call : "(not " + call + ")";
        });
    }
}

} // namespace covet::rules::security
