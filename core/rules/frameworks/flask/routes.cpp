// Before:  @app.route("/books/<int:book_id>", methods=["PUT"])
//          def update(book_id): ...
// After:   @app.put("/books/{book_id}")
//          async def update(book_id: IntPart): ...
// Safe: IntPart and its kin take what the converters take, and anything else is no path, as before.
#include <algorithm>

#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class RoutePlanner {
public:
    explicit RoutePlanner(Plan& plan) : plan_(plan), target_(plan.context.target()) {}

    void run() {
        for (const Site& site : plan_.reading.sites)
            if (plan_.routers.count(site.router)) {
                sites_.push_back(&site);
                sitesOf_[site.function].push_back(&site);
            }
        for (const Site* site : sites_) check(*site);
        if (!plan_.refusals.empty()) {
            // What is in the way has been named; the routes are not.
            for (const Site* site : sites_) {
                if (site->isView) continue;
                plan_.claim((isFixed(*site) ? site->node.namedChild(0) : site->node).field("function"));
                if (!isFixed(*site)) plan_.claim(argumentOf(site->node, "view_func", 2));
            }
            return;
        }
        order();
        for (const Site* site : sites_)
            if (sitesOf(*site->function).front() == site) handler(*plan_.handlers.at(site->function), *site->function);
        for (const Module* module : plan_.modules)
            plan_.looseSlashes = plan_.looseSlashes || module->tree->text().find(".url_map.strict_slashes = False") != std::string_view::npos;
        for (const Site* site : sites_)
            if (!site->isView) rewriteSite(*site);
    }

