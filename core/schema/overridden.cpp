#include "schema/overridden.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "schema/naming.h"
#include "schema/overridden_column.h"
#include "schema/relations.h"
#include "schema/store_rows.h"
#include "schema/table_builder.h"
#include "support/strings.h"
#include "support/suggest.h"

namespace covet::schema {
namespace {

struct HashValue {
    size_t operator()(const Value& value) const { return value.hash(); }
};

class OverriddenSchema {
public:
    OverriddenSchema(const std::vector<facts::Store>& stores, const Options& options, const Overrides& overrides)
        : stores_(stores), options_(options), overrides_(overrides) {}

    Result<Schema> make() {
        schema_ = inferSchema(stores_, options_);
        for (const auto step : {&OverriddenSchema::findTables, &OverriddenSchema::chooseKeys,
                                &OverriddenSchema::changeColumns, &OverriddenSchema::addKeys,
                                &OverriddenSchema::alignReferences, &OverriddenSchema::changeReferences,
                                &OverriddenSchema::rename}) {
            Status done = (this->*step)();
            if (!done) return done.error();
        }
        sortByReferences(schema_.tables);
        return std::move(schema_);
    }

private:
    Table& table(const std::string& name) const {
        return const_cast<Table&>(*schema_.table(name));
    }

    const facts::Store& storeOf(const Table& table) const {
        return *std::find_if(stores_.begin(), stores_.end(),
                             [&](const facts::Store& store) { return store.id == table.store; });
    }

    ColumnChange change(const TableOverride& said) {
        Table& target = table(names_.at(&said));
        return {target, storeOf(target), overrides_};
    }

    /// The table that a word of the configuration means; "" if none.
    std::string tableNamed(const std::string& word) const {
        if (const Table* found = schema_.table(word)) return found->name;
        std::vector<std::string> found;
        for (const facts::Store& store : stores_)
            if (store.name == word || store.id == word)
                for (const Table& candidate : schema_.tables)
                    if (candidate.store == store.id) found.push_back(candidate.name);
        return found.size() == 1 ? found[0] : "";
    }

    Error unknownTable(const std::string& word, const std::string& place) const {
        for (const facts::Store& store : stores_)
            if ((store.name == word || store.id == word) && !store.leftAlone.empty())
                return overrides_.error(place, "`" + word + "` gets no table: it stays as it is (" + store.leftAlone + ")",
                                        "leave its settings out");
        std::vector<std::string> known;
        for (const Table& candidate : schema_.tables) known.push_back(candidate.name);
        const std::string near = closest(word, known);
        return overrides_.error(place, "there is no table `" + word + "`",
                                near.empty() ? "tables: " + join(known, ", ") : "did you mean " + near + "?");
    }

    Status findTables() {
        std::set<std::string> seen;
        for (const TableOverride& said : overrides_.tables) {
            const std::string name = tableNamed(said.table);
            if (name.empty()) return unknownTable(said.table, said.place);
            if (table(name).store.empty())
                return overrides_.error(said.place, "`" + name + "` is a table of the tool's own", "leave its settings out");
            if (!seen.insert(name).second)
                return overrides_.error(said.place, "the table `" + name + "` is configured twice", "join the two");
            names_[&said] = name;
        }
        return Ok{};
    }

    Status chooseKeys() {
        Options options = options_;
        for (const TableOverride& said : overrides_.tables) {
            if (!said.primaryKey) continue;
            Status done = chooseKey(said, options);
            if (!done) return done;
        }
        if (options.keyFields.empty()) return Ok{};
        schema_ = inferSchema(stores_, options);
        for (const TableOverride& said : overrides_.tables) {
            if (!said.primaryKey || said.primaryKey->empty()) continue;
            const Table& target = table(names_[&said]);
            const Column* key = target.column(target.primaryKey[0]);
            if (key->name != *said.primaryKey && key->field != *said.primaryKey)
                return overrides_.refusal(said.place + "/primary-key",
                                          "`" + *said.primaryKey + "` cannot be the primary key of `" + target.name +
                                              "`: the code stores records without it");
        }
        return Ok{};
    }

