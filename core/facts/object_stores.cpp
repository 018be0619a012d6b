#include "facts/object_stores.h"

#include <algorithm>
#include <map>
#include <set>

#include "facts/container_shape.h"
#include "facts/object_class.h"
#include "facts/object_place.h"
#include "facts/passed_values.h"
#include "facts/reference_context.h"
#include "facts/single_object.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

/// "db" of `.config[db]`, "items" of `.state.items`.
std::string lastStep(const std::string& path) {
    const size_t at = path.find_last_of(".[");
    std::string name = path.substr(at + 1);
    if (!name.empty() && name.back() == ']') name.pop_back();
    return name;
}

/// "app.state" of the place ".state.items" of the application.
std::string ownerOf(const ObjectPlace& place) { return place.root + place.path.substr(0, place.path.find_last_of(".[")); }

/// Names of the fields that a call fills by position: `Store = namedtuple("Store", "books authors")`.
std::vector<std::string> fieldNames(const Project& project, const Module& module, const Node& call) {
    const semantic::Symbol& symbol = project.resolve(module, call.field("function"));
    std::vector<std::string> names;
    if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module) {
        const semantic::Class* owner = symbol.module->classNamed(symbol.name);
        const bool isTuple = owner && std::any_of(owner->bases.begin(), owner->bases.end(),
                                                  [](const std::string& base) { return endsWith(base, "NamedTuple"); });
        for (const Node& statement : isTuple ? owner->node.field("body").namedChildren() : std::vector<Node>())
            if (statement.namedChild(0).is("assignment") || statement.namedChild(0).field("type"))
                names.emplace_back(statement.namedChild(0).field("left").text());
        return names;
    }
    if (symbol.kind != semantic::Symbol::Kind::Variable || !symbol.module) return names;
    const auto assigned = symbol.module->assignments.find(symbol.name);
    const Node made = assigned == symbol.module->assignments.end() ? Node() : assigned->second.front().namedChild(0).field("right");
    if (!made.is("call") || !endsWith(made.field("function").text(), "namedtuple")) return names;
    const Node given = made.field("arguments").namedChild(1);
    if (given.is("string")) {
        for (const std::string& name : split(replaceAll(std::string(given.namedChild(1).text()), ",", " "), ' '))
            if (!trim(name).empty()) names.emplace_back(trim(name));
    } else {
        for (const Node& name : given.namedChildren())
            if (name.is("string") && name.namedChildCount() > 1) names.emplace_back(name.namedChild(1).text());
    }
    return names;
}

/// Whether a call makes an object whose attributes are its arguments: `SimpleNamespace(users=[])`.
bool isNamespace(const Project& project, const Module& module, const Node& call) {
    if (!call.is("call")) return false;
    const std::string_view callee = call.field("function").text();
    return endsWith(callee, "SimpleNamespace") || callee == "Namespace" || !fieldNames(project, module, call).empty();
}

class ObjectStoreFinder {
public:
    ObjectStoreFinder(const Project& project, std::vector<FoundStore>& found) : project_(project), places_(project), found_(found) {}

    void run() {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("class_definition")) return true;
                if (node.is("assignment") && node.parent().is("expression_statement")) visit(*module, node);
                return true;
            });
        }
    }

