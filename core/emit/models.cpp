#include "emit/models.h"

#include <algorithm>

#include "emit/model_column.h"
#include "emit/model_parts.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

using schema::Column;
using schema::ColumnRole;
using schema::Table;
using schema::TypeKind;

constexpr size_t kLineLength = 100;

/// `open` + parts separated by ", " + `close`, continued below the first part where it is too long.
std::string wrapped(const std::string& open, const std::vector<std::string>& parts,
                    const std::string& close) {
    std::string text, line = open;
    for (size_t i = 0; i < parts.size(); ++i) {
        const std::string part = parts[i] + (i + 1 < parts.size() ? "," : close);
        const bool first = line.size() == open.size();
        if (!first && line.size() + 1 + part.size() > kLineLength) {
            text += line + "\n";
            line = std::string(open.size(), ' ') + part;
        } else {
            line += (first ? "" : " ") + part;
        }
    }
    if (parts.empty()) line += close;
    return text + line + "\n";
}

std::string tupleText(const std::vector<std::string>& names) {
    std::string text = "(";
    for (size_t i = 0; i < names.size(); ++i)
        text += (i ? ", " : "") + pythonQuote(names[i]);
    return text + (names.size() == 1 ? ",)" : ")");
}

class ClassWriter {
public:
    ClassWriter(const Table& table, const ModelsOptions& options, ModelParts& parts)
        : table_(table), options_(options), parts_(parts),
          extra_(table.columnOfRole(ColumnRole::Extra)), key_(table.columnOfRole(ColumnRole::Key)) {
        for (const Column& column : table.columns)
            if (column.role == ColumnRole::Field) fields_.push_back(&column);
        isRecord_ = table.columnOfRole(ColumnRole::Value) == nullptr;
    }

    std::string write() {
        std::string text =
            "class " + table_.model +
            (table_.mixedClasses && extra_ ? "(MixedRecord, Base):\n" : extra_ ? "(OpenRecord, Base):\n" : "(Base):\n");
        text += "    __tablename__ = " + pythonQuote(table_.name) + "\n\n";
        for (const Column& column : table_.columns)
            text += "    " + columnLine(table_, column, parts_) + "\n";
        text += keysOfSeveral();
        if (!isRecord_) return text;
        text += settings();
        if (extra_)
            parts_.helper(table_.mixedClasses ? "mixed_record" : "open_record");
        else
            text += toDict();
        if (!table_.elementClass.empty()) text += objects();
        return text;
    }

private:
    /// Unique constraints and indexes that no single column can have.
    std::string keysOfSeveral() {
        std::vector<std::string> keys;
        const auto add = [&](const char* kind, const std::string& first, const std::vector<std::string>& columns) {
            parts_.import("sqlalchemy", kind);
            std::vector<std::string> names;
            for (const std::string& name : columns) names.push_back(pythonQuote(name));
            keys.push_back(std::string(kind) + "(" + first + join(names, ", ") + ")");
        };
        for (const std::vector<std::string>& columns : table_.uniques)
            if (columns.size() > 1) add("UniqueConstraint", "", columns);
        for (const schema::Index& index : table_.indexes)
            if (index.columns.size() > 1) add("Index", pythonQuote("ix_" + table_.name + "_" + join(index.columns, "_")) + ", ", index.columns);
        return keys.empty() ? "" : "\n" + wrapped("    __table_args__ = (", keys, ",)");
    }

    /// Class attributes by which the generic methods know the table.
    std::string settings() {
        std::string text;
        if (key_) {
            parts_.features.insert("key");
            text += "    _key = " + pythonQuote(key_->attribute) + "\n";
        }
        std::vector<std::string> documents;
        for (const Column* field : fields_)
            if (field->type.kind == TypeKind::Json) documents.push_back(field->attribute);
        if (!documents.empty()) {
            parts_.features.insert("documents");
            parts_.import("sqlalchemy.orm.attributes", "flag_modified");
            text += "    _documents = " + tupleText(documents) + "\n";
        }
        text += extra_ ? openSettings() : closedSettings();
        return text.empty() ? text : "\n" + text;
    }