private:
    static bool isFixed(const Site& site) { return site.node.is("decorator"); }

    void check(const Site& site) {
        const std::string subject = site.handler.empty() ? site.rule : site.handler;
        if (!site.known) return plan_.refuse(*site.module, site.node, "dynamic-path", subject);
        const Module* home = site.function ? definingModule(plan_.project(), *site.function) : nullptr;
        if (!home) return plan_.refuse(*site.module, site.node, "unknown-handler", subject);
        const UrlRule rule = readRule(isJoined(site) ? "/" + site.rule : site.rule);
        if (!rule.unclear.empty()) return plan_.refuse(*site.module, site.node, rule.unclear, site.rule);
        for (const RulePart& part : rule.parts)
            if (!isKnownConverter(plan_, part.converter)) return plan_.refuse(*site.module, site.node, "path-converter", site.rule);
        const Node call = isFixed(site) ? site.node.namedChild(0) : site.node;
        if (site.isResource) {
            plan_.resources.insert(site.function);
            plan_.handlers.emplace(site.function, home);
            return;
        }
        static constexpr Words kKnown = {"rule", "methods", "endpoint", "view_func", "strict_slashes", "defaults"};
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.is("dictionary_splat") || argument.is("list_splat") ||
                (argument.is("keyword_argument") && !kKnown.count(argument.field("name").text())))
                return plan_.refuse(*site.module, argument, "route-option", std::string(argument.text()));
        }
        const Node slashes = argumentOf(call, "strict_slashes");
        if (slashes && !slashes.is("true") && !slashes.is("false"))
            return plan_.refuse(*site.module, slashes, "route-option", std::string(slashes.text()));
        plan_.handlers.emplace(site.function, home);
        if (!plan_.namesEndpoints || site.isView) return;
        const auto known = endpoints_.emplace(site.function, endpointOf(site));
        if (known.first->second != endpointOf(site)) plan_.refuse(*site.module, site.node, "endpoint-names", subject, "give each name a function of its own");
    }

    /// Whether something stands before the rule wherever it is mounted: its own slash at the start does not matter.
    bool isJoined(const Site& site) const {
        if (plan_.reading.graph.routers()[site.router].isApp || startsWith(site.rule, "/")) return false;
        const auto places = plan_.reading.placesOf(site.router);
        return !places.empty() && std::all_of(places.begin(), places.end(), [](const auto& place) { return !place.second.empty(); });
    }

    static bool isStatic(const Function& function) {
        for (const Node& decorator : function.decorated.namedChildren())
            if (decorator.is("decorator") && decorator.text() == "@staticmethod") return true;
        return false;
    }

    const std::vector<const Site*>& sitesOf(const Function& function) const {
        static const std::vector<const Site*> kNone;
        const auto own = sitesOf_.find(&function);
        return own == sitesOf_.end() ? kNone : own->second;
    }

    void handler(const Module& module, const Function& function) {
        std::vector<UrlRule> rules;
        for (const Site* site : sitesOf(function)) rules.push_back(readRule(site->rule));
        // A prefix may have parts as well.
        for (const Site* site : sitesOf(function))
            for (const auto& place : plan_.reading.placesOf(site->router))
                if (place.second.find('<') != std::string::npos)
                    return plan_.refuse(module, site->node, "variable-prefix", place.second);
        std::set<std::string> names;
        SignatureEdits& signatures = plan_.context.signatures(module);
        const Function* kept = &function;
        const std::vector<const Site*> sites = sitesOf(function);
        const std::set<std::string> filled = givenParameters(plan_.project(), module, function);
        if (areFilledByRoutes(sites, function)) filled_.insert(&function);
        bool first = !isStatic(function) && std::any_of(sites.begin(), sites.end(), [](const Site* site) { return site->isView || site->isBound; });
        for (const Node& parameter : function.node.field("parameters").namedChildren()) {
            const bool takesRest = parameter.is("dictionary_splat_pattern");
            const std::string name = takesRest ? std::string(parameter.namedChild(0).text()) : parameterName(parameter);
            if (takesRest && filled.count(name) && takesAllParts(function, rules)) continue;
            if (!first && !takesRest && filled.count(name)) {
                const bool isPart = std::any_of(rules.begin(), rules.end(), [&](const UrlRule& rule) { return rule.part(name) != nullptr; });
                const bool isFirst = parameter == function.node.field("parameters").namedChild(0); // comes by position
                if (isPart || (isFirst && parameter.field("value"))) return plan_.refuse(module, parameter, "handler-parameters", name);
                continue;
            }
            if (first) {
                first = false;
                if (name != "self" && name != "cls" && !plan_.resources.count(&function)) return plan_.refuse(module, parameter, "class-view", function.qualified);
                continue;
            }
            if (name.empty() || parameter.is("list_splat_pattern") || parameter.is("dictionary_splat_pattern") ||
                (parameter.is("typed_parameter") && !parameter.namedChild(0).is("identifier")))
                return plan_.refuse(module, parameter, "handler-parameters", std::string(parameter.text()));
            names.insert(name);
            std::set<std::string> converters;
            size_t carrying = 0;
            std::string otherwise(parameter.field("value").text());
            for (const UrlRule& rule : rules)
                if (const RulePart* part = rule.part(name)) {
                    ++carrying;
                    converters.insert(part->converter);
                }
            if (filled_.count(&function) && carrying < rules.size()) {
                if (converters.size() > 1) return plan_.refuse(module, parameter, "path-converter", name);
                if (carrying == 0) continue;
                const std::string text = name + ": " + partType(plan_, module, *converters.begin());
                plan_.later([&signatures, kept, name, text] { signatures.replaceParameter(*kept, name, text); });
                continue;
            }
            for (const Site* site : sitesOf(function)) {
                auto given = site->defaults.find(name);
                if (given == site->defaults.end()) continue;
                // Flask redirects a path that spells a default out.
                if (given->second != "None" || (!otherwise.empty() && otherwise != "None"))
                    return plan_.refuse(module, parameter, "route-option", name);
                otherwise = given->second;
            }
            // Of a resource, a path without the part ends with the same error as before.
            const bool fails = carrying < rules.size() && otherwise.empty();
            if (fails && !plan_.resources.count(&function)) return plan_.refuse(module, parameter, "handler-parameters", name);
            if (fails && carrying == 0) continue;
            if (converters.size() > 1) return plan_.refuse(module, parameter, "path-converter", name);
            if (carrying < rules.size() && !fails) {
                optional(module, function, parameter, name, carrying == 0 ? "" : *converters.begin(), otherwise);
                continue;
            }
            const std::string text = name + ": " + partType(plan_, module, *converters.begin());
            plan_.later([&signatures, kept, name, text] { signatures.replaceParameter(*kept, name, text); });
        }
        std::map<std::string, std::string> unwanted; // parts of a resource's paths -> type
        for (const UrlRule& rule : rules)
            for (const RulePart& part : rule.parts)
                if (names.count(part.name)) continue;
                else if (plan_.resources.count(&function)) unwanted.emplace(part.name, partType(plan_, module, part.converter));
                else return plan_.refuse(module, function.node.field("name"), "handler-parameters", part.name);
        plan_.later([&signatures, kept] { signatures.makeAsync(*kept); });
        std::vector<std::string> parts;
        for (const auto& [name, type] : unwanted) parts.push_back(name + "=" + type);
        note(module, function, "without_parts", parts);
        // With another method, too, such a path is one only with a number in it.
        if (auto numbers = numbers_.find(&function); numbers != numbers_.end()) note(module, function, "number_parts", numbers->second);
    }

    /// A decorator of the helper that tells something of a function.
    void note(const Module& module, const Function& function, const std::string& name, const std::vector<std::string>& values) {
        if (values.empty()) return;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Function* kept = &function;
        const std::string line = "@" + plan_.helper(module, name) + "(" + join(values, ", ") + ")\n";
        plan_.later([&rewrite, kept, line] { rewrite.wrap(kept->node, line + rewrite.indentOf(kept->node), ""); });
    }

    /// `, page=1, kind=None` for a route that gives its handler these values.
    std::string valuesOf(const Site& site) const {
        std::string text;
        for (const auto& [name, value] : filled_.count(site.function) ? site.defaults : std::map<std::string, std::string>{})
            text += ", " + name + "=" + value;
        return text;
    }

    /// A part that only some of the function's rules have. As a parameter it would be looked for in the query.
    void optional(const Module& module, const Function& function, const Node& parameter, const std::string& name,
                  const std::string& converter, const std::string& otherwise) {
        std::string line = name + " = " + otherwise;
        if (!converter.empty()) {
            const std::string request = "request";
            plan_.requestUsers[&function].insert(request);
            const std::string part = request + ".path_params";
            if (converter != "string" && converter != "path" && converter != "int") return plan_.refuse(module, parameter, "optional-converter", name);
            if (converter == "int") numbers_[&function].push_back(pythonQuote(name));
            if (converter == "int")
                line = name + " = " + plan_.helper(module, "optional_int") + "(" + request + ", " + pythonQuote(name) + ", " + otherwise + ")";
            else line = name + " = " + part + ".get(" + pythonQuote(name) + (otherwise == "None" ? "" : ", " + otherwise) + ")";
        }
        plan_.later([&signatures = plan_.context.signatures(module), &rewrite = plan_.rewrite(module), kept = &function, name, line] {
            signatures.replaceParameter(*kept, name, "");
            rewrite.insertAtBodyStart(kept->node, {line});
        });
    }

    // -- order -----------------------------------------------------------------------------------

    struct Placed {
        const Site* site;
        size_t app;
        UrlRule rule;
    };

    static bool shareMethod(const Site& a, const Site& b) {
        return std::find_first_of(a.methods.begin(), a.methods.end(), b.methods.begin(), b.methods.end()) != a.methods.end();
    }

    /// The target takes the first route that fits, Flask the most specific one.
    void order() {
        std::vector<Placed> placed;
        for (const Site* site : sites_)
            for (const auto& place : plan_.reading.placesOf(site->router))
                placed.push_back({site, place.first, readRule(joinRules(place.second, site->rule))});
        eachPair(placed, [&](const Placed& first, const Placed& second) { apartByNumbers(first, second); });
        std::vector<std::pair<const Site*, const Site*>> wanted; // the first one has to be behind the second
        eachPair(placed, [&](const Placed& one, const Placed& other) {
            const Site &first = *one.site, &second = *other.site;
            const Precedence chosen = compareRules(one.rule, other.rule);
            if (chosen == Precedence::Disjoint || chosen == Precedence::Same || chosen == Precedence::First) return;
            if (numbered_.count(&first) && areWords(one.rule, other.rule)) return;
            if (chosen == Precedence::Second && areSorted(first, second)) return;
            if (chosen == Precedence::Second && canFollow(first, second)) {
                const Site*& behind = after_[&first];
                if (!behind || behind->node.start() < second.node.start()) behind = &second;
                return wanted.emplace_back(&first, &second), void();
            }
            plan_.refuse(*second.module, second.node, "overlapping-routes", second.rule + " and " + first.rule,
                         "register the more specific path first");
        });
        for (const auto& entry : after_)
            if (entry.first->isResource) plan_.movedBehind.emplace(entry.first->node.id(), entry.second->node.parent());
        for (const auto& entry : wanted)
            if (after_.count(entry.second))
                plan_.refuse(*entry.first->module, entry.first->node, "overlapping-routes", entry.first->rule);
    }

    /// Two routes that may answer the same request, in the order in which they are registered.
    template <class Visit>
    static void eachPair(const std::vector<Placed>& placed, Visit visit) {
        for (size_t i = 0; i < placed.size(); ++i)
            for (size_t j = i + 1; j < placed.size(); ++j)
                if (placed[i].app == placed[j].app && !beginApart(placed[i].rule, placed[j].rule) && shareMethod(*placed[i].site, *placed[j].site))
                    visit(placed[i], placed[j]);
    }

    /// `/users/<name>` and `/users/<int:id>`: the target has to see what is a number before it takes the second.
    void apartByNumbers(const Placed& one, const Placed& other) {
        const Precedence chosen = compareRules(one.rule, other.rule);
        if ((chosen != Precedence::First && chosen != Precedence::Second) || !takeNumbersApart(one.rule, other.rule)) return;
        const Site& numbers = *(chosen == Precedence::First ? one : other).site;
        if (numbers.isView || numbers.isResource || sitesOf(*numbers.function).size() > 1)
            return plan_.refuse(*numbers.module, numbers.node, "overlapping-routes", one.rule.path + " and " + other.rule.path, "give the numbers a path of their own");
        numbered_.insert(&numbers);
    }

    /// A group puts its routes on the application in Flask's order, where they cannot just be moved in the code.
    bool areSorted(const Site& first, const Site& second) const {
        return first.router == second.router && plan_.reading.graph.routers()[first.router].kind == "flask.Blueprint" && !first.isResource &&
               !second.isResource && !canFollow(first, second);
    }

    static bool canFollow(const Site& first, const Site& second) {
        if (first.isResource && second.isResource && first.node.is("call") && second.node.is("call")) {
            const Node a = first.node.parent(), b = second.node.parent();
            return first.module == second.module && first.router == second.router && a.is("expression_statement") && b.is("expression_statement") &&
                   a.parent() == b.parent() && a.start() < b.start();
        }
        if (first.module != second.module || first.router != second.router || !isFixed(first) || !isFixed(second)) return false;
        const Node a = first.function->decorated.parent(), b = second.function->decorated.parent();
        return a == b && first.function != second.function && first.node.start() < second.node.start();
    }

    // -- claims ----------------------------------------------------------------------------------

    void rewriteSite(const Site& site) {
        const Node call = isFixed(site) ? site.node.namedChild(0) : site.node;
        const Node callee = call.field("function");
        const Node router = callee.field("object");
        plan_.claim(callee);
        ModuleRewrite& rewrite = plan_.rewrite(*site.module);
        std::vector<std::string> paths{numbered_.count(&site) ? numberedPath(readRule(site.rule)) : readRule(site.rule).path};
        const Node slashes = argumentOf(call, "strict_slashes");
        if ((slashes.is("false") || (slashes.isNull() && plan_.looseSlashes)) && (paths[0] != "/" || !plan_.reading.graph.routers()[site.router].isApp))
            paths.push_back(endsWith(paths[0], "/") ? paths[0].substr(0, paths[0].size() - 1) : paths[0] + "/");
        std::vector<std::string> methods = site.methods;
        if (std::count(methods.begin(), methods.end(), "GET"))
            methods.erase(std::remove(methods.begin(), methods.end(), "HEAD"), methods.end());
        const std::string endpoint = plan_.namesEndpoints ? endpointOf(site) : "";
        const std::string name = endpoint.empty() ? "" : plan_.helper(*site.module, "named") + "(" + endpoint;
        auto moved = after_.find(&site);
        if (!isFixed(site) || moved != after_.end()) {
            std::string view((isFixed(site) ? site.function->node.field("name") : argumentOf(call, "view_func", 2)).text());
            if (!name.empty()) view = name + ", " + view + ")";
            if (const std::string values = valuesOf(site); !values.empty()) view = plan_.helper(*site.module, "filled") + "(" + view + values + ")";
            std::vector<std::string> lines;
            for (const std::string& path : paths)
                lines.push_back(std::string(router.text()) + "." + target_.addRouteMethod + "(" + pythonQuote(path) + ", " +
                                view + ", methods=" + methodList(methods) + ")");
            if (!isFixed(site)) return registration(site, call, lines);
            const Node decorator = site.node, behind = moved->second->function->decorated;
            lines.insert(lines.begin(), {"", ""});
            plan_.later([&rewrite, decorator, behind, lines] {
                rewrite.remove(decorator);
                rewrite.insertAfter(behind, lines);
            });
            return;
        }
        const std::string gap = "\n" + rewrite.indentOf(site.node);
        std::string text;
        const std::string values = valuesOf(site);
        std::reverse(paths.begin(), paths.end()); // the decorator next to the function registers first
        for (const std::string& path : paths) {
            if (!text.empty()) text += gap + "@";
            if (!values.empty()) text += plan_.helper(*site.module, "filling") + "(";
            text += std::string(router.text()) + ".";
            if (methods.size() == 1 && target_.hasVerbDecorator(methods[0])) text += toLower(methods[0]) + "(" + pythonQuote(path) + ")";
            else text += target_.routeMethod + "(" + pythonQuote(path) + ", methods=" + methodList(methods) + ")";
            if (!values.empty()) text += values + ")";
        }
        if (!name.empty()) text += gap + "@" + name + ")";
        plan_.later([&rewrite, call, text] { rewrite.replace(call, text); });
        MigrationContext& context = plan_.context;
        const Site* kept = &site;
        plan_.later([&context, kept] { context.report(*kept->module, kept->node, "COV102", join(kept->methods, ", ") + " " + kept->rule); });
    }

    /// `app.add_url_rule("/x", "x", handler)`
    void registration(const Site& site, const Node& call, const std::vector<std::string>& lines) {
        if (!call.parent().is("expression_statement")) return plan_.refuse(*site.module, call, "route-option", site.rule);
        const Node view = argumentOf(call, "view_func", 2);
        if (view.isNull()) return plan_.refuse(*site.module, call, "unknown-handler", site.rule);
        plan_.claim(view);
        ModuleRewrite& rewrite = plan_.rewrite(*site.module);
        const std::string text = join(lines, "\n" + rewrite.indentOf(call.parent()));
        plan_.later([&rewrite, call, text] { rewrite.replace(call, text); });
    }

    Plan& plan_;
    const catalog::TargetProfile& target_;
    std::vector<const Site*> sites_;
    std::map<const Function*, std::vector<const Site*>> sitesOf_; // looked up alone
    std::map<const Function*, std::string> endpoints_;
    std::map<const Function*, std::vector<std::string>> numbers_; // parts that only some of its rules have
    std::set<const Function*> filled_; // whose routes give them values that their paths lack; only asked for
    std::set<const Site*> numbered_; // whose numbers decide whether they are taken; only asked for, never gone through
    std::map<const Site*, const Site*> after_; // site -> the one behind which it has to be registered
};

} // namespace

std::string endpointOf(const Site& site) {
    const bool fixed = site.node.is("decorator");
    const Node given = argumentOf(fixed ? site.node.namedChild(0) : site.node, "endpoint", fixed ? -1 : 1);
    if (given.isNull() || given.is("none") || !site.function) return "";
    const bool same = given.is("string") && given.namedChildCount() == 3 && given.namedChild(1).text() == site.function->name;
    return same ? "" : std::string(given.text());
}

std::string methodList(const std::vector<std::string>& methods) {
    std::vector<std::string> quoted;
    for (const std::string& method : methods) quoted.push_back(pythonQuote(method));
    return "[" + join(quoted, ", ") + "]";
}

void planRoutes(Plan& plan) { RoutePlanner(plan).run(); }

} // namespace covet::rules::flask
