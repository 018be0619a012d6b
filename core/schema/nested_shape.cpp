#include "schema/nested_shape.h"

#include <map>

#include "schema/column_type.h"
#include "schema/naming.h"

namespace covet::schema {
namespace {

using Kind = Value::Kind;

constexpr size_t kMaxFields = 60;

/// What elements of lists or values of dicts are.
struct Elements {
    size_t records = 0, lists = 0, others = 0, nulls = 0;
    ColumnEvidence scalars;

    void add(const Value& value) {
        records += value.kind() == Kind::Dict;
        lists += value.kind() == Kind::List;
        nulls += value.isNull();
        if (value.kind() == Kind::Dict || value.kind() == Kind::List) return;
        ++others;
        scalars.add(value);
    }
    size_t count() const { return records + lists + others; }
    /// "" when one table can hold them. Values of a dict have a row of their own each, with its key, so that one
    /// that is None is not lost beside records or lists.
    std::string obstacle(bool haveKeys) const {
        const size_t scalarCount = others - nulls;
        if ((records > 0) + (lists > 0) + (scalarCount > 0) > 1) return "their elements are of different kinds";
        if (nulls > 0 && records > 0 && !haveKeys) return "some of their elements are None, which no row of a record tells";
        if (nulls > 0 && lists > 0 && !haveKeys) return "some of their elements are None, which a table cannot tell from an empty list";
        if (scalarCount > 0 && decideType(scalars, nullptr, false).type.kind == TypeKind::Json)
            return "their elements are of different types, or of one that no column has";
        return "";
    }
};

class Shape {
public:
    void add(const Value* value) {
        if (!value) return;
        switch (value->kind()) {
        case Kind::Null:
            ++nulls_;
            break;
        case Kind::List: {
            ++lists_;
            ElementReader reader(*value);
            while (reader.next())
                items_.add(reader.content());
            break;
        }
        case Kind::Dict: {
            ++dicts_;
            ElementReader reader(*value);
            while (reader.next()) {
                if (reader.key()->kind() != Kind::Str) otherKeys_ = true;
                if (reader.key()->kind() == Kind::Str && keys_.size() <= kMaxFields) ++keys_[reader.key()->text()];
                values_.add(reader.content());
            }
            break;
        }
        default:
            other_ = other_.empty() ? kindName(value->kind()) : other_;
        }
    }

    /// `inRecord`: the values are a field of records, whose extra fields can tell that one is None.
    NestedShape decide(bool inRecord) const {
        if (!other_.empty()) return no("some values are of type " + other_);
        if (lists_ > 0 && dicts_ > 0) return no("lists and dicts");
        if (lists_ > 0) return list(inRecord);
        return dicts_ > 0 ? dict(inRecord) : no("no row shows what it holds");
    }

private:
    static NestedShape no(std::string reason) { return {Nesting::None, false, std::move(reason)}; }

    NestedShape list(bool inRecord) const {
        if (nulls_ > 0 && !inRecord) return no("some rows hold None, which a table of elements cannot tell from an empty list");
        if (items_.count() == 0) return no("all lists are empty, so that nothing tells what their elements are");
        const std::string obstacle = items_.obstacle(false);
        if (!obstacle.empty()) return no(obstacle);
        return {Nesting::Elements, nulls_ > 0, "elements of lists"};
    }

    /// The same keys in most dicts make columns; keys that come and go are data.
    bool hasFixedKeys() const {
        if (otherKeys_ || keys_.empty() || keys_.size() > kMaxFields) return false;
        NameScope scope;
        for (const auto& [key, count] : keys_)
            if (count * 2 < dicts_ || !isColumnName(key) || !scope.isFree(columnName(key)))
                return false;
            else
                scope.claim(columnName(key));
        return true;
    }

    NestedShape dict(bool inRecord) const {
        if (values_.count() == 0) return no("all dicts are empty, so that nothing tells their keys");
        if (hasFixedKeys()) return {Nesting::Record, false, "dicts with the same keys"};
        if (otherKeys_) return no("some keys are no texts");
        if (nulls_ > 0 && !inRecord) return no("some rows hold None, which a table of entries cannot tell from an empty dict");
        const std::string obstacle = values_.obstacle(true);
        if (!obstacle.empty()) return no("the keys differ, and " + obstacle);
        return {Nesting::Entries, nulls_ > 0, "entries of dicts whose keys differ"};
    }

    size_t nulls_ = 0, lists_ = 0, dicts_ = 0;
    bool otherKeys_ = false;
    std::string other_;
    Elements items_, values_;
    std::map<std::string, size_t> keys_;
};

} // namespace

NestedShape nestedShape(NestedReader& parents, const std::string& field) {
    Shape shape;
    while (parents.next()) {
        const Value& content = parents.content();
        shape.add(field.empty() ? &content : content.isRecord() ? content.find(field) : nullptr);
    }
    return shape.decide(!field.empty());
}

} // namespace covet::schema