    Status chooseKey(const TableOverride& said, Options& options) {
        const std::string place = said.place + "/primary-key";
        const Table& target = table(names_[&said]);
        const facts::Store& store = storeOf(target);
        const ColumnChange columns = change(said);
        const Column* column = said.primaryKey->empty() ? nullptr : columns.find(*said.primaryKey);
        if (!said.primaryKey->empty() && !column) return columns.unknownColumn(*said.primaryKey, place);
        if (column && target.primaryKey == std::vector<std::string>{column->name}) return Ok{};
        if (containerOf(store) != facts::Container::List || (column && column->role != ColumnRole::Field))
            return overrides_.refusal(place, "the code finds the records of `" + store.name + "` by `" +
                                                 join(target.primaryKey, ", ") + "`, which stays the primary key");
        if (column) {
            Status unique = provesKey(columns, *column, store, place);
            if (!unique) return unique;
        }
        options.keyFields[store.id] = column ? column->field : "";
        return Ok{};
    }

    Status provesKey(const ColumnChange& columns, const Column& column, const facts::Store& store,
                     const std::string& place) const {
        std::unordered_map<Value, size_t, HashValue> seen;
        size_t number = 0;
        for (const StoreRow& row : rowsOf(store)) {
            ++number;
            const Value* value = valueOf(row, column);
            const bool isKey = value && (value->kind() == Value::Kind::Int || value->kind() == Value::Kind::Str ||
                                         value->kind() == Value::Kind::Uuid || value->kind() == Value::Kind::Date);
            const std::string what = "`" + column.name + "` cannot be the primary key: ";
            if (!isKey)
                return overrides_.refusal(place, what + columns.shown(row, number) +
                                                     (value ? " has " + toPython(*value).substr(0, 60) : " lacks it"));
            const auto [first, isNew] = seen.emplace(*value, number);
            if (!isNew)
                return overrides_.refusal(place, what + "rows " + std::to_string(first->second) + " and " +
                                                     std::to_string(number) + " have " + toPython(*value).substr(0, 60));
        }
        return Ok{};
    }

    Status changeColumns() {
        for (const TableOverride& said : overrides_.tables) {
            ColumnChange columns = change(said);
            for (const ColumnOverride& one : said.columns) {
                Column* column = columns.find(one.column);
                if (!column) return columns.unknownColumn(one.column, one.place);
                Status done = columns.apply(*column, one);
                if (!done) return done;
                if (one.type || one.money) retyped_.insert(table(names_[&said]).name + "." + column->name);
            }
        }
        return Ok{};
    }

    /// What a user says about the type of a key holds for what was found to refer to it. What gets a type
    /// of its own does not refer any more.
    Status alignReferences() {
        for (Table& child : schema_.tables) {
            const auto isApart = [&](const ForeignKey& key) {
                const Column& column = *child.column(key.columns[0]);
                return retyped_.count(child.name + "." + column.name) > 0 &&
                       !isComparable(column, *table(key.table).column(key.references[0]));
            };
            child.foreignKeys.erase(std::remove_if(child.foreignKeys.begin(), child.foreignKeys.end(), isApart),
                                    child.foreignKeys.end());
            for (const ForeignKey& key : child.foreignKeys) {
                Status done = align(child, key.columns[0], key.table, *table(key.table).column(key.references[0]));
                if (!done) return done;
            }
        }
        return Ok{};
    }

    /// Whether a database can compare the two; the lengths of texts do not matter.
    static bool isComparable(const Column& left, const Column& right) {
        const auto isText = [](const Column& column) {
            return !column.tagged && (column.type.kind == TypeKind::Text || column.type.kind == TypeKind::Varchar);
        };
        return left.type == right.type || (isText(left) && isText(right));
    }

    Status align(Table& child, const std::string& name, const std::string& target, const Column& parent) {
        ColumnChange columns(child, storeOf(child), overrides_);
        Column& column = *columns.find(name);
        if (isComparable(column, parent)) return Ok{};
        const bool isSaid = retyped_.count(child.name + "." + name) > 0;
        std::string place;
        for (const TableOverride& said : overrides_.tables)
            if (names_[&said] == (isSaid ? child.name : target)) place = said.place;
        if (isSaid)
            return overrides_.refusal(place, "`" + child.name + "." + name + "` is " + toString(column.type) +
                                                 ", but refers to `" + target + "." + parent.name + "`, which is " +
                                                 toString(parent.type));
        return columns.retype(column, parent.type, place);
    }

