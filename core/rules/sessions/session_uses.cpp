// Follows sessions from their factory through parameters, attributes and calls.
//
// Whatever a session meets on its way must be known: one call that is not awaited would answer with a coroutine.

#include "rules/sessions/session_uses.h"

#include <algorithm>

#include "facts/object_class.h"
#include "facts/reference_context.h"
#include "rules/frameworks/router_graph.h"
#include "support/strings.h"

namespace covet::rules::sessions {
namespace {

using Kind = SessionUse::Kind;
using semantic::Symbol;

/// Whether an identifier names nothing: the label of a keyword or an attribute.
bool isLabel(const Node& node) {
    const Node parent = node.parent();
    return (parent.is("attribute") && parent.field("attribute") == node) ||
           (parent.is("keyword_argument") && parent.field("name") == node);
}

bool isInImport(const Node& node) { return !node.ancestor({"import_statement", "import_from_statement"}).isNull(); }

template <typename Visit> void eachModule(const semantic::Project& project, Visit&& visit) {
    for (const auto& module : project.modules())
        if (!isTestModule(*module)) visit(*module);
}

/// Code of the function itself, without what is defined in it.
template <typename Visit> void walkOwn(const Node& body, Visit&& visit) {
    syntax::walk(body, [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition")) return false;
        return visit(node);
    });
}

} // namespace

void SessionUses::refuse(const Module& module, const Node& where, const std::string& reason) {
    if (!obstacle_) obstacle_ = {&module, where, reason};
}

bool SessionUses::isNamed(const Module& module, const Node& expression, std::initializer_list<std::string_view> names) const {
    if (!expression.isOneOf({"identifier", "attribute"})) return false;
    const Symbol symbol = project_.resolve(module, expression);
    return symbol.kind == Symbol::Kind::External && std::find(names.begin(), names.end(), symbol.name) != names.end();
}

bool SessionUses::findFactory() {
    eachModule(project_, [&](const Module& module) {
        for (const auto& [name, statements] : module.assignments)
            for (const Node& statement : statements) {
                const Node call = statement.namedChild(0).field("right");
                if (!call.is("call") || !isNamed(module, call.field("function"), {"sqlalchemy.orm.sessionmaker", "sqlalchemy.orm.session.sessionmaker"}))
                    continue;
                if (factoryModule_) refuse(module, call, "several-factories");
                factoryModule_ = &module;
                factory_ = call;
                factoryName_ = name;
                if (module.enclosingFunction(statement)) refuse(module, call, "factory-in-function");
            }
    });
    return factoryModule_ != nullptr;
}

void SessionUses::findEngine(const Node& given) {
    const Symbol symbol = project_.resolve(*factoryModule_, given);
    if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return refuse(*factoryModule_, factory_, "unknown-engine");
    auto found = symbol.module->assignments.find(symbol.name);
    const Node call = found != symbol.module->assignments.end() && found->second.size() == 1 ? found->second[0].namedChild(0).field("right") : Node{};
    if (!call.is("call") || !isNamed(*symbol.module, call.field("function"), {"sqlalchemy.create_engine", "sqlalchemy.engine.create_engine"}))
        return refuse(*factoryModule_, factory_, "unknown-engine");
    engineModule_ = symbol.module;
    engine_ = call;
    engineName_ = symbol.name;
    static const std::set<std::string_view> kOptions = {"connect_args", "echo", "future", "pool_pre_ping", "pool_size",
                                                        "max_overflow", "pool_recycle", "pool_timeout"};
    size_t position = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        const bool keyword = argument.is("keyword_argument") && argument.field("name").text() != "url";
        if (keyword ? !kOptions.count(argument.field("name").text()) : ++position > 1 || argument.is("list_splat") || argument.is("dictionary_splat"))
            return refuse(*engineModule_, argument, "engine-option");
        // Other drivers know other options.
        if (keyword && argument.field("name").text() == "connect_args")
            syntax::walk(argument.field("value"), [&](const Node& node) {
                if (node.is("pair") && node.field("key").text().find("check_same_thread") == std::string_view::npos &&
                    node.field("key").text().find("timeout") == std::string_view::npos)
                    refuse(*engineModule_, argument, "engine-option");
                return true;
            });
    }
    if (position != 1) return refuse(*engineModule_, call, "engine-option");
    // A database in memory belongs to one connection.
    bool memory = false;
    syntax::walk(engineModule_->tree->root(), [&](const Node& node) {
        memory = memory || (node.is("string") && (node.text().find(":memory:") != std::string_view::npos ||
                                                  endsWith(node.text().substr(0, node.text().size() - 1), "sqlite://")));
        return !memory;
    });
    if (memory) refuse(*engineModule_, call, "database-in-memory");
    if (engineModule_ != factoryModule_) refuse(*engineModule_, call, "engine-elsewhere");
}

