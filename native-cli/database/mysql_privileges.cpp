#include "database/mysql_privileges.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::database {
namespace {

/// Whether a name is what a pattern of a grant says: `_` one byte, `%` any, `\` in front of those that mean themselves.
bool matches(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return name.empty();
    if (pattern[0] == '%') {
        for (size_t skip = 0; skip <= name.size(); ++skip)
            if (matches(pattern.substr(1), name.substr(skip))) return true;
        return false;
    }
    if (name.empty()) return false;
    if (pattern[0] == '\\' && pattern.size() > 1)
        return pattern[1] == name[0] && matches(pattern.substr(2), name.substr(1));
    return (pattern[0] == '_' || pattern[0] == name[0]) && matches(pattern.substr(1), name.substr(1));
}

/// The text of a quoted name, or the word itself.
std::string unquoted(std::string_view name) {
    if (name.size() < 2 || name[0] != '`') return std::string(name);
    return replaceAll(std::string(name.substr(1, name.size() - 2)), "``", "`");
}

} // namespace

std::vector<std::string> missingPrivileges(const std::vector<std::string>& grants, const std::string& database,
                                           const std::vector<std::string>& wanted) {
    std::set<std::string> given;
    for (const std::string& grant : grants) {
        const size_t on = grant.find(" ON ");
        const size_t to = grant.find(" TO ", on == std::string::npos ? 0 : on);
        if (!startsWith(grant, "GRANT ") || to == std::string::npos) return {};
        if (on == std::string::npos) return {}; // a role
        const std::string object = grant.substr(on + 4, to - on - 4);
        const size_t dot = object.rfind(".*");
        if (dot == std::string::npos || dot + 2 != object.size()) return {}; // of single tables or routines
        const std::string pattern = unquoted(object.substr(0, dot));
        if (pattern != "*" && pattern != database && !matches(pattern, database)) continue;
        for (const std::string& privilege : split(grant.substr(6, on - 6), ','))
            given.insert(std::string(trim(privilege)));
    }
    std::vector<std::string> missing;
    if (given.count("ALL PRIVILEGES") || given.count("ALL")) return missing;
    for (const std::string& privilege : wanted)
        if (given.count(privilege) == 0) missing.push_back(privilege);
    return missing;
}

Status checkMysqlPrivileges(Connection& connection) {
    std::vector<std::string> grants;
    const Status read = connection.query("SHOW GRANTS", {}, [&](Row& row) {
        grants.push_back(row[0].text());
        return true;
    });
    if (!read) return Ok{}; // the server will tell
    const std::string& database = connection.url().database;
    const std::vector<std::string> missing =
        missingPrivileges(grants, database, {"SELECT", "INSERT", "CREATE", "ALTER", "DROP"});
    if (missing.empty()) return Ok{};
    return makeError(code::kPreflight, "the user lacks privileges on the database " + shown(database) + ": " + join(missing, ", "),
                     "GRANT " + join(missing, ", ") + " ON `" + database + "`.* TO the user");
}

} // namespace covet::database
