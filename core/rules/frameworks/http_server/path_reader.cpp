#include <algorithm>
#include <utility>

#include "rules/frameworks/http_server/server_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::http_server {
namespace {

using semantic::Project;
using semantic::Symbol;

constexpr int kDepth = 4;

class PathReader {
public:
    explicit PathReader(const Project& project) : project_(project) {}

    std::set<std::string> methods(const Entry& entry) {
        read(entry);
        if (methods_.empty()) methods_.insert("GET");
        return std::move(methods_);
    }

    std::vector<std::string> read(const Entry& entry) {
        function(*entry.module, *entry.function, kDepth);
        for (const std::string& word : words_) {
            if (!hasPrefix("/" + word)) add("/" + word);
            if (lengths_ > 1 && !hasPrefix("/" + word + "/")) add("/" + word + "/{id}");
        }
        return std::move(paths_);
    }

private:
    void function(const Module& module, const Function& function, int depth) {
        if (depth == 0 || !seen_.insert(&function).second) return;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (node.is("comparison_operator")) comparison(node);
            else if (node.is("case_pattern")) casePattern(node.namedChild(0));
            else if (node.is("string")) method(node);
            else if (node.is("call")) call(module, function, node, depth);
            return true;
        });
    }

    void method(const Node& node) {
        static constexpr Words kMethods = {"GET", "POST", "PUT", "PATCH", "DELETE"};
        std::string text;
        if (textOf(node, text) && kMethods.count(text)) methods_.insert(text);
    }

    void call(const Module& module, const Function& caller, const Node& node, int depth) {
        const Node callee = node.field("function");
        const std::vector<Node> arguments = node.field("arguments").namedChildren();
        const std::string name(callee.is("attribute") ? callee.field("attribute").text() : callee.text());
        std::string text;
        if (!arguments.empty() && (name == "startswith" || name == "removeprefix")) prefix(arguments[0]);
        static constexpr Words kMatching = {"match", "fullmatch", "search", "compile"};
        if (kMatching.count(name) && !arguments.empty()) {
            if (textOf(arguments[0], text)) regex(text);
            else pattern(module, arguments[0]);
        }
        if (kMatching.count(name) && callee.is("attribute") && callee.field("object").is("identifier")) pattern(module, callee.field("object"));
        if (callee.is("attribute") && callee.field("object").text() == "self") {
            for (const Function& other : module.functions)
                if (other.name == name && other.className == caller.className && !startsWith(name, "do_")) function(module, other, depth - 1);
            return;
        }
        const Symbol& symbol = project_.resolve(module, callee);
        const Function* called = symbol.kind == Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
        if (called) function(*symbol.module, *called, depth - 1);
    }

    /// A compiled pattern in a variable.
    void pattern(const Module& module, const Node& node) {
        const Symbol& symbol = project_.resolve(module, node);
        if (symbol.kind != Symbol::Kind::Variable || !symbol.module || !symbol.module->assignments.count(symbol.name)) return;
        syntax::walk(symbol.module->assignments.at(symbol.name).front(), [&](const Node& inner) {
            std::string text;
            if (textOf(inner, text)) regex(text);
            return true;
        });
    }

    void comparison(const Node& node) {
        const std::vector<Node> sides = node.namedChildren();
        if (sides.size() != 2) return;
        for (size_t i = 0; i < 2; ++i) {
            const Node &side = sides[i], &other = sides[1 - i];
            std::string text;
            wholePath(side);
            if (side.is("tuple") || side.is("list") || side.is("set"))
                for (const Node& item : side.namedChildren()) wholePath(item);
            // `parts[0] == "items"`, `parts == ["items"]`, `len(parts) == 2`
            if (other.is("subscript") && other.field("subscript").is("integer") && textOf(side, text)) word(text);
            if (side.is("list") && side.namedChildCount() == 1 && textOf(side.namedChild(0), text)) word(text);
            if (other.is("call") && other.field("function").text() == "len" && side.is("integer") && side.text() != "0") lengths_ += 2;
        }
    }

    /// `case "/items":`, `case ["items", item_id]:`, `case ["GET", "items"]:`
    void casePattern(const Node& pattern) {
        wholePath(pattern);
        if (!pattern.is("list_pattern") && !pattern.is("tuple_pattern")) return;
        // Patterns inside, such as the parts beside a method, are seen on their own.
        static const std::set<std::string> kMethods = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
        std::string path, text;
        bool isFirst = true, isBare = true;
        for (const Node& item : pattern.namedChildren()) {
            const Node inner = item.is("case_pattern") ? item.namedChild(0) : item;
            const bool first = std::exchange(isFirst, false);
            if (textOf(inner, text)) {
                if (first && kMethods.count(text)) continue;
                isBare = false;
                path += "/" + text;
            } else if (inner.is("dotted_name") && inner.text() != "_") {
                path += "/{" + std::string(inner.text()) + "}";
            } else {
                return;
            }
        }
        if (path.empty() && pattern.namedChildCount() <= 1) path = "/";
        const size_t doubled = path.find("//");
        if (doubled != std::string::npos || path.empty() || (isBare && path != "/")) return;
        add(path);
    }

    void word(const std::string& text) {
        if (text.empty() || text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != std::string::npos) return;
        if (std::find(words_.begin(), words_.end(), text) == words_.end()) words_.push_back(text);
        ++lengths_;
    }

    void wholePath(const Node& node) {
        std::string text;
        if (textOf(node, text) && startsWith(text, "/") && text.find(' ') == std::string::npos) add(text.substr(0, text.find('?')));
    }

    void prefix(const Node& node) {
        std::string text;
        if (node.is("tuple"))
            for (const Node& item : node.namedChildren()) prefix(item);
        if (!textOf(node, text) || !startsWith(text, "/") || text.size() < 2) return;
        if (endsWith(text, "?")) return add(text.substr(0, text.size() - 1));
        if (!endsWith(text, "/")) add(text);
        add(text + (endsWith(text, "/") ? "{id}" : "/{id}"));
    }

    void regex(const std::string& text) {
        const std::string path = pathOfRegex(text);
        if (!path.empty()) add(path);
    }

    bool hasPrefix(const std::string& path) const {
        return std::any_of(paths_.begin(), paths_.end(), [&](const std::string& known) { return startsWith(known, path); });
    }

    void add(const std::string& path) {
        if (std::find(paths_.begin(), paths_.end(), path) == paths_.end()) paths_.push_back(path);
    }

    const Project& project_;
    std::set<const Function*> seen_;
    std::set<std::string> methods_;
    std::vector<std::string> paths_, words_;
    int lengths_ = 0;
};

} // namespace

