#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/ddl.h"
#include "support/result.h"

namespace covet::database {

/// A database URL, parsed: `sqlite:///relative.db`, `sqlite:////absolute.db`,
/// `postgresql://user:password@host:port/database?option=value`, `mysql://...`.
///
/// Aliases (`postgres`, `mariadb`, `sqlite3`) and driver suffixes (`postgresql+asyncpg`) are
/// accepted and normalised away; every part is percent-decoded.
struct Url {
    schema::Dialect dialect = schema::Dialect::Sqlite;
    std::string driver; // "asyncpg" as written after '+', "" without
    std::string user;
    std::optional<std::string> password;
    std::string host;     // "" = the driver's default (a local socket)
    unsigned port = 0;    // 0 = the driver's default
    std::string database; // name; for SQLite the file's path, ":memory:" for none
    std::vector<std::pair<std::string, std::string>> options;

    /// The neutral form that configuration files carry, password included.
    std::string neutral() const;
    /// The neutral form with `***` for the password and for options that carry secrets.
    std::string redacted() const;
    /// First option of the name; nullptr if there is none.
    const std::string* option(std::string_view name) const;
    /// Whether the server is this machine (loopback address, socket or file).
    bool isLocal() const;
    bool isMemory() const { return dialect == schema::Dialect::Sqlite && database == ":memory:"; }
    /// SQLite: the URL with its relative path made relative to `directory`. Others: unchanged.
    Url within(const std::string& directory) const;
};

/// Whether a host's name or address, or a socket's folder, is of this machine; "" is a local socket.
bool isThisMachine(std::string_view host);

/// Parses a neutral or driver URL. The database may be missing where a PostgreSQL `service` names it. Error "url-invalid" (usage); the message never repeats the
/// text, which may hold a password.
Result<Url> parseUrl(std::string_view text);

/// `text` with every occurrence of the URL's secrets (plain and percent-encoded) as `***`; for messages of client
/// libraries. Secrets of one to three bytes, which are a part of many words, only where a URL or an option has them.
std::string withoutSecrets(std::string text, const Url& url);

/// "PostgreSQL", "MySQL", "SQLite".
const char* dialectName(schema::Dialect dialect);

} // namespace covet::database
