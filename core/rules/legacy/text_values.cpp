#include "rules/legacy/text_values.h"

#include <algorithm>

#include "rules/legacy/symbols.h"
#include "rules/signature_edits.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

constexpr int kMaxDepth = 12;

using Texts = std::optional<std::vector<std::string>>;

Texts one(std::string text) { return std::vector<std::string>{std::move(text)}; }

Texts ofString(const Project& project, const Module& module, const Node& node, const Bindings& bindings,
               int depth) {
    bool interpolated = false;
    for (const Node& child : node.children()) interpolated = interpolated || child.is("interpolation");
    if (!interpolated) {
        std::string text(node.text());
        if (!text.empty() && (text[0] == 'f' || text[0] == 'F')) text.erase(0, 1);
        std::string out;
        if (!literalText(text, out)) return std::nullopt;
        return one(out);
    }
    std::vector<std::string> out{""};
    for (const Node& child : node.children()) {
        if (child.is("interpolation")) {
            Texts inner = textsOf(project, module, child.field("expression"), bindings, depth + 1);
            if (!inner || inner->empty() || child.namedChildCount() != 1) return std::nullopt;
            std::vector<std::string> next;
            for (const std::string& head : out)
                for (const std::string& text : *inner) next.push_back(head + text);
            out = std::move(next);
        } else if (child.is("string_content")) {
            for (std::string& text : out) text += replaceAll(replaceAll(std::string(child.text()), "{{", "{"), "}}", "}");
        }
    }
    return out;
}

Texts ofCall(const Project& project, const Module& module, const Node& node, const Bindings& bindings,
             int depth) {
    Node callee = node.field("function");
    std::vector<Node> arguments = node.field("arguments").namedChildren();
    if (!callee.is("attribute")) {
        if ((callee.text() == "str" || callee.text() == "tuple" || callee.text() == "list" ||
             callee.text() == "set") && arguments.size() == 1)
            return textsOf(project, module, arguments[0], bindings, depth + 1);
        return std::nullopt;
    }
    const std::string method(callee.field("attribute").text());
    const semantic::Symbol& symbol = project.resolve(module, callee);
    if (symbol.name == "re.compile" && arguments.size() == 1)
        return textsOf(project, module, arguments[0], bindings, depth + 1);
    // A template that is turned into a regular expression stays a template.
    if (symbol.name == "re.sub" && arguments.size() == 3)
        return textsOf(project, module, arguments[2], bindings, depth + 1);
    if (symbol.name == "re.escape" && arguments.size() == 1)
        return textsOf(project, module, arguments[0], bindings, depth + 1);
    Texts base = textsOf(project, module, callee.field("object"), bindings, depth + 1);
    if (!base) return std::nullopt;
    std::string argument;
    if (arguments.size() == 1) {
        Texts given = textsOf(project, module, arguments[0], bindings, depth + 1);
        if (!given || given->size() != 1) return std::nullopt;
        argument = (*given)[0];
    } else if (!arguments.empty()) {
        return std::nullopt;
    }
    for (std::string& text : *base) {
        if (method == "upper")
            std::transform(text.begin(), text.end(), text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
        else if (method == "lower")
            text = toLower(text);
        else if (method == "strip" || method == "rstrip" || method == "lstrip") {
            const std::string set = arguments.empty() ? " \t\n" : argument;
            if (method != "lstrip")
                while (!text.empty() && set.find(text.back()) != std::string::npos) text.pop_back();
            if (method != "rstrip")
                while (!text.empty() && set.find(text[0]) != std::string::npos) text.erase(0, 1);
        } else {
            return std::nullopt;
        }
    }
    return base;
}

} // namespace

