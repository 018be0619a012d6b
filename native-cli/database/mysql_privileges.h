#pragma once

#include <set>
#include <string>
#include <vector>

#include "database/connection.h"

namespace covet::database {

/// Privileges among `wanted` ("CREATE", "DROP", ...) that lines of SHOW GRANTS do not give for a database. None when
/// a line grants a role or something else that this reading does not follow.
std::vector<std::string> missingPrivileges(const std::vector<std::string>& grants, const std::string& database,
                                           const std::vector<std::string>& wanted);

/// Error when the user lacks what making, filling, renaming and taking back tables needs: MySQL would say so in the
/// middle of it only, when each table that has been made is there already.
Status checkMysqlPrivileges(Connection& connection);

} // namespace covet::database
