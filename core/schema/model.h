#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/value.h"

namespace covet::schema {

/// Neutral column types; the report's JSON prints them as in toString().
enum class TypeKind {
    Integer,
    BigInt,
    Float,
    Numeric,
    Boolean,
    Text,
    Varchar,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Json,
    Bytes
};

struct Type {
    TypeKind kind = TypeKind::Text;
    unsigned length = 0;    // Varchar: code points
    unsigned precision = 0; // Numeric
    unsigned scale = 0;     // Numeric
    bool operator==(const Type&) const = default;
};

/// "integer", "numeric(10,2)", "varchar(255)", ...
std::string toString(const Type& type);

/// What a column is for. Hidden columns are not part of what the application answers.
enum class ColumnRole {
    Field,     // a key of the record
    Key,       // the dict key, when records do not hold it (hidden from to_dict)
    Surrogate, // made-up primary key of records without one (hidden)
    Position,  // insertion order (hidden)
    Extra,     // JSON document of keys that no column holds, and of presence (hidden)
    Value,     // the scalar of a store of scalars
    ParentKey  // reference to the owning row of a child table (hidden)
};

struct Column {
    std::string name;      // in the database
    std::string attribute; // of the Python model; equals `name` unless that is a keyword or taken
    std::string field;     // key in the record, "" for hidden columns
    Type type;
    ColumnRole role = ColumnRole::Field;
    /// Type of the application's values: "int", "float", "number" (one of these), "str", "bool", "Decimal", "datetime",
    /// "date", "time", "UUID", "bytes"; "object" for anything.
    std::string pythonType;
    /// Json, or text of a key: values that JSON does not know are written as tagged objects
    /// (schema/document.h).
    bool tagged = false;
    bool nullable = false;
    /// Some records do not have this key at all; the model then remembers presence in Extra.
    bool optional = false;
    bool unique = false;
    bool identity = false; // the database makes the value
    bool isPassword = false; // texts are hashed when the rows are loaded
    std::optional<Value> defaultValue;
    std::vector<std::string> enumeration; // allowed texts, advisory
    std::string evidence;                 // why it looks like this, for people
};

/// What a database does with the rows that refer to one that goes or changes its key.
enum class ReferenceAction { NoAction, Restrict, Cascade, SetNull };

/// "NO ACTION", "RESTRICT", "CASCADE", "SET NULL".
const char* actionSql(ReferenceAction action);

struct ForeignKey {
    std::vector<std::string> columns;
    std::string table;
    std::vector<std::string> references;
    /// The database enforces it. A relation that all rows keep but the code may break is only told,
    /// so that requests the application accepted are still accepted.
    bool enforced = true;
    std::string evidence;
    ReferenceAction onDelete = ReferenceAction::NoAction;
    ReferenceAction onUpdate = ReferenceAction::NoAction;
};

struct Index {
    std::vector<std::string> columns;
    bool unique = false;
    std::string evidence;
};

/// One store of the application as a table.
struct Table {
    std::string name;         // in the database
    std::string model;        // Python class of the ORM model
    std::string store;        // id of the StoreFact it came from
    std::string elementClass; // "module:Class" of the application's records ("" = plain dict)
    bool openShape = false;   // records may hold keys that no column has
    /// The document of extra fields also names the class of records that are objects.
    bool mixedClasses = false;
    std::vector<Column> columns;
    std::vector<std::string> primaryKey;
    std::vector<std::vector<std::string>> uniques;
    std::vector<ForeignKey> foreignKeys;
    std::vector<Index> indexes;
    /// Columns that give the store's order: {"position"} or the primary key.
    std::vector<std::string> orderBy;
    /// Next value for an identity column, past the highest id ever used (0 = no identity).
    int64_t identityStart = 0;
    /// Scalar stores of the state table: store id -> value of its `name` column.
    std::map<std::string, std::string> stateNames;

    const Column* column(std::string_view columnName) const;
    const Column* columnOfField(std::string_view fieldName) const;
    const Column* columnOfRole(ColumnRole role) const;
};

struct Schema {
    std::vector<Table> tables; // parents before children where references allow

    const Table* table(std::string_view tableName) const;
    /// The table of a store; for a scalar the table of state, see Table::stateNames.
    const Table* tableOfStore(std::string_view storeId) const;
};

/// One Value per column of Table::columns.
using RowValues = std::vector<Value>;

/// Reads rows one after the other.
class RowReader {
public:
    virtual ~RowReader() = default;
    /// The next row, valid until the next call; null at the end.
    virtual const RowValues* next() = 0;
};

/// Rows that are made when they are read.
class RowSource {
public:
    virtual ~RowSource() = default;
    virtual size_t size() const = 0;
    virtual std::unique_ptr<RowReader> read() const = 0;
};

/// Reads rows that somebody holds and that outlive the reader.
std::unique_ptr<RowReader> readHeld(const std::vector<RowValues>& rows);

/// Rows of one table, in load order. Large stores come from a `source` and are never held whole;
/// `rows` is empty then.
struct TableRows {
    std::string table;
    std::vector<RowValues> rows;
    std::shared_ptr<const RowSource> source;

    size_t size() const { return source ? source->size() : rows.size(); }
    bool empty() const { return size() == 0; }
    /// The rows must outlive the reader.
    std::unique_ptr<RowReader> read() const;
};

} // namespace covet::schema
