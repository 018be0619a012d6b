#include "facts/member_fields.h"

#include <algorithm>

#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

constexpr int kBases = 10;

/// `class Status(str, Enum)`, `class Level(IntEnum)`; members of a plain Enum are no values of a column.
bool hasPlainValues(const semantic::Class& owner) {
    bool isEnum = false, isValue = false;
    for (const std::string& base : owner.bases) {
        const std::string name = base.substr(base.rfind('.') + 1);
        isEnum = isEnum || name == "Enum" || name == "IntEnum" || name == "StrEnum";
        isValue = isValue || name == "str" || name == "int" || name == "float" || name == "IntEnum" || name == "StrEnum";
    }
    return isEnum && isValue;
}

/// The one enumeration of `Status`, `Optional[Status]`, `Status | None`; "" for lists of members and for others.
std::string enumerationOf(const Project& project, const Module& module, const Node& type) {
    Node named = type;
    while (named.is("type") || named.is("union_type") || named.is("binary_operator") || named.is("generic_type") ||
           named.is("subscript") || named.is("type_parameter")) {
        if ((named.is("generic_type") || named.is("subscript")) && !endsWith(named.namedChild(0).text(), "Optional")) return "";
        const std::vector<Node> parts = named.namedChildren();
        const size_t first = named.is("generic_type") || named.is("subscript") ? 1 : 0;
        Node inner;
        for (size_t i = first; i < parts.size(); ++i) {
            if (parts[i].text() == "None") continue;
            if (inner) return "";
            inner = parts[i];
        }
        if (!inner) return "";
        named = inner;
    }
    if (!named.is("identifier") && !named.is("attribute")) return "";
    const Symbol symbol = project.resolve(module, named);
    const semantic::Class* owner = symbol.kind == Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
    return owner && hasPlainValues(*owner) ? symbol.module->name + ":" + symbol.name : "";
}

void collect(const Project& project, const Module& module, const std::string& className, int depth, std::map<std::string, std::string>& found) {
    const semantic::Class* owner = module.classNamed(className);
    if (!owner || depth == kBases) return;
    for (const std::string& base : owner->bases)
        if (const Symbol symbol = project.resolveGlobal(module, base); symbol.kind == Symbol::Kind::Class && symbol.module)
            collect(project, *symbol.module, symbol.name, depth + 1, found);
    for (const Node& statement : owner->node.field("body").namedChildren()) {
        const Node assignment = statement.namedChild(0);
        if (!statement.is("expression_statement") || !assignment.field("type") || !assignment.field("left").is("identifier")) continue;
        const std::string field(assignment.field("left").text());
        found.erase(field);
        if (const std::string name = enumerationOf(project, module, assignment.field("type")); !name.empty()) found[field] = name;
    }
    const semantic::Function* init = module.function(className + ".__init__");
    for (const Node& parameter : init ? init->node.field("parameters").namedChildren() : std::vector<Node>()) {
        const std::string name = enumerationOf(project, module, parameter.field("type"));
        if (!name.empty()) found.emplace(semantic::parameterName(parameter), name);
    }
}

} // namespace

std::map<std::string, std::string> memberFields(const Project& project, const Module& module, const std::string& className) {
    std::map<std::string, std::string> found;
    collect(project, module, className, 0, found);
    return found;
}

} // namespace covet::facts
