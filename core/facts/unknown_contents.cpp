#include "facts/unknown_contents.h"

#include <algorithm>

#include "facts/container_shape.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

constexpr int kMaxSteps = 4;

std::string_view lastPart(std::string_view dotted) {
    const size_t dot = dotted.rfind('.');
    return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

bool isClassName(std::string_view name) {
    return !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
}

bool hasWord(const std::string& lower, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

/// `x["a"]["b"]` and `x.get("a")["b"]`: still contents of `x`.
Node heldBy(Node node) {
    for (;;) {
        if (node.is("subscript")) {
            node = node.field("value");
        } else if (node.is("call") && node.field("function").is("attribute") &&
                   (node.field("function").field("attribute").text() == "get" ||
                    node.field("function").field("attribute").text() == "setdefault")) {
            node = node.field("function").field("object");
        } else {
            return node;
        }
    }
}

class Reader {
public:
    Reader(const Project& project, ChangeOfName change) : project_(project), change_(change) {}

    Contents read(const Module& module, const Node& value, int steps) const {
        if (value.isNull() || steps == 0) return Contents::NoData;
        if (value.is("parenthesized_expression") || value.is("await")) return read(module, value.namedChild(0), steps);
        if (value.is("conditional_expression") || value.is("boolean_operator")) {
            // `load() or []`, `load() if there else []`
            const bool isChoice = value.is("conditional_expression");
            const Contents first = read(module, value.namedChild(0), steps);
            return first != Contents::NoData ? first : read(module, value.namedChild(isChoice ? 2 : 1), steps);
        }
        if (shapeOfContainer(project_, module, value).isContainer) return Contents::Data;
        if (value.is("binary_operator")) return Contents::Data;
        if (value.is("subscript")) return value.field("value").is("call") ? read(module, value.field("value"), steps - 1) : Contents::NoData;
        return value.is("call") ? readCall(module, value, steps) : Contents::NoData;
    }

private:
    Contents readCall(const Module& module, const Node& call, int steps) const {
        const Node callee = call.field("function");
        if (!callee.is("identifier") && !callee.is("attribute")) return Contents::NoData;
        const Symbol& symbol = project_.resolve(module, callee);
        switch (symbol.kind) {
        case Symbol::Kind::Class: // what its methods change is seen there
            return Contents::NoData;
        case Symbol::Kind::Function:
            return symbol.module ? readFunction(*symbol.module, symbol.name, steps) : Contents::NoData;
        case Symbol::Kind::External:
            return ofLibrary(symbol.name);
        default:
            break;
        }
        const std::string_view name = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
        if (callee.is("identifier")) {
            static constexpr Words kBuiltIn = {"sorted", "bytearray", "eval"};
            static constexpr Words kNumbers = {"int", "float", "len", "max", "min", "sum"};
            return kBuiltIn.count(name) || (change_ == ChangeOfName::Value && kNumbers.count(name)) ? Contents::Data : Contents::NoData;
        }
        static constexpr Words kGiveContainers = {"split",  "rsplit",  "splitlines", "readlines", "copy",       "json",
                                                  "tolist", "to_dict", "fromkeys",   "findall",   "model_dump", "fetchall",
                                                  "to_list", "get_json", "as_dict"};
        // `settings.get("users", [])`
        const bool withDefault = (name == "get" || name == "pop") && call.field("arguments").namedChildCount() == 2 &&
                                 shapeOfContainer(project_, module, call.field("arguments").namedChild(1)).isContainer &&
                                 change_ != ChangeOfName::Value;
        return kGiveContainers.count(name) || withDefault ? Contents::Data : Contents::NoData;
    }

    Contents ofLibrary(const std::string& dotted) const {
        const std::string_view name = lastPart(dotted);
        const std::string lower = toLower(dotted);
        const std::string package = lower.substr(0, lower.find('.'));
        static constexpr Words kKeepThemselves = {"shelve", "dbm", "redis", "sqlitedict", "tinydb", "diskcache", "pymongo",
                                                  "sqlalchemy", "sqlite3", "logging", "re", "os", "flask", "fastapi",
                                                  "starlette", "configparser", "threading", "multiprocessing", "asyncio"};
        if (kKeepThemselves.count(package)) return Contents::NoData;
        if (isClassName(name)) {
            if (change_ == ChangeOfName::Value) return Contents::NoData;
            const std::string own = toLower(std::string(name));
            if (hasWord(own, {"cache"})) return Contents::RuntimeObject;
            if (hasWord(own, {"dict", "list", "deque", "bag", "trie", "multiset", "orderedset", "sortedset", "bidict"})) return Contents::Data;
            return change_ == ChangeOfName::Contents ? Contents::RuntimeObject : Contents::NoData;
        }
        const bool isConnection = hasWord(lower, {"connect", "client", "session", "engine", "cursor", "logger", "app", "scheduler", "getenv",
                                                  "environ", "parser", "compile", "queue", "lock", "model"});
        return change_ != ChangeOfName::Contents && isConnection ? Contents::NoData : Contents::Data;
    }

    /// What a function of the project gives, as far as its return statements show it.
    Contents readFunction(const Module& module, const std::string& name, int steps) const {
        const Function* function = module.function(name);
        Contents contents = Contents::NoData;
        syntax::walk(function ? function->node.field("body") : Node(), [&](const Node& node) {
            if (node.is("function_definition") || node.is("class_definition")) return false;
            if (!node.is("return_statement") || contents != Contents::NoData) return contents == Contents::NoData;
            const Node value = node.namedChild(0);
            contents = value.is("identifier") ? readLocal(module, *function, value, steps - 1) : read(module, value, steps - 1);
            return true;
        });
        return contents;
    }

    Contents readLocal(const Module& module, const Function& function, const Node& name, int steps) const {
        Contents contents = Contents::NoData;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (contents == Contents::NoData && node.is("assignment") && node.field("left").text() == name.text())
                contents = read(module, node.field("right"), steps);
            return contents == Contents::NoData;
        });
        return contents;
    }

    const Project& project_;
    const ChangeOfName change_;
};

} // namespace

ChangeOfName changeOfName(const Node& node, const Node& name) {
    if (node.is("call")) {
        if (!(heldBy(node.field("function").field("object")) == name)) return ChangeOfName::None;
        static constexpr Words kAmbiguous = {"add", "remove", "clear", "update", "discard", "insert"};
        const bool ofEntry = !(node.field("function").field("object") == name);
        return !ofEntry && kAmbiguous.count(node.field("function").field("attribute").text()) ? ChangeOfName::Ambiguous : ChangeOfName::Contents;
    }
    if (node.is("delete_statement")) return heldBy(node.namedChild(0)) == name ? ChangeOfName::Contents : ChangeOfName::None;
    const Node left = node.field("left");
    if (left == name) return ChangeOfName::Value;
    return heldBy(left) == name ? ChangeOfName::Contents : ChangeOfName::None;
}

Contents contentsOf(const Project& project, const Module& module, const Node& value, ChangeOfName change) {
    return Reader(project, change).read(module, value, kMaxSteps);
}

} // namespace covet::facts
