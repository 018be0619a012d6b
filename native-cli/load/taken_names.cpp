#include "load/taken_names.h"

#include <map>

#include "schema/ddl.h"
#include "support/strings.h"

namespace covet::load {
namespace {

using schema::Dialect;

/// Name, what has it, the table that it belongs to ("" for none), and whether it is in the way of tables only.
/// MySQL: of references only; tables are in the catalogue, and indexes are named within their table.
const char* namesSql(Dialect dialect) {
    switch (dialect) {
    case Dialect::Postgres:
        return "SELECT c.relname::text, CASE c.relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' "
               "WHEN 'S' THEN 'a sequence' WHEN 'f' THEN 'a foreign table' WHEN 'c' THEN 'a composite type' "
               "WHEN 'i' THEN 'an index' WHEN 'I' THEN 'an index' ELSE 'a table' END, coalesce(t.relname::text, ''), '0' "
               "FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid "
               "WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) "
               // Tables have types of their own; those of arrays make room by themselves.
               "UNION ALL SELECT typname::text, 'a type', '', '1' FROM pg_type WHERE typrelid = 0 AND typelem = 0 AND "
               "typnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())";
    case Dialect::Sqlite:
        return "SELECT name, CASE type WHEN 'index' THEN 'an index' ELSE 'a ' || type END, "
               "CASE type WHEN 'index' THEN tbl_name ELSE '' END, '0' FROM sqlite_schema WHERE type <> 'trigger'";
    case Dialect::Mysql:
        return "SELECT constraint_name, 'a reference', table_name, '0' FROM information_schema.table_constraints "
               "WHERE constraint_schema = DATABASE() AND constraint_type = 'FOREIGN KEY'";
    }
    return "";
}

class NameCheck {
public:
    explicit NameCheck(Dialect dialect) : dialect_(dialect) {}

    Status read(database::Connection& connection, const std::set<std::string>& gone) {
        return connection.query(namesSql(dialect_), {}, [&](database::Row& row) {
            const std::string& table = row[2].text();
            if (gone.count(table) == 0)
                (row[3].text() == "1" ? types_ : names_)
                    .emplace(folded(row[0].text()), row[1].text() + (table.empty() ? "" : " of " + database::shown(table)));
            return true;
        });
    }

    Status check(const schema::Table& table) const {
        if (dialect_ == Dialect::Mysql) {
            for (const schema::ForeignKey& key : table.foreignKeys)
                if (key.enforced)
                    if (Status done = named(table, "fk", "a reference", key.columns); !done) return done;
            return Ok{};
        }
        for (const Names* names : {&names_, &types_})
            if (Status done = one(*names, table.name, "the table"); !done) return done;
        for (const schema::Index& index : table.indexes)
            if (Status done = named(table, "ix", "an index", index.columns); !done) return done;
        if (dialect_ == Dialect::Sqlite) return Ok{}; // its constraints are nowhere by name
        for (const std::vector<std::string>& columns : table.uniques)
            if (Status done = named(table, "uq", "a constraint", columns); !done) return done;
        return Ok{};
    }

private:
    using Names = std::map<std::string, std::string>; // what has it, by name

    std::string folded(const std::string& name) const { return dialect_ == Dialect::Sqlite ? toLower(name) : name; }

    Status named(const schema::Table& table, const char* prefix, const std::string& what,
                 const std::vector<std::string>& columns) const {
        return one(names_, schema::constraintName(prefix, table, columns), what + " of " + database::shown(table.name));
    }

    Status one(const Names& names, const std::string& name, const std::string& what) const {
        const auto found = names.find(folded(name));
        if (found == names.end()) return Ok{};
        return database::makeError(database::code::kConflict,
                                   "the database has " + found->second + " with the name " + database::shown(name) +
                                       ", which " + what + " is going to have",
                                   "rename or drop it, or use another database");
    }

    Dialect dialect_;
    Names names_, types_;
};

} // namespace

Status checkTakenNames(database::Connection& connection, const std::vector<const schema::Table*>& absent,
                       const std::set<std::string>& gone) {
    if (absent.empty()) return Ok{};
    NameCheck names(connection.dialect());
    if (Status done = names.read(connection, gone); !done) return done;
    for (const schema::Table* table : absent)
        if (Status done = names.check(*table); !done) return done;
    return Ok{};
}

} // namespace covet::load
