#include "rules/store/object_reach.h"

#include <algorithm>

#include "facts/class_uses.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// Statements and functions that are gone through for one function.
constexpr size_t kSteps = 2000;

/// Whether a value only goes where names lead to: into a variable of a module, into what a call makes for one, back to
/// a caller, into a dependency.
bool staysNamed(const Module& module, const Node& value) {
    const Node parent = value.parent();
    if (parent.is("attribute") || parent.is("return_statement") || parent.is("lambda") || parent.is("yield")) return true;
    if (parent.is("subscript")) return parent.field("value") == value;
    if (parent.is("assignment")) return parent.field("right") == value ? parent.field("left").is("identifier") : true;
    if (parent.is("keyword_argument") || parent.is("argument_list") || parent.is("list") || parent.is("tuple") || parent.is("dictionary") ||
        parent.is("pair"))
        return staysNamed(module, parent);
    if (parent.is("call")) {
        const std::string_view callee = parent.field("function").text();
        if (parent.field("function") == value || endsWith(callee, "Depends")) return true;
        const std::string_view last = callee.substr(callee.rfind('.') == callee.npos ? 0 : callee.rfind('.') + 1);
        const bool makes = !last.empty() && last[0] >= 'A' && last[0] <= 'Z';
        return makes && staysNamed(module, parent);
    }
    return parent.is("comparison_operator") || parent.is("not_operator") || parent.is("if_statement");
}

} // namespace

ObjectReach::ObjectReach(const CallGraph& graph, const std::vector<const FoundStore*>& stores)
    : graph_(graph), project_(graph.project()) {
    for (const FoundStore* store : stores) {
        if (store->family.empty()) continue;
        any_ = true;
        if (!store->made.isNull() && isHandedOn(*store)) everywhere_.insert(store);
    }
}

bool ObjectReach::isHandedOn(const FoundStore& store) const {
    const Node assignment = store.made.parent();
    if (!staysNamed(*store.module, store.made)) {
        // `self.users = Repository()`: whoever has the object that it belongs to.
        const Node target = assignment.is("assignment") ? assignment.field("left") : Node();
        if (!target.is("attribute") || target.field("object").text() != "self") return true;
    }
    const Node target = assignment.is("assignment") ? assignment.field("left") : Node();
    const std::string name(target.is("attribute") ? target.field("attribute").text() : target.text());
    for (const auto& module : project_.modules()) {
        if (isTestModule(*module)) continue;
        for (const Node& found : module->tree->identifiers(name)) {
            const Node parent = found.parent();
            const bool isMember = parent.is("attribute") && parent.field("attribute") == found;
            if (isMember != target.is("attribute")) continue;
            if (parent.is("keyword_argument") && parent.field("name") == found) continue;
            if (found.ancestor({"import_from_statement", "import_statement", "parameters"})) continue;
            if (!isMember && project_.resolve(*module, found).kind != Symbol::Kind::Variable) continue;
            const Node value = isMember ? parent : found;
            if (value.parent().is("assignment") && value.parent().field("left") == value) continue;
            if (!staysNamed(*module, value)) return true;
        }
    }
    return false;
}

void ObjectReach::addNamed(const Module& module, const Node& code, std::vector<Code>& out, std::set<const void*>& seen,
                           std::set<std::string>& classes) const {
    syntax::walk(code, [&](const Node& node) {
        if (!node.is("identifier") && !node.is("attribute")) return true;
        const Symbol& symbol = project_.resolve(module, node);
        auto add = [&](const Module& home, const Node& named) {
            if (seen.insert(named.id()).second) out.push_back({&home, named});
        };
        if (symbol.kind == Symbol::Kind::Variable && symbol.module) {
            const auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned != symbol.module->assignments.end())
                for (const Node& statement : assigned->second) add(*symbol.module, statement);
        }
        const size_t dot = symbol.name.rfind('.');
        const bool ofClass = symbol.kind == Symbol::Kind::Variable && symbol.module && dot != std::string::npos;
        const semantic::Class* owner = symbol.kind == Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name)
                                       : ofClass ? symbol.module->classNamed(symbol.name.substr(0, dot))
                                                 : nullptr;
        for (const Node& statement : owner ? owner->node.field("body").namedChildren() : std::vector<Node>()) {
            const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node();
            if (assignment.is("assignment") && (!ofClass || assignment.field("left").text() == symbol.name.substr(dot + 1)))
                add(*symbol.module, statement);
        }
        if (symbol.kind == Symbol::Kind::Class && symbol.module) classes.insert(symbol.module->name + ":" + symbol.name);
        if (ofClass) classes.insert(symbol.module->name + ":" + symbol.name.substr(0, dot));
        if (symbol.kind == Symbol::Kind::Class && symbol.module)
            for (const char* made : {".__init__", ".__new__", ".__post_init__"})
                if (const Function* function = symbol.module->function(symbol.name + made)) add(*symbol.module, function->node);
        return node.is("attribute") && !ofClass;
    });
}

std::vector<ObjectReach::Code> ObjectReach::codeOf(const Function& function, std::set<std::string>& classes) const {
    std::vector<Code> code;
    std::set<const void*> seen;
    for (const Function* reached : graph_.reachableFrom(function))
        if (seen.insert(reached->decorated.id()).second) code.push_back({&graph_.moduleOf(*reached), reached->decorated});
    for (size_t i = 0; i < code.size() && i < kSteps; ++i) {
        const Code current = code[i];
        addNamed(*current.module, current.node, code, seen, classes);
        for (const Function* named : graph_.namedIn(*current.module, current.node))
            if (seen.insert(named->decorated.id()).second) code.push_back({&graph_.moduleOf(*named), named->decorated});
    }
    return code;
}

void ObjectReach::narrow(const Function& function, std::set<const FoundStore*>& reached) const {
    if (!any_ || std::none_of(reached.begin(), reached.end(), [](const FoundStore* store) { return !store->family.empty(); })) return;
    std::set<std::string> classes;
    const std::vector<Code> code = codeOf(function, classes);
    auto isNamed = [&](const FoundStore* store) {
        if (store->made.isNull())
            return std::any_of(classes.begin(), classes.end(), [&](const std::string& named) {
                const Module* module = project_.module(named.substr(0, named.find(':')));
                return module && facts::derivesFrom(project_, *module, named.substr(named.find(':') + 1), store->classId);
            });
        return std::any_of(code.begin(), code.end(), [&](const Code& one) {
            return one.node.tree() == store->made.tree() && one.node.contains(store->made);
        });
    };
    std::map<std::string, std::set<const FoundStore*>> named;
    for (const FoundStore* store : reached)
        if (!store->family.empty() && isNamed(store)) named[facts::sharedBy(*store)].insert(store);
    for (auto at = reached.begin(); at != reached.end();) {
        const FoundStore* store = *at;
        const auto group = store->family.empty() ? named.end() : named.find(facts::sharedBy(*store));
        const bool drop = group != named.end() && !group->second.count(store) && !everywhere_.count(store);
        at = drop ? reached.erase(at) : std::next(at);
    }
}

} // namespace covet::rules
