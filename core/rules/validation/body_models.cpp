#include "rules/validation/body_models.h"

#include <algorithm>

#include "catalog/resource.h"
#include "emit/pydantic_names.h"
#include "rules/diagnostics.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::validation {
namespace {

/// Whether an `await` gives the JSON body: of `request.json()`, or of the helper that stands for Flask's.
bool readsBody(const Project& project, const Module& module, const Node& await) {
    const Node call = await.namedChild(0);
    if (!call.is("call")) return false;
    const Node callee = call.field("function");
    if (callee.is("attribute")) {
        const Node object = callee.field("object");
        return callee.field("attribute").text() == "json" && call.field("arguments").namedChildCount() == 0 &&
               object.is("identifier") && project.resolve(module, object).kind == semantic::Symbol::Kind::Local;
    }
    const semantic::Symbol& symbol = project.resolve(module, callee);
    return symbol.kind == semantic::Symbol::Kind::External && endsWith(symbol.name, ".json_body");
}

bool isEmptyDict(const Node& node) { return node.is("dictionary") && node.namedChildCount() == 0; }

/// The whole expression for the body: with `or {}`, `if await request.body() else {}` and parentheses.
Node wholeExpression(Node node) {
    for (;;) {
        const Node parent = node.parent();
        const bool isDefaulted = (parent.is("boolean_operator") && parent.field("left") == node &&
                                  isEmptyDict(parent.field("right"))) ||
                                 (parent.is("conditional_expression") && parent.namedChild(0) == node &&
                                  isEmptyDict(parent.namedChild(2)));
        if (!isDefaulted && !parent.is("parenthesized_expression")) return node;
        node = parent;
    }
}

/// Whether the body has been checked before.
bool isChecked(const Node& expression) {
    const Node call = expression.parent().is("argument_list") ? expression.parent().parent() : Node();
    return call.field("function").field("attribute").text() == "read";
}

/// `dict`, `Dict[str, Any]`: an object of any fields.
bool isPlainDict(const Node& annotation) {
    static constexpr Words kPlain = {"dict", "Dict", "typing.Dict", "dict[str,Any]", "Dict[str,Any]",
                                     "typing.Dict[str,Any]", "dict[str,typing.Any]", "Dict[Any,Any]", "dict[Any,Any]"};
    std::string compact;
    for (const char c : annotation.text())
        if (c != ' ') compact += c;
    return kPlain.count(compact) > 0;
}

/// Whether a decorator of the function registers it under a path that has no part of this name.
bool isHandler(const semantic::Function& function, const std::string& parameter) {
    static constexpr Words kVerbs = {"post", "put", "patch", "delete", "api_route", "route"};
    for (const Node& decorator : function.decorated.namedChildren()) {
        const Node call = decorator.is("decorator") ? decorator.namedChild(0) : Node();
        if (!call.is("call") || !call.field("function").is("attribute")) continue;
        if (!kVerbs.count(call.field("function").field("attribute").text())) continue;
        const Node path = call.field("arguments").namedChild(0);
        if (path.text().find("{" + parameter) == std::string_view::npos) return true;
    }
    return false;
}

/// The dict in a parameter's annotation: all of it, or the first part of `Annotated[dict, Body()]`.
Node dictAnnotation(const Node& parameter) {
    if (!parameter.is("typed_parameter") && !parameter.is("typed_default_parameter")) return {};
    const Node type = parameter.field("type").namedChild(0);
    if (isPlainDict(type)) return type;
    if (!type.is("generic_type") || type.namedChild(0).text() != "Annotated") return {};
    const Node first = type.namedChild(1).namedChild(0);
    const std::string rest(type.namedChild(1).text());
    return isPlainDict(first) && rest.find("Body(") != std::string::npos ? first : Node();
}

bool isBareStatement(const Node& expression) { return expression.parent().is("expression_statement"); }

/// The innermost statement around an expression.
Node statementOf(Node node) {
    while (node && !node.parent().is("block") && !node.parent().is("module")) node = node.parent();
    return node;
}

Node withoutParentheses(Node node) {
    while (node.is("parenthesized_expression")) node = node.namedChild(0);
    return node;
}

/// Whether a statement evaluates nothing that could fail or change something before it gets to `node`.
bool comesFirst(const Node& statement, const Node& node) {
    const Node condition = statement.field("condition");
    if (condition ? !condition.contains(node) && condition != node : statement.is("try_statement") || statement.is("with_statement"))
        return false;
    bool isFirst = true;
    syntax::walk(statement, [&](const Node& other) {
        if (other.start() >= node.start()) return false;
        if (other.end() <= node.start() && (other.is("call") || other.is("subscript") || other.is("await"))) isFirst = false;
        return true;
    });
    return isFirst;
}

std::string annotationOf(const ColumnType& type) {
    using Kind = ColumnType::Kind;
    if (type.kind == Kind::Any) return "Any";
    std::string name = type.kind == Kind::Text      ? "Text"
                       : type.kind == Kind::Integer ? (type.isBig ? "BigInteger" : "Integer")
                       : type.kind == Kind::Number  ? "Number"
                                                    : "Flag";
    if (type.maxLength) name = "Annotated[" + name + ", Field(max_length=" + std::to_string(type.maxLength) + ")]";
    return type.isNullable ? "Optional[" + name + "]" : name;
}

} // namespace