/// What else uses the engine keeps it as it is; listeners would not hear of the connections of another one.
void SessionUses::engineUses() {
    for (const auto& module : project_.modules())
        for (const Node& name : module->tree->identifiers(engineName_)) {
            const Node expression = name.parent().is("attribute") && name.parent().field("attribute") == name ? name.parent() : name;
            if (isInImport(name) || (name.parent().is("keyword_argument") && name.parent().field("name") == name)) continue;
            const Symbol symbol = project_.resolve(*module, expression);
            if (symbol.kind != Symbol::Kind::Variable || symbol.module != engineModule_ || symbol.name != engineName_) continue;
            const bool own = module.get() == engineModule_ && (factory_.contains(expression) || engine_.parent().contains(expression));
            if (own) continue;
            const Node call = expression.ancestor({"call"});
            const std::string_view callee = call.field("function").text();
            if (endsWith(callee, "listens_for") || endsWith(callee, "listen")) refuse(*module, call, "engine-listener");
            engineIsUsed_ = true;
        }
}

void SessionUses::follow() {
    Node bind;
    for (const Node& argument : factory_.field("arguments").namedChildren()) {
        const std::string_view name = argument.field("name").text();
        const bool off = name == "autocommit" && argument.field("value").text() == "False";
        if (!argument.is("keyword_argument")) bind.isNull() ? void(bind = argument) : refuse(*factoryModule_, argument, "factory-option");
        else if (name == "bind") bind = argument.field("value");
        else if (!off && name != "autoflush" && name != "expire_on_commit" && name != "future")
            refuse(*factoryModule_, argument, "factory-option");
    }
    if (bind.isNull()) return refuse(*factoryModule_, factory_, "unknown-engine");
    findEngine(bind);
    if (obstacle_) return;
    eachModule(project_, [&](const Module& module) { types(module); });
    do {
        grows_ = false;
        uses_.clear();
        eachModule(project_, [&](const Module& module) {
            for (const Function& function : module.functions) parameters(module, function);
            factoryUses(module);
            for (const Function& function : module.functions) sessionsIn(module, function);
        });
    } while (grows_ && !obstacle_);
    engineUses();
    findApplications();
}

void SessionUses::findApplications() {
    eachModule(project_, [&](const Module& module) {
        const catalog::TargetName& moved = context_.target().application; // in a phase before
        std::vector<Node> made;
        for (const std::string_view name : {std::string_view("FastAPI"), std::string_view(moved.name)})
            if (const auto calls = module.calls.find(name); calls != module.calls.end()) made.insert(made.end(), calls->second.begin(), calls->second.end());
        for (const Node& call : made) {
            const auto import = module.imports.find(std::string(call.field("function").text()));
            const bool isTarget = import != module.imports.end() && import->second.module == moved.module && import->second.name == moved.name;
            if (!isTarget && !isNamed(module, call.field("function"), {"fastapi.FastAPI", "fastapi.applications.FastAPI"})) continue;
            if (std::any_of(applications_.begin(), applications_.end(), [&](const auto& known) { return known.second.contains(call); })) continue;
            const Node assignment = call.parent(), statement = assignment.parent();
            if (!assignment.is("assignment") || !statement.is("expression_statement") || !assignment.field("left").isOneOf({"identifier", "attribute"}))
                return refuse(module, call, "application-made-otherwise");
            applications_.emplace_back(&module, statement);
        }
    });
}

