// What the project's decorators of handlers hand to them: `return view(current_user, *args, **kwargs)`.
#include <algorithm>
#include <utility>

#include "rules/frameworks/flask/flask_app.h"

namespace covet::rules::flask {
namespace {

bool isSplat(const Node& argument) { return argument.is("list_splat") || argument.is("dictionary_splat"); }

/// Values that a call hands on by position ahead of `*args`.
std::vector<Node> positional(const Node& call) {
    std::vector<Node> found;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (isSplat(argument)) break;
        if (!argument.is("keyword_argument")) found.push_back(argument);
    }
    return found;
}

/// `kwargs["user"] = user`
std::set<std::string> keysGiven(const Function& wrapper, const std::string& kwargs) {
    std::set<std::string> names;
    syntax::walk(wrapper.node.field("body"), [&](const Node& node) {
        const Node left = node.is("assignment") ? node.field("left") : Node{};
        if (left.is("subscript") && left.field("value").text() == kwargs && left.field("subscript").is("string"))
            names.emplace(left.field("subscript").namedChild(1).text());
        return true;
    });
    return names;
}

} // namespace

const Function* functionBehind(const semantic::Project& project, const Module& module, const Node& decorator, const Module*& home) {
    const Node inner = decorator.is("decorator") ? decorator.namedChild(0) : decorator;
    const semantic::Symbol& symbol = project.resolve(module, inner.is("call") ? inner.field("function") : inner);
    if (symbol.kind != semantic::Symbol::Kind::Function || !symbol.module) return nullptr;
    home = symbol.module;
    return symbol.module->function(symbol.name);
}

std::vector<Wrapper> wrappersOf(const Module& home, const Function& decorator) {
    std::vector<Wrapper> found;
    for (const Function& inner : home.functions) {
        if (!decorator.node.contains(inner.node) || &inner == &decorator) continue;
        std::set<std::string> outer;
        for (const Function* scope = home.enclosingFunction(inner.node); scope; scope = home.enclosingFunction(scope->node)) {
            for (const Node& parameter : scope->node.field("parameters").namedChildren()) outer.insert(parameterName(parameter));
            if (scope == &decorator) break;
        }
        Wrapper wrapper;
        wrapper.function = &inner;
        syntax::walk(inner.node.field("body"), [&](const Node& node) {
            if (!node.is("call") || !node.field("function").is("identifier") || home.enclosingFunction(node) != &inner) return true;
            const std::string name(node.field("function").text());
            if (outer.count(name) && !inner.locals.count(name) && node.field("arguments").text().find("**") != std::string_view::npos)
                wrapper.calls.push_back(node);
            return true;
        });
        if (!wrapper.calls.empty()) found.push_back(std::move(wrapper));
    }
    return found;
}

Passing passingOf(const Wrapper& wrapper) {
    Passing passing;
    bool wraps = false, args = false;
    std::string kwargs;
    std::vector<std::string_view> taken;
    for (const Node& decorator : wrapper.function->decorated.namedChildren())
        wraps = wraps || (decorator.is("decorator") && decorator.text().find("wraps(") != std::string_view::npos);
    for (const Node& parameter : wrapper.function->node.field("parameters").namedChildren()) {
        if (parameter.is("list_splat_pattern")) args = true;
        else if (parameter.is("dictionary_splat_pattern")) kwargs = parameter.namedChild(0).text();
        else if (!args && parameter.is("identifier")) taken.push_back(parameter.text());
        else return passing;
    }
    passing.takes = taken.size();
    // Flask hands all parts of a path on by name: `def wrapper(**kwargs)` is enough for a function.
    passing.lacksWraps = !wraps && wrapper.function->decorated == wrapper.function->node;
    if ((!wraps && !passing.lacksWraps) || kwargs.empty() || (!args && passing.takes > 0)) return passing;
    passing.byNameOnly = !args;
    passing.names = keysGiven(*wrapper.function, kwargs);
    for (const Node& call : wrapper.calls) {
        const std::vector<Node> given = positional(call);
        if (!(call == wrapper.calls[0]) && given.size() != passing.gives) return passing;
        passing.gives = given.size();
        for (size_t i = 0; i < taken.size(); ++i) passing.keepsOrder = passing.keepsOrder && i < given.size() && given[i].text() == taken[i];
        for (const Node& argument : call.field("arguments").namedChildren())
            if (argument.is("keyword_argument")) passing.names.emplace(argument.field("name").text());
    }
    passing.isKnown = passing.gives >= passing.takes;
    return passing;
}