BodyModels::BodyModels(MigrationContext& context, const TableModels& tables, std::string schemasModule, std::string schemas)
    : context_(context), tables_(tables), module_(std::move(schemasModule)), before_(std::move(schemas)) {
    for (const std::string& line : split(before_, '\n'))
        if (startsWith(line, "class ")) taken_.insert(line.substr(6, line.find_first_of("(:", 6) - 6));
    for (const auto& module : context.project().modules()) {
        for (const semantic::Class& item : module->classes) taken_.insert(item.name);
        for (const auto& [name, binding] : module->imports) taken_.insert(name);
    }
}

std::vector<Proposal> BodyModels::proposals() {
    std::vector<Proposal> found;
    if (tables_.empty()) return found;
    for (const auto& module : context_.project().modules()) {
        if (isTestModule(*module)) continue;
        for (const semantic::Function& function : module->functions)
            findIn(*module, function, found);
    }
    return found;
}

void BodyModels::findIn(const Module& module, const semantic::Function& function, std::vector<Proposal>& proposals) {
    Body body;
    body.module = &module;
    body.function = &function;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition")) return false;
        if (!node.is("await") || !readsBody(context_.project(), module, node)) return true;
        const Node whole = wholeExpression(node);
        if (!isChecked(whole) && !isBareStatement(whole)) body.reads.push_back(whole);
        return false;
    });
    if (!body.reads.empty()) {
        body.shape = BodyReader(context_.project(), tables_).read(module, function, body.reads);
        propose(std::move(body), proposals);
        return;
    }
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        const Node annotation = dictAnnotation(parameter);
        const std::string name = parameterName(parameter);
        if (!annotation || !isHandler(function, name)) continue;
        body.annotation = annotation;
        body.shape = BodyReader(context_.project(), tables_).readVariable(module, function, name);
        return propose(std::move(body), proposals);
    }
}

std::string BodyModels::classNameFor(const semantic::Function& function) {
    std::string name = upperCamel(function.name);
    if (!function.className.empty()) name = function.className + name;
    std::string unique = name + "Body";
    for (int number = 2; !taken_.insert(unique).second; ++number) unique = name + "Body" + std::to_string(number);
    return unique;
}

