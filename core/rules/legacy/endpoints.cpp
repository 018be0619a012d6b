#include <algorithm>

#include "rules/legacy/app_rewrite.h"
#include "rules/legacy/part_text.h"
#include "rules/legacy/registration.h"
#include "rules/signature_edits.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

void take(HandlerPlan& imports, const PartText& part) {
    imports.imports.insert(part.imports.begin(), part.imports.end());
}

std::string functionName(const Module& module, const std::string& wanted, std::set<std::string>& taken) {
    std::string name = isPythonIdentifier(wanted) && !isPythonKeyword(wanted) ? wanted : "answer";
    const auto used = [&](const std::string& candidate) {
        return taken.count(candidate) || module.function(candidate) || module.assignments.count(candidate) || module.imports.count(candidate);
    };
    std::string candidate = name;
    for (int n = 2; used(candidate); ++n) candidate = name + "_" + std::to_string(n);
    taken.insert(candidate);
    return candidate;
}

/// Whether a module-level variable is made to be filled or changed by requests.
bool isState(const Module& module, const std::string& name) {
    for (const Function& function : module.functions)
        if (function.globals.count(name)) return true;
    auto assigned = module.assignments.find(name);
    if (assigned == module.assignments.end()) return false;
    static constexpr Words kMakers = {"list", "dict", "set", "defaultdict", "OrderedDict", "deque", "Counter"};
    for (const Node& statement : assigned->second) {
        const Node right = statement.namedChild(0).field("right");
        if (right.is("list") || right.is("dictionary") || right.is("set") || right.is("list_comprehension") ||
            right.is("dictionary_comprehension") || right.is("set_comprehension"))
            return true;
        const Node callee = right.is("call") ? right.field("function") : Node{};
        if (callee && kMakers.count(callee.is("attribute") ? callee.field("attribute").text() : callee.text())) return true;
    }
    return false;
}

class EndpointWriter {
public:
    EndpointWriter(MigrationContext& context, const LegacyApp& app, AppPlan& plan, HandlerPlan& imports,
                   std::vector<std::string>& lines)
        : context_(context)
        , app_(app)
        , plan_(plan)
        , imports_(imports)
        , lines_(lines) {}

