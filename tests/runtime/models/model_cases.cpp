/// Writes the generated models, SQL and rows of some small applications for check_models.py:
/// model_cases FOLDER. Each case becomes a folder with app.py, models.py, sqlite.sql, postgres.sql,
/// mysql.sql and stores.json.

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "emit/insert.h"
#include "emit/models.h"
#include "schema/ddl.h"
#include "schema/overridden.h"
#include "unit/schema_fixture.h"

namespace {

using covet::Value;
using covet::facts::Container;
using covet::facts::Element;
using covet::facts::FieldFact;
using covet::facts::Store;
using covet::testing::field;

struct Case {
    std::string name;
    std::string source; // app.py
    std::vector<Store> stores;
    std::string overrides = "";
};

Store store(const std::string& name, Container container, Element element = Element::Record) {
    Store made;
    made.id = "app:" + name;
    made.name = name;
    made.module = "app";
    made.container = container;
    made.element = element;
    made.idFollowsInsertion = true;
    return made;
}

Store open(Store made) {
    made.openShape = true;
    made.idFollowsInsertion = false;
    return made;
}

Store keyed(Store made, const std::string& keyName, const std::string& keyField = "") {
    made.keyName = keyName;
    made.keyField = keyField;
    return made;
}

Store instances(Store made, const std::string& className, std::vector<FieldFact> fields) {
    made.element = Element::Instance;
    made.elementClass = "app:" + className;
    made.fields = std::move(fields);
    return made;
}

const char* const kKinds = R"(
import datetime, decimal, uuid
UTC = datetime.timezone.utc
EAST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
things = [
    {"id": 1, "i": -2147483648, "big": 2**63 - 1, "huge": 2**70, "f": 0.1, "b": True, "s": "",
     "bytes": b"\x00\xff'", "d": datetime.date(2024, 2, 29), "t": datetime.time(23, 59, 59, 7),
     "naive": datetime.datetime(2024, 1, 2, 3, 4, 5), "utc": datetime.datetime(2024, 1, 2, tzinfo=UTC),
     "east": datetime.datetime(2024, 1, 2, 3, 4, 5, 6, EAST), "money": decimal.Decimal("1.50"),
     "anymoney": decimal.Decimal("1.5"), "delta": datetime.timedelta(days=-1, microseconds=3),
     "u": uuid.UUID("12345678-1234-5678-1234-567812345678"), "list": [1, [2.5, None], {"a": "b"}],
     "dict": {"z": 1, "a": {"k": [True]}}, "tuple": (1, (2,)), "set": {1}, "keys": {1: "a", None: 2},
     "mixed": 1, "number": 10, "nan": float("inf"), "nul": "a\0b", "none": None},
    {"id": 2, "i": 2147483647, "big": -2**63, "huge": -2**70, "f": 1e22, "b": False, "s": "h\u00e9'\"\\ \n\U0001F600",
     "bytes": b"", "d": datetime.date(1, 1, 1), "t": datetime.time(0, 0),
     "naive": datetime.datetime(1999, 12, 31, 23, 59, 59, 999999), "utc": datetime.datetime(1999, 1, 2, 3, 4, 5, 6, UTC),
     "east": datetime.datetime(2024, 1, 2, 3, 4, 5), "money": decimal.Decimal("-12.25"),
     "anymoney": decimal.Decimal("1.500"), "delta": datetime.timedelta(0),
     "u": uuid.UUID("00000000-0000-0000-0000-000000000000"), "list": [], "dict": {}, "tuple": (), "set": set(), "keys": {},
     "mixed": "1", "number": 10.5, "nan": -0.0, "nul": "\ud800", "none": None},
]
)";

const char* const kOdd = R"(
odd = [
    {"id": 1, "class": "a", "metadata": {"x": 1}, "Name": 1, "name": 2, "": 3, "with space": 4, "a-b": 5,
     'quo"te': 6, "x" * 200: 7, "ctid": 8, "position": 9, "extra": 10, "to_dict": 11, "__secret": 12, "self": 13,
     "registry": 14, "\u00e9t\u00e9": 15, "\u00c9t\u00c9": 16, "\u200b": 17, "2nd": 18, "date": 19, "list": [20], "str": "s",
     "a b": 21, "a_b": 22, "replace": 23, "Document": 24, "None": 25, "rowid": 26, "%s": 27, ":p": 28, 1: 29, "_fields": 30},
]
)";

