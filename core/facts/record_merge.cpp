#include "facts/record_merge.h"

#include <algorithm>
#include <set>

#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {

FieldFact* fieldNamed(std::vector<FieldFact>& fields, const std::string& name) {
    for (FieldFact& field : fields)
        if (field.name == name) return &field;
    return nullptr;
}

void mergeType(FieldFact& field, const std::string& type) {
    static constexpr Words kJson = {"json", "int", "float", "str", "bool", "list", "dict"};
    if (type == "None") {
        field.nullable = true;
    } else if ((field.type == "json" || type == "json") && kJson.count(field.type) && kJson.count(type)) {
        field.type = "json";
    } else if (field.type == "?" || type.empty()) {
        field.type = "";
    } else if (field.type != type && !field.type.empty()) {
        bool number = (field.type == "int" && type == "float") || (field.type == "float" && type == "int");
        field.type = number ? "float" : "";
    } else {
        field.type = type;
    }
}

void applyDumpOptions(std::vector<FieldFact>& fields, const syntax::Node& arguments, bool asJson) {
    for (const syntax::Node& argument : arguments.namedChildren()) {
        if (!argument.is("keyword_argument")) continue;
        const std::string_view name = argument.field("name").text();
        if (startsWith(name, "exclude_"))
            for (FieldFact& field : fields) field.optional = true;
        const syntax::Node value = argument.field("value");
        asJson = asJson || (name == "mode" && value.is("string") && value.text().find("json") != std::string_view::npos);
    }
    if (!asJson) return;
    static constexpr Words kTexts = {"datetime", "date", "time", "uuid", "bytes"};
    for (FieldFact& field : fields) {
        if (kTexts.count(field.type)) field.type = "str";
        // A member is encoded as its value, and a decimal as a text or a number, as the versions have it.
        if (field.type == "Enum" || field.type == "Decimal") field.type = "json";
    }
}

void keepGiven(std::vector<FieldFact>& fields, const syntax::Node& arguments) {
    std::set<std::string> given;
    for (const syntax::Node& argument : arguments.namedChildren()) {
        if (!argument.is("keyword_argument")) return;
        given.insert(std::string(argument.field("name").text()));
    }
    fields.erase(std::remove_if(fields.begin(), fields.end(), [&](const FieldFact& field) { return !given.count(field.name); }), fields.end());
}

void RecordShape::merge(const RecordShape& other) {
    if (other.element == Element::Unknown) return;
    if (element == Element::Unknown) {
        *this = other;
        return;
    }
    const auto hasFields = [](Element one) { return one == Element::Record || one == Element::Instance; };
    mixedClasses = mixedClasses || other.mixedClasses;
    if (hasFields(element) && hasFields(other.element) && elementClass != other.elementClass) {
        mixedClasses = open = true;
        element = Element::Record;
        elementClass.clear();
    } else if (element != other.element) {
        if (other.scalarType != "None") {
            if (element == Element::Scalar && other.element != Element::Scalar) *this = other;
            open = true;
        }
    }
    open = open || other.open;
    if (element == Element::Scalar && scalarType != other.scalarType) scalarType.clear();
    std::set<std::string> there;
    for (const FieldFact& field : other.fields) there.insert(field.name);
    for (FieldFact& field : fields) field.optional = field.optional || !there.count(field.name);
    for (const FieldFact& field : other.fields) {
        if (FieldFact* known = fieldNamed(fields, field.name)) {
            if (field.type != known->type) mergeType(*known, field.type);
            known->nullable = known->nullable || field.nullable;
            known->optional = known->optional || field.optional;
        } else {
            fields.push_back(field);
            fields.back().optional = true;
        }
    }
}

} // namespace covet::facts