    Status changeReferences() {
        for (const TableOverride& said : overrides_.tables)
            for (const ColumnOverride& one : said.columns) {
                Table& child = table(names_[&said]);
                Status done = changeReference(child, *change(said).find(one.column), one);
                if (!done) return done;
            }
        return Ok{};
    }

    Status changeReference(Table& child, Column& column, const ColumnOverride& said) {
        const auto isOurs = [&](const ForeignKey& key) { return key.columns == std::vector<std::string>{column.name}; };
        if (said.references) {
            child.foreignKeys.erase(std::remove_if(child.foreignKeys.begin(), child.foreignKeys.end(), isOurs),
                                    child.foreignKeys.end());
            note(column, said.references->empty() ? "refers to nothing" : "refers to " + *said.references);
            if (!said.references->empty()) {
                Status done = refer(child, column, *said.references, said.place + "/references");
                if (!done) return done;
            }
        }
        if (!said.enforced && !said.onDelete && !said.onUpdate) return Ok{};
        const auto key = std::find_if(child.foreignKeys.begin(), child.foreignKeys.end(), isOurs);
        if (key == child.foreignKeys.end())
            return overrides_.error(said.place, "`" + child.name + "." + column.name + "` refers to no table",
                                    "say with `references` what it refers to");
        if (said.enforced) key->enforced = *said.enforced;
        for (const auto& [action, into] : {std::pair(said.onDelete, &key->onDelete), std::pair(said.onUpdate, &key->onUpdate)}) {
            if (action == ReferenceAction::SetNull && !column.nullable)
                return overrides_.refusal(said.place, "`" + child.name + "." + column.name +
                                                          "` is NOT NULL, so that nothing can set it to NULL");
            if (action) *into = *action;
        }
        key->evidence += "; override: " + std::string(key->enforced ? "enforced" : "not enforced") + ", on delete " +
                         toLower(actionSql(key->onDelete)) + ", on update " + toLower(actionSql(key->onUpdate));
        return Ok{};
    }

    Status refer(Table& child, Column& column, const std::string& words, const std::string& place) {
        const size_t dot = words.rfind('.');
        std::string target = tableNamed(words), wanted;
        if (target.empty() && dot != std::string::npos) {
            target = tableNamed(words.substr(0, dot));
            wanted = words.substr(dot + 1);
        }
        if (target.empty()) return unknownTable(words, place);
        Table& parent = table(target);
        if (parent.store.empty()) return overrides_.error(place, "`" + target + "` is a table of the tool's own", "");
        const ColumnChange parents(parent, storeOf(parent), overrides_);
        if (wanted.empty()) wanted = parent.primaryKey[0];
        const Column* key = parents.find(wanted);
        if (!key) return parents.unknownColumn(wanted, place);
        if (!key->unique && parent.primaryKey != std::vector<std::string>{key->name})
            return overrides_.refusal(place, "`" + target + "." + key->name + "` is neither primary key nor unique");
        Status aligned = align(child, column.name, target, *key);
        if (!aligned) return aligned;
        std::unordered_set<Value, HashValue> known;
        for (const StoreRow& row : rowsOf(storeOf(parent)))
            if (const Value* value = valueOf(row, *key)) known.insert(*value);
        const ColumnChange children(child, storeOf(child), overrides_);
        size_t number = 0;
        for (const StoreRow& row : rowsOf(storeOf(child))) {
            ++number;
            const Value* value = valueOf(row, column);
            if (value && !value->isNull() && !known.count(*value))
                return overrides_.refusal(place, "`" + child.name + "." + column.name + "` does not refer to `" + target +
                                                     "`: " + children.shown(row, number) + " has " +
                                                     toPython(*value).substr(0, 60) + ", which is not there");
        }
        ForeignKey made;
        made.columns = {column.name};
        made.table = target;
        made.references = {key->name};
        made.evidence = "override";
        child.foreignKeys.push_back(std::move(made));
        children.addIndex({column.name});
        return Ok{};
    }

