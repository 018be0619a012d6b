#include "rules/sessions/session_queries.h"

#include "rules/frameworks/router_graph.h"
#include "support/strings.h"

namespace covet::rules::sessions {
namespace {

using semantic::Symbol;

/// Steps that a query and a statement share.
bool isStep(std::string_view name) {
    static const std::set<std::string_view> kNames = {
        "filter", "filter_by", "where", "join", "outerjoin", "order_by", "group_by", "having", "distinct", "limit", "offset",
        "options", "select_from", "with_for_update", "execution_options", "correlate"};
    return kNames.count(name) > 0;
}

/// Steps after which it is part of another statement.
bool isPart(std::string_view name) { return name == "subquery" || name == "scalar_subquery" || name == "exists" || name == "cte"; }

bool isTerminal(std::string_view name) {
    static const std::set<std::string_view> kNames = {"all", "first", "one", "one_or_none", "scalar", "count", "delete", "update", "get"};
    return kNames.count(name) > 0;
}

Node callOn(const Node& object) {
    const Node access = object.parent(), call = access.parent();
    const bool is = access.is("attribute") && access.field("object") == object && call.is("call") && call.field("function") == access;
    return is ? call : Node{};
}

std::string methodOf(const Node& call) { return std::string(call.field("function").field("attribute").text()); }

} // namespace

SessionQueries::Chain SessionQueries::chainFrom(const Module& module, const Function& function, const Node& start) const {
    Chain chain{&module, &function, start, start, {}, ""};
    for (Node call = callOn(start); !call.isNull(); call = callOn(call)) {
        const std::string name = methodOf(call);
        if (!isStep(name) && !isPart(name) && !isTerminal(name)) break;
        chain.steps.push_back({name, call});
        chain.end = call;
        if (!isStep(name)) break;
    }
    return chain;
}

SessionQueries::Shape SessionQueries::shapeOf(const SessionUse& use) const {
    Shape shape;
    shape.session = std::string(use.session.text());
    shape.isDistinct = allDistinct_;
    const std::vector<Node> given = use.node.field("arguments").namedChildren();
    if (given.size() != 1) return shape;
    const Node model = given[0];
    const Symbol symbol = project_.resolve(*use.module, model);
    const std::string_view last = model.is("attribute") ? model.field("attribute").text() : model.text();
    shape.isEntity = symbol.kind == Symbol::Kind::Class ||
                     (model.is("attribute") && (last == "model" || last == "_model" || last == "model_class") &&
                      (model.field("object").text() == "self" || model.field("object").text() == "cls"));
    if (!shape.isEntity && symbol.kind != Symbol::Kind::Class && model.is("identifier")) {
        // A name for a class that nobody knows here: rows and objects cannot be told apart.
        shape.model = "?";
        return shape;
    }
    shape.model = std::string(model.text());
    return shape;
}

void SessionQueries::addSteps(const Module& module, const Chain& chain, Shape& shape) const {
    for (const Step& step : chain.steps) {
        if (step.name == "join" || step.name == "outerjoin" || step.name == "options" || step.name == "select_from") shape.isDistinct = true;
        if (step.name == "filter" || step.name == "filter_by" || step.name == "where") shape.isFiltered = true;
        if (!isStep(step.name)) continue;
        syntax::walk(step.call.field("arguments"), [&](const Node& node) {
            if (!node.isOneOf({"identifier", "attribute"})) return true;
            const Symbol symbol = project_.resolve(module, node);
            if (symbol.kind == Symbol::Kind::Class && node.text() != shape.model) shape.isDistinct = true; // another table
            return !node.is("attribute") || symbol.kind == Symbol::Kind::Unknown || symbol.kind == Symbol::Kind::Local;
        });
    }
}

void SessionQueries::plan() {
    for (const auto& module : project_.modules())
        if (auto calls = module->calls.find("relationship"); calls != module->calls.end())
            for (const Node& call : calls->second) {
                const std::string_view lazy = argumentOf(call, "lazy").text();
                allDistinct_ = allDistinct_ || lazy.find("joined") != std::string_view::npos || lazy == "False";
            }
    for (const SessionUse& use : std::vector<SessionUse>(uses_.uses())) {
        if (use.kind != SessionUse::Kind::Query) continue;
        const Chain found = chainFrom(*use.module, *use.function, use.node);
        const Node assignment = found.end.parent();
        const bool held = assignment.is("assignment") && assignment.field("right") == found.end && assignment.field("left").is("identifier") &&
                          (found.steps.empty() || isStep(found.steps.back().name));
        if (!held) continue;
        if (assignment.field("type")) uses_.refuse(*use.module, assignment, "query-variable");
        Shape shape = shapeOf(use);
        addSteps(*use.module, found, shape);
        const auto key = std::make_pair(use.function, std::string(assignment.field("left").text()));
        auto known = variables_.find(key);
        if (known == variables_.end()) variables_.emplace(key, shape);
        else if (known->second.isEntity != shape.isEntity || known->second.model != shape.model) uses_.refuse(*use.module, assignment, "query-variable");
        else known->second.isFiltered = known->second.isFiltered && shape.isFiltered;
    }
    for (const auto& module : project_.modules())
        if (!isTestModule(*module))
            for (const Function& function : module->functions) variables(*module, function);
    for (const SessionUse& use : std::vector<SessionUse>(uses_.uses())) {
        if (use.kind != SessionUse::Kind::Query) continue;
        const Chain found = chainFrom(*use.module, *use.function, use.node);
        Shape shape = shapeOf(use);
        addSteps(*use.module, found, shape);
        if (shape.model == "?") uses_.refuse(*use.module, use.node, "query-of-unknown");
        chain(found, shape, use.node);
    }
}

/// Names that hold a statement, step by step.
void SessionQueries::variables(const Module& module, const Function& function) {
    std::vector<Chain> chains;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier")) return true;
        auto known = variables_.find({&function, std::string(node.text())});
        const Node parent = node.parent();
        const bool label = (parent.is("attribute") && parent.field("attribute") == node) || (parent.is("keyword_argument") && parent.field("name") == node);
        if (known == variables_.end() || label) return true;
        if (parent.is("assignment") && parent.field("left") == node) {
            // Every value is a statement: one of a query, or of the name itself.
            Node right = parent.field("right");
            while (right.isOneOf({"call", "attribute"})) right = right.is("call") ? right.field("function") : right.field("object");
            const bool own = right.text() == node.text() || right.text() == known->second.session || startsWith(known->second.session, std::string(right.text()) + ".");
            if (!own) uses_.refuse(module, parent, "query-variable");
            return true;
        }
        Chain found = chainFrom(module, function, node);
        found.variable = std::string(node.text());
        addSteps(module, found, known->second);
        const Node assignment = found.end.parent();
        if (assignment.is("assignment") && assignment.field("left").text() == node.text() && !found.steps.empty() && !isStep(found.steps.back().name))
            uses_.refuse(module, assignment, "query-variable");
        chains.push_back(std::move(found));
        return true;
    });
    for (const Chain& found : chains) chain(found, variables_.at({&function, found.variable}), {});
}

