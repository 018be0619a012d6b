// Before:  def wrapper(*args, **kwargs): ...; return function(*args, **kwargs)
// After:   async def wrapper(*args, **kwargs): ...; return await function(*args, **kwargs)
// Safe: only for decorators of the project that stand on handlers alone and pass on what they get; those that lack
// functools.wraps get it, since the target looks at the parameters of what it calls.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

class DecoratorPlanner {
public:
    explicit DecoratorPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const auto& handler : plan_.handlers) {
            std::vector<Node> own;
            for (const Site& site : plan_.reading.sites)
                if (site.function == handler.first && site.node.is("decorator")) own.push_back(site.node);
            for (const Node& decorator : handler.first->decorated.namedChildren()) {
                if (!decorator.is("decorator")) continue;
                bool route = false;
                for (const Node& site : own) route = route || site == decorator;
                if (bindsMethod(decorator)) continue;
                if (!route && (isDocumentation(*handler.second, decorator) || isCrossOrigin(*handler.second, decorator))) continue;
                if (!route && !isMarshalling(handler.first, *handler.second, decorator) && !isCounterpartDecorator(plan_, *handler.second, decorator)) add(*handler.second, decorator);
            }
        }
        for (const Site& site : plan_.reading.sites)
            if (plan_.routers.count(site.router) && site.isView && !site.isResource) ofClass(site);
    }

