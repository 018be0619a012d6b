#include "engine/dead_stores.h"

#include <algorithm>
#include <memory>

namespace covet::engine {
namespace {

using facts::FoundStore;
using syntax::Node;

/// A module of the project as the migration leaves it.
struct Outcome {
    const Module* module = nullptr;
    std::shared_ptr<const syntax::Tree> tree;
};

std::vector<Outcome> outcomesOf(const UnitResult& result, const semantic::Project& project) {
    std::vector<Outcome> outcomes;
    for (const auto& module : project.modules()) {
        auto text = result.texts.find(module.get());
        if (text == result.texts.end()) {
            outcomes.push_back({module.get(), module->tree});
        } else if (auto tree = syntax::Tree::parseAgain(text->second)) {
            outcomes.push_back({module.get(), *tree});
        }
    }
    return outcomes;
}

/// `name = ...` at module level, once, filled by statements that are there for nothing else.
bool hasPlainDefinition(const FoundStore& store, const std::vector<FoundStore>& stores) {
    if (!store.className.empty() || !store.namespaceVariable.empty()) return false;
    const Node assignment = store.definition.namedChild(0);
    if (!store.definition.is("expression_statement") || !store.definition.parent().is("module") ||
        !assignment.is("assignment") || assignment.field("left").text() != store.variable ||
        assignment.field("right").is("assignment"))
        return false;
    auto assigned = store.module->assignments.find(store.variable);
    if (assigned == store.module->assignments.end() || assigned->second.size() != 1) return false;
    for (const Node& statement : store.buildStatements)
        for (const FoundStore& other : stores)
            if (&other != &store)
                for (const Node& shared : other.buildStatements)
                    if (shared == statement) return false;
    return std::all_of(store.buildStatements.begin(), store.buildStatements.end(),
                       [](const Node& statement) { return statement.is("expression_statement"); });
}

/// Whether names are looked up as texts somewhere in a module.
bool usesNamesAsText(const Module& module) {
    const std::string_view text = module.tree->text();
    for (const char* word : {"__all__", "globals(", "locals(", "getattr(", "vars(", "eval(", "exec(", "__dict__"})
        if (text.find(word) != text.npos) return true;
    return false;
}

bool importsEverythingOf(const semantic::Project& project, const Outcome& outcome, const Module& from) {
    bool found = false;
    syntax::walk(outcome.tree->root(), [&](const Node& node) {
        if (!node.is("import_from_statement")) return !found;
        for (const Node& child : node.children())
            if (child.is("wildcard_import")) {
                const Node name = node.field("module_name");
                found = found || name.is("relative_import") || project.module(name.text()) == &from;
            }
        return false;
    });
    return found;
}

/// Whether the code of another module names the store: by import, or as an attribute of its module.
bool reaches(const semantic::Project& project, const Outcome& outcome, const FoundStore& store) {
    bool found = false;
    syntax::walk(outcome.tree->root(), [&](const Node& node) {
        if (found) return false;
        if (node.is("import_from_statement")) {
            for (const Node& name : node.fields("name")) {
                const Node imported = name.is("aliased_import") ? name.field("name") : name;
                found = found || imported.text() == store.variable;
            }
            return false;
        }
        if (node.is("attribute") && node.field("attribute").text() == store.variable) {
            const Node object = node.field("object");
            // A longer chain, or a name that this module does not import, is not looked into.
            const std::string head(object.text().substr(0, object.text().find('.')));
            const semantic::Symbol symbol = project.resolveGlobal(*outcome.module, head);
            found = symbol.kind == semantic::Symbol::Kind::Module;
        }
        return !found;
    });
    return found;
}

/// Whether the store's own module still names it outside its definition.
bool namedAtHome(const Outcome& home, const FoundStore& store) {
    std::vector<std::string_view> own = {store.definition.text()};
    for (const Node& statement : store.buildStatements) own.push_back(statement.text());
    const std::vector<Node> named = home.tree->identifiers(store.variable);
    return std::any_of(named.begin(), named.end(), [&](Node node) {
        for (Node above = node.parent(); above && !above.is("module"); above = node.parent()) node = above;
        return std::find(own.begin(), own.end(), node.text()) == own.end();
    });
}

bool isDead(const FoundStore& store, const std::vector<Outcome>& outcomes, const semantic::Project& project) {
    for (const Outcome& outcome : outcomes) {
        if (outcome.module == store.module) {
            if (namedAtHome(outcome, store)) return false;
        } else if (importsEverythingOf(project, outcome, *store.module) || reaches(project, outcome, store)) {
            return false;
        }
    }
    return true;
}

/// The comment lines right above a top-level statement, which speak of it.
std::vector<Node> commentsAbove(const Node& statement) {
    std::vector<Node> block;
    uint32_t below = statement.line();
    for (Node above = statement.previousNamedSibling(); above.is("comment"); above = above.previousNamedSibling()) {
        if (above.column() != 0 || above.line() <= 2 || above.line() + 1 != below) break;
        below = above.line();
        block.push_back(above);
    }
    return block;
}

} // namespace

std::vector<const FoundStore*> deadStores(const std::vector<FoundStore>& stores, const UnitResult& result,
                                          const semantic::Project& project) {
    std::vector<const FoundStore*> dead;
    std::vector<Outcome> outcomes;
    std::map<const Module*, bool> hidden; // whether names of the module may be used as texts
    for (const FoundStore& store : stores) {
        if (!store.fact.leftAlone.empty() || !result.schema.tableOfStore(store.fact.id)) continue;
        // Rows that are not known have not been loaded; the code is all there is of them.
        if (!store.fact.data || !hasPlainDefinition(store, stores)) continue;
        const bool exact = std::all_of(result.uses.begin(), result.uses.end(), [&](const facts::StoreUse& use) {
            return use.store != store.fact.id || use.outcome == facts::Outcome::Exact;
        });
        if (!exact) continue;
        const auto [names, isNew] = hidden.emplace(store.module, false);
        if (isNew) names->second = usesNamesAsText(*store.module);
        if (names->second) continue;
        if (outcomes.empty()) outcomes = outcomesOf(result, project);
        if (isDead(store, outcomes, project)) dead.push_back(&store);
    }
    return dead;
}

void removeDefinition(rules::MigrationContext& context, const FoundStore& store) {
    rules::ModuleRewrite& rewrite = context.rewrite(*store.module);
    std::vector<Node> statements = store.buildStatements;
    statements.push_back(store.definition);
    for (const Node& statement : statements) {
        for (const Node& comment : commentsAbove(statement)) rewrite.remove(comment);
        rewrite.remove(statement);
        syntax::walk(statement, [&](const Node& node) {
            const std::string name(node.text().substr(0, 80));
            if (node.is("identifier") && store.module->imports.count(name)) rewrite.dropImportIfUnused(name);
            return true;
        });
    }
}

} // namespace covet::engine
