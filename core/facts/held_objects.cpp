#include "facts/held_objects.h"

#include <algorithm>

#include "facts/class_uses.h"
#include "facts/object_place.h"
#include "facts/passed_values.h"
#include "facts/reference_context.h"
#include "facts/single_object.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

/// "a", "dict[str, b]" of "a, dict[str, b]".
std::vector<std::string> atCommas(std::string_view text) {
    std::vector<std::string> parts;
    int depth = 0;
    size_t from = 0;
    for (size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && (text[i] == '[' || text[i] == '(')) ++depth;
        if (i < text.size() && (text[i] == ']' || text[i] == ')')) --depth;
        if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
        const std::string part(trim(text.substr(from, i - from)));
        if (!part.empty()) parts.push_back(part);
        from = i + 1;
    }
    return parts;
}

std::vector<std::string> insideBrackets(std::string_view text) {
    const size_t open = text.find('[');
    if (open == text.npos || text.back() != ']') return {};
    return atCommas(text.substr(open + 1, text.size() - open - 2));
}

/// The name that an assignment gives to one of its values; null for anything else.
Node targetOf(const Node& assignment, const Node& value) {
    const Node left = assignment.field("left"), right = assignment.field("right");
    const bool many = left.is("pattern_list") || left.is("tuple_pattern");
    if (!right.contains(value)) return {};
    if (!many) return left;
    for (uint32_t i = 0; i < right.namedChildCount() && i < left.namedChildCount(); ++i)
        if (right.namedChild(i).contains(value)) return left.namedChild(i);
    return {};
}

/// "app.extensions.tasks" of `app.extensions["tasks"]`.
std::string entryName(const Node& target) {
    const Node key = target.field("subscript");
    return key.is("string") && key.namedChildCount() > 1 ? std::string(target.field("value").text()) + "." + std::string(key.namedChild(1).text()) : "";
}

/// The attribute under which an object of a class keeps what its call was given: "carts" of `self.carts = carts`; the name
/// of the parameter where that does not show, "" where no class is called.
std::string attributeFor(const Project& project, const Module& module, const Node& argument) {
    const Node call = argument.parent().parent();
    const semantic::Symbol callee = call.is("call") ? project.resolve(module, call.field("function")) : semantic::Symbol();
    if (callee.kind != semantic::Symbol::Kind::Class || !callee.module) return "";
    const semantic::Function* init = callee.module->function(callee.name + ".__init__");
    std::string parameter = init ? parameterFor(*init, argument, true) : "";
    if (parameter.empty()) parameter = argument.is("keyword_argument") ? std::string(argument.field("name").text()) : "given";
    std::string attribute;
    syntax::walk(init ? init->node.field("body") : Node(), [&](const Node& node) {
        const Node target = node.is("assignment") ? node.field("left") : Node();
        const Node value = node.is("assignment") ? node.field("right") : Node();
        const Node given = value.is("boolean_operator") ? value.field("left") : value; // `carts or CartRepository()`
        if (attribute.empty() && target.is("attribute") && given.text() == parameter) attribute = std::string(target.field("attribute").text());
        return attribute.empty();
    });
    return attribute.empty() ? parameter : attribute;
}

std::string pathOf(const Project& project, const Module& module, const Node& call) {
    std::string suffix;
    for (Node at = call; at.parent(); at = at.parent()) {
        const Node above = at.parent();
        if (above.is("pair") && above.field("key").is("string") && above.field("key").namedChildCount() > 1 && suffix.empty())
            suffix = "." + std::string(above.field("key").namedChild(1).text());
        if (above.is("argument_list")) {
            if (const std::string attribute = attributeFor(project, module, at); !attribute.empty()) suffix = "." + attribute + suffix;
            else if (at.is("keyword_argument") && suffix.empty()) suffix = "." + std::string(at.field("name").text());
        }
        if (above.is("function_definition")) return snakeCase(std::string(above.field("name").text())) + suffix;
        if (!above.is("assignment")) continue;
        const Node target = targetOf(above, call);
        std::string name(isApplicationEntry(target) ? entryName(target) : std::string(target.text()));
        const Node scope = above.ancestor({"class_definition", "function_definition"});
        if (scope.is("class_definition")) name = std::string(scope.field("name").text()) + "." + name;
        const semantic::Function* within = module.enclosingFunction(above);
        if (startsWith(name, "self.") && within) name = within->className + name.substr(4);
        const bool isName = std::all_of(name.begin(), name.end(), [](char c) { return isPythonIdentifier(std::string(1, c)) || c == '.' || (c >= '0' && c <= '9'); });
        return isName && !name.empty() ? name + suffix : "";
    }
    return "";
}

