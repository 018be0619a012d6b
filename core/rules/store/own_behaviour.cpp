#include "rules/store/own_behaviour.h"

#include <algorithm>
#include <set>

#include "facts/copied_content.h"
#include "rules/store/call_graph.h"

namespace covet::rules {
namespace {

constexpr std::string_view kContainers[] = {"Counter", "defaultdict", "deque"};

/// `Counter` in `Counter()`, `collections.Counter()` or `default_factory=Counter`, where it is the library's.
bool isLibrarys(const semantic::Project& project, const semantic::Module& module, const Node& name) {
    Node whole = name;
    if (const Node parent = name.parent(); parent.is("attribute") && parent.field("attribute") == name) whole = parent;
    const semantic::Symbol symbol = project.resolve(module, whole);
    return symbol.kind == semantic::Symbol::Kind::External && symbol.name == "collections." + std::string(name.text());
}

/// Keys and attributes under which what a node makes is kept, from the inside out.
std::vector<std::string> placesOf(Node node) {
    std::vector<std::string> places;
    for (Node parent = node.parent(); parent; node = parent, parent = node.parent()) {
        if (parent.is("pair") && parent.field("value") == node) {
            places.push_back(facts::constantText(parent.field("key")));
        } else if (parent.is("keyword_argument")) {
            places.emplace_back(parent.field("name").text());
        } else if (parent.is("assignment")) {
            const Node target = parent.field("left");
            if (target.is("subscript"))
                places.push_back(facts::constantText(target.field("subscript")));
            else if (target.is("attribute"))
                places.emplace_back(target.field("attribute").text());
            else if (parent.ancestor({"function_definition", "class_definition"}).is("class_definition"))
                places.emplace_back(target.text());
            break;
        } else if (parent.is("argument_list") && parent.parent().field("function").field("attribute").text() == "setdefault") {
            places.push_back(facts::constantText(parent.namedChild(0)));
            break;
        } else if (parent.is("block") || parent.is("module")) {
            break;
        }
    }
    return places;
}

/// `poll["votes"]`, `poll.get("votes")` or `poll.votes`, the whole expression; null for any other node.
Node lookupOf(const Node& node, const std::string& place) {
    if (node.is("subscript")) return facts::constantText(node.field("subscript")) == place ? node : Node();
    if (node.is("attribute")) return node.field("attribute").text() == place ? node : Node();
    if (!node.is("call")) return {};
    const std::string_view method = node.field("function").field("attribute").text();
    const bool looks = method == "get" || method == "setdefault" || method == "pop";
    return looks && facts::constantText(node.field("arguments").namedChild(0)) == place ? node : Node();
}

/// Whether a plain list or dict may answer otherwise in this place.
bool makesADifference(const Node& use, bool isList, bool isBounded) {
    static const std::set<std::string_view> kSameMethods = {"items", "values", "keys", "get", "index", "count", "clear", "pop"};
    static const std::set<std::string_view> kSameOfLists = {"append", "extend", "remove", "insert", "reverse"};
    static const std::set<std::string_view> kOnlyRead = {"jsonify", "dict", "list", "len", "sum", "sorted", "max", "min",
                                                         "str", "any", "all", "set", "tuple", "enumerate", "bool"};
    const Node parent = use.parent();
    if (parent.is("subscript") && parent.field("value") == use) {
        const Node around = parent.parent();
        const bool isWritten = (around.is("assignment") && around.field("left") == parent) || around.is("delete_statement");
        return !isList && !isWritten;
    }
    if (parent.is("attribute")) {
        const std::string_view method = parent.field("attribute").text();
        return kSameMethods.count(method) == 0 && (!isList || isBounded || kSameOfLists.count(method) == 0);
    }
    if (parent.is("argument_list")) return kOnlyRead.count(parent.parent().field("function").text()) == 0;
    if (parent.is("assignment")) return parent.field("right") == use;
    return parent.is("augmented_assignment") || parent.is("named_expression") || parent.is("keyword_argument");
}

/// Whether code looks into what is kept in the place, in a way that tells the containers apart.
bool isLookedInto(const semantic::Project& project, const std::string& place, bool isList, bool isBounded) {
    return std::any_of(project.modules().begin(), project.modules().end(), [&](const auto& module) {
        bool found = false;
        if (isTestModule(*module)) return found;
        syntax::walk(module->tree->root(), [&](const Node& node) {
            const Node use = found ? Node() : lookupOf(node, place);
            found = found || (use && makesADifference(use, isList, isBounded));
            return !found;
        });
        return found;
    });
}

} // namespace

Node containerWithBehaviour(const semantic::Project& project, const facts::FoundStore& store, const schema::Table& table) {
    if (store.fact.element == facts::Element::Scalar) return {};
    for (const auto& module : project.modules()) {
        if (isTestModule(*module)) continue;
        for (const std::string_view container : kContainers)
            for (const Node& name : module->tree->identifiers(container)) {
                if (name.ancestor({"import_statement", "import_from_statement"}) || !isLibrarys(project, *module, name)) continue;
                const bool isList = container == "deque";
                const std::string_view text = name.ancestor({"call"}).text();
                const bool isBounded = text.find("maxlen") != text.npos;
                for (const std::string& place : placesOf(name)) {
                    const bool isKept = std::any_of(table.columns.begin(), table.columns.end(), [&](const schema::Column& column) {
                        return !place.empty() && column.field == place && column.type.kind == schema::TypeKind::Json;
                    });
                    if (isKept && isLookedInto(project, place, isList, isBounded)) return name;
                }
            }
    }
    return {};
}

} // namespace covet::rules