std::optional<Bindings> bindArguments(const Module& definingModule, const Node& parameters, bool skipFirst,
                                      const Module& callModule, const Node& argumentList,
                                      const Bindings& atCall) {
    Bindings bindings;
    std::vector<std::string> names;
    for (const Node& parameter : parameters.namedChildren()) {
        const std::string name = parameterName(parameter);
        if (parameter.is("list_splat_pattern") || parameter.is("dictionary_splat_pattern")) continue;
        if (name.empty()) continue;
        if (skipFirst) {
            skipFirst = false;
            continue;
        }
        names.push_back(name);
        if (parameter.is("default_parameter") || parameter.is("typed_default_parameter"))
            bindings[name] = {&definingModule, parameter.field("value"), {}};
    }
    size_t next = 0;
    for (const Node& argument : argumentList.namedChildren()) {
        if (argument.is("list_splat") || argument.is("dictionary_splat")) return std::nullopt;
        if (argument.is("keyword_argument")) {
            const std::string name(argument.field("name").text());
            if (std::find(names.begin(), names.end(), name) == names.end()) return std::nullopt;
            bindings[name] = {&callModule, argument.field("value"), atCall};
        } else {
            if (next >= names.size()) return std::nullopt;
            bindings[names[next++]] = {&callModule, argument, atCall};
        }
    }
    for (const std::string& name : names)
        if (!bindings.count(name)) return std::nullopt;
    return bindings;
}

Texts textsOf(const Project& project, const Module& module, const Node& expression, const Bindings& bindings,
              int depth) {
    if (depth > kMaxDepth || expression.isNull()) return std::nullopt;
    if (expression.is("parenthesized_expression"))
        return textsOf(project, module, expression.namedChildren()[0], bindings, depth + 1);
    if (expression.is("string")) return ofString(project, module, expression, bindings, depth);
    if (expression.is("concatenated_string")) {
        std::string out;
        for (const Node& part : expression.namedChildren()) {
            Texts text = textsOf(project, module, part, bindings, depth + 1);
            if (!text || text->size() != 1) return std::nullopt;
            out += (*text)[0];
        }
        return one(out);
    }
    if (expression.is("list") || expression.is("tuple") || expression.is("set")) {
        std::vector<std::string> out;
        for (const Node& part : expression.namedChildren()) {
            Texts text = textsOf(project, module, part, bindings, depth + 1);
            if (!text || text->size() != 1) return std::nullopt;
            out.push_back((*text)[0]);
        }
        return out;
    }
    if (expression.is("identifier") || expression.is("attribute")) {
        auto bound = bindings.find(std::string(expression.text()));
        if (bound != bindings.end())
            return textsOf(project, *bound->second.module, bound->second.node, bound->second.outer, depth + 1);
        const semantic::Symbol& symbol = project.resolve(module, expression);
        if (symbol.kind != semantic::Symbol::Kind::Variable || !symbol.module) return std::nullopt;
        auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end() || assigned->second.size() != 1) return std::nullopt;
        Node assignment = assigned->second[0].namedChild(0);
        if (!assignment.is("assignment") || !assignment.field("left").is("identifier")) return std::nullopt;
        return textsOf(project, *symbol.module, assignment.field("right"), {}, depth + 1);
    }
    if (expression.is("binary_operator")) {
        Texts left = textsOf(project, module, expression.field("left"), bindings, depth + 1);
        const Node op = expression.field("operator");
        Texts right = textsOf(project, module, expression.field("right"), bindings, depth + 1);
        if (!left || !right) return std::nullopt;
        if (op.text() == "+") {
            std::vector<std::string> out;
            for (const std::string& head : *left)
                for (const std::string& tail : *right) out.push_back(head + tail);
            return out;
        }
        if (op.text() == "%" && left->size() == 1) {
            std::string out = (*left)[0];
            for (const std::string& value : *right) {
                size_t mark = out.find("%s");
                if (mark == std::string::npos) return std::nullopt;
                out = out.substr(0, mark) + value + out.substr(mark + 2);
            }
            return out.find('%') == std::string::npos ? one(out) : std::nullopt;
        }
        return std::nullopt;
    }
    if (expression.is("boolean_operator") && expression.field("operator").text() == "or") {
        if (expression.field("left").is("identifier")) {
            auto bound = bindings.find(std::string(expression.field("left").text()));
            if (bound != bindings.end() && bound->second.node.is("none"))
                return textsOf(project, module, expression.field("right"), bindings, depth + 1);
        }
        return textsOf(project, module, expression.field("left"), bindings, depth + 1);
    }
    if (expression.is("call")) return ofCall(project, module, expression, bindings, depth);
    return std::nullopt;
}

