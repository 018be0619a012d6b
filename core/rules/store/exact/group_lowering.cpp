#include "rules/store/exact/group_lowering.h"

#include <algorithm>
#include <tuple>

#include "catalog/resource.h"
#include "rules/store/exact/function_lowering.h"
#include "rules/store/middleware.h"
#include "rules/store/obstacles.h"
#include "support/strings.h"

namespace covet::rules::exact {
namespace {

using semantic::Symbol;

/// Names of the queries module; everything else comes from sqlalchemy.
const std::set<std::string>& helpers() {
    static const std::set<std::string> kNames = {"equals",     "find",       "lookup",     "require",    "put",
                                                 "pop",        "next_id",    "count",      "load_value",
                                                 "save_value", "next_value", "one_transaction"};
    return kNames;
}

/// Whether the module gives the name a meaning of its own, anywhere.
bool isTaken(const Module& module, const std::string& name) {
    if (module.assignments.count(name) || module.imports.count(name) || module.classNamed(name)) return true;
    if (module.tree->identifiers(name).empty()) return false;
    return std::any_of(module.functions.begin(), module.functions.end(), [&](const Function& function) {
        return function.name == name || function.locals.count(name);
    });
}

std::string queriesText(const catalog::TargetProfile& target) {
    std::string text(catalog::resource("templates/queries/queries.py"));
    return replaceAll(std::move(text), "#import",
                      "from " + target.httpException.module + " import " + target.httpException.name);
}

} // namespace

GroupLowering::GroupLowering(MigrationContext& shared, const StorePlan& stores, const FunctionGroup& functions,
                             std::vector<facts::StoreUse>& uses)
    : context(shared), plan(stores), group(functions), uses_(uses) {
    for (const auto& module : context.project().modules())
        for (const Function& function : module->functions)
            if (group.functions.count(&function)) {
                modules_[&function] = module.get();
                ordered_.push_back(&function);
            }
}

bool GroupLowering::run(std::string& reason) {
    for (const FoundStore* store : group.stores) {
        const schema::Table* table = tableOf(*store);
        if (!table) fail("no-table");
        else if (!store->className.empty() || store->isAliased) fail("attribute-store");
        else if (!store->namespaceVariable.empty()) fail("namespaced-store");
        else if (store->fact.madeAtStart) fail("made-at-start");
        else if (!table->elementClass.empty() || table->mixedClasses) fail("stored-objects");
    }
    // The bridge leaves the store where such an import looks for it.
    for (const StoreReference* reference : group.references)
        if (importedInFunction(*reference->module, reference->node)) fail("nested-import");
    if (!failed() && entryPointsHaveSessions()) findWriters();
    if (!failed()) findSharedTransactions();
    if (!failed()) refuseMemory();
    for (const Function* function : ordered_) {
        if (failed()) break;
        std::vector<const StoreReference*> own;
        for (const StoreReference* reference : group.references)
            if (reference->function == function) own.push_back(reference);
        FunctionLowering(*this, *function, std::move(own)).run();
    }
    if (!failed()) carryAsync();
    if (!failed() && !claims.areFree(context)) fail("claimed-by-another-rule");
    if (failed()) {
        reason = reason_;
        return false;
    }
    claims.make(context);
    makeImports();
    return true;
}

void GroupLowering::fail(const std::string& code) {
    if (reason_.empty()) reason_ = code;
}

const FoundStore* GroupLowering::storeOf(const StoreReference& reference) const {
    for (const FoundStore* store : group.stores)
        for (const StoreReference& own : store->references)
            if (&own == &reference) return store;
    return nullptr;
}

const schema::Table* GroupLowering::tableOf(const FoundStore& store) const {
    return plan.schema.tableOfStore(store.fact.id);
}

const Module* GroupLowering::moduleOf(const Function& function) const {
    auto found = modules_.find(&function);
    return found == modules_.end() ? nullptr : found->second;
}

const Function* GroupLowering::calledBy(const Module& module, const Node& call) const {
    const Symbol& symbol = context.project().resolve(module, call.field("function"));
    if (symbol.kind != Symbol::Kind::Function || !symbol.module) return nullptr;
    const Function* function = symbol.module->function(symbol.name);
    return function && contains(*function) ? function : nullptr;
}

void GroupLowering::findWriters() {
    for (const StoreReference* reference : group.references) {
        facts::ReferenceContext use = facts::contextOf(reference->node);
        if (facts::isMutation(use) || facts::changesInside(reference->node)) writers_.insert(reference->function);
    }
    for (bool more = true; more;) {
        more = false;
        for (const Function* function : ordered_)
            syntax::walk(function->node.field("body"), [&](const Node& node) {
                const Function* called = node.is("call") ? calledBy(*moduleOf(*function), node) : nullptr;
                if (called && writers_.count(called)) more = writers_.insert(function).second || more;
                if (called && facts::statementOf(node).is("return_statement")) committers_.insert(called);
                return true;
            });
    }
}

void GroupLowering::findSharedTransactions() {
    std::set<const Function*> reached; // functions that run a handler which writes
    for (bool more = true; more;) {
        more = false;
        for (const Function* function : ordered_)
            syntax::walk(function->node.field("body"), [&](const Node& node) {
                const Function* called = node.is("call") ? calledBy(*moduleOf(*function), node) : nullptr;
                if (!called || called == function) return true;
                const bool writes = context.handlerOf(*called) && writers_.count(called);
                if (writes) more = shared_.insert(called).second || more;
                if (writes || reached.count(called)) more = reached.insert(function).second || more;
                return true;
            });
    }
    for (const Function* function : reached)
        if (context.handlerOf(*function)) shared_.insert(function);
}

void GroupLowering::refuseMemory() {
    for (const FoundStore& store : plan.stores) {
        if (std::find(group.stores.begin(), group.stores.end(), &store) != group.stores.end()) continue;
        for (const StoreReference& reference : store.references) {
            if (!reference.function || !contains(*reference.function)) continue;
            // Writers of memory alone wait for reads of tables.
            if (writers_.count(reference.function) || facts::isMutation(facts::contextOf(reference.node)) || facts::changesInside(reference.node))
                return fail("store-in-memory-beside");
        }
    }
}

bool GroupLowering::entryPointsHaveSessions() {
    if (ordered_.size() < group.functions.size()) fail("unknown-function");
    for (const Function* function : ordered_) {
        const Handler* handler = context.handlerOf(*function);
        if (handler && handler->isDependency) fail("dependency");
        if (handler && isMiddleware(*handler->module, *function)) fail("middleware");
        if (handler && handler->inThread) fail("blocking-calls");
        if (handler && !handler->rewritten) fail(handler->reason.empty() ? "handler-kept" : handler->reason);
        if (handler && handler->fixedSignature) fail("handler-signature");
        if (!function->className.empty()) fail("method");
        if (function->isNested) fail("nested-function");
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("yield")) fail("generator");
            return !node.is("function_definition");
        });
        if (handler || failed()) continue;
        if (!(function->decorated == function->node)) fail("decorated-helper");
        // Whoever names a helper outside of a call of this group would get a coroutine.
        bool called = false;
        for (const auto& module : context.project().modules())
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                bool names = (node.is("identifier") || node.is("attribute")) &&
                             node.text().size() >= function->name.size() && endsWith(node.text(), function->name);
                if (!names || (node.parent().is("function_definition") && node.parent().field("name") == node))
                    return true;
                const Symbol& symbol = context.project().resolve(*module, node);
                if (symbol.kind != Symbol::Kind::Function || !symbol.module ||
                    symbol.module->function(symbol.name) != function)
                    return true;
                const Function* caller = module->enclosingFunction(node);
                bool inGroup = caller && contains(*caller) && node.parent().is("call") &&
                               node.parent().field("function") == node && awaitIsPossible(node);
                called = called || inGroup;
                if (!inGroup && !context.rewrite(*module).isRemoved(facts::statementOf(node)))
                    fail("helper-used-elsewhere");
                return !inGroup;
            });
        if (!called) fail("no-session");
    }
    return !failed();
}

