#include "database/connect_errors.h"

#include <errmsg.h>
#include <mysqld_error.h>

#include "database/errors.h"

namespace covet::database {
namespace {

enum class Cause { Login, NoDatabase, NoRight, NotFromHere, Tls, NoHost, NoAnswer, NoRoom, Starting };

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

Cause causeOfState(const Refusal& refusal) {
    const std::string_view state = refusal.sqlState;
    if (state == "28P01") return Cause::Login;
    if (state == "28000") return has(refusal.message, "pg_hba.conf") ? Cause::NotFromHere : Cause::Login;
    if (state == "3D000") return Cause::NoDatabase;
    if (state == "42501" || state == "55000") return Cause::NoRight;
    if (state == "53300") return Cause::NoRoom;
    if (state == "57P03") return Cause::Starting;
    return Cause::NoAnswer;
}

Cause causeOfNumber(unsigned number) {
    switch (number) {
    case ER_ACCESS_DENIED_ERROR:
    case ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
    case ER_ACCOUNT_HAS_BEEN_LOCKED:
    case ER_MUST_CHANGE_PASSWORD_LOGIN:
    case CR_AUTH_PLUGIN_CANNOT_LOAD:
        return Cause::Login;
    case ER_BAD_DB_ERROR:
        return Cause::NoDatabase;
    case ER_DBACCESS_DENIED_ERROR:
        return Cause::NoRight;
    case ER_HOST_NOT_PRIVILEGED:
    case ER_HOST_IS_BLOCKED:
        return Cause::NotFromHere;
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
        return Cause::NoRoom;
    case CR_SSL_CONNECTION_ERROR:
        return Cause::Tls;
    case CR_UNKNOWN_HOST:
        return Cause::NoHost;
    default:
        return Cause::NoAnswer;
    }
}

Cause causeOf(const Refusal& refusal) {
    if (!refusal.sqlState.empty()) return causeOfState(refusal);
    if (refusal.number != 0) {
        // Some clients only say why in words.
        const Cause cause = causeOfNumber(refusal.number);
        return cause == Cause::NoAnswer && has(refusal.message, "Unknown server host") ? Cause::NoHost : cause;
    }
    if (has(refusal.message, "could not translate host name")) return Cause::NoHost;
    if (has(refusal.message, "no password supplied")) return Cause::Login;
    if (has(refusal.message, "SSL") || has(refusal.message, "certificate")) return Cause::Tls;
    return Cause::NoAnswer;
}

} // namespace

Error connectError(const char* product, const Refusal& refusal) {
    const std::string start = std::string(product) + ": ";
    const std::string lessTls = "?" + std::string(refusal.tlsOption) + " at the end of the URL asks for encryption without a check, ?" +
                                std::string(refusal.tlsOff) + " for none";
    const std::string verified = refusal.isVerified ? "; servers on other machines are reached with verified TLS: " + lessTls : "";
    switch (causeOf(refusal)) {
    case Cause::Login:
        if (!refusal.hasPassword)
            return makeError(code::kLogin, start + "the server wants a password: " + refusal.message,
                             "name the database with --url and its password, or put the password into " + std::string(refusal.variable) +
                                 "; records of runs keep none");
        return makeError(code::kLogin, start + "the server refuses the login: " + refusal.message,
                         "check user and password; @ : / in a password are written %40 %3A %2F in a URL");
    case Cause::NoDatabase:
        return makeError(code::kLogin, start + "there is no such database: " + refusal.message,
                         "create it, or name the one that is there at the end of the URL");
    case Cause::NoRight:
        return makeError(code::kLogin, start + "the user may not use the database: " + refusal.message,
                         "let an administrator grant it, or check the database in the URL");
    case Cause::NotFromHere:
        return makeError(code::kLogin, start + "the server takes no such login from this machine: " + refusal.message,
                         "let an administrator allow the user, the database and this address; a server that wants TLS is asked for it "
                         "with ?" + std::string(refusal.tlsOption));
    case Cause::Tls:
        return makeError(code::kLogin, start + "no connection with the TLS that was asked for: " + refusal.message,
                         (refusal.isVerified ? "servers on other machines are reached with verified TLS; " : "") + lessTls);
    case Cause::NoHost:
        return makeError(code::kLogin, start + "the host is not known: " + refusal.message, "check the host in the URL" + verified);
    case Cause::NoRoom:
        return makeError(code::kConnection, start + "the server has no connection left: " + refusal.message,
                         "end sessions that nobody needs, or raise the server's limit, and run again");
    case Cause::Starting:
        return makeError(code::kConnection, start + "the server is not ready: " + refusal.message, "run again in a moment");
    case Cause::NoAnswer:
        break;
    }
    return makeError(code::kConnection, start + "cannot connect: " + refusal.message,
                     "check that the server runs and that host and port are right" + verified);
}

} // namespace covet::database