void SessionQueries::replace(const Module& module, const Node& node, std::function<std::string(const ModuleRewrite&)> render) {
    edits_.push_back([this, &module, node, render] { context_.rewrite(module).replace(node, render); });
}

/// The name of something of SQLAlchemy in a module that may have its own `select`, `delete`, `update`.
std::string SessionQueries::import(const Module& module, const std::string& name) {
    bool taken = false;
    for (const Node& use : module.tree->identifiers(name)) {
        const Node parent = use.parent();
        if ((parent.is("attribute") && parent.field("attribute") == use) || (parent.is("keyword_argument") && parent.field("name") == use)) continue;
        const Symbol symbol = project_.resolve(module, use);
        if (use.ancestor({"import_from_statement", "import_statement"})) {
            auto known = module.imports.find(name);
            taken = taken || (known != module.imports.end() && known->second.module != "sqlalchemy");
            continue;
        }
        taken = taken || symbol.kind != Symbol::Kind::External || !startsWith(symbol.name, "sqlalchemy");
    }
    const std::string local = taken ? "sql_" + name : name;
    edits_.push_back([this, &module, name, taken, local] { context_.rewrite(module).requireImport("sqlalchemy", name, taken ? local : ""); });
    return local;
}

void SessionQueries::chain(const Chain& chain, const Shape& shape, const Node& head) {
    const std::string last = chain.steps.empty() ? "" : chain.steps.back().name;
    const bool changes = last == "delete" || last == "update", gets = last == "get";
    if (!head.isNull() && !gets && !changes) {
        const std::string select = import(*chain.module, "select");
        replace(*chain.module, head.field("function"), [select](const ModuleRewrite&) { return select; });
    }
    if (isTerminal(last)) return terminal(chain, shape, head);
    if (!callOn(chain.end).isNull()) return uses_.refuse(*chain.module, callOn(chain.end), "query-method");
    ending(chain, shape);
}

/// A statement without a last step that asks for rows.
void SessionQueries::ending(const Chain& chain, const Shape& shape) {
    const Node parent = chain.end.parent();
    if (!chain.steps.empty() && isPart(chain.steps.back().name)) return;
    if (parent.is("assignment") && parent.field("right") == chain.end && parent.field("left").is("identifier") &&
        variables_.count({chain.function, std::string(parent.field("left").text())}))
        return;
    const Node call = parent.is("argument_list") ? parent.parent() : Node{};
    if (call.field("function").is("attribute") && methodOf(call) == "in_") return;
    const bool loops = parent.isOneOf({"for_statement", "for_in_clause"}) && parent.field("right") == chain.end;
    const bool lists = call && call.field("function").text() == "list" && call.field("arguments").namedChildCount() == 1;
    if (!loops && !lists) return uses_.refuse(*chain.module, chain.end, "query-use");
    uses_.mustWait(*chain.module, *chain.function, chain.end);
    const std::string start = "(await " + shape.session + (shape.isEntity ? ".scalars(" : ".execute(");
    const std::string end = shape.isEntity && shape.isDistinct ? ")).unique()" : "))";
    edits_.push_back([this, module = chain.module, node = chain.end, start, end] { context_.rewrite(*module).wrapValue(node, start, end); });
}

