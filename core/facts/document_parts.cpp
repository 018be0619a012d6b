#include "facts/document_parts.h"

#include <algorithm>
#include <set>

#include "facts/copied_content.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using Kind = FileAccess::Kind;
using Keys = std::set<std::string>;

/// Functions that look at a value and keep it as it is.
bool onlyLooks(std::string_view callee) {
    static constexpr Words kNames = {"jsonify", "JSONResponse", "print", "len", "deepcopy", "dumps", "dump", "render_template",
                                     "str", "isinstance", "bool", "TemplateResponse"};
    return kNames.count(callee) > 0;
}

std::string_view calleeTail(const Node& call) {
    const Node callee = call.field("function");
    return callee.is("attribute") ? callee.field("attribute").text() : callee.text();
}

/// A literal with these keys and no others.
bool spellsAll(const Node& value, const Keys& keys) {
    if (!value.is("dictionary") || value.namedChildren().size() != keys.size()) return false;
    const std::vector<Node> pairs = value.namedChildren();
    return std::all_of(pairs.begin(), pairs.end(), [&](const Node& pair) {
        return pair.is("pair") && keys.count(constantText(pair.field("key"))) > 0;
    });
}

class Document {
public:
    Document(const Project& project, const DataFile& file, Keys keys) : project_(project), file_(file), keys_(std::move(keys)) {
        std::vector<std::pair<const Module*, Node>> reads;
        for (const FileAccess& access : file.accesses)
            if (access.kind == Kind::Read) reads.emplace_back(access.module, access.node);
        places_ = placesOfValue(project, reads);
        for (const StoreReference& place : places_) known_.insert(place.node.id());
    }

    bool namesItsParts() const {
        const bool named = std::any_of(places_.begin(), places_.end(), [](const StoreReference& place) { return !keyAsked(place.node).empty(); });
        return named &&
               std::all_of(places_.begin(), places_.end(), [&](const StoreReference& place) { return keepsKeys(place); }) &&
               std::all_of(file_.accesses.begin(), file_.accesses.end(), [&](const FileAccess& access) {
                   if (access.kind == Kind::ReadText || access.kind == Kind::WriteText) return false;
                   return access.kind != Kind::Write || isDocument(*access.module, access.value, 6);
               });
    }

private:
    bool keepsKeys(const StoreReference& place) const {
        const Node node = place.node, parent = node.parent();
        const std::string key = keyAsked(node);
        if (!key.empty()) return keys_.count(key) > 0 && !(parent.is("subscript") && parent.parent().is("delete_statement"));
        if (parent.isOneOf({"return_statement", "assignment", "named_expression", "conditional_expression", "not_operator", "if_statement"}))
            return true;
        if (parent.is("comparison_operator")) return parent.namedChild(0).is("string") || parent.namedChild(1).is("none");
        const Node argument = parent.is("keyword_argument") ? parent : node;
        if (!argument.parent().is("argument_list")) return false;
        const Node call = argument.parent().parent();
        const semantic::Symbol& callee = project_.resolve(*place.module, call.field("function"));
        return callee.kind == semantic::Symbol::Kind::Function || onlyLooks(calleeTail(call)) || isFollowedMethod(call);
    }

    /// A method of the project is followed, as its parameter is among the places.
    bool isFollowedMethod(const Node& call) const {
        return std::any_of(file_.accesses.begin(), file_.accesses.end(), [&](const FileAccess& access) {
            return access.kind == Kind::Write && access.function && access.function->name == calleeTail(call);
        });
    }

    /// Whether a value that is written is the document with all its parts.
    bool isDocument(const Module& module, const Node& value, int steps) const {
        if (value.isNull() || steps == 0) return false;
        if (spellsAll(value, keys_)) return true;
        if (value.is("call") && known_.count(value.id())) return true;
        const Function* function = module.enclosingFunction(value);
        if (!value.is("identifier") || !function || !known_.count(value.id())) return false;
        bool holds = true;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.field("left").text() == value.text() && node.field("right")) {
                const Node right = node.field("right").is("await") ? node.field("right").namedChild(0) : node.field("right");
                holds = holds && (known_.count(right.id()) > 0 || spellsAll(right, keys_));
            }
            return holds;
        });
        return holds && argumentsAreDocuments(module, *function, std::string(value.text()), steps);
    }

    /// What callers give as this parameter; true for a name that is none.
    bool argumentsAreDocuments(const Module& home, const Function& function, const std::string& name, int steps) const {
        std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        if (!function.className.empty() && !parameters.empty()) parameters.erase(parameters.begin());
        const auto at = std::find_if(parameters.begin(), parameters.end(), [&](const Node& one) {
            return one.text() == name || startsWith(one.text(), name + ":") || startsWith(one.text(), name + " ") || startsWith(one.text(), name + "=");
        });
        if (at == parameters.end()) return true;
        const auto place = static_cast<size_t>(at - parameters.begin());
        for (const auto& module : project_.modules()) {
            const auto calls = module->calls.find(function.name);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second) {
                const semantic::Symbol& symbol = project_.resolve(*module, call.field("function"));
                if (symbol.kind == semantic::Symbol::Kind::Function && (symbol.module != &home || symbol.name != function.qualified)) continue;
                const std::vector<Node> given = call.field("arguments").namedChildren();
                if (place >= given.size() || given[place].is("keyword_argument") || !isDocument(*module, given[place], steps - 1)) return false;
            }
        }
        return true;
    }

    const Project& project_;
    const DataFile& file_;
    const Keys keys_;
    std::vector<StoreReference> places_;
    std::set<const void*> known_;
};

} // namespace

bool hasParts(const Project& project, const DataFile& file, const Value& content) {
    if (content.kind() != Value::Kind::Dict || content.size() == 0) return false;
    Keys keys;
    bool anyCollection = false;
    for (const auto& [key, value] : content.entries()) {
        const bool isCollection = value.kind() == Value::Kind::List || value.kind() == Value::Kind::Dict;
        const bool isNumber = value.kind() == Value::Kind::Int || value.kind() == Value::Kind::Float;
        if ((!isCollection && !isNumber) || !isPythonIdentifier(key.text()) || isPythonKeyword(key.text())) return false;
        anyCollection = anyCollection || isCollection;
        keys.insert(key.text());
    }
    return anyCollection && Document(project, file, keys).namesItsParts();
}

} // namespace covet::facts
