#include "equivalence/inspection.h"

#include <algorithm>
#include <set>

#include "engine/project_loading.h"
#include "equivalence/handler_reader.h"

namespace covet::equivalence {
namespace {

constexpr size_t kValuesPerName = 12;
constexpr size_t kRecordsPerStore = 40;
constexpr size_t kElementsToRemember = 20000; // values of more rows bring nothing new

void remember(Inspection& inspection, const std::string& name, const Value& value) {
    const bool isScalar = value.kind() == Value::Kind::Str || value.kind() == Value::Kind::Int ||
                          value.kind() == Value::Kind::Float || value.kind() == Value::Kind::Uuid;
    if (!isScalar || name.empty()) return;
    std::vector<Value>& known = inspection.values[name];
    for (const Value& other : known)
        if (other.identical(value)) return;
    if (known.size() < kValuesPerName) known.push_back(value);
}

void rememberAll(Inspection& inspection, const Value& value, int depth = 0) {
    if (depth > 6) return;
    for (const Value& item : value.items()) rememberAll(inspection, item, depth + 1);
    for (const Value::Entry& entry : value.entries()) {
        if (entry.first.kind() == Value::Kind::Str) remember(inspection, entry.first.text(), entry.second);
        rememberAll(inspection, entry.second, depth + 1);
    }
}

/// Instances as the objects of their fields.
Value plain(const Value& value) {
    return value.kind() == Value::Kind::Object ? Value::dict(value.entries()) : value;
}

void addStore(Inspection& inspection, const facts::Store& store) {
    if (!store.data) return;
    SampleStore sample;
    sample.name = store.name;
    const Value& data = *store.data;
    ElementReader all(data);
    for (size_t seen = 0; all.next() && seen < kElementsToRemember; ++seen) {
        if (all.key() && all.key()->kind() == Value::Kind::Str)
            remember(inspection, all.key()->text(), all.content());
        rememberAll(inspection, all.content(), 1);
    }
    ElementReader rows(data);
    for (size_t seen = 0; rows.next() && seen < kElementsToRemember; ++seen) {
        const Value* key = rows.key();
        if (key && !store.keyName.empty()) remember(inspection, store.keyName, *key);
        if (key) remember(inspection, "key of " + store.name, *key);
        if (!rows.content().isRecord() || sample.records.size() >= kRecordsPerStore) continue;
        if (key) sample.keys.push_back(*key);
        sample.records.push_back(plain(rows.content()));
    }
    inspection.stores.push_back(std::move(sample));
}

const semantic::Function* handlerOf(const semantic::Module& module, const facts::Route& route) {
    const semantic::Function* nearest = nullptr;
    for (const semantic::Function& function : module.functions) {
        const bool isNamed = function.qualified == route.handler || function.name == route.handler;
        const bool isThere = route.where.line >= function.decorated.line() && route.where.line <= function.node.endLine();
        if (isNamed && (isThere || !nearest)) nearest = &function;
        if (route.handler.empty() && isThere) nearest = &function;
    }
    return nearest;
}

void readHandler(const semantic::Project& project, const facts::Route& route, RouteHints& hints) {
    const semantic::Module* module = project.moduleByPath(route.where.file);
    const semantic::Function* function = module ? handlerOf(*module, route) : nullptr;
    if (!function && !route.handler.empty() && module) {
        // Registered in another module than it is defined in.
        const std::string bare = route.handler.substr(route.handler.rfind('.') + 1);
        const semantic::Symbol symbol = project.resolveGlobal(*module, bare);
        if (symbol.kind == semantic::Symbol::Kind::Function) {
            module = symbol.module;
            function = module->function(symbol.name);
        }
    }
    if (!function) return;
    hints.isRead = true;
    HandlerReader(project, hints).read(*module, *function);
    hints.takesBody = hints.takesBody || !hints.body.parts.empty() || !hints.form.parts.empty();
}

/// What is known of a handler that was not found: what all others read.
void shareQueries(Inspection& inspection) {
    FieldHint all;
    for (const RouteHints& route : inspection.routes)
        for (const FieldHint& field : route.query.parts) all.part(field.name) = field;
    for (RouteHints& route : inspection.routes)
        if (!route.isRead) route.query = all;
}

} // namespace

FieldHint& FieldHint::part(const std::string& partName) {
    for (FieldHint& known : parts)
        if (known.name == partName) return known;
    parts.emplace_back();
    parts.back().name = partName;
    return parts.back();
}

void FieldHint::addConstant(const Value& value) {
    for (const Value& known : constants)
        if (known.identical(value)) return;
    if (constants.size() < kValuesPerName) constants.push_back(value);
}

bool RouteHints::isAction() const {
    const bool writes = method == "POST" || method == "PUT" || method == "PATCH";
    return writes && isRead && !takesBody && path.find('{') == std::string::npos;
}

std::vector<std::string> RouteHints::parameters() const {
    std::vector<std::string> names;
    for (size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
        const size_t end = path.find('}', at);
        if (end == std::string::npos) break;
        const std::string inside = path.substr(at + 1, end - at - 1);
        names.push_back(inside.substr(0, inside.find(':')));
    }
    return names;
}

Inspection inspect(const std::vector<InputFile>& files, const Analysis& analysis,
                   const std::vector<facts::Route>& more) {
    Inspection inspection;
    for (const rules::Finding& finding : analysis.findings) inspection.savesFiles = inspection.savesFiles || finding.rule == "COV210";
    for (const facts::Store& store : analysis.stores)
        if (store.leftAlone.empty()) addStore(inspection, store);
    const Result<engine::LoadedProject> loaded = engine::loadProject(files, {}, nullptr);
    std::set<std::string> seen;
    auto add = [&](const facts::Route& route, bool isLegacy) {
        if (!route.path.empty() && route.path[0] != '/') return; // no request can ask for it
        RouteHints hints;
        hints.method = route.method;
        hints.path = route.path;
        if (!seen.insert(hints.name()).second) return;
        if (isLegacy && loaded) readHandler(loaded->project, route, hints);
        inspection.routes.push_back(std::move(hints));
    };
    for (const facts::Route& route : analysis.routes) add(route, true);
    for (const facts::Route& route : more) add(route, false);
    shareQueries(inspection);
    return inspection;
}

} // namespace covet::equivalence