    std::string closedSettings() {
        parts_.features.insert("closed");
        std::vector<std::string> renamed;
        for (const Column* field : fields_)
            if (field->attribute != field->field)
                renamed.push_back(pythonQuote(field->field) + ": " + pythonQuote(field->attribute));
        if (renamed.empty()) return "";
        parts_.features.insert("renamed");
        return wrapped("    _renamed = {", renamed, "}");
    }

    std::string openSettings() {
        std::vector<std::string> entries, optional;
        for (const Column* field : fields_) {
            entries.push_back(pythonQuote(field->field) + ": (" + pythonQuote(field->attribute) +
                              ", " + fitsTest(*field, parts_) + ")");
            if (field->optional) optional.push_back(pythonQuote(field->field));
        }
        std::string text;
        if (!entries.empty()) text += wrapped("    _fields = {", entries, "}");
        if (!optional.empty()) text += wrapped("    _optional = {", optional, "}");
        if (extra_->attribute != "extra")
            text += "    _extra = " + pythonQuote(extra_->attribute) + "\n";
        return text;
    }

    std::string toDict() {
        std::vector<std::string> entries;
        for (const Column* field : fields_)
            entries.push_back(pythonQuote(field->field) + ": self." + field->attribute);
        return "\n    def to_dict(self):\n" + wrapped("        return {", entries, "}");
    }

    std::string objects() {
        parts_.helper("instances");
        const size_t colon = table_.elementClass.rfind(':');
        const std::string name = table_.elementClass.substr(colon + 1);
        std::string module = colon == std::string::npos ? "" : table_.elementClass.substr(0, colon);
        const auto known = options_.classModules.find(table_.elementClass);
        if (known != options_.classModules.end()) module = known->second;
        const std::string members = memberTexts();
        const std::string read = members.empty() ? "self.to_dict()" : "with_members(self.to_dict(), self._members)";
        const auto written = [&](const std::string& value) {
            const std::string fields = "fields_of(" + value + ")";
            return members.empty() ? fields : "without_members(" + fields + ", self._members)";
        };
        return (members.empty() ? "" : "\n" + members) +
               "\n    def to_object(self):\n"
               "        return build(load_class(" +
               pythonQuote(module + ":" + name) + "), " + read +
               ")\n"
               "\n    @classmethod\n"
               "    def from_object(cls, value, key=None):\n"
               "        return cls.from_dict(" +
               replaceAll(written("value"), "self.", "cls.") +
               ", key)\n"
               "\n    def replace(self, data):\n"
               "        super().replace(data if isinstance(data, dict) else " +
               written("data") + ")\n";
    }

    /// `_members = {"status": "app:Status"}` of the fields that have a column of their own.
    std::string memberTexts() {
        const auto known = options_.members.find(table_.elementClass);
        std::vector<std::string> entries;
        for (const Column* field : fields_)
            if (known != options_.members.end() && known->second.count(field->field) && field->type.kind != TypeKind::Json)
                entries.push_back(pythonQuote(field->field) + ": " + pythonQuote(known->second.at(field->field)));
        if (entries.empty()) return "";
        parts_.helper("members");
        return wrapped("    _members = {", entries, "}");
    }

    const Table& table_;
    const ModelsOptions& options_;
    ModelParts& parts_;
    const Column* extra_;
    const Column* key_;
    std::vector<const Column*> fields_;
    bool isRecord_ = true;
};

} // namespace

std::string modelsText(const schema::Schema& schema, const ModelsOptions& options) {
    ModelParts parts;
    parts.helper("base");
    parts.rowChecks = options.rowChecks;
    std::string classes;
    for (const Table& table : schema.tables)
        classes += "\n\n" + ClassWriter(table, options, parts).write();
    if (parts.features.count("key") || parts.features.count("renamed") ||
        parts.features.count("documents"))
        parts.features.insert("attributes");
    const std::string title = options.title.empty() ? "" : "\"\"\"" + options.title + "\"\"\"\n\n";
    return title + headText(parts) + classes;
}

} // namespace covet::emit
