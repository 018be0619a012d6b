#include "database/url.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "database/errors.h"
#include "support/strings.h"

namespace covet::database {
namespace {

constexpr const char* kForms = "use sqlite:///file.db, sqlite:////absolute/file.db, "
                               "postgresql://user@host:port/database or "
                               "mysql://user@host:port/database";

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percentDecoded(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
                            hexDigit(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string percentEncoded(std::string_view text, std::string_view keep = "-._~") {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || keep.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
    return out;
}

bool isSecretOption(std::string_view name) {
    const std::string lower = toLower(name);
    for (const char* part : {"password", "passwd", "pwd", "secret", "token"})
        if (lower.find(part) != std::string::npos) return true;
    return false;
}

const char* schemeOf(schema::Dialect dialect) {
    switch (dialect) {
    case schema::Dialect::Postgres:
        return "postgresql";
    case schema::Dialect::Mysql:
        return "mysql";
    case schema::Dialect::Sqlite:
        return "sqlite";
    }
    return "";
}

bool dialectOf(std::string_view scheme, schema::Dialect& dialect) {
    if (scheme == "sqlite" || scheme == "sqlite3")
        dialect = schema::Dialect::Sqlite;
    else if (scheme == "postgresql" || scheme == "postgres")
        dialect = schema::Dialect::Postgres;
    else if (scheme == "mysql" || scheme == "mariadb")
        dialect = schema::Dialect::Mysql;
    else
        return false;
    return true;
}

Error invalid(std::string message) {
    return makeError(code::kUrl, std::move(message), kForms);
}

std::string optionsText(const Url& url, bool redact) {
    std::string text;
    for (const auto& [name, value] : url.options) {
        text += text.empty() ? '?' : '&';
        text += percentEncoded(name) + "=";
        text += redact && isSecretOption(name) ? "***" : percentEncoded(value, "-._~/:,");
    }
    return text;
}

std::string spelled(const Url& url, bool redact) {
    std::string text = std::string(schemeOf(url.dialect)) + "://";
    if (url.dialect == schema::Dialect::Sqlite)
        return text + (url.isMemory() ? "" : "/" + url.database) + optionsText(url, redact);
    if (!url.user.empty() || url.password) {
        text += percentEncoded(url.user);
        if (url.password) text += ":" + (redact ? "***" : percentEncoded(*url.password));
        text += '@';
    }
    const bool isSixth = url.host.find(':') != std::string::npos;
    text += isSixth ? "[" + url.host + "]" : percentEncoded(url.host, "-._~,");
    if (url.port != 0) text += ":" + std::to_string(url.port);
    return text + "/" + percentEncoded(url.database) + optionsText(url, redact);
}

/// Position of the '?' before `name=`; people leave other question marks raw in passwords.
size_t optionsStart(std::string_view rest) {
    for (size_t mark = rest.find('?'); mark != std::string_view::npos;
         mark = rest.find('?', mark + 1)) {
        size_t end = mark + 1;
        while (end < rest.size() &&
               (std::isalnum(static_cast<unsigned char>(rest[end])) != 0 || rest[end] == '_' || rest[end] == '-'))
            ++end;
        if (end == rest.size() || (end > mark + 1 && rest[end] == '=')) return mark;
    }
    return std::string_view::npos;
}

Status parseHost(std::string_view authority, Url& url) {
    std::string_view port;
    if (startsWith(authority, "[")) {
        const size_t close = authority.find(']');
        if (close == std::string_view::npos) return invalid("the host's '[' is not closed");
        url.host = std::string(authority.substr(1, close - 1));
        port = authority.substr(close + 1);
        if (!port.empty() && port[0] != ':') return invalid("text after the host's ']'");
    } else {
        const size_t colon = authority.rfind(':');
        url.host = percentDecoded(authority.substr(0, colon));
        if (colon != std::string_view::npos) port = authority.substr(colon);
    }
    if (port.size() > 1) {
        port.remove_prefix(1);
        for (const char c : port)
            if (c < '0' || c > '9' || port.size() > 5) return invalid("the port is not a number");
        url.port = static_cast<unsigned>(std::stoul(std::string(port)));
        if (url.port == 0 || url.port > 65535) return invalid("the port is not in 1 to 65535");
    }
    return Ok{};
}

} // namespace

bool isThisMachine(std::string_view host) {
    const std::string name = toLower(host);
    return name.empty() || name[0] == '/' || name[0] == '@' || name == "localhost" ||
           startsWith(name, "127.") || name == "::1";
}

std::string Url::neutral() const {
    return spelled(*this, false);
}
std::string Url::redacted() const {
    return spelled(*this, true);
}

const std::string* Url::option(std::string_view name) const {
    for (const auto& [key, value] : options)
        if (key == name) return &value;
    return nullptr;
}

bool Url::isLocal() const {
    if (dialect == schema::Dialect::Sqlite) return true;
    const std::string* named = option("host");
    const std::string* address = option("hostaddr");
    // PostgreSQL takes several hosts, of which it may reach any.
    for (const std::string& name : split(named != nullptr ? *named : host, ','))
        if (!isThisMachine(name)) return false;
    return address == nullptr || isThisMachine(*address);
}

Url Url::within(const std::string& directory) const {
    Url resolved = *this;
    if (dialect != schema::Dialect::Sqlite || isMemory() || startsWith(database, "/"))
        return resolved;
    resolved.database =
        std::filesystem::absolute(std::filesystem::path(directory) / database).lexically_normal();
    return resolved;
}

Result<Url> parseUrl(std::string_view text) {
    Url url;
    const size_t mark = text.find("://");
    if (mark == std::string_view::npos) return invalid("this is not a database URL");
    const std::string scheme = toLower(text.substr(0, mark));
    const size_t plus = scheme.find('+');
    if (!dialectOf(std::string_view(scheme).substr(0, plus), url.dialect))
        return invalid("the URL's scheme is not a database that this tool knows");
    if (plus != std::string::npos) url.driver = scheme.substr(plus + 1);

    std::string_view rest = text.substr(mark + 3);
    if (rest.find('\0') != std::string_view::npos) return invalid("the URL contains a NUL");
    const size_t query = optionsStart(rest);
    const size_t at = rest.rfind('@', query);
    const bool hasUser = url.dialect != schema::Dialect::Sqlite && at != std::string_view::npos;
    if (query != std::string_view::npos) {
        for (const std::string& pair : split(rest.substr(query + 1), '&')) {
            if (pair.empty()) continue;
            const size_t equals = pair.find('=');
            const std::string value = equals == std::string::npos ? "" : pair.substr(equals + 1);
            url.options.emplace_back(percentDecoded(pair.substr(0, equals)), percentDecoded(value));
        }
        rest = rest.substr(0, query);
    }

    if (url.dialect == schema::Dialect::Sqlite) {
        if (!rest.empty() && rest[0] != '/')
            return invalid("a SQLite URL has three slashes before a relative path and four before "
                           "an absolute one");
        // Verbatim, as SQLAlchemy reads it: the application must find the same file.
        url.database = rest.empty() ? "" : std::string(rest.substr(1));
        if (url.database.empty()) url.database = ":memory:";
        return url;
    }

    if (hasUser) {
        const std::string_view login = rest.substr(0, at);
        const size_t colon = login.find(':');
        url.user = percentDecoded(login.substr(0, colon));
        if (colon != std::string_view::npos) url.password = percentDecoded(login.substr(colon + 1));
        rest.remove_prefix(at + 1);
    }
    const size_t slash = rest.find('/');
    if (Status host = parseHost(rest.substr(0, slash), url); !host) return host.error();
    if (slash != std::string_view::npos) url.database = percentDecoded(rest.substr(slash + 1));
    if (url.database.find('\0') != std::string::npos || url.user.find('\0') != std::string::npos)
        return invalid("the URL contains a NUL");
    const bool fromService =
        url.dialect == schema::Dialect::Postgres && url.option("service") != nullptr;
    if (url.database.empty() && !fromService) return invalid("the URL names no database");
    return url;
}

namespace {

constexpr size_t kShortSecret = 4; // bytes; such a text is in many words

/// Without the secret where a URL or a list of options has it: "user:SECRET@host", "name=SECRET".
std::string withoutShort(std::string text, const std::string& secret) {
    for (size_t at = text.find(secret); at != std::string::npos;) {
        const size_t end = at + secret.size();
        const char before = at > 0 ? text[at - 1] : ' ';
        const char after = end < text.size() ? text[end] : ' ';
        const bool isPassword = before == ':' && after == '@';
        const bool isOption = before == '=' && std::string_view("&;,)'\" \t\n").find(after) != std::string_view::npos;
        if (isPassword || isOption) text.replace(at, secret.size(), "***");
        at = text.find(secret, isPassword || isOption ? at + 3 : at + 1);
    }
    return text;
}

} // namespace

std::string withoutSecrets(std::string text, const Url& url) {
    std::vector<std::string> secrets;
    if (url.password) secrets.push_back(*url.password);
    for (const auto& [name, value] : url.options)
        if (isSecretOption(name)) secrets.push_back(value);
    for (const std::string& secret : secrets) {
        if (secret.empty()) continue;
        if (secret.size() < kShortSecret) {
            text = withoutShort(std::move(text), percentEncoded(secret));
            text = withoutShort(std::move(text), secret);
            continue;
        }
        text = replaceAll(std::move(text), percentEncoded(secret), "***");
        text = replaceAll(std::move(text), secret, "***");
    }
    return text;
}

const char* dialectName(schema::Dialect dialect) {
    switch (dialect) {
    case schema::Dialect::Postgres:
        return "PostgreSQL";
    case schema::Dialect::Mysql:
        return "MySQL";
    case schema::Dialect::Sqlite:
        return "SQLite";
    }
    return "";
}

} // namespace covet::database
