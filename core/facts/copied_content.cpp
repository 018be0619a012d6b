#include "facts/copied_content.h"

#include <algorithm>
#include <set>

#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

/// Places that one question may look at: values can go everywhere.
constexpr size_t kMaxPlaces = 4000;

/// `data.get` of `data.get("notes")`: the call; null for others.
Node getCall(const Node& place) {
    const Node attribute = place.parent();
    const Node call = attribute.parent();
    const bool asks = attribute.is("attribute") && attribute.field("object") == place && attribute.field("attribute").text() == "get" &&
                      call.is("call") && call.field("function") == attribute;
    return asks ? call : Node();
}

Node entryAt(const Node& place) {
    const Node parent = place.parent();
    if (parent.is("subscript") && parent.field("value") == place) return parent;
    return getCall(place);
}

class Follower {
public:
    explicit Follower(const Project& project) : project_(project) {}

    void follow(const Module& module, const Node& node) {
        if (node.isNull() || found_.size() > kMaxPlaces || !seen_.insert(node.id()).second) return;
        const Node parent = node.parent();
        if (parent.is("parenthesized_expression") || parent.is("await")) return follow(module, parent);
        found_.push_back({&module, node, module.enclosingFunction(node)});
        if (parent.is("assignment") && parent.field("right") == node) return followName(module, parent.field("left"));
        if (parent.is("named_expression") && parent.field("value") == node) return followName(module, parent.field("name"));
        if (parent.is("return_statement")) return followCallers(module, node);
        if (parent.is("conditional_expression") && !(parent.namedChild(1) == node)) return follow(module, parent);
        if (parent.is("argument_list")) followArgument(module, parent, node);
        if (parent.is("keyword_argument")) followArgument(module, parent.parent(), parent);
    }

    std::vector<StoreReference> take() { return std::move(found_); }

private:
    void followName(const Module& module, const Node& target) {
        const Function* function = module.enclosingFunction(target);
        if (!target.is("identifier") || !function) return;
        followWithin(module, *function, std::string(target.text()));
    }

    void followWithin(const Module& module, const Function& function, const std::string& name) {
        if (!function.locals.count(name)) return;
        for (const Node& use : module.tree->identifiers(name)) {
            if (!function.node.field("body").contains(use)) continue;
            const Node parent = use.parent();
            const bool isTarget = (parent.is("assignment") && parent.field("left") == use) || parent.is("pattern_list") ||
                                  (parent.is("attribute") && parent.field("attribute") == use) ||
                                  (parent.is("keyword_argument") && parent.field("name") == use);
            if (!isTarget) follow(module, use);
        }
    }

    /// Calls of a function by its name; methods of that name count where one class alone has it.
    std::vector<std::pair<const Module*, Node>> callsOf(const Module& home, const Function& function) const {
        std::vector<std::pair<const Module*, Node>> calls;
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const auto& [local, found] : module->calls)
                for (const Node& call : found)
                    if (calledAt(*module, call) == &function) calls.emplace_back(module.get(), call);
        }
        (void)home;
        return calls;
    }

    const Function* calledAt(const Module& module, const Node& call) const {
        const Node callee = call.field("function");
        const semantic::Symbol& symbol = project_.resolve(module, callee);
        if (symbol.kind == semantic::Symbol::Kind::Function && symbol.module) return symbol.module->function(symbol.name);
        if (!callee.is("attribute")) return nullptr;
        const std::string owner = ownerClass(project_, module, callee.field("object"));
        if (owner.empty()) return nullptr;
        const Module* home = project_.module(owner.substr(0, owner.find(':')));
        return home ? home->function(owner.substr(owner.find(':') + 1) + "." + std::string(callee.field("attribute").text())) : nullptr;
    }

    void followCallers(const Module& module, const Node& returned) {
        if (const Function* function = module.enclosingFunction(returned))
            for (const auto& [from, call] : callsOf(module, *function)) follow(*from, call);
    }

    void followArgument(const Module& module, const Node& arguments, const Node& given) {
        const Function* function = calledAt(module, arguments.parent());
        if (!function) return;
        std::vector<Node> parameters = function->node.field("parameters").namedChildren();
        if (!function->className.empty() && !parameters.empty()) parameters.erase(parameters.begin());
        size_t place = 0;
        for (const Node& argument : arguments.namedChildren()) {
            if (argument == given) break;
            ++place;
        }
        std::string name;
        if (given.is("keyword_argument")) name = given.field("name").text();
        else if (place < parameters.size()) name = semantic::parameterName(parameters[place]);
        for (const auto& other : project_.modules())
            for (const Function& one : other->functions)
                if (&one == function) followWithin(*other, one, name);
    }

    const Project& project_;
    std::set<const void*> seen_;
    std::vector<StoreReference> found_;
};

/// The dict in which `"notes": deepcopy(notes)` stands; null for others.
Node dictAround(const Node& value) {
    const Node pair = value.parent();
    return pair.is("pair") && pair.field("value") == value && pair.parent().is("dictionary") ? pair.parent() : Node();
}

bool isCopy(const Node& call) {
    if (!call.is("call")) return false;
    const Node callee = call.field("function");
    const std::string_view name = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
    return name == "deepcopy";
}

} // namespace

std::string constantText(const Node& node) {
    if (!node.is("string") || node.text().empty() || node.text()[0] == 'f') return "";
    std::string text;
    for (const Node& part : node.namedChildren())
        if (part.is("string_content")) text += std::string(part.text());
    return text;
}

std::string keyAsked(const Node& place) {
    const Node entry = entryAt(place);
    if (entry.is("subscript")) return constantText(entry.field("subscript"));
    return entry ? constantText(entry.field("arguments").namedChild(0)) : "";
}

std::vector<StoreReference> placesOfValue(const Project& project, const std::vector<std::pair<const Module*, Node>>& of) {
    Follower follower(project);
    for (const auto& [module, node] : of) follower.follow(*module, node);
    return follower.take();
}

std::vector<StoreReference> placesOfEntry(const Project& project, const std::vector<StoreReference>& whole, const std::string& key) {
    Follower follower(project);
    for (const StoreReference& place : whole)
        if (keyAsked(place.node) == key) follower.follow(*place.module, entryAt(place.node));
    return follower.take();
}

bool isReadFromText(const FoundStore& store) {
    return std::any_of(store.references.begin(), store.references.end(), [](const StoreReference& reference) {
        const ReferenceContext context = contextOf(reference.node);
        if (context.kind != UseKind::Rebind || !reference.function) return false;
        Node value = context.node.field("right");
        if (value.is("subscript") && value.field("value").is("identifier")) {
            const Node name = value.field("value");
            syntax::walk(reference.function->node.field("body"), [&](const Node& node) {
                if (node.is("assignment") && node.field("left").text() == name.text()) value = node.field("right");
                return true;
            });
        }
        return value.field("function").text() == "json.loads";
    });
}

std::vector<StoreReference> placesOfCopies(const Project& project, const FoundStore& store) {
    std::vector<StoreReference> places;
    for (const StoreReference& reference : store.references) {
        const Node call = reference.node.parent().parent();
        if (!reference.node.parent().is("argument_list") || !isCopy(call)) continue;
        std::vector<StoreReference> found;
        if (const Node document = dictAround(call)) {
            const std::string key = constantText(call.parent().field("key"));
            found = placesOfEntry(project, placesOfValue(project, {{reference.module, document}}), key);
        } else {
            found = placesOfValue(project, {{reference.module, call}});
        }
        places.insert(places.end(), found.begin(), found.end());
    }
    return places;
}

} // namespace covet::facts