const char* const kShapes = R"(
people = [
    {"id": 3, "name": "a", "nick": "x"},
    {"name": "b", "id": 1},
    {"id": 2, "name": "c", "nick": None},
    {"id": 5, "name": None},
]
events = [
    {"kind": "a", "payload": {"n": 1}},
    {"kind": 5, "other": [1, (2, 3)], "when": 1.5},
    {},
    {"when": 2, "kind": None, "payload": "text"},
    {"price": 100, "kind": "b"},
    {"price": 2.5},
]
)";

const char* const kDicts = R"(
users_db = {"zoe": {"email": "z@x", "age": 3}, "Adam": {"email": "a@x", "age": 1}, "adam": {"email": "b@x", "age": 2}}
items = {3: {"id": 3, "name": "c"}, 1: {"id": 1, "name": "a"}}
prices = {"a": 1.5, "b": 2.0}
carts = {"zoe": ["x", "y"], "bob": []}
mixed = {1: {"v": 1}, "1": {"v": 2}, (1, 2): {"v": 3}, 2.5: {"v": 5}}
names = ["b", "a", "b"]
tags = {"x", "y"}
pairs = {(1, "a"), (2, "b")}
counter = 41
limits = {"a": 1, "b": 2.5}
odd_values = [1, "1", None, [1], {"a": (1,)}, -0.0, 2**70, -2**63 - 1, 1e300, "1e3"]
)";

const char* const kObjects = R"(
import dataclasses, datetime, enum, typing

class Color(str, enum.Enum):
    RED = "red"

@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    y: int

@dataclasses.dataclass
class Shape:
    id: int
    name: str
    at: typing.Optional[Point] = None
    created: datetime.datetime = dataclasses.field(default_factory=datetime.datetime.now)
    def __post_init__(self):
        self.runs = 1

class Plain:
    def __init__(self, id, title):
        self.id = id
        self.title = title

class Row(typing.NamedTuple):
    id: int
    tags: tuple

shapes = [Shape(1, "s", Point(1, 2), datetime.datetime(2024, 1, 1)), Shape(2, "t", None, datetime.datetime(2024, 1, 2))]
plains = [Plain(1, "a"), Plain(2, "b")]
rows = [Row(1, (1, 2)), Row(2, ())]
)";

const char* const kDecided = R"(
orders = [{"id": 1, "code": "a", "total": 19.99, "tip": 2, "by": None},
          {"id": 2, "code": "b", "total": 10.0, "tip": 0.5, "by": 1},
          {"id": 3, "code": "c", "total": -0.01, "tip": None, "by": 2}]
)";
const char* const kDecisions = R"json({"orders": {"name": "sales", "primary-key": "code", "unique": ["id", ["id", "by"]],
    "columns": {"total": {"money": true}, "tip": {"type": "numeric(6,1)"}, "id": {"name": "class"},
                "by": {"references": "orders.id", "on-delete": "set-null"}}}})json";

/// Ints and floats in one exact column.
const char* const kNumbers = R"(
wallets = [{"id": i + 1, "balance": n} for i, n in enumerate(
    [0, 0.0, 1, 2.5, -3, -3.0, 5.0, 0.1, 123456789012345.75, 2**31, 2**63, 2**70, -0.0001, 10, 100, 100.0])]
)";
const char* const kExact = R"json({"wallets": {"columns": {"balance": {"type": "numeric"}}}})json";

/// Values that fit no type alone, and ids that repeat.
const char* const kUndecided = R"py(import datetime


class Part:
    def __init__(self, name, size):
        self.name = name
        self.size = size


things = [
    {"id": 1, "flag": True, "wide": 2**62 + 1, "nothing": None, "span": datetime.timedelta(1, 2, 3), "parts": [Part("a", 1), Part("b", 0.5)]},
    {"id": 1, "flag": 1, "wide": 0.5, "nothing": None, "span": datetime.timedelta(-1), "parts": []},
    {"id": 2, "flag": 0, "wide": -2**63, "nothing": None, "span": datetime.timedelta(0), "parts": [Part("", None)]},
    {"id": 3, "flag": False, "wide": 0.25, "nothing": None, "span": datetime.timedelta(microseconds=1), "parts": [[Part("c", (1,))]]},
]
)py";

