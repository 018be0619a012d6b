#pragma once

#include "load/loader.h"
#include "load/table_writer.h"
#include "verify/row_digest.h"

namespace covet::load {

enum class TableState {
    Absent,
    Empty,
    Same,    // holds exactly the rows to load
    Occupied // holds other rows
};

/// What will be done to one table.
struct TablePlan {
    const schema::Table* table = nullptr;
    const schema::TableRows* rows = nullptr; // all that the project has
    TableState state = TableState::Absent;
    schema::Dialect dialect = schema::Dialect::Sqlite;
    bool isManifest = false; // covet_routes: replaced as a whole when it differs
    bool merges = false;     // only `inserts` and `updates` are written, not all rows
    schema::TableRows inserts, updates;
    uint64_t skipped = 0; // present, left as they are

    bool nothingToDo() const { return state == TableState::Same; }
    uint64_t insertCount() const {
        return nothingToDo() ? 0 : merges ? inserts.size() : rows->size();
    }
    /// Of the rows that the last insertReader() gave; null before it, while rows are merged, and where
    /// passwords are hashed.
    mutable std::shared_ptr<verify::RowDigest> digest;
    /// The rows to insert and those to update, with hashes for passwords; they must outlive the reader.
    std::unique_ptr<schema::RowReader> insertReader() const;
    std::unique_ptr<schema::RowReader> updateReader() const;
};

/// Compares one table with what the database holds (`connection` null: nothing) and decides. Error
/// "database-conflict" when the table exists with another structure, or with other rows and
/// `onConflict` is Fail. Changes nothing.
Result<TablePlan> planTable(database::Connection* connection, const database::Catalogue& catalogue,
                            const schema::Table& table, const schema::TableRows& rows, OnConflict onConflict,
                            bool isManifest);

} // namespace covet::load