void SessionQueries::terminal(const Chain& chain, const Shape& shape, const Node& head) {
    const Step& last = chain.steps.back();
    const Node call = last.call, object = call.field("function").field("object");
    if (last.name == "delete" || last.name == "update") return changing(chain, shape, head);
    const std::vector<Node> given = call.field("arguments").namedChildren();
    uses_.mustWait(*chain.module, *chain.function, call);
    if (last.name == "get") {
        if (head.isNull() || !(object == head) || given.size() != 1 || !shape.isEntity) return uses_.refuse(*chain.module, call, "query-method");
        const Node outer = call.parent();
        const bool bracket = outer.isOneOf({"attribute", "subscript"});
        replace(*chain.module, call, [=](const ModuleRewrite& inner) {
            const std::string text = "await " + shape.session + ".get(" + shape.model + ", " + inner.render(given[0]) + ")";
            return bracket ? "(" + text + ")" : text;
        });
        return;
    }
    if (!given.empty()) return uses_.refuse(*chain.module, call, "query-method");
    if (last.name == "count") {
        const std::string select = import(*chain.module, "select"), func = import(*chain.module, "func");
        const Node outer = call.parent();
        const bool bracket = outer.isOneOf({"attribute", "subscript"});
        replace(*chain.module, call, [=](const ModuleRewrite& inner) {
            const std::string text = "await " + shape.session + ".scalar(" + select + "(" + func + ".count()).select_from(" + inner.render(object) + ".subquery()))";
            return bracket ? "(" + text + ")" : text;
        });
        return;
    }
    std::string end = last.name == "scalar" ? "scalar_one_or_none" : last.name;
    const bool entity = shape.isEntity && last.name != "scalar";
    const bool once = entity && shape.isDistinct;
    const bool limits = last.name == "first";
    replace(*chain.module, call, [=](const ModuleRewrite& inner) {
        return "(await " + shape.session + (entity ? ".scalars(" : ".execute(") + inner.render(object) + (limits ? ".limit(1)" : "") + "))" +
               (once ? ".unique()" : "") + "." + end + "()";
    });
}

/// `.delete()` and `.update({...})` of the rows that a query finds.
void SessionQueries::changing(const Chain& chain, const Shape& shape, const Node& head) {
    const Step& last = chain.steps.back();
    const Node call = last.call, object = call.field("function").field("object");
    for (const Step& step : chain.steps)
        if (step.name != "filter" && step.name != "filter_by" && step.name != "where" && &step != &last) return uses_.refuse(*chain.module, call, "query-method");
    if (!shape.isEntity) return uses_.refuse(*chain.module, call, "query-method");
    Node values;
    std::string options;
    size_t position = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        const bool keyword = argument.is("keyword_argument");
        const std::string_view name = argument.field("name").text();
        if (last.name == "update" && (keyword ? name == "values" : position == 0)) values = keyword ? argument.field("value") : argument;
        else if (keyword ? name == "synchronize_session" : position == (last.name == "update" ? 1u : 0u))
            options = ".execution_options(synchronize_session=" + std::string((keyword ? argument.field("value") : argument).text()) + ")";
        else return uses_.refuse(*chain.module, argument, "query-method");
        if (!keyword) ++position;
    }
    if ((last.name == "update") == values.isNull()) return uses_.refuse(*chain.module, call, "query-method");
    if (head.isNull() && (!shape.isFiltered || chain.steps.size() != 1)) return uses_.refuse(*chain.module, call, "query-method");
    uses_.mustWait(*chain.module, *chain.function, call);
    const std::string verb = import(*chain.module, last.name);
    if (!head.isNull()) replace(*chain.module, head.field("function"), [verb](const ModuleRewrite&) { return verb; });
    const bool alone = call.parent().is("expression_statement");
    replace(*chain.module, call, [=](const ModuleRewrite& inner) {
        const std::string rows = head.isNull() ? verb + "(" + shape.model + ").where(" + inner.render(object) + ".whereclause)" : inner.render(object);
        const std::string text = "await " + shape.session + ".execute(" + rows + (values.isNull() ? "" : ".values(" + inner.render(values) + ")") + options + ")";
        return alone ? text : "(" + text + ").rowcount";
    });
}

} // namespace covet::rules::sessions
