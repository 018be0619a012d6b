#include "schema/overrides.h"

#include <algorithm>
#include <array>
#include <functional>

#include <nlohmann/json.hpp>

#include "support/strings.h"
#include "support/suggest.h"

namespace covet::schema {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned kMaxLength = 16383; // of MySQL's varchar in utf8mb4
constexpr unsigned kMaxPrecision = 65; // of MySQL's decimal
constexpr unsigned kMaxScale = 30;
constexpr unsigned kUsualPrecision = 18;

constexpr std::array<TypeKind, 14> kTypes = {
    TypeKind::Integer, TypeKind::BigInt, TypeKind::Float,     TypeKind::Numeric,     TypeKind::Boolean,
    TypeKind::Text,    TypeKind::Varchar, TypeKind::Date,     TypeKind::Time,        TypeKind::Timestamp,
    TypeKind::TimestampTz, TypeKind::Uuid, TypeKind::Json,    TypeKind::Bytes};

std::string plainName(TypeKind kind) {
    const std::string whole = toString(Type{kind});
    return whole.substr(0, whole.find('('));
}

/// The numbers in "(10, 2)"; false when the text is something else.
bool readSizes(std::string_view text, std::vector<unsigned>& sizes) {
    if (text.empty()) return true;
    if (text.front() != '(' || text.back() != ')') return false;
    for (const std::string& part : split(text.substr(1, text.size() - 2), ',')) {
        const std::string_view digits = trim(part);
        if (digits.empty() || digits.size() > 5) return false;
        unsigned number = 0;
        for (const char c : digits) {
            if (c < '0' || c > '9') return false;
            number = number * 10 + static_cast<unsigned>(c - '0');
        }
        sizes.push_back(number);
    }
    return true;
}

bool isSound(const Type& type) {
    if (type.kind == TypeKind::Varchar) return type.length > 0 && type.length <= kMaxLength;
    return type.precision <= kMaxPrecision && type.scale <= std::min(kMaxScale, type.precision);
}

class Reader {
public:
    explicit Reader(const OverrideText& text) { result_.text = text; }

    Result<Overrides> read() {
        if (result_.text.json.empty()) return std::move(result_);
        const Json tables = Json::parse(result_.text.json, nullptr, /*allow_exceptions=*/false);
        if (!tables.is_object()) return wrongType("", "schema", "a table of tables");
        for (const auto& [name, settings] : tables.items()) {
            Status done = readTable(name, "/" + name, settings);
            if (!done) return done.error();
        }
        return std::move(result_);
    }

private:
    using Setting = std::pair<std::string, std::function<Status(const Json&, const std::string&)>>;

    Error wrongType(const std::string& place, const std::string& key, const std::string& wanted) const {
        return result_.error(place, "`" + key + "` must be " + wanted, "correct this line of the configuration");
    }

    /// Hands each key of an object to its setting.
    Status readSettings(const std::string& place, const std::string& of, const Json& object,
                        const std::vector<Setting>& settings) const {
        if (!object.is_object()) return wrongType(place, of, "a table of settings");
        for (const auto& [key, value] : object.items()) {
            const auto setting = std::find_if(settings.begin(), settings.end(),
                                              [&, name = key](const Setting& one) { return one.first == name; });
            if (setting == settings.end()) {
                std::vector<std::string> known;
                for (const Setting& one : settings) known.push_back(one.first);
                const std::string near = closest(key, known);
                return result_.error(place + "/" + key, "`" + key + "` is no setting of `" + of + "`",
                                     near.empty() ? "settings: " + join(known, ", ") : "did you mean " + near + "?");
            }
            Status done = setting->second(value, place + "/" + key);
            if (!done) return done;
        }
        return Ok{};
    }

    template <typename Into> Setting text(const char* key, Into& into) const {
        return {key, [this, key, &into](const Json& value, const std::string& place) -> Status {
                    if (!value.is_string() || value.get<std::string>().empty())
                        return wrongType(place, key, "a text");
                    into = value.get<std::string>();
                    return Ok{};
                }};
    }