std::vector<Case> cases() {
    std::vector<Case> all;
    all.push_back({"kinds", kKinds, {store("things", Container::List)}});
    all.push_back({"odd", kOdd, {open(store("odd", Container::List))}});
    all.push_back({"odd_closed", kOdd, {store("odd", Container::List)}});
    all.push_back({"undecided", kUndecided, {store("things", Container::List)}});
    all.push_back({"decided", kDecided, {store("orders", Container::List)}, kDecisions});
    all.push_back({"numbers", kNumbers, {store("wallets", Container::List)}, kExact});
    all.push_back({"shapes",
                   kShapes,
                   {store("people", Container::List), open(store("events", Container::List))}});
    Store items = keyed(store("items", Container::Dict), "item_id", "id");
    Store counter = store("counter", Container::Scalar, Element::Scalar);
    all.push_back({"dicts",
                   kDicts,
                   {keyed(store("users_db", Container::Dict), "username"), items,
                    keyed(store("prices", Container::Dict, Element::Scalar), "name"),
                    keyed(store("carts", Container::Dict, Element::Sequence), "username"),
                    keyed(store("mixed", Container::Dict), "key"),
                    store("names", Container::List, Element::Scalar),
                    store("tags", Container::Set, Element::Scalar),
                    store("pairs", Container::Set, Element::Scalar), counter,
                    keyed(store("limits", Container::Dict, Element::Scalar), "name"),
                    store("odd_values", Container::List, Element::Unknown)}});
    all.push_back({"objects",
                   kObjects,
                   {instances(store("shapes", Container::List), "Shape",
                              {field("id", "int"), field("name", "str"), field("at", "", true),
                               field("created", "datetime"), field("runs", "int")}),
                    instances(store("plains", Container::List), "Plain",
                              {field("id", ""), field("title", "")}),
                    instances(store("rows", Container::List), "Row",
                              {field("id", "int"), field("tags", "list")})}});
    return all;
}

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

const char* containerName(Container container) {
    switch (container) {
    case Container::Dict:
        return "dict";
    case Container::Set:
        return "set";
    case Container::Scalar:
        return "scalar";
    case Container::List:
        break;
    }
    return "list";
}

std::string describe(const covet::schema::Schema& schema, const std::vector<Store>& stores) {
    std::vector<Value> all;
    for (const Store& one : stores) {
        const covet::schema::Table& table = *schema.tableOfStore(one.id);
        const covet::schema::Column* key = table.columnOfRole(covet::schema::ColumnRole::Key);
        const bool single = table.columnOfRole(covet::schema::ColumnRole::Value) != nullptr;
        all.push_back(Value::dict(
            {{Value::string("name"), Value::string(one.name)},
             {Value::string("model"), Value::string(table.model)},
             {Value::string("container"), Value::string(containerName(one.container))},
             {Value::string("form"), Value::string(single                       ? "value"
                                                   : table.elementClass.empty() ? "record"
                                                                                : "object")},
             {Value::string("key"), Value::string(key ? key->attribute : "")},
             {Value::string("order"), Value::string(table.orderBy.empty() ? "" : table.column(table.orderBy[0])->attribute)}}));
    }
    return covet::toJson(Value::list(std::move(all))) + "\n";
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) return 1;
    for (Case& one : cases()) {
        const std::filesystem::path folder = std::filesystem::path(arguments[1]) / one.name;
        std::filesystem::create_directories(folder);
        for (Store& made : one.stores) {
            made.data = covet::testing::python(one.source, made.name);
            if (made.data->isOpaque()) {
                std::cerr << one.name << ": " << made.name << ": " << made.data->text() << "\n";
                return 1;
            }
        }
        const auto overrides = covet::schema::readOverrides({"", one.overrides, {}});
        const auto inferred = covet::schema::inferSchema(one.stores, covet::schema::Options(), *overrides);
        if (!inferred.ok()) {
            std::cerr << one.name << ": " << inferred.error().message << "\n";
            return 1;
        }
        const covet::schema::Schema& schema = *inferred;
        const auto rows = covet::schema::tableRows(schema, one.stores);
        write(folder / "app.py", one.source);
        write(folder / "models.py", covet::emit::modelsText(schema));
        write(folder / "stores.json", describe(schema, one.stores));
        for (const auto& [dialect, name] :
             {std::pair{covet::schema::Dialect::Sqlite, "sqlite.sql"},
              std::pair{covet::schema::Dialect::Postgres, "postgres.sql"},
              std::pair{covet::schema::Dialect::Mysql, "mysql.sql"}}) {
            std::string sql = covet::schema::ddl(schema, dialect, {covet::schema::routesTable()});
            for (size_t i = 0; i < schema.tables.size(); ++i)
                sql += covet::emit::insertSql(schema.tables[i], rows[i], dialect, 2) +
                       covet::emit::identitySql(schema.tables[i], dialect);
            write(folder / name, sql);
        }
    }
    return 0;
}
