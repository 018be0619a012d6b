// before  class UserOut(BaseModel):
//             id: int
//             class Config:
//                 orm_mode = True
// after   class UserOut(BaseModel):
//             id: int
//             model_config = ConfigDict(from_attributes=True)
//
// Pydantic 2 reads the class as well, but not the keys that have other names there: those that let more or fewer
// requests through are offered only, where the application runs on version 2 already.

#include <algorithm>
#include <map>

#include "rules/modern/pydantic_change.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::modern {
namespace {

struct Key {
    const char* name;    // in Pydantic 2
    bool differs = true; // where the old name is read, it does nothing
};

/// Keys with other names in Pydantic 2.
const Key* renamed(std::string_view name) {
    static const std::map<std::string_view, Key> kKeys = {
        {"orm_mode", {"from_attributes", false}}, // FastAPI reads attributes whatever it says
        {"schema_extra", {"json_schema_extra", false}},
        {"allow_population_by_field_name", {"populate_by_name"}},
        {"anystr_strip_whitespace", {"str_strip_whitespace"}},
        {"anystr_lower", {"str_to_lower"}},
        {"anystr_upper", {"str_to_upper"}},
        {"min_anystr_length", {"str_min_length"}},
        {"max_anystr_length", {"str_max_length"}},
        {"validate_all", {"validate_default"}},
        {"allow_mutation", {"frozen"}}, // the other way round
    };
    const auto known = kKeys.find(name);
    return known == kKeys.end() ? nullptr : &known->second;
}

constexpr Words kSame = {"title", "extra", "frozen", "populate_by_name", "use_enum_values", "validate_assignment",
                         "arbitrary_types_allowed", "from_attributes", "alias_generator", "str_strip_whitespace",
                         "str_to_lower", "str_to_upper", "str_min_length", "str_max_length", "json_schema_extra",
                         "json_encoders", "protected_namespaces", "validate_default", "allow_inf_nan", "strict",
                         "hide_input_in_errors", "ser_json_bytes", "ser_json_timedelta", "coerce_numbers_to_str",
                         "use_attribute_docstrings", "regex_engine", "defer_build", "revalidate_instances"};
constexpr Words kOfSettings = {"env_file", "env_file_encoding", "env_prefix", "env_nested_delimiter", "case_sensitive", "secrets_dir"};
/// Settings that made things work which Pydantic 2 does anyway.
constexpr Words kGone = {"smart_union", "copy_on_model_validation", "underscore_attrs_are_private", "allow_reuse"};

class Config {
public:
    Config(const PydanticReader& reader, const Module& module, const Class& owner, const Node& definition)
        : reader_(reader)
        , module_(module)
        , owner_(owner)
        , definition_(definition)
        , isSettings_(reader.types.isSettings(module, owner)) {}

    void read() {
        subject_ = owner_.name + ".Config";
        if (isNamedElsewhere() || reader_.types.memberOf({&module_, &owner_, false}, "model_config")) return stays(definition_, "config-inherits");
        if (definition_.field("superclasses") && definition_.field("superclasses").namedChildCount() > 0) return stays(definition_, "config-inherits");
        if (definition_.parent().is("decorated_definition")) return stays(definition_, "config-inherits");
        for (const Node& statement : definition_.field("body").namedChildren()) {
            key(statement);
            if (isLeft_) return;
        }
        syntax::walk(definition_, [&](const Node& node) {
            if (node.is("comment")) comments_.emplace_back(node.text());
            return !node.is("dictionary"); // which is copied with its comments
        });
        PydanticChange change;
        change.module = &module_;
        change.at = definition_.field("name");
        change.subject = subject_;
        change.differs = differs_;
        change.hint = differs_.empty() ? "" : "Pydantic 2 does not read the old name: with the new one it does again what it did in version 1";
        change.make = [*this] { make(); };
        reader_.changes.push_back(std::move(change));
    }

private:
    /// `class Config(Base.Config)`: then the class of the base has to stay as well.
    bool isNamedElsewhere() const {
        for (const auto& module : reader_.types.project().modules())
            for (const Node& name : module->tree->identifiers("Config"))
                if (const Node access = name.parent(); access.is("attribute") && access.field("attribute") == name)
                    if (const ModelType type = reader_.types.named(*module, access.field("object")); reader_.types.memberOf(type, "Config") == definition_) return true;
        return false;
    }

    void stays(const Node& at, const std::string& obstacle) {
        isLeft_ = true;
        reader_.stays(module_, at, subject_, obstacle, "write `model_config` by hand");
    }