    /// A text, or `false` for none.
    Setting textOrNone(const char* key, std::optional<std::string>& into) const {
        return {key, [this, key, &into](const Json& value, const std::string& place) -> Status {
                    if (value.is_string() && !value.get<std::string>().empty())
                        into = value.get<std::string>();
                    else if (value.is_boolean() && !value.get<bool>())
                        into = "";
                    else
                        return wrongType(place, key, "a text, or false for none");
                    return Ok{};
                }};
    }

    template <typename Into> Setting flag(const char* key, Into& into) const {
        return {key, [this, key, &into](const Json& value, const std::string& place) -> Status {
                    if (!value.is_boolean()) return wrongType(place, key, "true or false");
                    into = value.get<bool>();
                    return Ok{};
                }};
    }

    Setting number(const char* key, unsigned most, std::optional<unsigned>& into) const {
        return {key, [this, key, most, &into](const Json& value, const std::string& place) -> Status {
                    if (!value.is_number_unsigned() || value.get<uint64_t>() > most)
                        return wrongType(place, key, "a number from 0 to " + std::to_string(most));
                    into = static_cast<unsigned>(value.get<uint64_t>());
                    return Ok{};
                }};
    }

    Setting action(const char* key, std::optional<ReferenceAction>& into) const {
        return {key, [this, key, &into](const Json& value, const std::string& place) -> Status {
                    const std::string word = value.is_string() ? value.get<std::string>() : "";
                    for (const ReferenceAction action : {ReferenceAction::NoAction, ReferenceAction::Restrict,
                                                         ReferenceAction::Cascade, ReferenceAction::SetNull})
                        if (word == replaceAll(toLower(actionSql(action)), " ", "-")) into = action;
                    return into ? Status(Ok{})
                                : wrongType(place, key, "no-action, restrict, cascade or set-null");
                }};
    }

    /// Names of columns, alone or in lists of those that count together.
    Setting columnSets(const char* key, std::vector<std::vector<std::string>>& into) const {
        return {key, [this, key, &into](const Json& value, const std::string& place) -> Status {
                    const auto wrong = [&] { return wrongType(place, key, "a list of columns, or of lists of columns"); };
                    if (!value.is_array()) return wrong();
                    for (const Json& item : value) {
                        std::vector<std::string> set;
                        if (item.is_string()) set.push_back(item.get<std::string>());
                        else if (!texts(item, set) || set.empty()) return wrong();
                        into.push_back(std::move(set));
                    }
                    return Ok{};
                }};
    }

    static bool texts(const Json& list, std::vector<std::string>& into) {
        if (!list.is_array()) return false;
        for (const Json& item : list) {
            if (!item.is_string()) return false;
            into.push_back(item.get<std::string>());
        }
        return true;
    }

    Setting enumeration(ColumnOverride& column) const {
        return {"enumeration", [this, &column](const Json& value, const std::string& place) -> Status {
                    std::vector<std::string> words;
                    const bool isNone = value.is_boolean() && !value.get<bool>();
                    if (!isNone && !texts(value, words))
                        return wrongType(place, "enumeration", "a list of texts, or false for none");
                    column.enumeration = std::move(words);
                    return Ok{};
                }};
    }

    Setting defaultValue(ColumnOverride& column) const {
        return {"default", [this, &column](const Json& value, const std::string& place) -> Status {
                    if (value.is_boolean()) column.defaultValue = Value::boolean(value.get<bool>());
                    else if (value.is_number_integer()) column.defaultValue = Value::integer(value.get<int64_t>());
                    else if (value.is_number()) column.defaultValue = Value::floating(value.get<double>());
                    else if (value.is_string()) column.defaultValue = Value::string(value.get<std::string>());
                    else return wrongType(place, "default", "a text, a number, true or false");
                    return Ok{};
                }};
    }

    Status readTable(const std::string& name, const std::string& place, const Json& settings) {
        TableOverride table;
        table.table = name;
        table.place = place;
        Status done = readSettings(
            place, name, settings,
            {text("name", table.name), textOrNone("primary-key", table.primaryKey),
             columnSets("unique", table.uniques), columnSets("indexes", table.indexes),
             {"columns", [&](const Json& columns, const std::string& at) -> Status {
                  if (!columns.is_object()) return wrongType(at, "columns", "a table of columns");
                  for (const auto& [column, value] : columns.items()) {
                      Status read = readColumn(column, at + "/" + column, value, table.columns);
                      if (!read) return read;
                  }
                  return Ok{};
              }}});
        if (done) result_.tables.push_back(std::move(table));
        return done;
    }