private:
    void visit(const Module& module, const Node& assignment) {
        const Node target = assignment.field("left"), value = assignment.field("right");
        if (value.isNull() || value.is("assignment")) return;
        const Function* function = module.enclosingFunction(assignment);
        if (target.is("identifier") && function) {
            local(module, *function, assignment);
            if (!function->globals.count(std::string(target.text()))) return;
        }
        if (isNamespace(project_, module, value)) return attributesOf(module, assignment);
        if (!target.is("attribute") && !target.is("subscript")) return;
        if (target.field("object").text() == "self" || target.field("object").text() == "cls") return;
        if (!shapeOfContainer(project_, module, value).isContainer) return;
        const auto place = places_.of(module, target);
        if (place && mayHave(*place)) add(module, assignment, *place, target.is("subscript"), value, assignment.field("type"));
    }

    void attributesOf(const Module& module, const Node& assignment) {
        const auto object = places_.of(module, assignment.field("left"));
        if (!object) return;
        const Node call = assignment.field("right");
        const std::vector<std::string> names = fieldNames(project_, module, call);
        size_t position = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            const std::string name = named ? std::string(argument.field("name").text()) : position < names.size() ? names[position] : "";
            if (!named) ++position;
            const Node value = named ? argument.field("value") : argument;
            if (name.empty() || !shapeOfContainer(project_, module, value).isContainer) continue;
            ObjectPlace place = *object;
            place.path += "." + name;
            add(module, assignment, place, false, value, Node());
        }
    }

    /// An object that a variable holds, or the application; what a class of the project declares is of the class.
    bool mayHave(const ObjectPlace& place) const {
        if (!place.module) return place.path.find("._") != 0;
        const auto assigned = place.module->assignments.find(place.root);
        if (assigned == place.module->assignments.end() || std::count(place.path.begin(), place.path.end(), '.') != 1) return false;
        const Node value = assigned->second.front().namedChild(0).field("right");
        if (!value.is("call")) return false;
        const std::string owner = ownerClass(project_, *place.module, value);
        return std::none_of(found_.begin(), found_.end(), [&](const FoundStore& store) {
            return store.owner == Owner::Class && !owner.empty() && "." + store.variable == place.path;
        });
    }

    void add(const Module& module, const Node& assignment, const ObjectPlace& place, bool isEntry, const Node& value, const Node& type) {
        if (module.enclosingFunction(assignment) && !makesOneObject(project_, module, value)) return;
        std::optional<FoundStore> store = storeOfContainer(project_, module, lastStep(place.path), value, type, ownerOf(place));
        if (!store) return;
        store->owner = Owner::Object;
        store->isEntry = isEntry;
        store->definition = assignment.parent();
        store->fact.where = {module.path(), value.line()};
        for (const FoundStore& known : found_)
            if (known.owner == Owner::Object && known.className == store->className && known.variable == store->variable &&
                (!place.module || known.module == store->module))
                return;
        addStore(std::move(*store), found_);
    }

    /// `notes = []` in a function that runs once and makes others, which use it: handlers, or what it returns.
    void local(const Module& module, const Function& function, const Node& assignment) {
        const Node value = assignment.field("right");
        const std::string name(assignment.field("left").text());
        if (function.isNested || !function.className.empty() || function.globals.count(name)) return;
        if (!(assignment.parent().parent() == function.node.field("body"))) return;
        const ContainerShape shape = shapeOfContainer(project_, module, value);
        if (!shape.isContainer || shape.isVariable) return;
        bool inside = false;
        for (const Function& nested : module.functions)
            if (nested.isNested && function.node.contains(nested.node) && !nested.locals.count(name))
                inside = inside || namesIt(nested, name);
        if (!inside || !makesOneObject(project_, module, value)) return;
        std::optional<FoundStore> store = storeOfContainer(project_, module, name, value, assignment.field("type"), function.name);
        if (!store) return;
        store->owner = Owner::Function;
        store->definition = assignment.parent();
        store->fact.where = {module.path(), value.line()};
        addStore(std::move(*store), found_);
    }

    static bool namesIt(const Function& function, const std::string& name) {
        bool names = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            names = names || (node.is("identifier") && node.text() == name);
            return !names;
        });
        return names;
    }

    const Project& project_;
    const ObjectPlaces places_;
    std::vector<FoundStore>& found_;
};