std::vector<std::string> typeArgumentsOf(const Project& project, const Module& module, const Node& call, const std::string& baseId) {
    const Node callee = call.field("function");
    if (callee.is("subscript")) return insideBrackets(callee.text());
    if (call.parent().is("assignment")) {
        std::vector<std::string> given = insideBrackets(call.parent().field("type").text());
        if (!given.empty()) return given;
    }
    const semantic::Symbol& symbol = project.resolve(module, callee);
    const semantic::Class* own = symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
    for (const std::string& base : own ? own->bases : std::vector<std::string>()) {
        const semantic::Symbol known = project.resolveGlobal(*symbol.module, base.substr(0, base.find('[')));
        if (known.kind == semantic::Symbol::Kind::Class && known.module && known.module->name + ":" + known.name == baseId)
            return insideBrackets(base);
    }
    return {};
}

} // namespace

std::optional<std::vector<HeldObject>> heldObjects(const Project& project, const Module& module, const std::string& className) {
    const ClassUses uses = usesOfFamily(project, module, className);
    if (uses.made.empty() || uses.asValue || !uses.injected.empty()) return std::nullopt;
    std::vector<HeldObject> objects;
    for (const auto& use : uses.made) {
        const Module* home = use.first;
        const Node& call = use.second;
        if (!makesOneObject(project, *home, call)) return std::nullopt;
        HeldObject object;
        object.module = home;
        object.made = call;
        object.statement = statementOf(call);
        object.classId = ownerClass(project, *home, call);
        if (object.classId.empty()) return std::nullopt; // a class that a function is given
        object.typeArguments = typeArgumentsOf(project, *home, call, module.name + ":" + className);
        object.path = pathOf(project, *home, call);
        if (object.path.empty()) object.path = className;
        const size_t same = static_cast<size_t>(std::count_if(objects.begin(), objects.end(), [&](const HeldObject& other) {
            return other.module == home && (other.path == object.path || startsWith(other.path, object.path + "_"));
        }));
        if (same > 0) object.path += "_" + std::to_string(same + 1);
        objects.push_back(std::move(object));
    }
    return objects;
}

bool isElementOfContainer(const Project& project, const HeldObject& object) {
    auto isElement = [](const Node& value) {
        const Node parent = value.parent();
        if (parent.is("list") || parent.is("set") || parent.is("tuple") || parent.is("pair")) return true;
        if (parent.is("assignment")) return parent.field("left").is("subscript") && !isApplicationEntry(parent.field("left")) && parent.field("right") == value;
        const Node callee = parent.is("argument_list") ? parent.parent().field("function") : Node();
        return callee.is("attribute") && isMutatingMethod(callee.field("attribute").text());
    };
    if (isElement(object.made)) return true;
    const Node target = object.made.parent().is("assignment") ? object.made.parent().field("left") : Node();
    if (!target.is("identifier")) return false;
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const Node& name : module->tree->identifiers(target.text()))
            if (isElement(name) && (module.get() == object.module || module->imports.count(std::string(target.text())))) return true;
    }
    return false;
}

std::vector<std::string> typeParameters(const semantic::Class& owner) {
    for (const std::string& base : owner.bases)
        if (startsWith(base, "Generic[") || startsWith(base, "typing.Generic[") || startsWith(base, "Protocol["))
            return insideBrackets(base);
    const std::string text(owner.node.field("type_parameters").text());
    std::vector<std::string> names = insideBrackets(text);
    for (std::string& name : names) name = name.substr(0, name.find(':'));
    return names;
}

} // namespace covet::facts