std::optional<std::string> textOf(const Project& project, const Module& module, const Node& expression,
                                  const Bindings& bindings) {
    Texts texts = textsOf(project, module, expression, bindings);
    if (!texts || texts->size() != 1) return std::nullopt;
    return (*texts)[0];
}

bool isMethod(std::string_view text) {
    for (const char* method : {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT"})
        if (text == method) return true;
    return false;
}

namespace {

/// `(?P<name>[^/]+)` at `position`, which is moved past it; "" when it is another group.
std::string regexGroup(const std::string& pattern, size_t& position, std::map<std::string, std::string>& guards) {
    if (pattern.compare(position, 4, "(?P<") != 0) return "";
    const size_t nameEnd = pattern.find('>', position);
    const size_t end = pattern.find(')', position);
    if (nameEnd == std::string::npos || end == std::string::npos || nameEnd > end) return "";
    const std::string inner = pattern.substr(nameEnd + 1, end - nameEnd - 1);
    const std::string name = pattern.substr(position + 4, nameEnd - position - 4);
    // A group in the group, or one that crosses slashes, is more than a segment.
    if (inner.find('(') != std::string::npos || inner.find('.') != std::string::npos || inner.find('"') != std::string::npos) return "";
    if (inner.find('/') != std::string::npos && inner != "[^/]+") return "";
    if (inner != "[^/]+") guards[name] = inner;
    position = end + 1;
    return name;
}

} // namespace

std::optional<std::string> targetPath(const std::string& pattern, bool isRegex, bool& converted,
                                      std::map<std::string, std::string>& guards) {
    std::string out;
    std::string text = pattern;
    if (isRegex) {
        if (startsWith(text, "^")) text.erase(0, 1);
        if (endsWith(text, "/?$")) text.erase(text.size() - 3);
        else if (endsWith(text, "$")) text.pop_back();
        else if (endsWith(text, "\\Z")) text.erase(text.size() - 2);
    }
    for (size_t i = 0; i < text.size();) {
        const bool segmentStart = i > 0 && text[i - 1] == '/';
        if (isRegex && text[i] == '(') {
            const std::string name = regexGroup(text, i, guards);
            if (!isPythonIdentifier(name)) return std::nullopt;
            out += "{" + name + "}";
        } else if (isRegex && text[i] == '\\' && i + 1 < text.size() &&
                   std::string("./-_").find(text[i + 1]) != std::string::npos) {
            out += text[i + 1];
            i += 2;
        } else if (isRegex && std::string(".*+?[]|\\$^").find(text[i]) != std::string::npos) {
            return std::nullopt;
        } else if (text[i] == '{' || text[i] == '<') {
            const size_t end = text.find(text[i] == '{' ? '}' : '>', i);
            if (end == std::string::npos) return std::nullopt;
            std::string name = text.substr(i + 1, end - i - 1);
            const size_t colon = name.find(':');
            if (colon != std::string::npos) {
                const bool brace = text[i] == '{';
                const std::string type = brace ? name.substr(colon + 1) : name.substr(0, colon);
                name = brace ? name.substr(0, colon) : name.substr(colon + 1);
                if (type != "str" && type != "string") converted = true;
                if (type == "path") name += ":path";
            }
            if (!isPythonIdentifier(name.substr(0, name.find(':')))) return std::nullopt;
            out += "{" + name + "}";
            i = end + 1;
        } else if (text[i] == ':' && segmentStart) {
            size_t end = std::min(text.find('/', i), text.size());
            const std::string name = text.substr(i + 1, end - i - 1);
            if (!isPythonIdentifier(name)) return std::nullopt;
            out += "{" + name + "}";
            i = end;
        } else if (text[i] == '*' || text[i] == '}') {
            return std::nullopt;
        } else {
            out += text[i++];
        }
    }
    if (out.empty() || out[0] != '/') return std::nullopt;
    return out;
}

std::vector<std::string> pathParameters(const std::string& targetPath) {
    std::vector<std::string> names;
    for (size_t open = targetPath.find('{'); open != std::string::npos; open = targetPath.find('{', open + 1)) {
        std::string name = targetPath.substr(open + 1, targetPath.find('}', open) - open - 1);
        names.push_back(name.substr(0, name.find(':')));
    }
    return names;
}

} // namespace covet::rules::legacy
