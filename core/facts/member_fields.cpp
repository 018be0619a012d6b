#include "facts/member_fields.h"

#include <optional>
#include <string_view>

#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

constexpr int kBases = 10;

/// The type of the literals of all members of a class, "int" where `auto()` numbers them; "" for several types and others.
std::string typeOfLiterals(const semantic::Class& owner) {
    std::string type;
    for (const Node& statement : owner.node.field("body").namedChildren()) {
        const Node assignment = statement.namedChild(0);
        if (!statement.is("expression_statement") || !assignment.is("assignment")) continue;
        const Node value = assignment.field("right");
        const bool isNumber = value.is("integer") || (value.is("call") && endsWith(value.field("function").text(), "auto"));
        const std::string found = isNumber ? "int" : value.is("string") ? "str" : value.is("float") ? "float" : "";
        if (found.empty() || (!type.empty() && found != type)) return "";
        type = found;
    }
    return type;
}

/// The type of the values of `class Status(str, Enum)`, `class Level(IntEnum)`, `class State(Enum): OPEN = "open"`; "" for
/// classes that are no enumerations of such values.
std::string typeOfMembers(const semantic::Class& owner) {
    static const std::map<std::string_view, std::string_view> kTypes = {
        {"str", "str"}, {"int", "int"}, {"float", "float"}, {"IntEnum", "int"}, {"StrEnum", "str"}};
    bool isEnum = false;
    std::string type;
    for (const std::string& base : owner.bases) {
        const std::string name = base.substr(base.rfind('.') + 1);
        isEnum = isEnum || name == "Enum" || name == "IntEnum" || name == "StrEnum";
        if (const auto known = kTypes.find(name); known != kTypes.end()) type = known->second;
    }
    if (!isEnum) return "";
    return type.empty() ? typeOfLiterals(owner) : type;
}

/// The one enumeration of `Status`, `Optional[Status]`, `Status | None`; none for lists of members and for others.
std::optional<MemberField> enumerationOf(const Project& project, const Module& module, const Node& type) {
    Node named = type;
    while (named.is("type") || named.is("union_type") || named.is("binary_operator") || named.is("generic_type") ||
           named.is("subscript") || named.is("type_parameter")) {
        if ((named.is("generic_type") || named.is("subscript")) && !endsWith(named.namedChild(0).text(), "Optional")) return std::nullopt;
        const std::vector<Node> parts = named.namedChildren();
        const size_t first = named.is("generic_type") || named.is("subscript") ? 1 : 0;
        Node inner;
        for (size_t i = first; i < parts.size(); ++i) {
            if (parts[i].text() == "None") continue;
            if (inner) return std::nullopt;
            inner = parts[i];
        }
        if (!inner) return std::nullopt;
        named = inner;
    }
    if (!named.is("identifier") && !named.is("attribute")) return std::nullopt;
    const Symbol& symbol = project.resolve(module, named);
    const semantic::Class* owner = symbol.kind == Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
    const std::string values = owner ? typeOfMembers(*owner) : "";
    if (values.empty()) return std::nullopt;
    return MemberField{symbol.module->name + ":" + symbol.name, values};
}

void collect(const Project& project, const Module& module, const std::string& className, int depth, std::map<std::string, MemberField>& found) {
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
        if (const auto member = enumerationOf(project, module, assignment.field("type"))) found[field] = *member;
    }
    const semantic::Function* init = module.function(className + ".__init__");
    for (const Node& parameter : init ? init->node.field("parameters").namedChildren() : std::vector<Node>()) {
        if (const auto member = enumerationOf(project, module, parameter.field("type")))
            found.emplace(semantic::parameterName(parameter), *member);
    }
}

} // namespace

std::map<std::string, MemberField> memberFields(const Project& project, const Module& module, const std::string& className) {
    std::map<std::string, MemberField> found;
    collect(project, module, className, 0, found);
    return found;
}

void readMembersAsValues(const Project& project, Store& fact) {
    const size_t colon = fact.elementClass.rfind(':');
    const Module* home = colon == std::string::npos ? nullptr : project.module(fact.elementClass.substr(0, colon));
    if (!home) return;
    const std::map<std::string, MemberField> members = memberFields(project, *home, fact.elementClass.substr(colon + 1));
    for (FieldFact& field : fact.fields)
        if (const auto member = members.find(field.name); member != members.end()) field.type = member->second.type;
}

} // namespace covet::facts