std::set<std::string> givenParameters(const semantic::Project& project, const Module& module, const Function& handler) {
    std::set<std::string> names;
    size_t count = 0;
    std::vector<std::pair<const Module*, Node>> around;
    bool hasObject = false; // ahead of what the decorators give
    for (const Node& decorator : handler.decorated.namedChildren())
        if (decorator.is("decorator")) around.emplace_back(&module, decorator);
    // Those of a class get its methods without their object.
    const auto ofClass = handler.className.empty() ? std::vector<std::pair<const Module*, Node>>{}
                                                   : viewDecorators(project, {semantic::Symbol::Kind::Class, &module, handler.className});
    around.insert(around.end(), ofClass.begin(), ofClass.end());
    for (const auto& [place, decorator] : around) {
        const std::string smorest = smorestDecorator(project, *place, decorator);
        if (smorest == "arguments") {
            ++count;
            hasObject = hasObject || !handler.className.empty();
        }
        if (smorest == "paginate" && argumentOf(decorator.namedChild(0), "pager", 0).isNull()) names.insert("pagination_parameters");
        const Module* home = nullptr;
        const Function* function = functionBehind(project, *place, decorator, home);
        if (!function) continue;
        for (const Wrapper& wrapper : wrappersOf(*home, *function)) {
            const Passing passing = passingOf(wrapper);
            const bool takesObject = !handler.className.empty() && passing.takes > 0 && passing.keepsOrder;
            if (!passing.isKnown || passing.takes > count + (takesObject ? 1 : 0)) continue;
            hasObject = hasObject || takesObject;
            count += passing.gives - passing.takes;
            names.insert(passing.names.begin(), passing.names.end());
        }
    }
    std::set<std::string> given;
    size_t position = 0;
    bool first = !ofClass.empty() || hasObject;
    for (const Node& parameter : handler.node.field("parameters").namedChildren()) {
        const std::string name = parameterName(parameter);
        if (std::exchange(first, false)) continue;
        // `**kwargs` takes what is given by names that it does not name.
        if (parameter.is("dictionary_splat_pattern")) {
            if (!names.empty()) given.emplace(parameter.namedChild(0).text());
        } else if (position++ < count || names.count(name)) {
            given.insert(name);
        }
    }
    return given;
}

bool takesAllParts(const Function& function, const std::vector<UrlRule>& rules) {
    std::set<std::string> names;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) names.insert(parameterName(parameter));
    for (const UrlRule& rule : rules)
        for (const RulePart& part : rule.parts)
            if (!names.count(part.name)) return false;
    return true;
}

bool areFilledByRoutes(const std::vector<const Site*>& sites, const Function& function) {
    bool any = false;
    for (const Site* site : sites) {
        if (site->isView || site->isBound || site->isResource) return false;
        const UrlRule rule = readRule(site->rule);
        for (const auto& [name, value] : site->defaults) any = any || value != "None";
        for (const Node& parameter : function.node.field("parameters").namedChildren()) {
            const std::string name = parameterName(parameter);
            if (!parameter.is("identifier") && !(parameter.is("typed_parameter") && parameter.namedChild(0).is("identifier"))) return false;
            if ((rule.part(name) != nullptr) == (site->defaults.count(name) > 0)) return false;
        }
    }
    return any;
}

} // namespace covet::rules::flask
