#include "rules/legacy/app_rewriter.h"

#include <algorithm>

#include "support/paths.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

std::string indented(const std::vector<std::string>& lines, const std::string& unit) {
    std::string out;
    for (const std::string& line : lines) {
        if (!out.empty() || &line != &lines.front()) out += "\n";
        size_t spaces = line.find_first_not_of(' ');
        if (spaces == std::string::npos) continue;
        for (size_t i = 0; i < spaces / 4; ++i) out += unit;
        out += line.substr(spaces / 4 * 4);
    }
    return out;
}

} // namespace

void AppRewriter::apply() {
    const catalog::TargetProfile& target = context_.target();
    context_.rewrite(*plan_.appModule).requireImport(target.application.module, target.application.name);
    if (app_.registry) context_.replacedContainers.insert(app_.registry->id);
    for (auto& [code, plan] : handlers_) applyHandler(code, plan);
    for (auto& [code, plan] : wrappers_) applyCode(code, plan);
    for (auto& [id, plan] : lambdas_) {
        for (auto& action : plan.actions) action();
        for (const Registration& one : app_.registry->registrations)
            if (!one.function && one.lambda.id() == id) applyImports(context_, *one.handlerModule, plan_, plan);
    }
    for (auto& action : actions_) action();
    if (firstInline_) {
        ModuleRewrite& rewrite = context_.rewrite(*app_.module);
        rewrite.insertBefore(firstInline_, {plan_.appName + " = " + target.application.name + "()", "", ""});
    }
    for (auto& decoration : decorations_) decoration();
    applyDefinition();
    applyCallable();
    for (const Removed& piece : removed_) remove(piece);
    noteRemovedClasses();
    dropImports();
    importApp(*app_.module);
    applyImports(context_, *app_.module, plan_, endpoints_);
    const bool helper = plan_.needsRespond || plan_.needsRoutes || !app_.shape.headers.empty();
    if (helper && folderOf(app_.module->path()) == context_.generatedFolder)
        context_.generatedFiles[context_.generatedPath(plan_.helperModule)] = helperText(context_, app_, plan_);
    facts::App migrated;
    migrated.where = {plan_.appModule->path(), app_.registry && !app_.registry->definitions.empty()
                                                   ? app_.registry->definitions[0].line() : app_.callable->node.line()};
    migrated.module = app_.module->name;
    migrated.attribute = app_.name;
    migrated.framework = target.framework;
    context_.migratedApps.push_back(migrated);
}

/// Attributes of removed classes are no stores.
void AppRewriter::noteRemovedClasses() {
    for (const auto& [home, type] : removedClasses_) {
        const std::string owner = home->name + ":" + type->name + ".";
        syntax::walk(type->node, [&](const Node& node) {
            if (node.is("attribute") && node.field("object").is("identifier"))
                context_.replacedContainers.insert(owner + std::string(node.field("attribute").text()));
            return true;
        });
    }
}

void AppRewriter::applyHandler(HandlerCode& code, HandlerPlan& plan) {
    applyCode(code, plan);
    if (app_.inlineHandlers.count(code.function))
        context_.handlers.push_back({code.module, code.function, context_.target().legacyFramework, true, ""});
    context_.report(*code.module, code.function->node.field("name"), "COV103", code.function->name);
}

void AppRewriter::applyCode(HandlerCode& code, HandlerPlan& plan) {
    SignatureEdits& signatures = context_.signatures(*code.module);
    ModuleRewrite& rewrite = context_.rewrite(*code.module);
    for (auto& action : plan.actions) action();
    signatures.makeAsync(*code.function);
    if (!code.passesAll)
        for (const Node& parameter : code.parameters.namedChildren()) signatures.replaceParameter(*code.function, parameterName(parameter), "");
    for (const std::string& parameter : plan.parameters) signatures.addParameter(*code.function, parameter);
    if (!plan.bodyStart.empty()) rewrite.insertAtBodyStart(code.function->node, plan.bodyStart);
    applyImports(context_, *code.module, plan_, plan);
}

