#include "engine/store_data.h"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/first_content.h"
#include "facts/class_uses.h"
#include "facts/field_origins.h"
#include "facts/none_values.h"
#include "facts/number_fields.h"
#include "facts/field_uses.h"
#include "facts/open_records.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "facts/single_object.h"
#include "facts/store_lifetime.h"
#include "facts/startup_functions.h"
#include "rules/store/call_graph.h"
#include "semantic/project_host.h"
#include "syntax/literal_evaluator.h"

namespace covet::engine {
namespace {

using semantic::Module;

/// Places that are named one by one as evidence.
constexpr size_t kShownChanges = 3;

/// Where the evaluator finds a store: "items", "Shop.items" or the variable around a namespaced one.
std::string pathOf(const facts::FoundStore& store) {
    if (!store.namespaceVariable.empty()) return store.namespaceVariable;
    if (store.owner == facts::Owner::Function) return store.variable;
    if (store.owner == facts::Owner::Object) {
        const syntax::Node target = store.definition.namedChild(0).field("left");
        if (target.is("subscript")) return std::string(target.field("value").text()) + ".[" + store.variable + "]";
        const bool isAttribute = store.initialValue == store.definition.namedChild(0).field("right");
        return std::string(target.text()) + (isAttribute ? "" : "." + store.variable);
    }
    return store.className.empty() ? store.variable : store.className + "." + store.variable;
}

/// Only what a call like `json.load(file)` gave says which container it is.
bool isLoaded(const facts::FoundStore& store) {
    const bool isCall = store.initialValue.is("call") || store.initialValue.is("subscript"); // `json.load(file)["items"]`
    return isCall && store.fact.container == facts::Container::List;
}

std::optional<facts::Container> containerOf(const Value& value) {
    if (value.isSequence()) return facts::Container::List;
    if (value.kind() == Value::Kind::Dict) return facts::Container::Dict;
    return std::nullopt;
}

void readData(const semantic::Project& project, syntax::LiteralEvaluator& evaluator, const syntax::SourceModule& source,
              const syntax::SourceModule& classSource, facts::FoundStore& store) {
    const syntax::Node function = store.owner == facts::Owner::Function || store.owner == facts::Owner::Object
                                      ? store.definition.ancestor({"function_definition"})
                                      : syntax::Node();
    syntax::StoreState state = function ? evaluator.stateOfLocal(source, function, pathOf(store))
                                        : evaluator.stateOf(source, pathOf(store));
    // An attribute of the application that a function sets whose application is no local of it.
    if (function && !state.value && store.owner == facts::Owner::Object) state = evaluator.stateOf(source, pathOf(store));
    // Objects that no name leads to are known by their class, where all hold the same.
    if (!state.value && !store.made.isNull()) {
        syntax::StoreState ofClass = evaluator.stateOf(classSource, store.classId.substr(store.classId.find(':') + 1) + "." + store.variable);
        if (ofClass.value) state = std::move(ofClass);
    }
    // The one object of a class that the first request makes: `Depends(Bank)`, whose `__new__` keeps it.
    if (!state.value && store.isOfClass() && !store.initialValue.isNull() && facts::isSingleton(project, *store.module, store.className)) {
        Value first = evaluator.evaluate(classSource, store.initialValue);
        if (!first.hasOpaque()) state.value = std::move(first);
    }
    // The one that a class makes of itself, `cls._instance = cls()`, whose `__init__` does no more with it.
    if (!state.value && store.isOfClass() && !store.initialValue.isNull() && facts::isMadeByItself(project, *store.module, store.className)) {
        const bool isPlain = std::none_of(store.references.begin(), store.references.end(), [](const facts::StoreReference& reference) {
            return reference.function && reference.function->name == "__init__";
        });
        Value first = isPlain ? evaluator.evaluate(classSource, store.initialValue) : Value::opaque("");
        if (!first.hasOpaque()) state.value = std::move(first);
    }
    if (state.value && !store.namespaceVariable.empty()) {
        const Value* entry = state.value->kind() == Value::Kind::Dict ? state.value->find(store.variable)
                                                                     : nullptr;
        if (entry) {
            Value kept = *entry;
            state.value = std::move(kept);
        } else {
            state.value.reset();
            state.opaqueReason = "`" + store.namespaceVariable + "` does not hold it at import";
        }
    }
    if (state.value && state.value->isOpaque()) {
        state.opaqueReason = state.value->text();
        state.value.reset();
    }
    if (state.value && isLoaded(store)) {
        if (std::optional<facts::Container> container = containerOf(*state.value)) {
            store.fact.container = *container;
        } else {
            state.value.reset();
            state.opaqueReason = "what it loads is neither a list nor a dict";
        }
    }
    store.fact.data = std::move(state.value);
    store.fact.opaqueReason = std::move(state.opaqueReason);
}

/// Whether static reading leaves open what it starts with.
bool isOpen(const facts::Store& fact) { return fact.data ? fact.data->hasOpaque() : !fact.opaqueReason.empty(); }

/// Takes what running the module gave, where reading it did not say.
void takeExtracted(const ExtractedValues& extracted, facts::FoundStore& store) {
    const auto found = extracted.find(store.fact.id);
    if (found == extracted.end() || !isOpen(store.fact)) return;
    const Extracted& entry = found->second;
    std::string problem = entry.error;
    if (entry.value && store.fact.container != facts::Container::Scalar) {
        const std::optional<facts::Container> container = containerOf(*entry.value);
        if (container && isLoaded(store)) store.fact.container = *container;
        if (container != store.fact.container) problem = "it is another container when the module runs";
    }
    if (!entry.value || !problem.empty()) {
        if (!store.fact.opaqueReason.empty()) store.fact.opaqueReason += "; ";
        store.fact.opaqueReason += "running the module did not give it: " + problem;
        return;
    }
    store.fact.data = *entry.value;
    store.fact.opaqueReason.clear();
    store.fact.extracted = true;
}

/// What the elements are when the code does not say but the rows do.
void refineElement(facts::Store& fact) {
    if (fact.element != facts::Element::Unknown || !fact.data || fact.container == facts::Container::Scalar) return;
    size_t records = 0, scalars = 0, all = 0;
    auto count = [&](const Value& element) {
        ++all;
        records += element.kind() == Value::Kind::Dict;
        scalars += !element.isRecord() && !element.isSequence() && !element.isOpaque() && !element.isNull();
    };
    ElementReader rows(*fact.data);
    while (rows.next()) count(rows.content());
    if (all > 0 && records == all) fact.element = facts::Element::Record;
    if (all > 0 && scalars == all) fact.element = facts::Element::Scalar;
}

/// The modules of the stores and, after them, those that import them, however indirectly: they make
/// instances and fill containers of other modules when they are imported.
std::vector<const Module*> importersOf(const semantic::Project& project, const std::vector<facts::FoundStore>& stores) {
    std::vector<const Module*> order;
    std::set<const Module*> known;
    for (const facts::FoundStore& store : stores)
        if (store.fact.leftAlone.empty() && known.insert(store.module).second) order.push_back(store.module);
    for (size_t before = 0; before != order.size();) {
        before = order.size();
        for (const auto& module : project.modules()) {
            if (known.count(module.get()) || rules::isTestModule(*module)) continue;
            for (const auto& [local, binding] : module->imports) {
                if (!known.count(project.resolveGlobal(*module, local).module)) continue;
                known.insert(module.get());
                order.push_back(module.get());
                break;
            }
        }
    }
    return order;
}

/// Runs what lifespan functions do before their application serves.
void performLifespans(const LoadedProject& loaded, semantic::ProjectHost& host, syntax::LiteralEvaluator& evaluator) {
    const std::vector<facts::LifespanStatement> all = facts::lifespanStatements(loaded.project);
    for (size_t from = 0, to = 0; from < all.size(); from = to) {
        std::vector<syntax::Node> statements;
        for (; to < all.size() && all[to].module == all[from].module && all[to].function == all[from].function; ++to)
            if (!all[to].isAtEnd && !all[to].isOfEvent) statements.push_back(all[to].statement);
        if (loaded.broken.count(all[from].module) || statements.empty()) continue;
        evaluator.perform(host.sourceOf(*all[from].module), all[from].function ? all[from].function->node : syntax::Node(), statements);
    }
}

/// Makes the objects that functions make once, when a request first asks for them.
void makeObjects(const LoadedProject& loaded, const std::vector<facts::FoundStore>& stores,
                 semantic::ProjectHost& host, syntax::LiteralEvaluator& evaluator) {
    std::set<std::string> known;
    for (const facts::FoundStore& store : stores) {
        if (!store.isOfClass() || !store.fact.leftAlone.empty() || loaded.broken.count(store.module) ||
            !known.insert(store.module->name + ":" + store.className).second)
            continue;
        // A factory that a module calls has made it already.
        if (evaluator.stateOf(host.sourceOf(*store.module), pathOf(store)).value) continue;
        const facts::ClassUses uses = facts::usesOfFamily(loaded.project, *store.module, store.className);
        for (const auto& [module, call] : uses.made)
            if (module->enclosingFunction(call) &&
                (facts::isOfOneObject(loaded.project, store) || facts::makesOneObject(loaded.project, *module, call)))
                evaluator.run(host.sourceOf(*module), call);
    }
}

std::string placeOf(const Module& module, const syntax::Node& node) {
    return module.path() + ":" + std::to_string(module.source.lineOf(node.start()));
}

/// Why it is a store, for people: what it starts with and the first places that change it.
void addEvidence(facts::FoundStore& store) {
    facts::Store& fact = store.fact;
    const size_t rows = fact.data ? fact.data->size() : 0;
    if (fact.extracted) fact.evidence.push_back("its content was read by running " + store.module->path());
    if (rows > 0) fact.evidence.push_back("holds " + std::to_string(rows) + (rows == 1 ? " element" : " elements") + " at import");
    else if (fact.data && fact.container != facts::Container::Scalar) fact.evidence.push_back("is empty at import");
    size_t shown = 0, changes = 0;
    for (const facts::StoreReference& reference : store.references) {
        if (!facts::isMutation(facts::contextOf(reference.node)) && !facts::changesInside(reference.node)) continue;
        ++changes;
        if (shown >= kShownChanges) continue;
        ++shown;
        fact.evidence.push_back("changed at " + placeOf(*reference.module, reference.node) +
                                (reference.function ? " by " + reference.function->qualified : ""));
    }
    if (changes > shown) fact.evidence.push_back("changed at " + std::to_string(changes - shown) + " more places");
    if (changes == 0 && !store.references.empty())
        fact.evidence.push_back("read at " + placeOf(*store.references[0].module, store.references[0].node));
}

} // namespace

syntax::FileAnswer dataFile(const LoadedProject& loaded, const std::string& path) {
    syntax::FileAnswer answer;
    auto found = loaded.files.find(path);
    if (loaded.unknownPaths.count(path)) {
        answer.kind = syntax::FileAnswer::Kind::Unknown;
    } else if (found == loaded.files.end()) {
        answer.kind = syntax::FileAnswer::Kind::Missing;
    } else {
        answer.kind = syntax::FileAnswer::Kind::Known;
        answer.bytes = found->second->bytes;
    }
    return answer;
}

std::vector<facts::FoundStore> readStores(const LoadedProject& loaded, const ExtractedValues& extracted,
                                          ProgressSink* progress) {
    std::vector<facts::FoundStore> stores = facts::findStores(loaded.project);
    semantic::ProjectHost host(loaded.project,
                               [&](const std::string& path) { return dataFile(loaded, path); });
    syntax::LiteralEvaluator evaluator(host);
    const std::set<const Module*> others = facts::otherPrograms(loaded.project);
    for (const Module* module : importersOf(loaded.project, stores))
        if (!loaded.broken.count(module) && !others.count(module)) evaluator.import(host.sourceOf(*module));
    for (const auto& [module, function] : facts::startupFunctions(loaded.project))
        if (!loaded.broken.count(module)) evaluator.call(host.sourceOf(*module), function->node);
    performLifespans(loaded, host, evaluator);
    makeObjects(loaded, stores, host, evaluator);
    size_t done = 0;
    for (facts::FoundStore& store : stores) {
        if (progress) progress->progress("facts", done++, stores.size());
        if (!store.fact.leftAlone.empty()) continue;
        if (loaded.broken.count(store.module)) {
            store.fact.leftAlone = "syntax-error";
            continue;
        }
        store.fact.place = pathOf(store);
        if (!store.namespaceVariable.empty()) store.fact.placeKey = store.variable;
        if (store.isEntry) {
            store.fact.place = store.fact.place.substr(0, store.fact.place.rfind(".["));
            store.fact.placeKey = store.variable;
        }
        const Module* home = loaded.project.module(store.classId.substr(0, store.classId.find(':')));
        readData(loaded.project, evaluator, host.sourceOf(*store.module), host.sourceOf(store.classId.empty() || !home ? *store.module : *home), store);
        takeExtracted(extracted, store);
        facts::describeRecords(loaded.project, store);
        refineElement(store.fact);
        facts::describeFieldUses(loaded.project, store);
        store.fact.madeAtStart = !store.fact.extracted &&
                                 (isMadeAtStart(loaded.project, evaluator, host.sourceOf(*store.module), store) ||
                                  hasKnownElements(store));
        addEvidence(store);
    }
    facts::markFieldsSetToNone(loaded.project, stores);
    facts::openMergedRecords(loaded.project, stores);
    facts::openNumbers(loaded.project, stores);
    facts::typeFieldsFromStores(loaded.project, stores);
    return stores;
}

} // namespace covet::engine