bool SessionUses::isSessionType(const Module& module, const Node& type) const {
    bool found = false;
    syntax::walk(type, [&](const Node& node) {
        if (found || !node.isOneOf({"identifier", "attribute"}) || isLabel(node)) return !found;
        found = isNamed(module, node, {"sqlalchemy.orm.Session", "sqlalchemy.orm.session.Session"});
        if (found) return false;
        const Symbol symbol = project_.resolve(module, node);
        if (symbol.kind == Symbol::Kind::Variable && symbol.module) // SessionDep = Annotated[Session, Depends(get_db)]
            if (auto known = symbol.module->assignments.find(symbol.name); known != symbol.module->assignments.end() && known->second.size() == 1) {
                const Node right = known->second[0].namedChild(0).field("right");
                found = right.is("subscript") && right.field("value").text().find("Annotated") != std::string_view::npos && isSessionType(*symbol.module, right);
            }
        return !found && !node.is("attribute");
    });
    return found;
}

/// Every mention of the type: in annotations it changes with the sessions.
void SessionUses::types(const Module& module) {
    if (module.tree->text().find("Session") == std::string_view::npos) return;
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (node.isOneOf({"import_statement", "import_from_statement"})) return false;
        if (!node.isOneOf({"identifier", "attribute"}) || isLabel(node)) return true;
        if (node.is("identifier") && node.text().find("Session") == std::string_view::npos) return true;
        if (isNamed(module, node, {"sqlalchemy.orm.scoped_session", "sqlalchemy.orm.scoping.scoped_session"})) refuse(module, node, "scoped-session");
        if (!isNamed(module, node, {"sqlalchemy.orm.Session", "sqlalchemy.orm.session.Session"})) return true;
        const Node subscript = node.ancestor({"subscript"});
        const bool isType = !node.ancestor({"type"}).isNull() || (subscript && node.parent() == subscript);
        if (isType) types_.emplace_back(&module, node);
        else refuse(module, node, "session-made-otherwise");
        return false;
    });
}

/// `Depends(get_db)` where `get_db` yields a session.
bool SessionUses::providesSession(const Module& module, const Node& value) const {
    if (!value.is("call") || !endsWith(value.field("function").text(), "Depends")) return false;
    const Function* provider = functionOf(project_, module, argumentOf(value, "dependency", 0));
    auto known = provider ? names_.find(provider) : names_.end();
    if (known == names_.end()) return false;
    bool found = false;
    walkOwn(provider->node.field("body"), [&](const Node& node) {
        found = found || (node.is("yield") && node.namedChildCount() == 1 && known->second.count(std::string(node.namedChild(0).text())));
        return !found;
    });
    return found;
}

void SessionUses::parameters(const Module& module, const Function& function) {
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        const Node type = parameter.field("type");
        if ((!type.isNull() && isSessionType(module, type)) || providesSession(module, parameter.field("value")))
            grows_ |= names_[&function].insert(semantic::parameterName(parameter)).second;
    }
}

void SessionUses::factoryUses(const Module& module) {
    if (module.tree->text().find(factoryName_) == std::string_view::npos) return;
    for (const Node& name : module.tree->identifiers(factoryName_)) {
        if (isInImport(name)) continue;
        const Node expression = name.parent().is("attribute") && name.parent().field("attribute") == name ? name.parent() : name;
        const Symbol symbol = project_.resolve(module, expression);
        if (symbol.kind != Symbol::Kind::Variable || symbol.module != factoryModule_ || symbol.name != factoryName_) continue;
        const Node call = expression.parent();
        if (call.is("assignment") && call.field("right") == factory_) continue;
        const Function* function = module.enclosingFunction(expression);
        if (!call.is("call") || call.field("arguments").namedChildCount() > 0 || !function) return refuse(module, expression, "session-made-otherwise");
        const Node around = call.parent();
        if (around.is("assignment") && around.field("left").is("identifier") && around.field("right") == call) {
            grows_ |= names_[function].insert(std::string(around.field("left").text())).second;
            uses_.push_back({Kind::Opened, &module, function, around.field("left"), call});
        } else if (around.is("as_pattern") && around.parent().is("with_item") && around.parent().parent().namedChildCount() == 1) {
            grows_ |= names_[function].insert(std::string(around.namedChild(1).text())).second;
            uses_.push_back({Kind::Entered, &module, function, around.namedChild(1), call.ancestor({"with_statement"})});
            mustWait(module, *function, call);
        } else {
            return refuse(module, expression, "session-made-otherwise");
        }
    }
}

