#include "database/postgres_session.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "support/strings.h"

namespace covet::database {
namespace {

constexpr const char* kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";

/// Keywords that libpq knows.
bool isKeyword(const std::string& name) {
    PQconninfoOption* defaults = PQconndefaults();
    bool known = false;
    for (const PQconninfoOption* option = defaults; option != nullptr && option->keyword != nullptr;
         ++option)
        known = known || name == option->keyword;
    PQconninfoFree(defaults);
    return known;
}

/// Whether the server is this machine, also when the URL leaves its name to PGHOST or to a service.
bool staysOnThisMachine(const Url& url) {
    if (!url.isLocal()) return false;
    if (!url.host.empty() || url.option("host") != nullptr) return true;
    const char* before = std::getenv("PGSERVICE");
    const std::optional<std::string> outer = before ? std::optional<std::string>(before) : std::nullopt;
    if (const std::string* service = url.option("service")) setenv("PGSERVICE", service->c_str(), 1);
    bool local = true;
    PQconninfoOption* defaults = PQconndefaults();
    for (const PQconninfoOption* option = defaults; option != nullptr && option->keyword != nullptr;
         ++option)
        if (option->val != nullptr && (std::strcmp(option->keyword, "host") == 0 ||
                                       std::strcmp(option->keyword, "hostaddr") == 0))
            for (const std::string& name : split(option->val, ','))
                local = local && isThisMachine(name);
    PQconninfoFree(defaults);
    if (url.option("service") != nullptr) {
        if (outer)
            setenv("PGSERVICE", outer->c_str(), 1);
        else
            unsetenv("PGSERVICE");
    }
    return local;
}

std::map<std::string, std::string> keywordsOf(const Url& url) {
    std::map<std::string, std::string> words;
    if (!url.host.empty()) words["host"] = url.host;
    if (url.port != 0) words["port"] = std::to_string(url.port);
    if (!url.user.empty()) words["user"] = url.user;
    if (url.password) words["password"] = *url.password;
    if (!url.database.empty()) words["dbname"] = url.database;
    words["application_name"] = "covetpy-migrate";
    words["connect_timeout"] = "10";
    for (const auto& [name, value] : url.options) {
        // asyncpg's name for it; options of other drivers mean nothing here.
        const std::string keyword = name == "ssl" ? "sslmode" : name;
        if (isKeyword(keyword)) words[keyword] = value;
    }
    if (!staysOnThisMachine(url) && words.count("sslmode") == 0 && std::getenv("PGSSLMODE") == nullptr) {
        words["sslmode"] = "verify-full";
        if (words.count("sslrootcert") == 0 && access(kSystemCertificates, R_OK) == 0)
            words["sslrootcert"] = kSystemCertificates;
    }
    return words;
}

constexpr std::chrono::seconds kMostWaiting(10);

/// Waits until the session's socket is ready; false when time is up.
bool waitForSocket(PGconn* session, bool forWriting, std::chrono::steady_clock::time_point end) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        if (left <= 0) return false;
        pollfd socket{PQsocket(session), static_cast<short>(forWriting ? POLLOUT : POLLIN), 0};
        const int ready = poll(&socket, 1, static_cast<int>(left));
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

/// A session whose message of a refusal has the SQLSTATE, which libpq gives in no other way. Of several hosts one that does
/// not answer is left by libpq's own waiting.
PGconn* connected(const char* const* names, const char* const* values, const std::map<std::string, std::string>& words) {
    const auto isMany = [&](const char* name) {
        const auto found = words.find(name);
        return found != words.end() && found->second.find(',') != std::string::npos;
    };
    if (isMany("host") || isMany("hostaddr") || words.count("service") || std::getenv("PGSERVICE")) return PQconnectdbParams(names, values, 0);
    const auto limit = words.find("connect_timeout");
    const int asked = limit == words.end() ? 0 : std::atoi(limit->second.c_str());
    const auto end = std::chrono::steady_clock::now() + (asked > 0 ? std::chrono::seconds(asked) : kMostWaiting);
    PGconn* session = PQconnectStartParams(names, values, 0);
    if (session == nullptr || PQstatus(session) == CONNECTION_BAD) return session;
    PQsetErrorVerbosity(session, PQERRORS_VERBOSE);
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
        if (!waitForSocket(session, next == PGRES_POLLING_WRITING, end)) {
            PQfinish(session);
            return nullptr; // no answer
        }
        next = PQconnectPoll(session);
    }
    PQsetErrorVerbosity(session, PQERRORS_DEFAULT);
    return session;
}

/// Takes "28P01: " and the lines about the server's source out of a verbose message.
std::string takeState(std::string& text) {
    std::string state, kept;
    for (const std::string& line : split(text, '\n')) {
        std::string shown = line;
        for (size_t at = 0; state.empty() && at + 9 <= line.size(); ++at) {
            const bool isState = line.compare(at, 2, "  ") == 0 && line.compare(at + 7, 2, ": ") == 0 &&
                                 std::all_of(line.begin() + static_cast<std::ptrdiff_t>(at) + 2, line.begin() + static_cast<std::ptrdiff_t>(at) + 7,
                                             [](unsigned char c) { return std::isdigit(c) || std::isupper(c); });
            if (!isState) continue;
            state = line.substr(at + 2, 5);
            shown.erase(at + 1, 8);
        }
        // After the state come lines with the place in the server's source.
        const bool isPlace = !state.empty() && shown == line && line.find(".c:") != std::string::npos;
        if (!isPlace && !line.empty()) kept += (kept.empty() ? "" : "\n") + shown;
    }
    text = std::move(kept);
    return state;
}

} // namespace

std::string oneLine(std::string text) {
    text = replaceAll(std::string(trim(text)), "\n", "; ");
    return replaceAll(std::move(text), "\t", " ");
}

PGconn* openSession(const Url& url, Refusal& refusal) {
    const std::map<std::string, std::string> words = keywordsOf(url);
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : words) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    PGconn* session = connected(names.data(), values.data(), words);
    if (PQstatus(session) == CONNECTION_OK) return session;
    std::string text = session != nullptr ? PQerrorMessage(session) : "the server did not answer in time";
    refusal.hasPassword = session == nullptr || PQconnectionNeedsPassword(session) == 0;
    refusal.variable = "PGPASSWORD";
    PQfinish(session);
    refusal.sqlState = takeState(text);
    refusal.message = withoutSecrets(oneLine(std::move(text)), url);
    const auto mode = words.find("sslmode");
    refusal.isVerified = mode != words.end() && mode->second == "verify-full" && url.option("sslmode") == nullptr;
    refusal.tlsOption = "sslmode=require";
    refusal.tlsOff = "sslmode=disable";
    return nullptr;
}

} // namespace covet::database
