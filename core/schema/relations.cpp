#include "schema/relations.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_set>

#include "schema/key_hashes.h"
#include "schema/store_rows.h"
#include "schema/table_builder.h"
#include "support/strings.h"

namespace covet::schema {
namespace {

struct HashValue {
    size_t operator()(const Value& value) const { return value.hash(); }
};
using ValueSet = std::unordered_set<Value, HashValue>;

/// Fewer values may be among the keys of any table; more are texts rather than codes.
constexpr size_t kFewestCodes = 4;
constexpr size_t kMostCodes = 20000;
constexpr size_t kMostKeyCharacters = 255; // that every database takes into a key

/// A table that others may refer to, and what they would call it.
struct Target {
    const Table* table = nullptr; // nullptr: it has no key to refer to
    std::string key; // of the table, in snake case
    std::string byKey, byId; // "user_key" and "user_id"
    bool isPeople = false;
};

bool isOneOf(std::string_view word, std::initializer_list<const char*> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Target targetOf(const Table& table) {
    if (table.primaryKey.size() != 1) return {};
    const Column& key = *table.column(table.primaryKey[0]);
    if (key.role == ColumnRole::Surrogate) return {};
    Target target{&table, snakeCase(key.name), singular(table.name) + "_", "", false};
    target.byId = target.byKey + "id";
    target.byKey += target.key;
    target.isPeople = isOneOf(table.name, {"users", "accounts", "members", "people", "persons", "employees", "staff",
                                           "profiles"});
    return target;
}

/// Whether a column of this name refers to the key of a table.
bool isReferringName(const std::string& name, const Target& target, bool toItself) {
    if (name == target.byKey || name == target.byId) return true;
    const std::string& key = target.key;
    if (toItself) return name == "parent_" + key || name == "parent_id";
    // `orders.username` refers to `users` by a key of that name, but `orders.id` refers to nothing.
    return name == key && key != "id" && key != "key" && key != "name" && key.size() > 2;
}

/// How a column's name tells what it refers to.
enum class Clue {
    Name,   // `customer_id` of customers
    Suffix, // `billing_address_id` of addresses: what stands before the name is a role
    Role,   // `manager_id` of the table itself, `author_id` of the one table of people
    Values  // no name: codes that are all keys of one other table
};

/// Whether a name ends so, with a role before it.
bool endsWithName(const std::string& name, const std::string& ending) {
    return name.size() > ending.size() && name[name.size() - ending.size() - 1] == '_' && endsWith(name, ending);
}

/// The part of `author_id`, `author` or `created_by` that names a role; "" for other names. The key `employee_id` is
/// the `id` of employees.
std::string roleOf(const std::string& column, const Target& target) {
    if (isOneOf(column, {"created_by", "updated_by", "assigned_to", "reports_to", "reply_to"})) return column;
    const std::string suffix = "_" + (target.key == target.byId ? "id" : target.key);
    return endsWith(column, suffix) ? column.substr(0, column.size() - suffix.size()) : "";
}

bool isClue(Clue clue, const std::string& name, const Target& target, bool toItself) {
    if (clue == Clue::Name) return isReferringName(name, target, toItself);
    if (clue == Clue::Suffix) {
        // A key of more than one word, as `lead_emp_no` of `emp_no`, has the name of its table in it.
        const bool isWhole = target.key.find('_') != std::string::npos && endsWithName(name, target.key);
        return isWhole || endsWithName(name, target.byId) || endsWithName(name, target.byKey);
    }
    if (!toItself && !target.isPeople) return false;
    const std::string role = roleOf(name, target);
    // `invited_by_id`: somebody did it.
    if (target.isPeople && endsWithName(role, "by")) return true;
    if (toItself)
        return isOneOf(role, {"manager", "supervisor", "boss", "parent", "reports_to", "reply_to", "in_reply_to", "replies_to",
                              "mentor", "previous", "next", "predecessor", "successor", "replaces", "replaced_by", "supersedes",
                              "superseded_by", "reverses", "reversal_of", "corrects", "cancels", "duplicate_of", "copy_of",
                              "copied_from", "merged_into", "depends_on", "referrer"});
    return isOneOf(role, {"author", "owner", "creator", "created_by", "updated_by", "assigned_to",
                          "assignee", "reporter", "reviewer", "approver", "sender", "recipient",
                          "receiver", "seller", "buyer", "user", "member", "employee", "account",
                          "manager", "support_rep", "staff", "host", "guest", "teacher", "student",
                          "driver", "editor", "moderator", "reply_to", "follower", "followed", "followee", "inviter",
                          "invitee", "lead", "leader"});
}

bool sameFamily(const Column& left, const Column& right) {
    const auto family = [](const Column& column) {
        switch (column.type.kind) {
        case TypeKind::Integer:
        case TypeKind::BigInt:
            return 1;
        case TypeKind::Text:
        case TypeKind::Varchar:
            return column.pythonType == "str" ? 2 : 0;
        case TypeKind::Uuid:
            return 3;
        default:
            return 0;
        }
    };
    return !left.tagged && !right.tagged && family(left) != 0 && family(left) == family(right);
}

class Relations {
public:
    Relations(std::vector<Table>& tables, const std::vector<const facts::Store*>& stores)
        : tables_(tables), stores_(stores) {
        for (const Table& table : tables) targets_.push_back(targetOf(table));
    }

    void relate(size_t first) {
        for (size_t child = first; child < tables_.size(); ++child) {
            for (size_t at = 0; at < tables_[child].columns.size(); ++at)
                findTarget(child, at);
            for (const std::string& field : stores_[child]->filteredFields)
                if (const Column* column = tables_[child].columnOfField(field))
                    addIndex(child, *column, "handlers look records up by it");
            findPair(child);
        }
    }

private:
    void findTarget(size_t child, size_t at) {
        const Column& column = tables_[child].columns[at];
        if (column.role != ColumnRole::Field && column.role != ColumnRole::Key) return;
        const std::string name = snakeCase(column.name);
        for (const Clue clue : {Clue::Name, Clue::Suffix, Clue::Role}) {
            const auto refers = [&](size_t parent) {
                const Target& target = targets_[parent];
                return target.table && isClue(clue, name, target, child == parent) && relate(child, at, parent, clue);
            };
            // A role within the table itself is likelier than one of people.
            if (clue == Clue::Role && refers(child)) return;
            for (size_t parent = 0; parent < tables_.size(); ++parent)
                if ((clue != Clue::Role || child != parent) && refers(parent)) return;
        }
        if (const std::optional<size_t> parent = keysThatHold(child, column)) relate(child, at, *parent, Clue::Values);
    }

    /// The one table whose keys, all of them codes, hold every value of a column of codes.
    std::optional<size_t> keysThatHold(size_t child, const Column& column) const {
        const bool isText = (column.type.kind == TypeKind::Text || column.type.kind == TypeKind::Varchar) && column.pythonType == "str";
        if (!isText || column.role != ColumnRole::Field || isOnlyKey(tables_[child], column)) return std::nullopt;
        ValueSet values;
        for (const StoreRow& row : rowsOf(*stores_[child])) {
            const Value* value = valueOf(row, column);
            if (value && !value->isNull()) values.insert(*value);
            if (values.size() > kMostCodes) break;
        }
        if (values.size() < kFewestCodes || values.size() > kMostCodes) return std::nullopt;
        std::optional<size_t> found;
        for (size_t parent = 0; parent < tables_.size(); ++parent) {
            if (parent == child || !targets_[parent].table || !cannotBreak(*stores_[child], *stores_[parent])) continue;
            const Column& key = *tables_[parent].column(tables_[parent].primaryKey[0]);
            if (!sameFamily(column, key) || key.pythonType != "str") continue;
            size_t known = 0;
            for (const StoreRow& row : rowsOf(*stores_[parent]))
                if (const Value* value = valueOf(row, key)) known += values.count(*value);
            if (known != values.size()) continue;
            if (found) return std::nullopt; // either may be meant
            found = parent;
        }
        return found;
    }

    static bool isOnlyKey(const Table& table, const Column& column) {
        return table.primaryKey.size() == 1 && table.primaryKey[0] == column.name;
    }

    /// Two references, or a reference and the field after it, that tell the rows of a table apart which has no key
    /// of its own: records that nothing changes keep that.
    void findPair(size_t child) {
        Table& table = tables_[child];
        const facts::Store& store = *stores_[child];
        if (store.changed || store.openShape || isFilledByCode(store) || table.primaryKey.size() != 1 ||
            table.column(table.primaryKey[0])->role != ColumnRole::Surrogate || !table.uniques.empty())
            return;
        std::vector<const Column*> fields;
        for (const Column& column : table.columns)
            if (column.role == ColumnRole::Field) fields.push_back(&column);
        const auto refers = [&](const Column* column) {
            return std::any_of(table.foreignKeys.begin(), table.foreignKeys.end(),
                               [&](const ForeignKey& key) { return key.columns == std::vector<std::string>{column->name}; });
        };
        if (fields.size() < 2 || !refers(fields[0]) || fields[0]->nullable || fields[1]->nullable || !canBeKey(*fields[1]) ||
            fields[1]->tagged || fields[1]->pythonType == "float")
            return;
        size_t count = 0;
        for (const StoreRow& row : rowsOf(store)) {
            const Value* second = valueOf(row, *fields[1]);
            if (!valueOf(row, *fields[0]) || !second || codePointCount(second->text()) > kMostKeyCharacters) return;
            ++count;
        }
        const auto pairs = [&](const std::function<void(const Value&)>& take) {
            for (const StoreRow& row : rowsOf(store))
                take(Value::string(toPython(*valueOf(row, *fields[0])) + "," + toPython(*valueOf(row, *fields[1]))));
        };
        if (count < kFewestCodes || !allDifferent(pairs)) return;
        const std::vector<std::string> pair = {fields[0]->name, fields[1]->name};
        for (Column& column : table.columns)
            if (column.name == pair[0] || column.name == pair[1])
                column.evidence += "; unique together with `" + (column.name == pair[0] ? pair[1] : pair[0]) + "` in all " +
                                   std::to_string(count) + " rows";
        table.uniques.push_back(pair);
    }

    bool relate(size_t child, size_t at, size_t parent, Clue clue) {
        Column& column = tables_[child].columns[at];
        const Table& target = tables_[parent];
        const Column& key = *target.column(target.primaryKey[0]);
        if (child == parent && &key == &column) return false;
        if (clue == Clue::Name && isUntold(child, column)) takeType(column, key, target.name);
        if (!sameFamily(column, key)) return false;
        KeyHashes known;
        for (const StoreRow& row : rowsOf(*stores_[parent]))
            if (const Value* value = valueOf(row, key)) known.add(*value);
        known.finish();
        size_t values = 0;
        for (const StoreRow& row : rowsOf(*stores_[child])) {
            const Value* value = valueOf(row, column);
            if (!value || value->isNull()) continue;
            ++values;
            if (!known.has(*value)) {
                if (clue != Clue::Name) return false;
                addIndex(child, column,
                         "named like a key of `" + target.name +
                             "`, but rows refer to records that are not there");
                return true;
            }
        }
        if (values == 0) {
            if (clue != Clue::Name) return false;
            addIndex(child, column,
                     "named like a key of `" + target.name + "`; without rows nothing proves it");
            return true;
        }
        ForeignKey found;
        found.columns = {column.name};
        found.table = target.name;
        found.references = {key.name};
        found.enforced = cannotBreak(*stores_[child], *stores_[parent]);
        found.evidence = std::string(clue == Clue::Role     ? "by the role in its name"
                                     : clue == Clue::Values ? "by its values"
                                                            : "by name") +
                         ", and all " + std::to_string(values) + " values are there";
        if (!found.enforced)
            found.evidence +=
                "; not enforced, because the code may add and remove records without a look at it";
        column.type = key.type; // both sides must have one type
        addIndex(child, column, "refers to `" + target.name + "`");
        tables_[child].foreignKeys.push_back(std::move(found));
        return true;
    }

    /// Neither rows nor code tell the type of the column.
    bool isUntold(size_t child, const Column& column) const {
        if (column.type.kind != TypeKind::Json || column.role != ColumnRole::Field) return false;
        for (const facts::FieldFact& fact : stores_[child]->fields)
            if (fact.name == column.field && !fact.type.empty() && fact.type != "json")
                return false;
        for (const StoreRow& row : rowsOf(*stores_[child])) {
            const Value* value = valueOf(row, column);
            if (value && !value->isNull()) return false;
        }
        return true;
    }

    static void takeType(Column& column, const Column& key, const std::string& table) {
        if (!sameFamily(key, key)) return;
        column.type = key.type;
        column.pythonType = key.pythonType;
        column.tagged = false;
        column.evidence += "; typed like the key of `" + table +
                           "` by its name: narrower than what the code accepts";
    }

    /// The code neither adds or changes children nor removes parents.
    static bool cannotBreak(const facts::Store& child, const facts::Store& parent) {
        return !child.changed && !parent.changed && !isFilledByCode(child) &&
               !isFilledByCode(parent) && !child.openShape && !parent.openShape;
    }

    void addIndex(size_t table, const Column& column, std::string evidence) {
        if (!canBeKey(column) || column.unique) return;
        Table& target = tables_[table];
        if (target.primaryKey.size() == 1 && target.primaryKey[0] == column.name) return;
        for (const Index& index : target.indexes)
            if (index.columns == std::vector<std::string>{column.name}) return;
        target.indexes.push_back({{column.name}, false, std::move(evidence)});
    }

    std::vector<Table>& tables_;
    std::vector<Target> targets_; // the tables, in their order
    const std::vector<const facts::Store*>& stores_;
};

} // namespace

void relateTables(std::vector<Table>& tables, const std::vector<const facts::Store*>& stores, size_t first) {
    Relations(tables, stores).relate(first);
}

void sortByReferences(std::vector<Table>& tables) {
    std::vector<Table> sorted;
    std::set<std::string> placed;
    while (!tables.empty()) {
        auto next = std::find_if(tables.begin(), tables.end(), [&](const Table& table) {
            return std::all_of(
                table.foreignKeys.begin(), table.foreignKeys.end(), [&](const ForeignKey& key) {
                    return !key.enforced || key.table == table.name || placed.count(key.table) > 0;
                });
        });
        if (next == tables.end()) { // a circle: the first table goes first, without its references
            next = tables.begin();
            for (ForeignKey& key : next->foreignKeys)
                if (!placed.count(key.table) && key.table != next->name) {
                    key.enforced = false;
                    key.evidence += "; not enforced, because the tables refer to each other";
                }
        }
        placed.insert(next->name);
        sorted.push_back(std::move(*next));
        tables.erase(next);
    }
    tables = std::move(sorted);
}

} // namespace covet::schema
