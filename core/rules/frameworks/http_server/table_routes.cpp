#include <algorithm>

#include "rules/frameworks/http_server/server_app.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::rules::http_server {
namespace {

using semantic::isTestModule;
using semantic::Project;
using semantic::Symbol;

const std::set<std::string>& verbs() {
    static const std::set<std::string> kVerbs = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
    return kVerbs;
}

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
    return text;
}

/// What stands beside a function in a table of routes, or around it in what registers it.
class Words {
public:
    explicit Words(const Project& project, const Module& module) : project_(project), module_(module) {}

    /// Texts of an expression: strings, and those inside of tuples, lists, dicts and `re.compile(...)`.
    void read(const Node& node) {
        std::string text;
        if (textOf(node, text)) return word(text);
        if (node.is("identifier") || node.is("attribute")) {
            const Symbol symbol = project_.resolve(module_, node);
            hasCode = hasCode || symbol.kind == Symbol::Kind::Function || symbol.kind == Symbol::Kind::Class || startsWith(node.text(), "self.");
            return;
        }
        if (node.is("lambda")) hasCode = true;
        else if (node.is("keyword_argument")) read(node.field("value"));
        else if (node.is("pair")) read(node.field("value"));
        else if (node.is("call")) {
            const Symbol symbol = project_.resolve(module_, node.field("function"));
            hasCode = hasCode || symbol.kind == Symbol::Kind::Class;
            for (const Node& argument : node.field("arguments").namedChildren()) read(argument);
        } else if (node.isOneOf({"tuple", "list", "set", "dictionary"}))
            for (const Node& item : node.namedChildren()) read(item);
    }

    void verb(const std::string& name) {
        if (verbs().count(upper(name))) methods.insert(upper(name));
    }

    std::set<std::string> methods;
    std::vector<std::string> paths;
    bool hasCode = false;

private:
    void word(const std::string& text) {
        verb(text);
        const size_t slash = text.find('/');
        if (slash == std::string::npos || text.find('\n') != std::string::npos) return;
        std::string head = text.substr(0, slash);
        while (!head.empty() && (head.back() == ' ' || head.back() == ':' || head.back() == '|')) head.pop_back();
        if (head.empty() || head == "^") {
            if (const std::string path = templateOf(text.substr(slash), head == "^"); !path.empty()) paths.push_back(path);
        } else if (verbs().count(upper(head))) {
            methods.insert(upper(head));
            if (const std::string path = templateOf(text.substr(slash), false); !path.empty()) paths.push_back(path);
        }
    }

    const Project& project_;
    const Module& module_;
};

class TableReader {
public:
    explicit TableReader(const Project& project) : project_(project) {}

    std::vector<std::pair<std::string, std::string>> run() {
        for (const auto& module : project_.modules()) {
            if (isTestModule(*module)) continue;
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("decorator") && node.namedChild(0).is("call")) registration(*module, node.namedChild(0), true);
                else if (node.is("call") && !node.parent().is("decorator")) registration(*module, node, false);
                else if (node.is("pair") && node.parent().is("dictionary")) entry(*module, node);
                else if (node.is("tuple")) record(*module, node);
                else if (node.is("assignment") && node.field("left").is("subscript")) stored(*module, node);
                return true;
            });
        }
        return std::move(routes_);
    }

private:
    /// `@route("GET", "/items")`, `router.add("/items", list_items, methods=["GET"])`
    void registration(const Module& module, const Node& call, bool decorates) {
        const Node callee = call.field("function");
        const Symbol symbol = project_.resolve(module, callee);
        if (symbol.kind == Symbol::Kind::External) return;
        Words words(project_, module);
        for (const Node& argument : call.field("arguments").namedChildren()) words.read(argument);
        if (callee.is("attribute")) words.verb(std::string(callee.field("attribute").text()));
        else words.verb(std::string(callee.text()));
        if (decorates || words.hasCode) add(words);
    }

    /// `"GET /items": list_items`, `("GET", "/items"): (list_items, {...})`, `"/items": {"GET": list_items}`
    void entry(const Module& module, const Node& pair) {
        Words words(project_, module);
        words.read(pair.field("key"));
        const Node value = pair.field("value");
        if (value.is("dictionary")) {
            for (const Node& inner : value.namedChildren())
                if (inner.is("pair")) {
                    Words both(project_, module);
                    both.read(pair.field("key"));
                    both.read(inner.field("key"));
                    both.read(inner.field("value"));
                    if (both.hasCode) add(both);
                }
            return;
        }
        words.read(value);
        if (words.hasCode || value.is("string")) add(words);
    }

    /// `("GET", re.compile(r"^/items/(\d+)$"), show_item)`
    void record(const Module& module, const Node& tuple) {
        if (tuple.parent().is("pair") || tuple.namedChildCount() < 2) return;
        Words words(project_, module);
        words.read(tuple);
        std::string last;
        if (words.hasCode || (tuple.namedChildCount() > 2 && textOf(tuple.namedChild(tuple.namedChildCount() - 1), last) && !last.empty())) add(words);
    }

    /// `ROUTES["GET /items"] = list_items`
    void stored(const Module& module, const Node& assignment) {
        Words words(project_, module);
        for (Node target = assignment.field("left"); target.is("subscript"); target = target.field("value"))
            for (const Node& key : target.fields("subscript")) words.read(key);
        words.read(assignment.field("right"));
        if (words.hasCode) add(words);
    }

    void add(const Words& words) {
        for (const std::string& path : words.paths)
            for (const std::string& method : words.methods.empty() ? std::set<std::string>{"GET"} : words.methods) {
                const std::pair<std::string, std::string> route{method, path};
                if (std::find(routes_.begin(), routes_.end(), route) == routes_.end()) routes_.push_back(route);
            }
    }

    const Project& project_;
    std::vector<std::pair<std::string, std::string>> routes_;
};

} // namespace

bool textOf(const Node& node, std::string& out) {
    if (!node.is("string")) return false;
    out.clear();
    for (const Node& child : node.namedChildren()) {
        if (child.is("interpolation")) return false;
        if (child.is("string_content")) out += child.text();
    }
    return true;
}

std::string templateOf(const std::string& text, bool isRegex) {
    if (isRegex || text.find('(') != std::string::npos || text.find('\\') != std::string::npos || text.find('[') != std::string::npos) return pathOfRegex(text);
    if (text.find(' ') != std::string::npos) return "";
    // `/items/<int:id>`, `/items/:id`, `/items/{id:int}`
    std::string path;
    for (size_t i = 0; i < text.size(); ++i) {
        const char close = text[i] == '<' ? '>' : text[i] == '{' ? '}' : '\0';
        if (text[i] == ':' && i > 0 && text[i - 1] == '/') {
            const size_t end = std::min(text.find('/', i), text.size());
            path += "{" + text.substr(i + 1, end - i - 1) + "}";
            i = end - 1;
        } else if (close) {
            const size_t end = text.find(close, i);
            if (end == std::string::npos) return "";
            std::string name = text.substr(i + 1, end - i - 1);
            const size_t colon = name.find(':');
            if (colon != std::string::npos) name = close == '>' ? name.substr(colon + 1) : name.substr(0, colon);
            path += "{" + name + "}";
            i = end;
        } else if (text[i] == '$' && i + 1 == text.size()) {
            break;
        } else if (text[i] == '?') {
            break;
        } else {
            path += text[i];
        }
    }
    return path;
}

std::vector<std::pair<std::string, std::string>> tableRoutes(const Project& project) { return TableReader(project).run(); }

} // namespace covet::rules::http_server
