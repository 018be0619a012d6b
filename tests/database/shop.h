#pragma once

#include <string>
#include <vector>

#include "load/loader.h"

namespace covet::test {

/// A column for hand-made schemas.
schema::Column column(const std::string& name, schema::Type type, const std::string& pythonType,
                      bool nullable = false);

/// Values in short.
Value text(std::string utf8);
Value number(int64_t value);
Value real(double value);
Value of(Value::Kind kind, std::string text);

/// Two related tables as the tool would make them: `customers` (identity, unique e-mail) and
/// `orders` (reference, JSON, position), with rows.
struct Shop {
    schema::Schema schema;
    std::vector<schema::TableRows> rows;
    std::vector<facts::Route> routes;
};
Shop shop();

/// One table `everything` with a column for each neutral type and rows at the edges of each, as
/// far as every database stores them; `dialect` adds what only some do.
Shop everything(schema::Dialect dialect);

} // namespace covet::test
