#include "facts/class_uses.h"

#include <algorithm>

#include "facts/class_values.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using semantic::Class;
using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

/// Classes of a family that are looked at.
constexpr size_t kFamily = 50;

/// The names under which modules of the project know something called `name`.
std::set<std::string, std::less<>> aliasesOf(const Project& project, const std::string& name) {
    std::set<std::string, std::less<>> names = {name.substr(name.rfind('.') + 1)};
    for (bool grown = true; grown;) {
        grown = false;
        for (const auto& module : project.modules())
            for (const auto& [local, binding] : module->imports)
                if (names.count(binding.name) && names.insert(local).second) grown = true;
    }
    return names;
}

bool isTypeCheck(const Node& arguments) {
    const std::string_view callee = arguments.parent().field("function").text();
    return callee == "isinstance" || callee == "issubclass" || callee == "super" || callee == "cast" ||
           callee == "typing.cast";
}

/// `Depends(...)` and `fastapi.Depends(...)`.
bool isDependency(const Node& call) {
    const std::string_view callee = call.is("call") ? call.field("function").text() : "";
    return callee == "Depends" || endsWith(callee, ".Depends");
}

class ClassUseReader {
public:
    ClassUseReader(const Project& project, const Module& owner, const std::string& className)
        : project_(project), owner_(owner), className_(className), names_(aliasesOf(project, className)) {}

    ClassUses read() {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module) || !namesIt(*module)) continue;
            for (const Class& other : module->classes)
                for (const std::string& base : other.bases)
                    if (isIt(project_.resolveGlobal(*module, base.substr(0, base.find('[')))))
                        uses_.subclasses.emplace_back(module.get(), &other);
            syntax::walk(module->tree->root(), [&](const Node& node) { return visit(*module, node); });
        }
        return std::move(uses_);
    }

private:
    bool isIt(const Symbol& symbol) const {
        return symbol.kind == Symbol::Kind::Class && symbol.module == &owner_ && symbol.name == className_;
    }

    bool namesIt(const Module& module) const {
        const std::string_view text = module.tree->text();
        return std::any_of(names_.begin(), names_.end(),
                           [&](const std::string& name) { return text.find(name) != text.npos; });
    }

    bool visit(const Module& module, const Node& node) {
        if (node.is("import_statement") || node.is("import_from_statement")) return false;
        if (node.is("type")) {
            if (isInjected(node)) syntax::walk(node, [&](const Node& part) { return noteInjected(module, part); });
            return false;
        }
        if (node.is("string")) {
            // "shop.storage.Repository" in settings; the names in `__all__` say nothing.
            const std::string_view text = node.namedChild(1).text();
            const Node list = node.parent().parent();
            if (names_.count(text.substr(text.rfind('.') == text.npos ? 0 : text.rfind('.') + 1)) &&
                list.field("left").text() != "__all__")
                uses_.otherwise = true;
            return true;
        }
        if (!node.is("identifier") && !node.is("attribute")) return true;
        // `cls._instance = cls()`
        if (node.text() == "cls" && node.parent().is("call") && node.parent().field("function") == node) {
            const Function* within = module.enclosingFunction(node);
            if (&module == &owner_ && within && within->className == className_ && !within->isNested) uses_.made.emplace_back(&module, node.parent());
            return false;
        }
        const Node last = node.is("attribute") ? node.field("attribute") : node;
        if (!names_.count(last.text()) || !isIt(project_.resolve(module, node))) return node.is("attribute");
        note(module, node);
        return false;
    }

    /// `service: Service = Depends()`, `service: Annotated[Service, Depends()]`: the framework makes one.
    static bool isInjected(const Node& type) {
        const Node given = type.parent().field("value");
        return (isDependency(given) && given.field("arguments").namedChildCount() == 0) ||
               type.text().find("Depends()") != std::string_view::npos;
    }

    bool noteInjected(const Module& module, const Node& part) {
        if (part.is("identifier") && names_.count(part.text()) && isIt(project_.resolve(module, part)))
            uses_.injected.emplace_back(&module, part);
        return true;
    }

    void note(const Module& module, Node node) {
        Node parent = node.parent();
        if (parent.is("class_definition")) return;
        if (parent.is("subscript") && parent.field("value") == node) {
            node = parent;
            parent = node.parent();
        }
        const bool isBase = parent.is("argument_list") && parent.parent().is("class_definition");
        if (isBase || (parent.is("argument_list") && isTypeCheck(parent))) return;
        if (parent.is("tuple") && parent.parent().is("argument_list") && isTypeCheck(parent.parent())) return;
        if (parent.is("argument_list") && isDependency(parent.parent())) {
            uses_.injected.emplace_back(&module, node);
            return;
        }
        if (parent.is("call") && parent.field("function") == node) {
            const Function* within = module.enclosingFunction(parent);
            const bool isBound = parent.parent().is("assignment") && parent.parent().field("left").is("identifier");
            if (within && isBound && resetsForTests(project_, *within, parent.parent().field("left").text())) return;
            uses_.made.emplace_back(&module, parent);
            return;
        }
        if (const auto passed = callsOfPassedClass(project_, module, node)) {
            for (const auto& made : *passed)
                if (std::find(uses_.made.begin(), uses_.made.end(), made) == uses_.made.end()) uses_.made.push_back(made);
            return;
        }
        if (parent.is("argument_list") || parent.is("keyword_argument") || parent.is("assignment") ||
                 parent.is("list") || parent.is("pair"))
            uses_.asValue = true;
        else uses_.otherwise = true;
    }

    const Project& project_;
    const Module& owner_;
    const std::string& className_;
    const std::set<std::string, std::less<>> names_;
    ClassUses uses_;
};

} // namespace

