#include "emit/model_parts.h"

#include <vector>

#include "catalog/resource.h"
#include "emit/python_template.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

/// The helpers in the order of definition, with what each of them needs.
struct Helper {
    const char* name;
    std::vector<const char*> plainImports;
    std::vector<std::pair<const char*, const char*>> imports;
    std::vector<const char*> helpers;
};

const std::vector<Helper>& helpers() {
    static const std::vector<Helper> kHelpers = {
        {"fits_int", {}, {}, {}},
        {"fits_bigint", {}, {}, {}},
        {"fits_float", {"math"}, {}, {}},
        {"fits_number", {}, {}, {}},
        {"fits_bool", {}, {}, {}},
        {"fits_str", {}, {}, {}},
        {"fits_bytes", {}, {}, {}},
        {"fits_decimal", {}, {{"decimal", "Decimal"}}, {}},
        {"fits_date", {"datetime as dt"}, {}, {}},
        {"fits_time", {"datetime as dt"}, {}, {}},
        {"fits_moment", {"datetime as dt"}, {}, {}},
        {"fits_utc", {"datetime as dt"}, {}, {}},
        {"fits_any_moment", {"datetime as dt"}, {}, {}},
        {"fits_uuid", {}, {{"uuid", "UUID"}}, {}},
        {"fits_uuid_text", {}, {{"uuid", "UUID"}}, {}},
        {"position", {"time"}, {}, {}},
        {"document_columns", {}, {{"sqlalchemy", "JSON"}, {"sqlalchemy.ext.compiler", "compiles"}}, {}},
        {"plain_json", {}, {{"sqlalchemy", "JSON"}}, {"document_columns"}},
        {"moment_columns", {}, {{"sqlalchemy", "DateTime"}, {"sqlalchemy.ext.compiler", "compiles"}}, {}},
        {"time_columns", {}, {{"sqlalchemy", "Time"}, {"sqlalchemy.ext.compiler", "compiles"}}, {}},
        {"instances", {"dataclasses", "importlib", "sys"}, {{"pathlib", "Path"}}, {}},
        {"members", {"enum"}, {}, {"instances"}},
        {"document",
         {"datetime as dt", "enum", "math"},
         {{"decimal", "Decimal"},
          {"uuid", "UUID"},
          {"sqlalchemy", "JSON"},
          {"sqlalchemy", "TypeDecorator"}},
         {"instances", "document_columns"}},
        {"document_key",
         {"json"},
         {{"sqlalchemy", "String"}, {"sqlalchemy", "TypeDecorator"}},
         {"document"}},
        {"utc_date_time",
         {"datetime as dt"},
         {{"sqlalchemy", "DateTime"}, {"sqlalchemy", "TypeDecorator"}},
         {"moment_columns"}},
        {"iso_date_time",
         {"datetime as dt"},
         {{"sqlalchemy", "String"}, {"sqlalchemy", "TypeDecorator"}},
         {}},
        {"exact_decimal",
         {},
         {{"decimal", "Decimal"},
          {"sqlalchemy", "Numeric"},
          {"sqlalchemy", "String"},
          {"sqlalchemy", "TypeDecorator"}},
         {}},
        {"exact_float",
         {},
         {{"decimal", "Decimal"},
          {"sqlalchemy", "Numeric"},
          {"sqlalchemy", "String"},
          {"sqlalchemy", "TypeDecorator"}},
         {}},
        {"big_number",
         {},
         {{"decimal", "Decimal"},
          {"sqlalchemy", "Numeric"},
          {"sqlalchemy", "String"},
          {"sqlalchemy", "TypeDecorator"}},
         {}},
        {"any_number",
         {},
         {{"decimal", "Decimal"},
          {"sqlalchemy", "Numeric"},
          {"sqlalchemy", "String"},
          {"sqlalchemy", "TypeDecorator"}},
         {}},
        {"base", {}, {{"sqlalchemy.orm", "DeclarativeBase"}}, {}},
        {"open_record", {}, {}, {"fits_float"}},
        {"mixed_record", {}, {}, {"open_record", "instances"}},
    };
    return kHelpers;
}

/// One line, or names in parentheses where it would be longer than 100 columns.
std::string importLine(const std::string& module, const std::set<std::string>& names) {
    const std::string list = join({names.begin(), names.end()}, ", ");
    const std::string line = "from " + module + " import " + list;
    if (line.size() <= 100) return line + "\n";
    std::string text = "from " + module + " import (\n";
    for (const std::string& name : names)
        text += "    " + name + ",\n";
    return text + ")\n";
}

} // namespace

void ModelParts::helper(const std::string& name) {
    if (!helpers.insert(name).second) return;
    for (const Helper& known : emit::helpers()) {
        if (name != known.name) continue;
        plainImports.insert(known.plainImports.begin(), known.plainImports.end());
        for (const auto& [module, imported] : known.imports)
            import(module, imported);
        for (const char* other : known.helpers)
            helper(other);
    }
}

std::string headText(const ModelParts& parts) {
    std::string standard, others;
    for (const std::string& name : parts.plainImports)
        standard += "import " + name + "\n";
    for (const auto& [module, names] : parts.imports)
        (startsWith(module, "sqlalchemy") ? others : standard) += importLine(module, names);
    std::string text = standard;
    if (!standard.empty() && !others.empty()) text += "\n";
    text += others;
    if (!parts.rowChecks.empty())
        text += "\nfrom " + parts.rowChecks + " import fits  # noqa: F401 (checks rows before they are written)\n";
    for (const Helper& helper : helpers())
        if (parts.helpers.count(helper.name))
            text += "\n\n" + expandTemplate(catalog::resource("templates/models/" +
                                                              std::string(helper.name) + ".py"),
                                            parts.features);
    return text;
}

} // namespace covet::emit
