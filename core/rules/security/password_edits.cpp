#include "rules/security/password_edits.h"

#include <algorithm>
#include <set>

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

/// Whether an expression only names things, so that it does not matter whether it is asked: it looks up nothing that may
/// be missing, but for fields of the record that is compared.
bool isHarmless(const Node& expression, const PasswordComparison& comparison, const std::set<const void*>& comparisons) {
    const Node& stored = comparison.stored;
    const std::string_view record = stored.field(stored.is("subscript") ? syntax::NodeField("value") : syntax::NodeField("object")).text();
    bool harmless = true;
    syntax::walk(expression, [&](const Node& node) {
        const bool isGet = node.is("call") && node.field("function").field("attribute").text() == "get";
        const bool isLookup = node.is("subscript") && node.field("value").text() != record;
        harmless = harmless && !isLookup && !comparisons.count(node.id()) && (!node.is("call") || isGet) &&
                   !node.is("await") && !node.is("named_expression") && !node.is("binary_operator");
        return harmless;
    });
    return harmless;
}

/// The operands of `a and b and c`, in order.
void operandsOf(const Node& chain, std::string_view word, std::vector<Node>& operands) {
    if (chain.is("boolean_operator") && chain.field("operator").text() == word) {
        operandsOf(chain.field("left"), word, operands);
        operands.push_back(chain.field("right"));
    } else {
        operands.push_back(chain);
    }
}

/// Each check of a hash takes a while, so that a search asks for the name first:
///
///     u["password"] == given and u["name"] == name   ->   u["name"] == name and is_password(...)
///
/// Only where no operand can fail: `data["password"]` answers with an error when the request has none.
void askPasswordsLast(MigrationContext& context, const PasswordUses& uses) {
    std::set<const void*> comparisons, done;
    for (const PasswordComparison& one : uses.comparisons) comparisons.insert(one.node.id());
    for (const PasswordComparison& one : uses.comparisons) {
        Node chain = one.node.parent();
        const std::string word(one.negated ? "or" : "and");
        if (!chain.is("boolean_operator") || chain.field("operator").text() != word) continue;
        while (chain.parent().is("boolean_operator") && chain.parent().field("operator").text() == word) chain = chain.parent();
        std::vector<Node> operands;
        operandsOf(chain, word, operands);
        size_t at = 0;
        while (at < operands.size() && !(operands[at] == one.node)) ++at;
        size_t last = at;
        while (last + 1 < operands.size() && operands[last + 1].is("comparison_operator") &&
               isHarmless(operands[last + 1], one, comparisons))
            ++last;
        if (last == at || at == operands.size() || !isHarmless(one.given, one, comparisons) || !done.insert(chain.id()).second) continue;
        std::vector<Node> order(operands);
        std::rotate(order.begin() + static_cast<std::ptrdiff_t>(at), order.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                    order.begin() + static_cast<std::ptrdiff_t>(last) + 1);
        const std::string_view text = one.module->tree->text();
        std::vector<std::string> between{""};
        for (size_t i = 1; i < operands.size(); ++i)
            between.emplace_back(text.substr(operands[i - 1].end(), operands[i].start() - operands[i - 1].end()));
        context.rewrite(*one.module).replace(chain, [=](const ModuleRewrite& rewrite) {
            std::string line;
            for (size_t i = 0; i < order.size(); ++i) line += between[i] + rewrite.render(order[i]);
            return line;
        });
    }
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
    askPasswordsLast(context, uses);
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