    void key(const Node& statement) {
        Node inner = statement.is("expression_statement") ? statement.namedChild(0) : statement;
        if (statement.is("pass_statement") || inner.is("string")) return;
        const Node name = inner.field("left"), value = inner.field("right");
        if (!inner.is("assignment") || !name.is("identifier") || value.isNull()) return stays(statement, "config-of-code");
        const std::string key(name.text());
        if (kGone.count(key)) return;
        if (namesOwn(value)) return stays(statement, "config-of-code");
        const Key* other = renamed(key);
        if (!other) {
            if (!kSame.count(key) && !(kOfSettings.count(key) && isSettings_)) return stays(statement, "config-key");
            entries_.push_back({key, value});
            return;
        }
        if (other->differs && differs_.empty()) differs_ = "reads-" + std::string(other->name);
        if (key == "schema_extra" && !value.is("dictionary")) return stays(statement, "config-of-code");
        if (key != "allow_mutation") {
            entries_.push_back({other->name, value});
            return;
        }
        if (!value.is("true") && !value.is("false")) return stays(statement, "config-of-code");
        if (value.is("false")) entries_.push_back({other->name, Node()});
    }

    /// Whether a value names something else of the class it stands in.
    bool namesOwn(const Node& value) const {
        bool found = false;
        syntax::walk(value, [&](const Node& node) {
            if (node.is("identifier"))
                for (const Node& statement : definition_.field("body").namedChildren())
                    found = found || statement.namedChild(0).field("left").text() == node.text();
            return !found;
        });
        return found;
    }

    void make() const {
        ModuleRewrite& rewrite = reader_.context.rewrite(module_);
        rewrite.dropImportIfUnused("Extra");
        if (entries_.empty() && comments_.empty() && definition_.parent().namedChildCount() > 1) return rewrite.remove(definition_);
        const std::string name = isSettings_ ? "SettingsConfigDict" : "ConfigDict";
        rewrite.requireImport(isSettings_ ? "pydantic_settings" : "pydantic", name);
        const std::string unit = rewrite.indentUnit(), indent = rewrite.indentOf(definition_);
        std::vector<std::string> parts;
        for (const Entry& entry : entries_) parts.push_back(entry.key + "=" + (entry.value ? valueText(entry.value) : "True"));
        const auto has = [&](std::string_view key) { return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; }); };
        // Version 1 took from the file what it has fields for; version 2 refuses the rest.
        if (isSettings_ && has("env_file") && !has("extra")) parts.emplace_back("extra=\"ignore\"");
        std::string text;
        for (const std::string& comment : comments_) text += comment + "\n" + indent;
        const std::string one = join(parts, ", ");
        text += "model_config = " + name + "(";
        if (one.find('\n') == std::string::npos && indent.size() + one.size() <= 76) {
            text += one;
        } else {
            for (const std::string& part : parts) text += "\n" + indent + unit + part + ",";
            text += "\n" + indent;
        }
        rewrite.replace(definition_, text + ")");
    }

    std::string valueText(const Node& value) const {
        const std::string name = reader_.types.libraryName(module_, value);
        for (const char* extra : {"forbid", "ignore", "allow"})
            if (name == std::string("pydantic.Extra.") + extra) return pythonQuote(extra);
        return std::string(value.text());
    }

    struct Entry {
        std::string key;
        Node value; // null = True
    };
    PydanticReader reader_;
    const Module& module_;
    const Class& owner_;
    const Node definition_;
    std::string subject_, differs_;
    std::vector<Entry> entries_;
    std::vector<std::string> comments_;
    bool isSettings_, isLeft_ = false;
};

} // namespace

void PydanticReader::stays(const Module& module, const Node& at, std::string subject, std::string obstacle, std::string hint) const {
    PydanticChange change;
    change.module = &module;
    change.at = at;
    change.subject = std::move(subject);
    change.obstacle = std::move(obstacle);
    change.hint = std::move(hint);
    changes.push_back(std::move(change));
}

void readConfigs(const PydanticReader& reader, const Module& module) {
    for (const Node& name : module.tree->identifiers("Config")) {
        const Node definition = name.parent();
        if (!definition.is("class_definition") || definition.field("name") != name) continue;
        const Node owner = definition.ancestor({"class_definition"});
        const Class* type = owner ? module.classNamed(owner.field("name").text()) : nullptr;
        if (!type || type->node != owner || !reader.types.isModel(module, *type)) continue;
        Config(reader, module, *type, definition).read();
    }
}

} // namespace covet::rules::modern
