#include "load/routes.h"

#include <set>
#include <tuple>

namespace covet::load {

schema::Table manifestTable() {
    schema::Table table = schema::routesTable();
    table.orderBy.clear();
    return table;
}

std::vector<std::vector<Value>> routeRows(const schema::Table& table,
                                          const std::vector<facts::Route>& routes) {
    std::vector<std::vector<Value>> rows;
    std::set<std::tuple<std::string, std::string, std::string, uint32_t>> seen;
    for (const facts::Route& route : routes) {
        if (!seen.emplace(route.method, route.path, route.where.file, route.where.line).second)
            continue;
        std::vector<Value> row;
        for (const schema::Column& column : table.columns) {
            if (column.name == "method")
                row.push_back(Value::string(route.method));
            else if (column.name == "path")
                row.push_back(Value::string(route.path));
            else if (column.name == "handler")
                row.push_back(Value::string(route.handler));
            else if (column.name == "file")
                row.push_back(Value::string(route.where.file));
            else if (column.name == "line")
                row.push_back(Value::integer(route.where.line));
            else if (column.identity || column.role == schema::ColumnRole::Position ||
                     column.role == schema::ColumnRole::Surrogate)
                row.push_back(Value::integer(static_cast<int64_t>(rows.size()) + 1));
            else
                row.push_back(Value::null());
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace covet::load
