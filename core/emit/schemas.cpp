#include "emit/schemas.h"

#include <map>
#include <set>

#include "catalog/resource.h"
#include "emit/pydantic_names.h"
#include "emit/python_template.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

using schema::Column;
using schema::ColumnRole;
using schema::Table;
using schema::TypeKind;

class SchemaWriter {
public:
    std::string write(const schema::Schema& schema) {
        std::string classes;
        for (const Table& table : schema.tables) {
            if (!table.stateNames.empty()) continue; // counters and settings are no records
            classes += classText(table, "Create") + classText(table, "Read");
        }
        return head() + classes;
    }

private:
    std::string classText(const Table& table, const std::string& kind) {
        const bool isCreate = kind == "Create";
        std::string text;
        std::set<std::string> taken;
        for (const Column& column : table.columns)
            if (isPart(table, column) && !(isCreate && column.identity)) text += fieldText(column, isCreate, taken);
        if (text.empty()) text = "    pass\n";
        features_.insert(table.openShape ? "open" : "closed");
        return "\n\nclass " + table.model + kind + "(" + (table.openShape ? "OpenSchema" : "Schema") + "):\n" + text;
    }

    static bool isPart(const Table& table, const Column& column) {
        if (column.role == ColumnRole::Field || column.role == ColumnRole::Value) return true;
        return column.role == ColumnRole::Key && table.columnOfRole(ColumnRole::Value);
    }

    std::string fieldText(const Column& column, bool isCreate, std::set<std::string>& taken) {
        const std::string key = column.field.empty() ? column.attribute : column.field;
        const std::string attribute = modelAttribute(column.attribute, taken);
        taken.insert(attribute);
        std::vector<std::string> rules;
        if (const std::string rule = defaultRule(column, isCreate); !rule.empty()) rules.push_back(rule);
        if (attribute != key || attribute != column.attribute) {
            std::vector<std::string> names = {pythonQuote(key)};
            for (const std::string& name : {column.attribute, attribute})
                if (name != key && names.back() != pythonQuote(name)) names.push_back(pythonQuote(name));
            import("pydantic", "AliasChoices");
            rules.push_back("validation_alias=AliasChoices(" + join(names, ", ") + ")");
            rules.push_back("serialization_alias=" + pythonQuote(key));
        }
        const std::string annotation = annotationOf(column);
        std::string text = "    " + attribute + ": " + annotation;
        if (rules.size() == 1 && startsWith(rules[0], "default=")) return text + " = " + rules[0].substr(8) + "\n";
        if (rules.empty()) return text + "\n";
        import("pydantic", "Field");
        return text + " = Field(" + join(rules, ", ") + ")\n";
    }

    static std::string defaultRule(const Column& column, bool isCreate) {
        if (isCreate && column.defaultValue) {
            switch (column.defaultValue->kind()) {
            case Value::Kind::Null:
            case Value::Kind::Bool:
            case Value::Kind::Int:
            case Value::Kind::Str:
                return "default=" + toPython(*column.defaultValue);
            default:
                break;
            }
        }
        return column.optional || (isCreate && column.nullable) ? "default=None" : "";
    }

    std::string annotationOf(const Column& column) {
        const std::string name = typeOf(column);
        if (!column.nullable && !column.optional) return name;
        import("typing", "Optional");
        return "Optional[" + name + "]";
    }

    std::string typeOf(const Column& column) {
        const std::string& type = column.pythonType;
        if (type.empty() || type == "object" || column.tagged || column.type.kind == TypeKind::Json) {
            import("typing", "Any");
            return "Any";
        }
        if (type == "datetime" || type == "date" || type == "time") {
            plainImports_.insert("datetime as dt");
            return "dt." + type;
        }
        if (type == "number") {
            import("typing", "Union");
            return "Union[int, float]";
        }
        if (type == "Decimal") import("decimal", "Decimal");
        if (type == "UUID") import("uuid", "UUID");
        if (type == "int" && column.type.kind == TypeKind::Integer) return bounded("Integer");
        if (type == "int" && column.type.kind == TypeKind::BigInt) return bounded("BigInteger");
        std::string rules;
        if (type == "str" && column.type.kind == TypeKind::Varchar) rules = "max_length=" + std::to_string(column.type.length);
        if (type == "Decimal" && column.type.precision)
            rules = "max_digits=" + std::to_string(column.type.precision) + ", decimal_places=" + std::to_string(column.type.scale);
        if (rules.empty()) return type;
        import("typing", "Annotated");
        import("pydantic", "Field");
        return "Annotated[" + type + ", Field(" + rules + ")]";
    }

    std::string bounded(const char* name) {
        features_.insert(name);
        import("typing", "Annotated");
        import("pydantic", "Field");
        return name;
    }

    void import(const std::string& module, const std::string& name) { imports_[module].insert(name); }

    std::string head() {
        import("pydantic", "BaseModel");
        import("pydantic", "ConfigDict");
        std::string standard, others;
        for (const std::string& name : plainImports_) standard += "import " + name + "\n";
        for (const auto& [module, names] : imports_)
            (module == "pydantic" ? others : standard) +=
                "from " + module + " import " + join({names.begin(), names.end()}, ", ") + "\n";
        return "\"\"\"What clients send and what the application answers, table by table.\"\"\"\n\n" + standard +
               (standard.empty() ? "" : "\n") + others +
               expandTemplate(catalog::resource("templates/schemas/base.py"), features_);
    }

    std::set<std::string> plainImports_, features_;
    std::map<std::string, std::set<std::string>> imports_;
};

} // namespace

std::string schemasText(const schema::Schema& schema) { return SchemaWriter().write(schema); }

} // namespace covet::emit