std::string GroupLowering::import(const Module& module, const std::string& from, const std::string& wanted,
                                  const std::string& fallback) {
    for (const Import& known : imports_)
        if (known.module == &module && known.name == wanted && known.from == from) return known.alias.empty() ? wanted : known.alias;
    std::string local = isTaken(module, wanted) ? fallback : wanted;
    // What a frontend imports from there anyway.
    auto moved = context.movedImports.find(&module);
    if (moved != context.movedImports.end() && moved->second.count(wanted) && moved->second.at(wanted) == from) return wanted;
    auto known = module.imports.find(wanted);
    if (known != module.imports.end() && known->second.module == from && known->second.name == wanted) return wanted;
    bool isOwn = from == context.importPath(module, context.modelsModule) ||
                 from == context.importPath(module, context.queriesModule) ||
                 (context.target().bringsSessions() && from == context.importPath(module, context.databaseModule));
    int rank = from == context.target().annotated.module ? 0 : isOwn ? 2 : 1;
    imports_.push_back({&module, rank, from, wanted, local == wanted ? "" : local});
    return local;
}

bool GroupLowering::Import::operator<(const Import& other) const {
    return std::tie(module->path(), rank, from, name) <
           std::tie(other.module->path(), other.rank, other.from, other.name);
}

void GroupLowering::makeImports() {
    std::sort(imports_.begin(), imports_.end());
    bool needsQueries = false;
    for (const Import& one : imports_) {
        context.rewrite(*one.module).requireImport(one.from, one.name, one.alias);
        needsQueries = needsQueries || one.from == context.importPath(*one.module, context.queriesModule);
    }
    // The stores' own imports are of no use any more.
    for (const StoreReference* reference : group.references)
        if (reference->node.is("identifier"))
            context.rewrite(*reference->module).dropImportIfUnused(std::string(reference->node.text()));
    if (!writers_.empty()) context.rowChecks = context.generatedImportPath(context.queriesModule);
    if (!needsQueries && writers_.empty()) return;
    std::string& text = context.generatedFiles[context.generatedPath(context.queriesModule)];
    if (text.empty()) text = queriesText(context.target());
}