bool SessionUses::isSession(const Module& module, const Node& expression) const {
    const Function* function = module.enclosingFunction(expression);
    if (!function) return false;
    auto known = names_.find(function);
    if (expression.is("identifier")) return known != names_.end() && known->second.count(std::string(expression.text()));
    if (!expression.is("attribute") || expression.field("object").text() != "self" || function->className.empty()) return false;
    for (std::string id = classId(module, function->className); !id.empty(); id = baseOf(id))
        if (auto held = attributes_.find(id); held != attributes_.end()) return expression.field("attribute").text() == held->second;
    return false;
}

void SessionUses::sessionsIn(const Module& module, const Function& function) {
    // A connection that stays open would keep its session, and SQLite, for itself.
    if (names_.count(&function))
        for (const Node& decorator : function.decorated.namedChildren())
            if (decorator.is("decorator") && endsWith(decorator.namedChild(0).field("function").text(), ".websocket"))
                return refuse(module, decorator, "session-of-socket");
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition")) {
            // A function inside that uses the session of the one around it.
            if (auto known = names_.find(&function); known != names_.end())
                syntax::walk(node, [&](const Node& inner) {
                    const Function* own = inner.is("identifier") ? module.enclosingFunction(inner) : nullptr;
                    if (own && own != &function && known->second.count(std::string(inner.text())) && !own->locals.count(std::string(inner.text())) && !isLabel(inner))
                        refuse(module, inner, "session-in-closure");
                    return true;
                });
            return false;
        }
        if (!node.isOneOf({"identifier", "attribute"}) || isLabel(node) || !isSession(module, node)) return true;
        session(module, function, node);
        return false;
    });
}

void SessionUses::session(const Module& module, const Function& function, const Node& expression) {
    const Node parent = expression.parent();
    if (parent.is("attribute")) return method(module, function, expression, parent);
    if (parent.is("argument_list") || parent.is("keyword_argument")) return given(module, expression);
    if (parent.is("yield") || parent.is("as_pattern_target") || parent.is("as_pattern")) return;
    if (parent.is("assignment") && parent.field("left") == expression) {
        const Node right = parent.field("right");
        const bool opens = right.is("call") && !uses_.empty() &&
                           std::any_of(uses_.begin(), uses_.end(), [&](const SessionUse& use) { return use.kind == Kind::Opened && use.node == right; });
        if (opens || isSession(module, right)) return;
        return refuse(module, parent, "session-made-otherwise");
    }
    if (parent.is("assignment") && parent.field("right") == expression) {
        const Node left = parent.field("left");
        const std::string id = function.className.empty() ? "" : classId(module, function.className);
        if (function.name == "__init__" && left.is("attribute") && left.field("object").text() == "self" && !id.empty()) {
            std::string& known = attributes_[id];
            const std::string name(left.field("attribute").text());
            if (!known.empty() && known != name) return refuse(module, parent, "session-use");
            grows_ |= known.empty();
            known = name;
            return;
        }
    }
    if (parent.is("if_statement") || parent.is("comparison_operator") || parent.is("not_operator")) return;
    refuse(module, parent, "session-use");
}