class ObjectReferences {
public:
    ObjectReferences(const Project& project, std::vector<FoundStore>& stores) : project_(project), places_(project) {
        for (FoundStore& store : stores) {
            if (store.owner == Owner::Function) locals_[{store.module, store.variable}].push_back(&store);
            if (store.owner != Owner::Object) continue;
            names_.insert(store.variable);
            const Node target = store.definition.namedChild(0).field("left");
            auto place = places_.of(*store.module, target);
            if (!place) continue;
            if (lastStep(place->path) != store.variable || place->root + place->path == store.className) place->path += "." + store.variable;
            byPlace_[*place] = &store;
            if (place->module) whole_[{place->module, place->root}].push_back(&store);
        }
    }

    bool isEmpty() const { return names_.empty() && locals_.empty(); }

    void collect(const Module& module) {
        syntax::walk(module.tree->root(), [&](const Node& node) {
            if (node.is("import_statement") || node.is("import_from_statement") || node.is("global_statement") ||
                node.is("nonlocal_statement"))
                return false;
            return visit(module, node);
        });
    }

private:
    bool visit(const Module& module, const Node& node) {
        if (node.is("identifier")) {
            visitName(module, node);
            return false;
        }
        const bool mayDenote = (node.is("attribute") && names_.count(node.field("attribute").text())) || node.is("subscript") ||
                               (node.is("call") && node.field("function").field("attribute").text() == "get");
        if (!mayDenote) return true;
        if (!node.is("attribute")) {
            const Node key = node.is("subscript") ? node.field("subscript") : node.field("arguments").namedChild(0);
            if (!key.is("string") || key.namedChildCount() < 2 || !names_.count(key.namedChild(1).text())) return true;
        }
        const auto place = places_.of(module, node);
        const auto found = place ? byPlace_.find(*place) : byPlace_.end();
        if (found == byPlace_.end()) {
            if (!place) noteUnknown(module, node);
            return true;
        }
        add(*found->second, module, node);
        return false;
    }

    /// `self.app.state.users`: most likely the store of the application, whose place does not show here.
    void noteUnknown(const Module& module, const Node& node) {
        if (node.is("call")) return;
        const Node object = node.is("attribute") ? node.field("object") : node.field("value");
        const std::string_view last = object.is("attribute") ? object.field("attribute").text() : object.text();
        const std::string_view name = node.is("attribute") ? node.field("attribute").text() : node.field("subscript").namedChild(1).text();
        const bool mayBe = last == "state" || last == "config" || last == "extensions" || last == "app" || last == "current_app";
        if (!mayBe || endsWith(object.text(), "request.state")) return;
        Node root = object;
        while (root.is("attribute") || root.is("call") || root.is("subscript"))
            root = root.is("attribute") ? root.field("object") : root.is("call") ? root.field("function") : root.field("value");
        for (const auto& [place, store] : byPlace_)
            if (!place.module && store->variable == name && root.is("identifier")) add(*store, module, root);
    }

    void visitName(const Module& module, const Node& name) {
        const Node parent = name.parent();
        if (parent.is("attribute") && parent.field("attribute") == name) return;
        if (parent.is("keyword_argument") && parent.field("name") == name) return;
        const auto local = locals_.find({&module, std::string(name.text())});
        if (local != locals_.end())
            for (FoundStore* store : local->second)
                if (isLocalOf(module, name, *store)) return add(*store, module, name);
        // The object as a whole goes somewhere: its attributes may be used there under any name.
        if (parent.is("attribute") && parent.field("object") == name) return;
        if (whole_.empty()) return;
        const semantic::Symbol& symbol = project_.resolve(module, name);
        if (symbol.kind != semantic::Symbol::Kind::Variable) return;
        const auto whole = whole_.find({symbol.module, symbol.name});
        if (whole == whole_.end()) return;
        if (parent.is("assignment") && parent.field("left") == name) return;
        if (isFollowed(module, name)) return;
        for (FoundStore* store : whole->second) add(*store, module, name);
    }