void BodyModels::propose(Body body, std::vector<Proposal>& proposals) {
    const std::string& obstacle = body.shape.obstacle;
    const bool fits = obstacle.empty() && body.shape.hasTypes();
    const Node at = fits ? (body.annotation ? body.annotation : body.reads.front())
                         : body.shape.at.tree() == body.module->tree.get() ? body.shape.at : body.function->node.field("name");
    Proposal proposal;
    Finding& finding = proposal.finding;
    finding.rule = fits ? "COV601" : "COV602";
    finding.file = body.module->path();
    finding.start = {body.module->source.lineOf(at.start()), body.module->source.columnOf(at.start())};
    finding.end = {body.module->source.lineOf(at.end()), body.module->source.columnOf(at.end())};
    finding.message = messageOf(finding.rule, body.function->qualified);
    finding.safety = diagnostic(finding.rule)->safety;
    finding.outcome = fits ? Outcome::Fixed : Outcome::Skipped;
    finding.safetyReason = fits ? "" : obstacle.empty() ? "no-known-field" : obstacle;
    if (!fits)
        finding.hint = obstacle.empty() ? "no field of it gets into a column whose type is known; write a Pydantic model for it"
                                        : "write a Pydantic model for it, and use its fields instead of the dict";
    if (fits) {
        const std::string className = classNameFor(*body.function);
        proposal.make = [this, body, className] { make(body, className); };
    }
    proposals.push_back(std::move(proposal));
}

void BodyModels::make(const Body& body, const std::string& className) {
    ModuleRewrite& rewrite = context_.rewrite(*body.module);
    if (body.annotation) rewrite.replace(body.annotation, className);
    const bool isOnce = readOnce(body, className);
    for (const Node& read : body.reads) {
        if (isOnce) break;
        const bool isEnclosed = read.is("parenthesized_expression");
        rewrite.wrap(read, className + (isEnclosed ? ".read" : ".read("), isEnclosed ? "" : ")");
    }
    rewrite.requireImport(context_.importPath(*body.module, module_), className);
    made_[className] = classText(className, body);
    order_.push_back(className);
}

/// A body that the code asks for again and again gets a name where it is asked for first.
bool BodyModels::readOnce(const Body& body, const std::string& className) {
    if (body.reads.size() < 2) return false;
    const Node& first = body.reads.front();
    const Node statement = statementOf(first), value = withoutParentheses(first);
    if (!comesFirst(statement, first)) return false;
    for (const Node& read : body.reads)
        if (!statement.parent().contains(read) || withoutParentheses(read).text() != value.text()) return false;
    for (const char* name : {"body", "payload", "request_body"}) {
        bool isTaken = body.function->locals.count(name) > 0;
        for (const Node& identifier : body.module->tree->identifiers(name))
            isTaken = isTaken || body.function->node.contains(identifier);
        if (isTaken) continue;
        ModuleRewrite& rewrite = context_.rewrite(*body.module);
        rewrite.insertBefore(statement, {std::string(name) + " = " + className + ".read(" + std::string(value.text()) + ")"});
        for (const Node& read : body.reads) rewrite.replace(read, name);
        return true;
    }
    return false;
}

std::string BodyModels::classText(const std::string& className, const Body& body) const {
    std::string text = "class " + className + "(RequestBody):\n";
    std::set<std::string> attributes;
    for (const BodyField& field : body.shape.fields) {
        const std::string attribute = emit::modelAttribute(field.key, attributes);
        if (!attributes.insert(attribute).second) continue;
        text += "    " + attribute + ": " + annotationOf(field.type()) + " = optional(";
        if (attribute != field.key) text += "alias=" + pythonQuote(field.key);
        text += ")\n";
    }
    return text;
}

std::string BodyModels::schemas() const {
    if (order_.empty()) return "";
    std::string text = before_;
    if (text.empty()) {
        const catalog::TargetName& exception = context_.target().httpException;
        text = replaceAll(std::string(catalog::resource("templates/validation/bodies.py")), "#import",
                          "from " + exception.module + " import " + exception.name);
    }
    for (const std::string& className : order_) text += "\n\n" + made_.at(className);
    return text;
}

} // namespace covet::rules::validation