    bool write(std::string& detail) {
        const DispatchShape& shape = app_.shape;
        for (const InlineRoute& route : shape.inlineRoutes) {
            auto registered = app_.inlineLines.find(route.function);
            if (registered != app_.inlineLines.end()) {
                if (!lines_.empty() && !startsWith(lines_.back(), plan_.appName + "." + context_.target().addRouteMethod)) gap();
                lines_.insert(lines_.end(), registered->second.begin(), registered->second.end());
            }
            if (!app_.inlineHandlers.count(route.function) && !inlineRoute(route)) {
                detail = "inline route " + route.path;
                return false;
            }
        }
        if (shape.notFound) {
            std::vector<std::string> codes{"404"};
            if (!shape.wrongMethod) codes.push_back("405");
            if (!handler(codes, "not_found", "exc", *shape.notFound)) {
                detail = "answer for unknown paths";
                return false;
            }
        }
        if (shape.wrongMethod && !handler({"405"}, "method_not_allowed", "exc", *shape.wrongMethod)) {
            detail = "answer for wrong methods";
            return false;
        }
        for (const ExceptionAnswer& answer : shape.exceptions) {
            std::vector<std::string> types;
            std::string text = answer.types;
            if (startsWith(text, "(") && endsWith(text, ")")) text = text.substr(1, text.size() - 2);
            for (const std::string& part : split(text, ',')) {
                const std::string name(trim(part));
                if (!name.empty()) types.push_back(name == "BaseException" ? "Exception" : name);
            }
            const std::string wanted = types.size() == 1 && types[0] != "Exception"
                                           ? "on_" + snakeCase(types[0].substr(types[0].rfind('.') + 1)) : "on_error";
            if (!handler(types, wanted, answer.name.empty() ? "exc" : answer.name, answer.answer)) {
                detail = "answer for " + answer.types;
                return false;
            }
        }
        headers();
        return true;
    }

private:
    /// What the dispatcher computes itself is written into functions that no session reaches: the
    /// functions it calls count as entry points without one. False when it reads the program's state.
    bool withoutSession(const Value& value) {
        if (!value) return true;
        if (value->is(Kind::Result)) {
            auto named = value->env.find("function");
            const Function* function = value->module && named != value->env.end() ? value->module->function(named->second->text) : nullptr;
            if (function)
                context_.handlers.push_back({value->module, function, context_.target().legacyFramework, false, "inline-branch"});
        }
        bool free = true;
        if (value->is(Kind::Expr) && value->module && !value->node.isNull())
            syntax::walk(value->node, [&](const Node& node) {
                if (!node.is("identifier") && !node.is("attribute")) return true;
                if (value->env.count(std::string(node.text()))) return true;
                const semantic::Symbol& symbol = context_.project().resolve(*value->module, node);
                if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module && isState(*symbol.module, symbol.name)) free = false;
                return free;
            });
        for (const Value& item : value->items) free = free && withoutSession(item);
        for (const auto& [name, entry] : value->entries) free = free && withoutSession(entry);
        for (const auto& [name, entry] : value->env) free = free && withoutSession(entry);
        return free;
    }

    void gap() {
        if (!lines_.empty()) lines_.insert(lines_.end(), {"", ""});
    }

    std::optional<std::string> answerText(const Answer& answer, const PartNames& names, bool outermost = false) {
        std::optional<PartText> status = partText(answer.status, names);
        std::optional<PartText> body = answer.encoding == Encoding::Empty ? PartText{} : partText(answer.body, names);
        if (!status || !body) return std::nullopt;
        take(imports_, *status);
        take(imports_, *body);
        imports_.usesResponse = true;
        std::string text = targetName(*app_.module, plan_, context_.target().response) + "(";
        std::string type;
        if (answer.encoding == Encoding::Empty) text += "status_code=" + status->text;
        else if (answer.encoding == Encoding::Text) text += "data=" + body->text + ", status_code=" + status->text;
        else text += "data=" + (answer.body->is(Kind::None) ? std::string("b\"null\"") : body->text) + ", status_code=" + status->text;
        // What answers for any error stands outside of all middleware.
        if (outermost && !app_.shape.headers.empty()) {
            std::string list;
            for (const auto& [name, content] : app_.shape.headers)
                list += (list.empty() ? "" : ", ") + pythonQuote(name) + ": " + pythonQuote(content);
            text += ", headers={" + list + "}";
        }
        return text + ")";
    }

    bool handler(const std::vector<std::string>& causes, const std::string& wanted, const std::string& exception,
                 const Answer& answer) {
        if (!withoutSession(answer.body) || !withoutSession(answer.status)) return false;
        PartNames names{"request", exception, "", "", app_.module};
        std::optional<std::string> text = answerText(answer, names, std::count(causes.begin(), causes.end(), "Exception") > 0);
        if (!text) return false;
        gap();
        for (const std::string& cause : causes)
            lines_.push_back("@" + plan_.appName + "." + context_.target().exceptionHandlerMethod + "(" + cause + ")");
        lines_.push_back("async def " + functionName(*app_.module, wanted, taken_) + "(request: " + targetName(*app_.module, plan_, context_.target().request) +
                         ", " + exception + "):");
        imports_.usesRequest = true;
        lines_.push_back("    return " + *text);
        return true;
    }

    bool inlineRoute(const InlineRoute& route) {
        if (route.isSuffix) return false;
        if (route.answer ? !withoutSession(route.answer->body) || !withoutSession(route.answer->status)
                         : !withoutSession(route.result))
            return false;
        if (route.function)
            context_.handlers.push_back({route.module, route.function, context_.target().legacyFramework, false, "inline-branch"});
        const std::string tail = route.isPrefix ? tailName(context_, route) : "";
        PartNames names{"request", "exc", tail, tail.empty() ? "" : route.path, app_.module};
        std::string path = route.everyPath ? "/{path:path}" : route.path + (route.isPrefix ? "{" + tail + ":path}" : "");
        bool needsRequest = false;
        std::string text;
        if (route.answer) {
            const Answer& answer = *route.answer;
            const bool simple = answer.encoding == Encoding::Json && answer.status->text == "200" && !answer.body->is(Kind::None);
            std::optional<PartText> body = partText(answer.body, names);
            if (!body) return false;
            needsRequest = body->usesRequest;
            take(imports_, *body);
            std::optional<std::string> made = simple ? body->text : answerText(answer, names);
            if (!made) return false;
            text = *made;
        } else {
            std::optional<PartText> result = partText(route.result, names);
            if (!result) return false;
            take(imports_, *result);
            needsRequest = result->usesRequest;
            text = result->text;
            if (app_.shape.returns != DispatchShape::Returns::Plain) {
                text = "respond(" + text + ")";
                imports_.usesRespond = true;
                plan_.needsRespond = true;
            }
        }
        if (needsRequest) imports_.usesRequest = true;
        const std::vector<std::string> methods = route.method.empty() ? anyMethod() : std::vector<std::string>{route.method};
        std::vector<std::string> parameters;
        if (needsRequest) parameters.push_back("request: " + targetName(*app_.module, plan_, context_.target().request));
        if (!tail.empty()) parameters.push_back(tail + ": str");
        if (route.everyPath) parameters.push_back("path: str");
        gap();
        lines_.push_back("@" + decoratorText(context_, plan_.appName, path, methods));
        std::string wanted = (route.method.empty() ? "answer" : toLower(route.method));
        for (const std::string& word : split(route.path, '/'))
            if (!word.empty()) wanted += "_" + snakeCase(word);
        if (route.path == "/") wanted += "_root";
        if (!tail.empty()) wanted += "_by_" + tail;
        lines_.push_back("async def " + functionName(*app_.module, wanted, taken_) + "(" + join(parameters, ", ") + "):");
        lines_.push_back("    return " + text);
        facts::Route fact;
        fact.where = {app_.module->path(), route.node.line()};
        fact.path = path;
        fact.handler = wanted;
        fact.framework = context_.target().legacyFramework;
        fact.isAsync = true;
        for (const std::string& method : methods) {
            fact.method = method;
            context_.routes.push_back(fact);
        }
        return true;
    }

    /// Headers that every answer carries.
    void headers() {
        if (app_.shape.headers.empty()) return;
        std::string list;
        for (const auto& [name, content] : app_.shape.headers)
            list += (list.empty() ? "" : ", ") + ("(" + pythonQuote(name) + ", " + pythonQuote(content) + ")");
        gap();
        lines_.push_back(plan_.appName + "." + context_.target().addMiddlewareMethod + "(AnswerHeaders, headers=[" + list + "])");
        imports_.imports.insert("@headers");
    }

    MigrationContext& context_;
    const LegacyApp& app_;
    AppPlan& plan_;
    HandlerPlan& imports_;
    std::vector<std::string>& lines_;
    std::set<std::string> taken_;
};

} // namespace