private:
    /// `@marshal_with(fields)`: the helper's one waits for what it stands on.
    bool isMarshalling(const Function* handler, const Module& module, const Node& decorator) const {
        const Node call = decorator.namedChild(0);
        const std::string name = plan_.restfulName(module, call.is("call") ? call.field("function") : call);
        return plan_.resources.count(handler) && (startsWith(name, "marshal_with") || isRestxDecorator(plan_, module, decorator));
    }

    /// `@cross_origin()`: see extensions.cpp.
    bool isCrossOrigin(const Module& module, const Node& decorator) const {
        const Node call = decorator.is("decorator") ? decorator.namedChild(0) : decorator;
        const semantic::Symbol& symbol = plan_.project().resolve(module, call.is("call") ? call.field("function") : call);
        return call.is("call") && symbol.kind == semantic::Symbol::Kind::External && symbol.name == "flask_cors.cross_origin";
    }

    /// `@swag_from("docs/items.yml")` goes with the pages that it describes.
    bool isDocumentation(const Module& module, const Node& decorator) {
        const Node inner = decorator.namedChild(0);
        const Node callee = inner.is("call") ? inner.field("function") : inner;
        const semantic::Symbol& symbol = plan_.project().resolve(module, callee);
        if (symbol.kind != semantic::Symbol::Kind::External || (symbol.name != "flasgger.swag_from" && symbol.name != "flasgger.utils.swag_from")) return false;
        for (const Node& argument : inner.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() == "validation") return false;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.claim(callee);
        plan_.later([&rewrite, decorator] { rewrite.remove(decorator); });
        return true;
    }

    /// `decorators = [login_required]` of a class goes to its methods, the last one first.
    void ofClass(const Site& site) {
        const auto found = viewDecorators(plan_.project(), classBehind(plan_.project(), *site.module, site.viewClass));
        const Node list = found.empty() ? Node{} : found[0].second.parent();
        const auto known = lists_.emplace(site.function, list);
        if (!(known.first->second == list))
            return plan_.refuse(*site.module, site.node, "class-view", site.handler, "classes with other decorators share this method");
        if (!known.second || list.isNull()) return;
        const Module& home = *plan_.handlers.at(site.function);
        std::string text;
        for (const auto& [module, element] : found) {
            if (module != &home || !isMovable(*module, element))
                return plan_.refuse(*module, element, "handler-decorator", std::string(element.text()), "write it on the methods instead of the class");
            text = "@" + std::string(element.text()) + "\n" + plan_.rewrite(home).indentOf(site.function->decorated) + text;
        }
        Node outermost = site.function->node;
        for (const Node& decorator : site.function->decorated.namedChildren())
            if (decorator.is("decorator") && outermost == site.function->node) outermost = decorator;
        if (outermost.is("decorator") && bindsMethod(outermost)) return plan_.refuse(home, outermost, "handler-decorator", std::string(outermost.text()));
        ModuleRewrite& rewrite = plan_.rewrite(home);
        const Node statement = list.parent().parent();
        const bool isOnly = statement.parent().namedChildCount() == 1;
        const bool isFirst = removed_.insert(statement.id()).second;
        plan_.later([&rewrite, outermost, text, statement, isOnly, isFirst] {
            rewrite.wrap(outermost, text, "");
            if (isFirst && isOnly) rewrite.replace(statement, "pass");
            else if (isFirst) rewrite.remove(statement);
        });
    }

    /// Whether a decorator does the same on each method, where it also gets the object.
    bool isMovable(const Module& module, const Node& element) {
        if (isCrossOrigin(module, element) || isCounterpartDecorator(plan_, module, element)) return true;
        add(module, element);
        const Module* home = nullptr;
        const Function* function = functionBehind(plan_.project(), module, element, home);
        if (!function) return false;
        bool keeps = false; // something for all methods together
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            keeps = keeps || (node.is("assignment") && home->enclosingFunction(node) == function);
            return !keeps && !node.is("function_definition");
        });
        for (const Wrapper& wrapper : wrappersOf(*home, *function)) {
            const Passing passing = passingOf(wrapper);
            if (passing.takes > 0 || passing.gives > 0 || passing.byNameOnly || readsArguments(wrapper)) return false;
        }
        return !keeps;
    }

    /// Whether a wrapper looks at what it hands on by position.
    static bool readsArguments(const Wrapper& wrapper) {
        std::string name;
        for (const Node& parameter : wrapper.function->node.field("parameters").namedChildren())
            if (parameter.is("list_splat_pattern")) name = parameter.namedChild(0).text();
        bool reads = false;
        syntax::walk(wrapper.function->node.field("body"), [&](const Node& node) {
            reads = reads || (node.is("identifier") && node.text() == name && !node.parent().is("list_splat"));
            return !reads;
        });
        return reads;
    }

    void add(const Module& module, const Node& decorator) {
        const Module* home = nullptr;
        const Function* function = functionBehind(plan_.project(), module, decorator, home);
        if (!function) return plan_.refuse(module, decorator, "handler-decorator", std::string(decorator.text()));
        (plan_.resources.count(decoratedFunction(module, decorator)) ? onResources_ : onOthers_).insert(function);
        if (onResources_.count(function) && onOthers_.count(function))
            return plan_.refuse(module, decorator, "handler-decorator", std::string(decorator.text()), "it stands on resources and on functions");
        if (!known_.insert(function).second) return;
        if (!onHandlersOnly(*function)) return plan_.refuse(*home, function->node.field("name"), "handler-decorator", function->name);
        const std::vector<Wrapper> wrappers = wrappersOf(*home, *function);
        for (const Wrapper& wrapper : wrappers) {
            const Passing passing = passingOf(wrapper);
            const bool onMethods = onResources_.count(function) > 0;
            const bool adds = passing.gives > passing.takes || !passing.names.empty();
            const bool losesObject = onMethods && (passing.takes > 0 ? !passing.keepsOrder : passing.gives > 0);
            const bool isNamed = passing.lacksWraps && !onMethods && plan_.namesEndpoints; // its routes are known by the wrapper's name
            if (!passing.isKnown || losesObject || isNamed)
                return plan_.refuse(*home, wrapper.function->node.field("name"), "handler-decorator", function->name, "wrap with functools.wraps, and take *args and **kwargs");
            wrap(*home, *wrapper.function, wrapper.calls);
            if (adds || passing.lacksWraps) declare(*home, wrapper, passing, adds);
            if (onMethods) plan_.resourceWrappers.insert(wrapper.function);
        }
        if (wrappers.empty()) plan_.refuse(*home, function->node.field("name"), "handler-decorator", function->name);
    }

    /// The parameters that a wrapper fills are none of the request, and those of what it wraps are the wrapper's own.
    void declare(const Module& home, const Wrapper& wrapper, const Passing& passing, bool adds) {
        std::vector<std::string> values{std::to_string(passing.gives - passing.takes)};
        for (const std::string& name : passing.names) values.push_back(pythonQuote(name));
        ModuleRewrite& rewrite = plan_.rewrite(home);
        const Node decorated = wrapper.function->decorated;
        const std::string below = "\n" + rewrite.indentOf(decorated);
        std::string lines = adds ? "@" + plan_.helper(home, "gives") + "(" + join(values, ", ") + ")" + below : "";
        if (passing.lacksWraps)
            lines += "@" + plan_.target(home, {"functools", "wraps"}) + "(" + std::string(wrapper.calls[0].field("function").text()) + ")" + below;
        plan_.later([&rewrite, decorated, lines] { rewrite.wrap(decorated, lines, ""); });
    }

    bool onHandlersOnly(const Function& wanted) const {
        bool good = true;
        for (const auto& module : plan_.project().modules())
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (!node.is("decorator")) return good;
                const Module* home = nullptr;
                if (functionBehind(plan_.project(), *module, node, home) != &wanted) return good;
                const Function* target = decoratedFunction(*module, node);
                good = good && target && plan_.handlers.count(target);
                return good;
            });
        return good;
    }

    void wrap(const Module& module, const Function& inner, const std::vector<Node>& calls) {
        std::set<std::string> names;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        SignatureEdits& signatures = plan_.context.signatures(module);
        const Function* kept = &inner;
        for (const Node& call : calls) {
            names.emplace(call.field("function").text());
            if (!mayAwait(module, call, inner)) return plan_.refuse(module, call, "handler-decorator", std::string(call.text()));
            const Node parent = call.parent();
            const bool alone = parent.is("return_statement") || parent.is("assignment") || parent.is("expression_statement");
            if (call.parent().is("await")) continue;
            plan_.later([&rewrite, call, alone] { rewrite.wrap(call, alone ? "await " : "(await ", alone ? "" : ")"); });
        }
        plan_.wrappers[&inner] = {&module, names};
        plan_.later([&signatures, kept] { signatures.makeAsync(*kept); });
    }

    Plan& plan_;
    std::set<const Function*> known_, onResources_, onOthers_;
    std::map<const Function*, Node> lists_; // of the classes whose methods they are
    std::set<const void*> removed_;
};

} // namespace

void planDecorators(Plan& plan) { DecoratorPlanner(plan).run(); }

} // namespace covet::rules::flask
