#include "engine/first_content.h"

#include <set>

#include "facts/record_shape.h"
#include "rules/store/made_values.h"
#include "rules/store/start_code.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::engine {
namespace {

using semantic::Module;
using semantic::Symbol;
using syntax::Node;

/// Results of libraries that `typeOfExpression` leaves open, because code may store them anywhere.
std::string typeOfLibraryCall(const semantic::Project& project, const Module& module, const Node& call) {
    const Node callee = call.field("function");
    const Symbol& symbol = project.resolve(module, callee);
    const std::string name = symbol.kind == Symbol::Kind::External ? symbol.name : std::string(callee.text());
    static constexpr Words kTexts = {
        "werkzeug.security.generate_password_hash", "flask_bcrypt.generate_password_hash", "secrets.token_hex",
        "secrets.token_urlsafe", "django.contrib.auth.hashers.make_password"};
    static constexpr Words kNumbers = {"random.randint", "random.randrange", "secrets.randbelow",
                                       "time.time_ns"};
    static constexpr Words kFloats = {"random.random", "random.uniform"};
    if (kTexts.count(name)) return "str";
    if (kNumbers.count(name)) return "int";
    if (kFloats.count(name)) return "float";
    // `os.getenv("ADMIN", "root")`: a text, whatever the environment has.
    if (name == "os.getenv" || name == "os.environ.get") {
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        return arguments.size() == 2 && arguments[1].is("string") && arguments[1].text()[0] != 'b' ? "str" : "";
    }
    // `pwd_context.hash("secret")` of passlib, argon2 and pwdlib.
    if (!callee.is("attribute") || callee.field("attribute").text() != "hash") return "";
    const Symbol& object = project.resolve(module, callee.field("object"));
    if (object.kind != Symbol::Kind::Variable || !object.module) return "";
    const auto assigned = object.module->assignments.find(object.name);
    if (assigned == object.module->assignments.end()) return "";
    const std::string_view maker = assigned->second.front().namedChild(0).field("right").field("function").text();
    return endsWith(maker, "CryptContext") || endsWith(maker, "PasswordHasher") || endsWith(maker, "PasswordHash.recommended") ||
                   endsWith(maker, "PasswordHash")
               ? "str"
               : "";
}

std::string typeOfMade(const semantic::Project& project, const Module& module, const Node& value, int depth);

/// The type of all that a function of the project returns.
std::string typeOfResult(const semantic::Project& project, const Module& module, const semantic::Function& function,
                         int depth) {
    if (function.isAsync) return "";
    std::set<std::string> types;
    bool returns = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("lambda")) return false;
        if (node.is("yield")) types.insert("");
        if (!node.is("return_statement")) return true;
        returns = true;
        types.insert(typeOfMade(project, module, node.namedChild(0), depth + 1));
        return true;
    });
    return returns && types.size() == 1 ? *types.begin() : "";
}

std::string typeOfMade(const semantic::Project& project, const Module& module, const Node& value, int depth) {
    std::string type = value.isNull() || depth > 4 ? "" : facts::typeOfExpression(project, module, value);
    if (!type.empty() || depth > 4) return type;
    // Only a text can be added to a text.
    if (value.is("binary_operator") && value.field("operator").text() == "+")
        for (const syntax::NodeField side : {syntax::NodeField("left"), syntax::NodeField("right")})
            if (typeOfMade(project, module, value.field(side), depth + 1) == "str") return "str";
    if (!value.is("call")) return "";
    const Symbol& symbol = project.resolve(module, value.field("function"));
    if (symbol.kind != Symbol::Kind::Function) return typeOfLibraryCall(project, module, value);
    const semantic::Function* function = symbol.module->function(symbol.name);
    return function && function->decorated == function->node ? typeOfResult(project, *symbol.module, *function, depth)
                                                             : "";
}

class ContentReader {
public:
    ContentReader(const semantic::Project& project, syntax::LiteralEvaluator& evaluator,
                  const syntax::SourceModule& source, const Module& module)
        : project_(project), evaluator_(evaluator), source_(source), module_(module) {}

    /// `depth`: 0 for the container, 1 for its elements, 2 for their fields.
    bool isPlain(const Node& node, int depth) {
        if (node.is("list")) return eachIsPlain(node.namedChildren(), depth + 1);
        if (node.is("dictionary")) {
            std::vector<Node> values;
            for (const Node& pair : node.namedChildren()) {
                if (pair.is("comment")) continue;
                if (!pair.is("pair") || evaluator_.evaluate(source_, pair.field("key")).hasOpaque()) return false;
                values.push_back(pair.field("value"));
            }
            return eachIsPlain(values, depth + 1);
        }
        if (!evaluator_.evaluate(source_, node).hasOpaque()) return true;
        if (depth >= 1 && node.is("call") && isRecord(project_.resolve(module_, node.field("function")), depth)) {
            std::vector<Node> values;
            for (const Node& argument : node.field("arguments").namedChildren())
                values.push_back(argument.is("keyword_argument") ? argument.field("value") : argument);
            return eachIsPlain(values, depth + 1);
        }
        static constexpr Words kJson = {"str", "int", "float", "bool"};
        static constexpr Words kTyped = {"datetime", "date", "uuid"};
        std::string type = typeOfMade(project_, module_, node, 0);
        if (type.empty()) type = toLower(rules::typeOfMade(evaluator_.evaluate(source_, node).text()));
        return kJson.count(type) > 0 || (depth == 2 && kTyped.count(type) > 0);
    }

private:
    /// Whether a call makes an element, or a model that is part of one: those become JSON as the elements do.
    bool isRecord(const Symbol& made, int depth) const {
        return made.kind == Symbol::Kind::Class && (depth == 1 || facts::isPydanticModel(project_, *made.module, made.name));
    }

    bool eachIsPlain(const std::vector<Node>& nodes, int depth) {
        for (const Node& node : nodes)
            if (!node.is("comment") && !isPlain(node, depth)) return false;
        return true;
    }

    const semantic::Project& project_;
    syntax::LiteralEvaluator& evaluator_;
    const syntax::SourceModule& source_;
    const Module& module_;
};

} // namespace

bool isMadeAtStart(const semantic::Project& project, syntax::LiteralEvaluator& evaluator,
                   const syntax::SourceModule& source, const facts::FoundStore& store) {
    const bool isLiteral = store.initialValue.is("list") || store.initialValue.is("dictionary");
    if (!isLiteral || !store.className.empty() || !store.namespaceVariable.empty() || !store.buildStatements.empty() ||
        !store.definition.parent().is("module") || !store.fact.data || !store.fact.data->hasOpaque())
        return false;
    // Other code has filled it as well where it holds more than the definition says.
    if (evaluator.evaluate(source, store.initialValue).size() != store.fact.data->size()) return false;
    return ContentReader(project, evaluator, source, *store.module).isPlain(store.initialValue, 0);
}

bool hasKnownElements(const facts::FoundStore& store) {
    if (rules::isMadeByDefinition(store) || !store.namespaceVariable.empty() || !store.fact.data || store.fact.container == facts::Container::Scalar ||
        !store.fact.data->hasOpaque())
        return false;
    ElementReader elements(*store.fact.data);
    while (elements.next())
        if (!elements.content().isRecord() || (elements.key() && elements.key()->hasOpaque() && !elements.key()->isOpaque())) return false;
    return true;
}

} // namespace covet::engine