std::string tailName(const MigrationContext&, const InlineRoute& route) {
    if (route.function) {
        const std::vector<Node> parameters = route.function->node.field("parameters").namedChildren();
        for (size_t i = 0; i < parameters.size() && i < route.positional.size(); ++i) {
            const Value& value = route.positional[i];
            const bool tail = value->is(Kind::PathTail) || (value->is(Kind::Expr) && holdsPathTail(*value, route.path));
            if (tail && isPythonIdentifier(parameterName(parameters[i]))) return parameterName(parameters[i]);
        }
    }
    std::vector<std::string> words = split(trim(route.path), '/');
    while (!words.empty() && words.back().empty()) words.pop_back();
    const std::string word = words.empty() ? "item" : singular(words.back());
    return isPythonIdentifier(word) ? word + "_id" : "item_id";
}

bool endpointLines(MigrationContext& context, const LegacyApp& app, AppPlan& plan, HandlerPlan& imports,
                   std::vector<std::string>& lines, std::string& detail) {
    return EndpointWriter(context, app, plan, imports, lines).write(detail);
}

const std::vector<std::string>& anyMethod() {
    static const std::vector<std::string> kMethods = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"};
    return kMethods;
}

std::string methodList(const std::vector<std::string>& methods) {
    std::string text;
    for (const std::string& method : methods) text += (text.empty() ? "" : ", ") + pythonQuote(method);
    return "[" + text + "]";
}

std::string decoratorText(const MigrationContext& context, const std::string& app, const std::string& path,
                          const std::vector<std::string>& methods) {
    if (methods.size() == 1 && context.target().hasVerbDecorator(methods[0]))
        return app + "." + toLower(methods[0]) + "(" + pythonQuote(path) + ")";
    return app + "." + context.target().routeMethod + "(" + pythonQuote(path) + ", methods=" + methodList(methods) + ")";
}

} // namespace covet::rules::legacy