    /// Where the object goes under another name that is read as its place, too: `state = storage` in a function, a
    /// dependency that returns it, a parameter that is only asked for attributes.
    bool isFollowed(const Module& module, const Node& name) const {
        const Node parent = name.parent();
        const Function* within = module.enclosingFunction(name);
        if (parent.is("assignment")) return parent.field("right") == name && parent.field("left").is("identifier") && within;
        if (parent.is("lambda")) return parent.parent().is("argument_list") && endsWith(parent.parent().parent().field("function").text(), "Depends");
        if (parent.is("return_statement") || parent.is("yield")) return within && isAskedForObject(module, *within);
        if (!parent.is("argument_list") && !parent.is("keyword_argument")) return false;
        const Node call = parent.is("argument_list") ? parent.parent() : parent.parent().parent();
        const semantic::Symbol& callee = project_.resolve(module, call.field("function"));
        const Function* function = callee.kind == semantic::Symbol::Kind::Function ? callee.module->function(callee.name) : nullptr;
        const std::string parameter = function ? parameterFor(*function, parent.is("keyword_argument") ? parent : name, false) : "";
        if (parameter.empty()) return false;
        bool followed = true;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (!node.is("identifier") || node.text() != parameter) return followed;
            const Node around = node.parent();
            const bool isName = around.is("keyword_argument") && around.field("name") == node;
            if (around.is("attribute") && around.field("attribute") == node) return followed;
            if (!around.is("attribute") && !isName) followed = false;
            else if (!isName && !places_.of(*callee.module, node)) followed = false;
            return followed;
        });
        return followed;
    }

    /// Whether a function is called for a local name or an attribute, or is a dependency, and nothing else.
    bool isAskedForObject(const Module& home, const Function& function) const {
        if (function.isNested || !function.className.empty()) return false;
        for (const auto& module : project_.modules())
            for (const Node& name : module->tree->identifiers(function.name)) {
                if (name == function.node.field("name") || name.ancestor({"import_from_statement", "import_statement"})) continue;
                const bool isMember = name.parent().is("attribute") && name.parent().field("attribute") == name;
                const Node named = isMember ? name.parent() : name;
                const semantic::Symbol& symbol = project_.resolve(*module, named);
                if (symbol.module != &home || symbol.name != function.qualified) continue;
                const Node use = named.parent();
                if (use.is("argument_list") && endsWith(use.parent().field("function").text(), "Depends")) continue;
                if (!use.is("call") || !(use.field("function") == named)) return false;
                const Node around = use.parent();
                const bool asked = around.is("attribute") || (around.is("assignment") && around.field("left").is("identifier") && module->enclosingFunction(use));
                if (!asked) return false;
            }
        return true;
    }

    static bool isLocalOf(const Module& module, const Node& name, const FoundStore& store) {
        const std::string text(name.text());
        for (const Function* scope = module.enclosingFunction(name); scope; scope = module.enclosingFunction(scope->node)) {
            if (scope->locals.count(text)) return scope->node.contains(store.definition) && module.enclosingFunction(store.definition) == scope;
            if (!scope->isNested) return false;
        }
        return false;
    }

    static void add(FoundStore& store, const Module& module, const Node& node) {
        if (store.definition.tree() == node.tree() && store.definition.contains(node)) return;
        std::vector<StoreReference>& references = semantic::isTestModule(module) ? store.testReferences : store.references;
        references.push_back({&module, node, module.enclosingFunction(node)});
    }

    const Project& project_;
    const ObjectPlaces places_;
    std::set<std::string, std::less<>> names_;
    std::map<ObjectPlace, FoundStore*> byPlace_;
    std::map<std::pair<const Module*, std::string>, std::vector<FoundStore*>> whole_; // of all its attributes
    std::map<std::pair<const Module*, std::string>, std::vector<FoundStore*>> locals_;
};

} // namespace

void addObjectStores(const Project& project, std::vector<FoundStore>& found) { ObjectStoreFinder(project, found).run(); }

void collectObjectReferences(const Project& project, std::vector<FoundStore>& stores) {
    ObjectReferences references(project, stores);
    if (references.isEmpty()) return;
    for (const auto& module : project.modules()) references.collect(*module);
}

} // namespace covet::facts