    Status readColumn(const std::string& name, const std::string& place, const Json& settings,
                      std::vector<ColumnOverride>& columns) const {
        ColumnOverride column;
        column.column = name;
        column.place = place;
        std::optional<std::string> typeText;
        std::optional<unsigned> length, precision, scale;
        Status done = readSettings(
            place, name, settings,
            {text("name", column.name), text("type", typeText), flag("money", column.money),
             number("length", kMaxLength, length), number("precision", kMaxPrecision, precision),
             number("scale", kMaxScale, scale), flag("nullable", column.nullable), defaultValue(column),
             enumeration(column), flag("unique", column.unique), flag("index", column.index),
             textOrNone("references", column.references), flag("enforced", column.enforced),
             action("on-delete", column.onDelete), action("on-update", column.onUpdate)});
        if (!done) return done;
        const bool isSized = length || precision || scale;
        if (column.money && (typeText || isSized))
            return result_.error(place, "`money` chooses the type of `" + name + "` itself", "leave out the others");
        if (typeText || isSized) {
            Type type = {length ? TypeKind::Varchar : TypeKind::Numeric};
            if (typeText) {
                const std::optional<Type> named = typeNamed(*typeText);
                if (!named) {
                    std::vector<std::string> known;
                    for (const TypeKind kind : kTypes) known.push_back(plainName(kind));
                    const std::string near = closest(*typeText, known);
                    return result_.error(place + "/type", "`" + *typeText + "` is no type",
                                         near.empty() ? "types: " + join(known, ", ") : "did you mean " + near + "?");
                }
                type = *named;
            }
            if (length && type.kind == TypeKind::Text) type.kind = TypeKind::Varchar;
            if ((length && type.kind != TypeKind::Varchar) || ((precision || scale) && type.kind != TypeKind::Numeric))
                return result_.error(place, "the type of `" + name + "` has no such size",
                                     "`length` is for texts, `precision` and `scale` are for numeric");
            if (length) type.length = *length;
            if (precision) type.precision = *precision;
            if (scale) type.scale = *scale;
            if (scale && type.precision == 0) type.precision = kUsualPrecision;
            if (!isSound(type))
                return result_.error(place, "no database of the three has `" + toString(type) + "`",
                                     "varchar(1 to 16383), numeric(up to 65, up to 30)");
            column.type = type;
        }
        columns.push_back(std::move(column));
        return Ok{};
    }

    Overrides result_;
};

} // namespace

Error Overrides::error(const std::string& place, std::string message, std::string hint) const {
    // The nearest part around it that has a line.
    for (std::string at = place;; at.resize(at.rfind('/'))) {
        const auto line = text.lines.find(at);
        if (line != text.lines.end()) return {"config", std::move(message), text.path, line->second, std::move(hint)};
        if (at.find('/') == std::string::npos) return {"config", std::move(message), text.path, 0, std::move(hint)};
    }
}

Error Overrides::refusal(const std::string& place, std::string message) const {
    Error made = error(place, std::move(message), "change the data or the code, or leave this setting out");
    made.code = "override-refused";
    return made;
}

std::optional<Type> typeNamed(const std::string& text) {
    const std::string name(trim(text.substr(0, text.find('('))));
    std::vector<unsigned> sizes;
    if (!readSizes(trim(std::string_view(text).substr(std::min(text.find('('), text.size()))), sizes)) return std::nullopt;
    for (const TypeKind kind : kTypes) {
        if (plainName(kind) != toLower(name)) continue;
        Type type = {kind};
        if (kind == TypeKind::Varchar && sizes.size() == 1) {
            type.length = sizes[0];
        } else if (kind == TypeKind::Numeric && !sizes.empty() && sizes.size() <= 2) {
            type.precision = sizes[0];
            type.scale = sizes.size() == 2 ? sizes[1] : 0;
        } else if (!sizes.empty()) {
            return std::nullopt;
        }
        return type;
    }
    return std::nullopt;
}

Result<Overrides> readOverrides(const OverrideText& text) {
    return Reader(text).read();
}

} // namespace covet::schema