std::string GroupLowering::name(const Module& module, const std::string& wanted) {
    if (!helpers().count(wanted)) return import(module, "sqlalchemy", wanted, "sql_" + wanted);
    return import(module, context.importPath(module, context.queriesModule), wanted, wanted + "_row");
}

std::string GroupLowering::model(const Module& module, const schema::Table& table) {
    return import(module, context.importPath(module, context.modelsModule), table.model, table.model + "Row");
}

void GroupLowering::setUse(const StoreReference& reference, const char* op, bool inPython) {
    for (size_t i = 0; i < group.references.size() && i < uses_.size(); ++i) {
        if (group.references[i] != &reference) continue;
        uses_[i].op = op;
        uses_[i].outcome = inPython ? facts::Outcome::Bridged : facts::Outcome::Exact;
        uses_[i].reason = inPython ? "filtered-in-python" : "";
    }
}

std::string GroupLowering::sessionAnnotation(const Module& module) {
    const catalog::TargetProfile& target = context.target();
    std::string annotated = import(module, target.annotated.module, target.annotated.name, "Annotated_");
    std::string depends = import(module, target.depends.module, target.depends.name, "CovetDepends");
    const catalog::TargetName dependency = context.sessionDependency(module);
    std::string provider = import(module, dependency.module, dependency.name, "database_session");
    std::string session = import(module, target.session.module, target.session.name, "DatabaseSession");
    std::string text = annotated + "[" + session + ", " + depends + "(" + provider + ")]";
    if (isTaken(module, target.sessionAlias)) return text;
    std::string line = target.sessionAlias + " = " + text;
    claims.then([this, &module, line] {
        if (context.sessionAliasModules.insert(&module).second) context.rewrite(module).insertAfterImports({line});
    });
    return target.sessionAlias;
}

void GroupLowering::carryAsync() {
    for (const Function* function : ordered_) {
        const Module& module = *moduleOf(*function);
        std::string db = context.sessionName(module);
        bool isHandler = context.handlerOf(*function) != nullptr;
        std::string annotation = isHandler ? sessionAnnotation(module)
                                           : import(module, context.target().session.module,
                                                    context.target().session.name, "DatabaseSession");
        claims.then([this, &module, function, isHandler, parameter = db + ": " + annotation] {
            SignatureEdits& signatures = context.signatures(module);
            signatures.makeAsync(*function);
            if (isHandler) signatures.addParameter(*function, parameter);
            else signatures.prependParameter(*function, parameter);
        });
    }
}

bool awaitIsPossible(const Node& node) {
    Node child = node;
    for (Node parent = node.parent(); parent; child = parent, parent = parent.parent()) {
        if (parent.is("lambda") || parent.is("parameters") || parent.is("decorator")) return false;
        // A lock of threads that is held across an await stops the event loop for ever.
        if (parent.is("with_statement") && !parent.child(0).is("async")) return false;
        if (parent.is("function_definition")) return child == parent.field("body");
        if (!parent.is("generator_expression")) continue;
        Node first;
        for (const Node& part : parent.namedChildren())
            if (part.is("for_in_clause") && first.isNull()) first = part;
        if (!first.field("right").contains(node)) return false;
    }
    return false;
}

std::string awaited(const Node& node, const std::string& call) {
    Node parent = node.parent();
    bool tight = (parent.is("attribute") && parent.field("object") == node) ||
                 (parent.is("subscript") && parent.field("value") == node) ||
                 (parent.is("call") && parent.field("function") == node) || parent.is("await") ||
                 (parent.is("binary_operator") && parent.field("operator").text() == "**");
    return tight ? "(await " + call + ")" : "await " + call;
}

bool isWholeStatement(const Node& expression) { return expression.parent().is("expression_statement"); }

bool constantText(const Node& node, std::string& out) {
    if (!node.is("string")) return false;
    out.clear();
    for (const Node& part : node.children()) {
        if (part.is("string_start") && part.text().find_first_of("fFbB") != std::string_view::npos) return false;
        if (part.is("interpolation")) return false;
        if (!part.is("string_content")) continue;
        if (part.namedChildCount() > 0 || part.text().find('\\') != std::string_view::npos) return false;
        out = std::string(part.text());
    }
    return true;
}

} // namespace covet::rules::exact
