// Before:  class Slug(BaseConverter): regex = "[a-z-]+"     app.url_map.converters["slug"] = Slug     def show(name): (of "/<slug:name>")
// After:   class Slug(BaseConverter): regex = "[a-z-]+"     path_converters["slug"] = Slug            async def show(name: part_of("slug")):
// Safe: the helper takes what the regular expression takes and lets the class read and write it. Expressions that may
// take a slash stay, since the target looks at segments.
#include <cctype>

#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

/// Whether a regular expression, as Python text, certainly takes no slash.
bool staysInSegment(std::string text) {
    text = replaceAll(std::move(text), "[^/]", "x");
    for (const char* sign : {"/", ".*", ".+", ".{", "[^", "\\S", "\\D", "\\W"})
        if (text.find(sign) != std::string::npos) return false;
    return true;
}

class ConverterPlanner {
public:
    explicit ConverterPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        const bool named = plan_.mentions("werkzeug");
        for (const Module* module : plan_.modules)
            if (named || !module->tree->identifiers("url_map").empty()) syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("assignment")) registration(*module, node);
                if (node.is("call")) registrations(*module, node);
                if (node.is("identifier") || node.is("attribute")) return !name(*module, node);
                return true;
            });
    }

private:
    /// `app.url_map.converters["slug"] = Slug`
    void registration(const Module& module, const Node& assignment) {
        const Node left = assignment.field("left"), key = left.field("subscript");
        if (!left.is("subscript") || !isMap(module, left.field("value"))) return;
        const semantic::Symbol type = plan_.project().resolve(module, assignment.field("right"));
        if (!key.is("string") || key.namedChildCount() != 3 || !isKnown(type)) return;
        plan_.converters.insert(std::string(key.namedChild(1).text()));
        moveMap(module, left.field("value"));
    }

    /// `app.url_map.converters.update(slug=Slug)`
    void registrations(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (!callee.is("attribute") || callee.field("attribute").text() != "update" || !isMap(module, callee.field("object"))) return;
        std::set<std::string> names;
        for (const Node& argument : call.field("arguments").namedChildren())
            for (const Node& entry : argument.is("dictionary") ? argument.namedChildren() : std::vector<Node>{argument}) {
                const Node key = entry.is("pair") ? entry.field("key") : Node{};
                const bool isText = key.is("string") && key.namedChildCount() == 3;
                if ((!isText && !entry.is("keyword_argument")) || !isKnown(plan_.project().resolve(module, entry.field("value")))) return;
                names.emplace(isText ? key.namedChild(1).text() : entry.field("name").text());
            }
        plan_.converters.insert(names.begin(), names.end());
        moveMap(module, callee.field("object"));
    }

    /// `app.url_map.converters`
    bool isMap(const Module& module, const Node& access) const {
        if (!access.is("attribute") || access.field("attribute").text() != "converters") return false;
        const Node map = access.field("object");
        return map.is("attribute") && map.field("attribute").text() == "url_map" && plan_.isApplication(module, map.field("object"));
    }

    void moveMap(const Module& module, const Node& access) {
        plan_.claim(access.field("object"));
        plan_.claim(access.field("object").field("object"));
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "path_converters");
        plan_.later([&rewrite, access, text] { rewrite.replace(access, text); });
    }

    /// A class on Werkzeug's base whose expression can be seen, or comes from the rule.
    bool isKnown(const semantic::Symbol& symbol) const {
        const semantic::Class* type = symbol.kind == semantic::Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
        if (!type || type->bases.size() != 1 || !type->decorators.empty()) return false;
        const Node base = type->node.field("superclasses").namedChild(0);
        const semantic::Symbol parent = plan_.project().resolve(*symbol.module, base);
        if (parent.kind != semantic::Symbol::Kind::External || parent.name != "werkzeug.routing.BaseConverter") return false;
        bool known = true;
        syntax::walk(type->node.field("body"), [&](const Node& node) {
            if (!node.is("assignment")) return true;
            const std::string_view name = node.field("left").text();
            if (name == "part_isolating" || name == "weight") known = false;
            if (name == "regex") known = known && node.field("right").is("string") && staysInSegment(std::string(node.field("right").text()));
            return true;
        });
        return known;
    }

    /// `BaseConverter`, `ValidationError`
    bool name(const Module& module, const Node& node) {
        const semantic::Symbol symbol = plan_.project().resolve(module, node);
        if (symbol.kind != semantic::Symbol::Kind::External || !startsWith(symbol.name, "werkzeug.routing.")) return false;
        const std::string known = symbol.name.substr(17);
        if (known != "BaseConverter" && known != "ValidationError") return false;
        plan_.claim(node);
        const std::string text = plan_.helper(module, known == "BaseConverter" ? known : "PartError");
        ModuleRewrite& rewrite = plan_.rewrite(module);
        if (node.text() != text) plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        return true;
    }

    Plan& plan_;
};

