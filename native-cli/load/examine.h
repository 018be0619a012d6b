#pragma once

#include <map>
#include <string>
#include <vector>

#include "database/errors.h"
#include "schema/ddl.h"

namespace covet::load {

/// Why the value cannot be stored in the column so that the same value comes back; "" if it can.
/// Unknown (opaque) values are storable as NULL where the column allows it.
std::string objection(const Value& value, const schema::Column& column, bool inKey,
                      schema::Dialect dialect);

/// Examines every value of every row, and keys for duplicates, before anything is written. Error
/// "data-rejected" names table, key and column of the first objections, and the place of the table's rows in the
/// project where `places` has it. `notes` gets what people should know about data that is stored
/// ("users.joined: 3 values are not known ...").
Status examine(const schema::Schema& schema, const std::vector<schema::TableRows>& rows,
               schema::Dialect dialect, std::vector<std::string>& notes,
               const std::map<std::string, std::string>& places = {});

} // namespace covet::load
