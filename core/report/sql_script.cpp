#include "covet/core.h"
#include "emit/insert.h"
#include "schema/ddl.h"

namespace covet {

std::string sqlScript(const Analysis& analysis, schema::Dialect dialect, bool withRows) {
    std::string text = schema::ddl(analysis.schema, dialect);
    if (!withRows) return text;
    for (const schema::Table& table : analysis.schema.tables)
        for (const schema::TableRows& rows : analysis.rows)
            if (rows.table == table.name && !rows.empty()) text += "\n" + emit::insertSql(table, rows, dialect);
    for (const schema::Table& table : analysis.schema.tables) text += emit::identitySql(table, dialect);
    return text;
}

} // namespace covet
