#include "engine/store_data.h"

#include "facts/record_shape.h"
#include "semantic/project_host.h"
#include "syntax/literal_evaluator.h"

namespace covet::engine {
namespace {

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

/// Where the evaluator finds a store: "items", "Shop.items" or the variable around a namespaced one.
std::string pathOf(const facts::FoundStore& store) {
    if (!store.namespaceVariable.empty()) return store.namespaceVariable;
    return store.className.empty() ? store.variable : store.className + "." + store.variable;
}

void readData(syntax::LiteralEvaluator& evaluator, const syntax::SourceModule& source,
              facts::FoundStore& store) {
    syntax::StoreState state = evaluator.stateOf(source, pathOf(store));
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
    store.fact.data = std::move(state.value);
    store.fact.opaqueReason = std::move(state.opaqueReason);
}

} // namespace

std::vector<facts::FoundStore> readStores(const LoadedProject& loaded, ProgressSink* progress) {
    std::vector<facts::FoundStore> stores = facts::findStores(loaded.project);
    semantic::ProjectHost host(loaded.project,
                               [&](const std::string& path) { return dataFile(loaded, path); });
    syntax::LiteralEvaluator evaluator(host);
    size_t done = 0;
    for (facts::FoundStore& store : stores) {
        if (progress) progress->progress("facts", done++, stores.size());
        if (!store.fact.leftAlone.empty()) continue;
        if (loaded.broken.count(store.module)) {
            store.fact.leftAlone = "syntax-error";
            continue;
        }
        readData(evaluator, host.sourceOf(*store.module), store);
        facts::describeRecords(loaded.project, store);
    }
    return stores;
}

} // namespace covet::engine
