#include "schema/inference.h"

#include <algorithm>

#include "schema/naming.h"
#include "schema/relations.h"
#include "schema/table_builder.h"
#include "support/strings.h"

namespace covet::schema {
namespace {

using facts::Container;

/// The plain name, else the unshortened one, else one with the module's name in front.
std::string distinctTableName(const facts::Store& store, NameScope& scope) {
    const std::string plain = tableName(store);
    if (scope.isFree(plain)) return scope.claim(plain);
    const std::string whole = snakeCase(store.name);
    if (isPythonIdentifier(whole) && whole.size() <= 40 && scope.isFree(whole))
        return scope.claim(whole);
    const std::string module = snakeCase(store.module.substr(store.module.rfind('.') + 1));
    return scope.claim(module.empty() || module.size() > 20 ? plain : module + "_" + plain);
}

Column stateColumn(const char* name, TypeKind kind, const char* pythonType, ColumnRole role) {
    Column column;
    column.name = name;
    column.attribute = name;
    column.type.kind = kind;
    column.pythonType = pythonType;
    column.role = role;
    return column;
}

/// One row per store of a single value; several stores of one name carry their ids.
Table stateTable(const std::vector<const facts::Store*>& stores,
                 const std::set<std::string>& takenNames) {
    Table table;
    table.name = kStateTable;
    table.model = kStateModel;
    for (int number = 2; takenNames.count(table.model); ++number)
        table.model = kStateModel + std::to_string(number);
    Column name = stateColumn("name", TypeKind::Varchar, "str", ColumnRole::Key);
    name.type.length = 255;
    name.evidence = "primary key: the variable";
    Column value = stateColumn("value", TypeKind::Json, "object", ColumnRole::Value);
    value.tagged = true;
    value.nullable = true;
    value.evidence = "values of single variables that the application changes";
    table.columns = {std::move(name), std::move(value)};
    table.primaryKey = {"name"};
    for (const facts::Store* store : stores) {
        const auto same =
            std::count_if(stores.begin(), stores.end(),
                          [&](const facts::Store* other) { return other->name == store->name; });
        table.stateNames[store->id] = same > 1 ? store->id : store->name;
    }
    return table;
}

} // namespace

Schema inferSchema(const std::vector<facts::Store>& stores, const Options& options) {
    std::vector<Table> tables;
    std::vector<const facts::Store*> sources, scalars;
    NameScope names;
    std::set<std::string> models = options.takenNames;
    for (const facts::Store& store : stores) {
        if (!store.leftAlone.empty()) continue;
        if (store.container == Container::Scalar) {
            scalars.push_back(&store);
            continue;
        }
        Table table = buildTable(store, options);
        table.name = distinctTableName(store, names);
        table.model = modelName(table.name, models);
        models.insert(table.model);
        tables.push_back(std::move(table));
        sources.push_back(&store);
    }
    relateTables(tables, sources);
    sortByReferences(tables);
    for (const facts::Store& store : stores) // a row tells whether its first content has been made
        if (store.leftAlone.empty() && store.madeAtStart) scalars.push_back(&store);
    if (!scalars.empty()) tables.push_back(stateTable(scalars, models));
    return {std::move(tables)};
}

} // namespace covet::schema