ClassUses usesOfClass(const Project& project, const Module& owner, const std::string& className) {
    return ClassUseReader(project, owner, className).read();
}

ClassUses usesOfFamily(const Project& project, const Module& owner, const std::string& className) {
    ClassUses family = usesOfClass(project, owner, className);
    for (size_t i = 0; i < family.subclasses.size() && i < kFamily; ++i) {
        const auto [module, subclass] = family.subclasses[i];
        ClassUses uses = usesOfClass(project, *module, subclass->name);
        family.made.insert(family.made.end(), uses.made.begin(), uses.made.end());
        family.injected.insert(family.injected.end(), uses.injected.begin(), uses.injected.end());
        family.subclasses.insert(family.subclasses.end(), uses.subclasses.begin(), uses.subclasses.end());
        family.asValue = family.asValue || uses.asValue;
        family.otherwise = family.otherwise || uses.otherwise;
    }
    return family;
}

bool resetsForTests(const Project& project, const Function& function, std::string_view global) {
    const bool isPlain = !function.isNested && function.className.empty() && function.decorated == function.node;
    if (!isPlain || !function.globals.count(std::string(global))) return false;
    // A factory that a server is told, or what a program runs, does more than that.
    for (const Node& statement : function.node.field("body").namedChildren())
        if (statement.is("return_statement") && statement.namedChild(0)) return false;
    return std::none_of(project.modules().begin(), project.modules().end(), [&](const auto& module) {
        if (semantic::isTestModule(*module)) return false;
        const std::vector<Node> names = module->tree->identifiers(function.name);
        return std::any_of(names.begin(), names.end(), [&](const Node& name) { return !(name == function.node.field("name")); });
    });
}

bool derivesFrom(const Project& project, const Module& module, const std::string& className, const std::string& baseId) {
    std::vector<std::pair<const Module*, std::string>> open{{&module, className}};
    for (size_t i = 0; i < open.size() && i < kFamily; ++i) {
        const auto [at, name] = open[i];
        if (at->name + ":" + name == baseId) return true;
        const Class* known = at->classNamed(name);
        if (!known) continue;
        for (const std::string& base : known->bases) {
            const Symbol symbol = project.resolveGlobal(*at, base.substr(0, base.find('[')));
            if (symbol.kind == Symbol::Kind::Class) open.emplace_back(symbol.module, symbol.name);
        }
    }
    return false;
}

} // namespace covet::facts