void AppRewriter::applyDefinition() {
    const catalog::TargetProfile& target = context_.target();
    const std::string text = plan_.appName + " = " + target.application.name + "()";
    ModuleRewrite& rewrite = context_.rewrite(*plan_.appModule);
    if (isClass()) {
        rewrite.replace(app_.instance, text);
        if (!lines_.empty()) insertLines(rewrite, app_.instance);
        context_.report(*app_.module, app_.instance, "COV101", app_.registry->className);
        return;
    }
    if (!app_.registry) return;
    std::vector<Node> definitions = app_.registry->definitions;
    const std::vector<ModuleRewrite::Render> entries = entries_;
    rewrite.replace(definitions[0], [text, entries](const ModuleRewrite& r) {
        std::string out = text;
        for (const auto& render : entries) {
            const std::string made = render(r);
            out += (startsWith(made, "async def ") || startsWith(made, "@") ? "\n\n\n" : "\n") + made;
        }
        return out;
    });
    for (size_t i = 1; i < definitions.size(); ++i) rewrite.remove(definitions[i]);
    context_.report(*plan_.appModule, definitions[0], "COV101", app_.registry->variable);
}

void AppRewriter::insertLines(ModuleRewrite& rewrite, const Node& after) {
    std::vector<std::string> lines{"", ""};
    lines.insert(lines.end(), lines_.begin(), lines_.end());
    rewrite.insertAfter(after, lines);
}

void AppRewriter::applyCallable() {
    context_.report(*app_.module, app_.callable->node.field("name"), "COV104", app_.callable->qualified);
    if (isClass()) return;
    ModuleRewrite& rewrite = context_.rewrite(*app_.module);
    std::vector<std::string> lines;
    if (!app_.registry && !firstInline_) {
        lines.push_back(plan_.appName + " = " + context_.target().application.name + "()");
        if (!lines_.empty()) lines.insert(lines.end(), {"", ""});
    }
    lines.insert(lines.end(), lines_.begin(), lines_.end());
    const Node node = app_.callable->decorated;
    for (const Node& comment : commentsAbove(node)) rewrite.remove(comment);
    if (lines.empty()) {
        rewrite.remove(node);
        return;
    }
    rewrite.replace(node, indented(lines, rewrite.indentUnit()));
    std::vector<Removed> kept;
    for (const Removed& piece : removed_)
        if (!(piece.module == app_.module && piece.node == node)) kept.push_back(piece);
    removed_.swap(kept);
    replacedCallable_ = node;
}

void AppRewriter::remove(const Removed& piece) {
    ModuleRewrite& rewrite = context_.rewrite(*piece.module);
    rewrite.remove(piece.node);
    for (const Node& comment : commentsAbove(piece.node)) rewrite.remove(comment);
}

/// Imports that only removed code needed.
void AppRewriter::dropImports() {
    std::vector<Removed> pieces = removed_;
    if (replacedCallable_) pieces.push_back({app_.module, replacedCallable_});
    std::set<std::string> names;
    if (app_.registry) names.insert(app_.registry->variable);
    for (const Removed& piece : pieces) {
        ModuleRewrite& rewrite = context_.rewrite(*piece.module);
        std::set<std::string> used;
        syntax::walk(piece.node, [&](const Node& node) {
            if (node.is("identifier") && piece.module->imports.count(std::string(node.text()))) used.emplace(node.text());
            return true;
        });
        for (const std::string& name : used) rewrite.dropImportIfUnused(name);
        const Node definition = piece.node.is("decorated_definition") ? piece.node.field("definition") : piece.node;
        names.emplace(definition.field("name").text());
    }
    for (const auto& module : project_.modules())
        for (const auto& [name, binding] : module->imports) {
            const Module* target = project_.module(binding.module);
            if (!target || !names.count(binding.name)) continue;
            bool removedThere = app_.registry && target == app_.registry->module && binding.name == app_.registry->variable;
            for (const Removed& piece : pieces) {
                const Node definition = piece.node.is("decorated_definition") ? piece.node.field("definition") : piece.node;
                removedThere = removedThere || (piece.module == target && definition.field("name").text() == binding.name);
            }
            if (removedThere) context_.rewrite(*module).dropImportIfUnused(name);
        }
}

} // namespace covet::rules::legacy