/// "any", and what stands in its parentheses.
std::pair<std::string, std::string> called(const std::string& converter) {
    const size_t open = converter.find('(');
    if (open == std::string::npos || !endsWith(converter, ")")) return {converter, ""};
    return {converter.substr(0, open), converter.substr(open + 1, converter.size() - open - 2)};
}

/// The words of `any(pay, "ship")`; none if they are something else.
std::vector<std::string> wordsOf(const std::string& arguments) {
    std::vector<std::string> words;
    for (std::string word : split(arguments, ',')) {
        word = std::string(trim(word));
        if (word.size() > 1 && (word[0] == '"' || word[0] == '\'') && word.back() == word[0]) word = word.substr(1, word.size() - 2);
        bool plain = !word.empty();
        for (const char c : word) plain = plain && (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-');
        if (!plain) return {};
        words.push_back(pythonQuote(word));
    }
    return words;
}

/// What Flask's own converters take: `int(min=1, max=5)`, `string(length=2)`.
bool areOptions(const std::string& name, const std::string& arguments) {
    static constexpr Words kOfText = {"length", "minlength", "maxlength"};
    static constexpr Words kOfNumbers = {"min", "max", "signed", "fixed_digits"};
    const bool isNumber = name == "int" || name == "float";
    if (arguments.empty() || (!isNumber && name != "string")) return false;
    for (const std::string& argument : split(arguments, ',')) {
        const size_t sign = argument.find('=');
        if (sign == std::string::npos) return false;
        const std::string key(trim(argument.substr(0, sign))), value(trim(argument.substr(sign + 1)));
        const bool isFlag = key == "signed", fits = isFlag ? value == "True" || value == "False" : value.find_first_not_of("0123456789.-") == std::string::npos;
        if (!(isNumber ? kOfNumbers.count(key) : kOfText.count(key)) || value.empty() || !fits || (name == "float" && key == "fixed_digits")) return false;
    }
    return true;
}

} // namespace

bool isKnownConverter(const Plan& plan, const std::string& converter) {
    static const std::set<std::string_view> kOfFlask = {"string", "int", "float", "uuid", "path"};
    const auto [name, arguments] = called(converter);
    if (plan.converters.count(name)) return staysInSegment(arguments);
    return name == "any" ? !wordsOf(arguments).empty() : kOfFlask.count(converter) > 0 || areOptions(name, arguments);
}

std::string partType(Plan& plan, const Module& module, const std::string& converter) {
    static const std::map<std::string, std::string> kTypes = {
        {"int", "IntPart"}, {"float", "FloatPart"}, {"uuid", "UUIDPart"}, {"path", "PathPart"}};
    const auto [name, arguments] = called(converter);
    if (plan.converters.count(name))
        return plan.helper(module, "part_of") + "(" + pythonQuote(name) + (arguments.empty() ? "" : ", " + arguments) + ")";
    if (name == "any") return plan.helper(module, "any_part") + "(" + join(wordsOf(arguments), ", ") + ")";
    if (!arguments.empty() && name == "string") return plan.helper(module, "text_part") + "(" + arguments + ")";
    if (!arguments.empty()) return plan.helper(module, "number_part") + "(" + name + ", " + arguments + ")";
    auto found = kTypes.find(converter);
    return found == kTypes.end() ? "str" : plan.helper(module, found->second);
}

void planConverters(Plan& plan) { ConverterPlanner(plan).run(); }

} // namespace covet::rules::flask
