#include "facts/object_place.h"

#include <algorithm>
#include <tuple>

#include "facts/object_class.h"
#include "facts/passed_values.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;
using syntax::Node;

bool isApplicationName(std::string_view name) {
    static constexpr Words kNames = {"Flask", "FastAPI", "Starlette", "Quart", "Sanic"};
    return kNames.count(name) > 0;
}

std::string_view lastName(const Node& expression) {
    return expression.is("attribute") ? expression.field("attribute").text() : expression.text();
}

/// `request.app`, `websocket.app`, `info.context["request"].app`.
bool isApplicationOfRequest(const Node& attribute) {
    if (attribute.field("attribute").text() != "app") return false;
    const std::string_view object = attribute.field("object").text();
    return endsWith(object, "request") || endsWith(object, "websocket") || object == "req" || object == "ws";
}

} // namespace

bool isApplicationEntry(const Node& target) {
    const Node container = target.is("subscript") ? target.field("value") : Node();
    const std::string_view name = container.field("attribute").text();
    return name == "extensions" || name == "config";
}

bool ObjectPlace::operator<(const ObjectPlace& other) const {
    const std::string empty;
    return std::tie(module ? module->path() : empty, root, path) < std::tie(other.module ? other.module->path() : empty, other.root, other.path);
}

ObjectPlaces::ObjectPlaces(const semantic::Project& project) : project_(project) {
    size_t applications = 0;
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const char* maker : {"Flask", "FastAPI", "Starlette", "Quart", "Sanic"}) {
            const auto calls = module->calls.find(maker);
            if (calls != module->calls.end()) applications += calls->second.size();
        }
    }
    hasOneApplication_ = applications == 1;
}

bool ObjectPlaces::isApplicationCall(const Module& module, const Node& value) const {
    if (!value.is("call") || !isApplicationName(lastName(value.field("function")))) return false;
    return project_.resolve(module, value.field("function")).kind == Symbol::Kind::External;
}

std::optional<ObjectPlace> ObjectPlaces::ofName(const Module& module, const Node& name, int steps) const {
    const std::optional<ObjectPlace> application = hasOneApplication_ ? std::optional(ObjectPlace{nullptr, "app", ""}) : std::nullopt;
    const Symbol& symbol = project_.resolve(module, name);
    if (symbol.kind == Symbol::Kind::External) return symbol.name == "flask.current_app" ? application : std::nullopt;
    if (symbol.kind == Symbol::Kind::Variable && symbol.module) {
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end()) return std::nullopt;
        const Node value = assigned->second.front().namedChild(0).field("right");
        if (isApplicationCall(*symbol.module, value)) return application;
        const GivenValue made = value.is("call") ? givenValue(project_, *symbol.module, value) : GivenValue();
        // `app = create_app()`, which returns its local.
        if (made.module && made.value.is("identifier") && steps > 0)
            if (const auto place = of(*made.module, made.value, steps - 1); place && !place->module) return place;
        return ObjectPlace{symbol.module, symbol.name, ""};
    }
    if (symbol.kind != Symbol::Kind::Local || steps == 0) return std::nullopt;
    const Function* function = module.enclosingFunction(name);
    while (function && !function->locals.count(std::string(name.text()))) function = module.enclosingFunction(function->node);
    if (!function) return std::nullopt;
    for (const Node& parameter : function->node.field("parameters").namedChildren()) {
        if (semantic::parameterName(parameter) != name.text()) continue;
        const Node type = parameter.field("type").namedChild(0);
        if (isApplicationName(lastName(type)) || (type.isNull() && (name.text() == "app" || name.text() == "application"))) return application;
        // `db=Depends(get_db)` is what the dependency gives.
        const GivenValue given = givenValue(project_, module, name);
        if (given.module) return of(*given.module, given.value, steps - 1);
        return ofPassed(module, *function, std::string(name.text()), steps - 1);
    }
    std::optional<ObjectPlace> place;
    bool once = true;
    bool found = false;
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        const bool binds = (node.is("assignment") || node.is("named_expression")) &&
                           node.field(node.is("assignment") ? syntax::NodeField("left") : syntax::NodeField("name")).text() == name.text();
        if (!binds) return true;
        once = once && !found;
        found = true;
        const Node value = node.field(node.is("assignment") ? syntax::NodeField("right") : syntax::NodeField("value"));
        if (value && !(value == name)) place = isApplicationCall(module, value) ? application : of(module, value, steps - 1);
        return true;
    });
    return once ? place : std::nullopt;
}

/// A parameter that all calls give the same object.
std::optional<ObjectPlace> ObjectPlaces::ofPassed(const Module& module, const Function& function, const std::string& parameter, int steps) const {
    if (function.isNested || function.decorated.is("decorated_definition") || !function.className.empty()) return std::nullopt;
    std::optional<ObjectPlace> same;
    for (const PassedValue& passed : valuesPassedTo(project_, module, function, parameter)) {
        if (semantic::isTestModule(*passed.module)) continue;
        const auto place = of(*passed.module, passed.value, steps);
        if (!place || (same && !(*same == *place))) return std::nullopt;
        same = place;
    }
    return same;
}

std::optional<ObjectPlace> ObjectPlaces::of(const Module& module, const Node& expression, int steps) const {
    if (expression.is("parenthesized_expression")) return of(module, expression.namedChild(0), steps);
    if (expression.is("identifier")) return ofName(module, expression, steps);
    if (expression.is("attribute")) {
        if (isApplicationOfRequest(expression))
            return hasOneApplication_ ? std::optional(ObjectPlace{nullptr, "app", ""}) : std::nullopt;
        const Symbol& symbol = project_.resolve(module, expression);
        // `storage.db` of a module is its variable.
        if (symbol.kind == Symbol::Kind::Variable && symbol.module && symbol.module->assignments.count(symbol.name))
            return ObjectPlace{symbol.module, symbol.name, ""};
        if (symbol.kind == Symbol::Kind::External && symbol.name == "flask.current_app") return ofName(module, expression, 0);
        std::optional<ObjectPlace> place = of(module, expression.field("object"), steps);
        if (place) place->path += "." + std::string(expression.field("attribute").text());
        return place;
    }
    Node key = expression.is("subscript") ? expression.field("subscript") : Node();
    Node object = expression.field("value");
    if (expression.is("call")) {
        const Node callee = expression.field("function");
        if (project_.resolve(module, callee).kind == Symbol::Kind::Function && steps > 0) {
            const GivenValue given = givenValue(project_, module, expression);
            return given.module && given.value.is("identifier") ? of(*given.module, given.value, steps - 1) : std::nullopt;
        }
        if (callee.is("attribute") && callee.field("attribute").text() == "_get_current_object") return of(module, callee.field("object"), steps);
        if (!callee.is("attribute") || callee.field("attribute").text() != "get" || expression.field("arguments").namedChildCount() != 1)
            return std::nullopt;
        object = callee.field("object");
        key = expression.field("arguments").namedChild(0);
    }
    if (!key.is("string") || key.namedChildCount() < 2) return std::nullopt;
    std::optional<ObjectPlace> place = of(module, object, steps);
    // Other dicts are stores themselves.
    if (!place || place->module || (place->path != ".config" && place->path != ".extensions")) return std::nullopt;
    place->path += "[" + std::string(key.namedChild(1).text()) + "]";
    return place;
}

} // namespace covet::facts