std::string pathOfRegex(const std::string& pattern) {
    std::string path;
    int unnamed = 0;
    const auto part = [&](const std::string& given) {
        path += "{" + (!given.empty() ? given : unnamed++ ? "id" + std::to_string(unnamed) : "id") + "}";
    };
    const auto repeats = [&](size_t i) { return i < pattern.size() && (pattern[i] == '+' || pattern[i] == '*'); };
    for (size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '^' || c == '$') continue;
        if (c == '\\') {
            const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
            if (next == '/' || next == '.' || next == '-') {
                path += pattern[++i];
            } else if ((next == 'd' || next == 'w') && repeats(i + 2)) {
                part("");
                i += 2;
            } else if (next != 'Z' && next != 'A') {
                return "";
            } else {
                ++i;
            }
        } else if (c == '(') {
            const size_t named = pattern.compare(i, 4, "(?P<") == 0 ? pattern.find('>', i) : std::string::npos;
            const size_t end = pattern.find(')', i);
            if (end == std::string::npos) return "";
            part(named == std::string::npos ? "" : pattern.substr(i + 4, named - i - 4));
            i = end;
        } else if (c == '[') {
            const size_t end = pattern.find(']', i);
            if (end == std::string::npos || !repeats(end + 1)) return "";
            part("");
            i = end + 1;
        } else if (c == '?' && !path.empty() && path.back() == '/') {
            path.pop_back();
        } else if (c == '*' || c == '+' || c == '|' || c == '.') {
            return "";
        } else {
            path += c;
        }
    }
    return startsWith(path, "/") ? path : "";
}

std::set<std::string> methodsOf(const Project& project, const Entry& entry) { return PathReader(project).methods(entry); }

std::vector<std::string> pathsOf(const Project& project, const Entry& entry) { return PathReader(project).read(entry); }

} // namespace covet::rules::http_server