void SessionUses::method(const Module& module, const Function& function, const Node& expression, const Node& access) {
    static const std::set<std::string_view> kWaits = {"commit", "refresh", "flush", "rollback", "close", "delete", "execute",
                                                      "scalars", "scalar", "get", "merge"};
    static const std::set<std::string_view> kPlain = {"add", "add_all", "expunge", "expunge_all", "new", "dirty", "deleted", "is_active", "info"};
    static const std::set<std::string_view> kBulk = {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"};
    const std::string_view name = access.field("attribute").text();
    if (kPlain.count(name)) return uses_.push_back({Kind::Plain, &module, &function, expression, access});
    const Node call = access.parent();
    if (!call.is("call") || !(call.field("function") == access)) return refuse(module, access, "session-use");
    const Kind kind = kWaits.count(name) ? Kind::Waits : kBulk.count(name) ? Kind::InBulk : Kind::Query;
    if (kind == Kind::Query && name != "query") return refuse(module, access, "session-use");
    uses_.push_back({kind, &module, &function, expression, call});
    if (kind != Kind::Query) mustWait(module, function, call); // queries say where they wait
}

/// A session as the argument of a call.
void SessionUses::given(const Module& module, const Node& expression) {
    const Node argument = expression.parent().is("keyword_argument") ? expression.parent() : expression;
    const Node call = argument.parent().parent(), callee = call.field("function");
    if (!call.is("call")) return refuse(module, expression, "session-use");
    if (const Function* function = functionOf(project_, module, callee))
        return takes(*function, call, argument, module, false);
    const Symbol symbol = project_.resolve(module, callee);
    if (symbol.kind == Symbol::Kind::Class && symbol.module) {
        const Function* init = facts::methodOfClass(project_, symbol.module->name + ":" + symbol.name, "__init__");
        return init ? takes(*init, call, argument, module, true) : refuse(module, call, "session-handed-on");
    }
    if (callee.text() == "super().__init__") {
        const Function* own = module.enclosingFunction(call);
        const std::string base = own ? baseOf(classId(module, own->className)) : "";
        const Function* init = base.empty() ? nullptr : facts::methodOfClass(project_, base, "__init__");
        return init ? takes(*init, call, argument, module, true) : refuse(module, call, "session-handed-on");
    }
    if (!callee.is("attribute") || symbol.kind == Symbol::Kind::External) return refuse(module, call, "session-handed-on");
    // A method of an object: the one of its class, or all that have the name.
    const std::string name(callee.field("attribute").text());
    const std::string owner = classOf(module, callee.field("object"));
    bool any = false;
    if (const Function* own = owner.empty() ? nullptr : facts::methodOfClass(project_, owner, name)) {
        takes(*own, call, argument, module, true);
        any = true;
    }
    if (!any)
        eachModule(project_, [&](const Module& other) {
            for (const Function& function : other.functions)
                if (!function.className.empty() && function.name == name) {
                    takes(function, call, argument, module, true);
                    any = true;
                }
        });
    if (!any) refuse(module, call, "session-handed-on");
}

void SessionUses::takes(const Function& function, const Node& call, const Node& argument, const Module& module, bool bound) {
    const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
    std::string name;
    if (argument.is("keyword_argument")) {
        name = std::string(argument.field("name").text());
    } else {
        size_t position = bound && !parameters.empty() && (parameterName(parameters[0]) == "self" || parameterName(parameters[0]) == "cls") ? 1 : 0;
        for (const Node& other : call.field("arguments").namedChildren()) {
            if (other.is("list_splat")) return refuse(module, call, "session-handed-on");
            if (other == argument) break;
            ++position;
        }
        if (position < parameters.size()) name = parameterName(parameters[position]);
    }
    const bool known = std::any_of(parameters.begin(), parameters.end(), [&](const Node& parameter) {
        return parameterName(parameter) == name && !parameter.isOneOf({"list_splat_pattern", "dictionary_splat_pattern"});
    });
    if (name.empty() || !known) return refuse(module, call, "session-handed-on");
    grows_ |= names_[&function].insert(name).second;
}

} // namespace covet::rules::sessions