    Status addKeys() {
        for (const TableOverride& said : overrides_.tables) {
            ColumnChange columns = change(said);
            for (const std::vector<std::string>& set : said.uniques) {
                Status done = columns.makeUnique(set, said.place + "/unique");
                if (!done) return done;
            }
            for (const std::vector<std::string>& set : said.indexes) {
                std::vector<std::string> names;
                for (const std::string& word : set) {
                    const Column* column = columns.find(word);
                    if (!column) return columns.unknownColumn(word, said.place + "/indexes");
                    if (!canBeKey(*column) && column->type.kind == TypeKind::Json)
                        return overrides_.refusal(said.place + "/indexes", "`" + column->name + "` is json, which has no order");
                    names.push_back(column->name);
                }
                columns.addIndex(names);
            }
        }
        return Ok{};
    }

    Status rename() {
        for (const TableOverride& said : overrides_.tables)
            for (const ColumnOverride& one : said.columns)
                if (one.name) {
                    Status done = renameColumn(table(names_[&said]), *change(said).find(one.column), one);
                    if (!done) return done;
                }
        for (const TableOverride& said : overrides_.tables)
            if (said.name && *said.name != names_[&said]) {
                Status done = renameTable(table(names_[&said]), *said.name, said.place + "/name");
                if (!done) return done;
            }
        return Ok{};
    }

    Status renameColumn(Table& owner, Column& column, const ColumnOverride& said) {
        const std::string old = column.name;
        if (*said.name == old) return Ok{};
        const std::string place = said.place + "/name";
        if (!isColumnName(*said.name) || columnName(*said.name) != *said.name)
            return overrides_.error(place, "`" + *said.name + "` is no name for a column in all databases",
                                    "letters, digits and _");
        for (const Column& other : owner.columns)
            if (&other != &column && foldCase(other.name) == foldCase(*said.name))
                return overrides_.error(place, "`" + owner.name + "` already has a column `" + other.name + "`",
                                        "choose another name");
        column.name = *said.name;
        column.attribute = attributeName(column.name);
        const auto isTaken = [&](const Column& other) { return &other != &column && other.attribute == column.attribute; };
        while (std::any_of(owner.columns.begin(), owner.columns.end(), isTaken)) column.attribute += '_';
        note(column, "named " + column.name);
        const auto replace = [&](std::vector<std::string>& names) { std::replace(names.begin(), names.end(), old, column.name); };
        replace(owner.primaryKey);
        replace(owner.orderBy);
        for (std::vector<std::string>& set : owner.uniques) replace(set);
        for (Index& index : owner.indexes) replace(index.columns);
        for (ForeignKey& key : owner.foreignKeys) replace(key.columns);
        for (Table& other : schema_.tables)
            for (ForeignKey& key : other.foreignKeys)
                if (key.table == owner.name) replace(key.references);
        return Ok{};
    }

    Status renameTable(Table& target, const std::string& name, const std::string& place) {
        if (!isColumnName(name) || startsWith(name, "sqlite_") || startsWith(name, "covet_"))
            return overrides_.error(place, "`" + name + "` is no name for a table in all databases",
                                    "letters, digits and _; not sqlite_ or covet_ in front");
        std::set<std::string> models = options_.takenNames;
        for (const Table& other : schema_.tables) {
            if (&other == &target) continue;
            if (foldCase(other.name) == foldCase(name))
                return overrides_.error(place, "there already is a table `" + other.name + "`", "choose another name");
            models.insert(other.model);
        }
        for (Table& other : schema_.tables)
            for (ForeignKey& key : other.foreignKeys)
                if (key.table == target.name) key.table = name;
        for (auto& [said, current] : names_)
            if (current == target.name) current = name;
        target.name = name;
        target.model = modelName(name, models);
        return Ok{};
    }

    const std::vector<facts::Store>& stores_;
    const Options& options_;
    const Overrides& overrides_;
    Schema schema_;
    std::map<const TableOverride*, std::string> names_; // of their tables
    std::set<std::string> retyped_;                     // "table.column"
};

} // namespace

Result<Schema> inferSchema(const std::vector<facts::Store>& stores, const Options& options,
                           const Overrides& overrides) {
    return OverriddenSchema(stores, options, overrides).make();
}

} // namespace covet::schema
