#include "database/mysql_connection.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <optional>

#include "database/connect_errors.h"
#include "database/mysql_statement.h"
#include "support/strings.h"

namespace covet::database {
namespace {

constexpr const char* kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";
constexpr unsigned kConnectSeconds = 10;
constexpr const char* kSession[] = {
    // An id of 0 is an id, not a request for a new one.
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'",
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
    "SET SESSION time_zone = '+00:00'",
    "SET SESSION lock_wait_timeout = 5",
    "SET SESSION innodb_lock_wait_timeout = 5",
    "SET SESSION autocommit = 1",
    // What an administrator may have set for applications: a load takes long, waits for its user, and
    // has to see all rows.
    "SET SESSION wait_timeout = 28800",
    "SET SESSION net_read_timeout = 600",
    "SET SESSION net_write_timeout = 600",
    "SET SESSION sql_select_limit = 18446744073709551615",
    "SET SESSION sql_safe_updates = 0",
    "SET SESSION sql_big_selects = 1",
    "SET SESSION innodb_strict_mode = 1",
    "SET SESSION unique_checks = 1",
};
constexpr const char* kMariadbSession[] = {
    "SET SESSION max_statement_time = 0",
    "SET SESSION idle_transaction_timeout = 0",
    "SET SESSION idle_write_transaction_timeout = 0",
};
constexpr const char* kMysql8Session[] = {
    "SET SESSION max_execution_time = 0",
    // Counters of yesterday otherwise.
    "SET SESSION information_schema_stats_expiry = 0",
};

const char* codeOf(unsigned number) {
    switch (number) {
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_LOCK_DEADLOCK:
        return code::kLocked;
    case ER_DBACCESS_DENIED_ERROR:
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_SPECIFIC_ACCESS_DENIED_ERROR:
    case ER_OPTION_PREVENTS_STATEMENT:
        return code::kPreflight;
    case ER_TABLE_EXISTS_ERROR:
    case ER_ROW_IS_REFERENCED:
    case ER_ROW_IS_REFERENCED_2:
        return code::kConflict;
    case ER_DUP_ENTRY:
    case ER_NO_REFERENCED_ROW_2:
    case ER_DATA_TOO_LONG:
    case ER_WARN_DATA_OUT_OF_RANGE:
    case ER_TRUNCATED_WRONG_VALUE:
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
    case ER_BAD_NULL_ERROR:
        return code::kData;
    case ER_QUERY_INTERRUPTED:
        return code::kCancelled;
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
        return code::kInputOutput;
    case ER_ACCESS_DENIED_ERROR:
    case ER_BAD_DB_ERROR:
    case ER_CON_COUNT_ERROR:
        return code::kConnection;
    default:
        return number >= CR_MIN_ERROR && number <= CR_MAX_ERROR ? code::kConnection
                                                                : code::kStatement;
    }
}

/// The message without values of rows: "Duplicate entry 'ann' for key" -> "Duplicate entry for
/// key".
std::string withoutValues(const std::string& message) {
    for (const char* mark : {"entry '", "value: '", "value '"}) {
        const size_t from = message.find(mark);
        const size_t to = message.find("' for ", from);
        if (from == std::string::npos || to == std::string::npos) continue;
        const size_t quote = message.find('\'', from);
        return std::string(trim(message.substr(0, quote))) + message.substr(to + 1);
    }
    return message;
}

bool isChange(const std::string& sql) {
    const std::string word = toLower(sql.substr(0, 6));
    return word == "insert" || word == "update" || word == "delete" || word == "load d";
}

/// "disabled", "preferred", "required", "verify-ca" or "verify-full" from the options of MySQL's
/// own tools and of PostgreSQL's spelling; "" when the URL says nothing.
std::string tlsMode(const Url& url) {
    for (const char* name : {"ssl-mode", "ssl_mode", "sslmode", "tls"})
        if (const std::string* value = url.option(name)) {
            const std::string mode = replaceAll(toLower(*value), "_", "-");
            if (mode == "disable" || mode == "false" || mode == "0") return "disabled";
            if (mode == "verify-identity") return "verify-full";
            if (mode == "require" || mode == "true" || mode == "1") return "required";
            return mode;
        }
    return "";
}

void setTls(MYSQL* session, const Url& url, const std::string& mode) {
    my_bool yes = 1;
    my_bool no = 0;
    const bool verify =
        mode == "verify-full" || mode == "verify-ca" || (mode.empty() && !url.isLocal());
    if (verify || mode == "required") mysql_optionsv(session, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_optionsv(session, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, verify ? &yes : &no);
    const std::string* authority = nullptr;
    for (const char* name : {"ssl_ca", "ssl-ca", "sslrootcert"})
        if (url.option(name) != nullptr) authority = url.option(name);
    if (authority != nullptr)
        mysql_optionsv(session, MYSQL_OPT_SSL_CA, authority->c_str());
    else if (verify && access(kSystemCertificates, R_OK) == 0)
        mysql_optionsv(session, MYSQL_OPT_SSL_CA, kSystemCertificates);
}

// Outside of loadLocal() a server that asks for a file gets none.
int openNothing(void** handle, const char*, void*) {
    *handle = nullptr;
    return 1;
}
int readNothing(void*, char*, unsigned) {
    return -1;
}
void closeNothing(void*) {}
int failNothing(void*, char* message, unsigned size) {
    std::snprintf(message, size, "no files are sent to the server");
    return CR_UNKNOWN_ERROR;
}

/// What the callbacks of one LOAD DATA share.
struct LocalData {
    const MysqlConnection::LoadSource& source;
    std::string buffer;
    size_t sent = 0;
    bool more = true;
    std::optional<Error> error;
};

int openData(void** handle, const char*, void* data) {
    *handle = data;
    return 0;
}
int readData(void* handle, char* out, unsigned size) {
    auto& data = *static_cast<LocalData*>(handle);
    while (data.sent == data.buffer.size() && data.more) {
        data.buffer.clear();
        data.sent = 0;
        const Result<bool> more = data.source(data.buffer);
        if (!more) {
            data.error = more.error();
            return -1;
        }
        data.more = *more;
    }
    const size_t count = std::min<size_t>(size, data.buffer.size() - data.sent);
    std::memcpy(out, data.buffer.data() + data.sent, count);
    data.sent += count;
    return static_cast<int>(count);
}
int failData(void*, char* message, unsigned size) {
    std::snprintf(message, size, "the rows were stopped");
    return CR_UNKNOWN_ERROR;
}

} // namespace

Result<std::unique_ptr<Connection>> MysqlConnection::open(const Url& url, Access access) {
    std::unique_ptr<MysqlConnection> made(new MysqlConnection);
    made->url_ = url;
    made->session_ = mysql_init(nullptr);
    if (made->session_ == nullptr) return makeError(code::kConnection, "MySQL: out of memory");
    mysql_optionsv(made->session_, MYSQL_OPT_CONNECT_TIMEOUT, &kConnectSeconds);
    mysql_optionsv(made->session_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    const unsigned localData = 1; // from memory only: see loadLocal()
    mysql_optionsv(made->session_, MYSQL_OPT_LOCAL_INFILE, &localData);
    mysql_set_local_infile_handler(made->session_, openNothing, readNothing, closeNothing,
                                   failNothing, nullptr);
    std::string password;
    bool hasPassword = url.password.has_value();
    if (hasPassword) {
        password = *url.password;
    } else if (const char* environment = std::getenv("MYSQL_PWD")) {
        password = environment;
        hasPassword = true;
    } else {
        mysql_optionsv(made->session_, MYSQL_READ_DEFAULT_GROUP, "client"); // ~/.my.cnf
    }
    const std::string mode = tlsMode(url);
    if (mode != "disabled") setTls(made->session_, url, mode);
    const std::string* socket = url.option("unix_socket");
    const unsigned overTcp = MYSQL_PROTOCOL_TCP; // "localhost" would mean the local socket
    if (socket == nullptr && !url.host.empty())
        mysql_optionsv(made->session_, MYSQL_OPT_PROTOCOL, &overTcp);
    const auto textOrNull = [](const std::string& text) {
        return text.empty() ? nullptr : text.c_str();
    };
    Url known = url;
    if (hasPassword) known.password = password;
    Refusal refusal;
    refusal.hasPassword = hasPassword;
    refusal.variable = "MYSQL_PWD";
    refusal.isVerified = !url.isLocal() && mode.empty();
    refusal.tlsOption = "ssl-mode=required";
    refusal.tlsOff = "ssl-mode=disabled";
    if (mysql_real_connect(made->session_, textOrNull(url.host), textOrNull(url.user),
                           hasPassword ? password.c_str() : nullptr, url.database.c_str(), url.port,
                           socket != nullptr ? socket->c_str() : nullptr, 0) == nullptr) {
        refusal.message = withoutSecrets(mysql_error(made->session_), known);
        refusal.number = mysql_errno(made->session_);
        return connectError("MySQL", refusal);
    }
    // The client's library asks for encryption, but goes on without it where the server has none.
    const bool wantsTls = mode == "required" || startsWith(mode, "verify") || (mode.empty() && !url.isLocal());
    if (wantsTls && socket == nullptr && mysql_get_ssl_cipher(made->session_) == nullptr) {
        refusal.message = "the server has no TLS";
        refusal.number = CR_SSL_CONNECTION_ERROR;
        return connectError("MySQL", refusal);
    }
    made->threadId_ = mysql_thread_id(made->session_);
    if (Status done = made->setUp(access); !done) return done.error();
    return std::unique_ptr<Connection>(std::move(made));
}

Status MysqlConnection::setUp(Access access) {
    server_.dialect = schema::Dialect::Mysql;
    server_.version = mysql_get_server_info(session_);
    // MariaDB 10 and later put "5.5.5-" before their version for old clients.
    std::string number = server_.version;
    server_.product = toLower(number).find("mariadb") != std::string::npos ? "MariaDB" : "MySQL";
    if (server_.product == "MariaDB" && startsWith(number, "5.5.5-")) number = number.substr(6);
    std::sscanf(number.c_str(), "%d.%d.%d", &server_.major, &server_.minor, &server_.patch);
    std::vector<const char*> settings(std::begin(kSession), std::end(kSession));
    if (server_.product == "MariaDB")
        settings.insert(settings.end(), std::begin(kMariadbSession), std::end(kMariadbSession));
    else if (server_.major >= 8)
        settings.insert(settings.end(), std::begin(kMysql8Session), std::end(kMysql8Session));
    for (const char* sql : settings)
        if (Status done = execute(sql, {}, nullptr); !done) return done;
    if (access == Access::ReadOnly)
        return execute("SET SESSION TRANSACTION READ ONLY", {}, nullptr);
    return Ok{};
}

MysqlConnection::~MysqlConnection() {
    mysql_close(session_);
}

Error MysqlConnection::failure(unsigned number, const std::string& message) const {
    // Engines and temporary files tell it in errors of many numbers.
    const bool noRoom = message.find("No space left on device") != std::string::npos ||
                        message.find("Errcode: 28") != std::string::npos || message.find("errno: 28") != std::string::npos;
    const char* errorCode = noRoom ? code::kInputOutput : codeOf(number);
    std::string hint;
    if (errorCode == code::kInputOutput)
        hint = "free some space on the server";
    else if (errorCode == code::kLocked)
        hint = "another session holds a lock on the table: end it and run again";
    else if (number == ER_NET_PACKET_TOO_LARGE || number == CR_NET_PACKET_TOO_LARGE)
        hint = "raise max_allowed_packet of the server above the size of the largest row";
    else if (errorCode == code::kPreflight)
        hint = "grant the user the privilege that is named";
    else if (errorCode == code::kConnection)
        hint = "nothing of an unfinished transaction was kept; run again";
    return makeError(errorCode,
                     "MySQL: " + withoutSecrets(withoutValues(message), url_) + " [" +
                         std::to_string(number) + "]",
                     hint);
}

Status MysqlConnection::failOnWarnings(const std::string& sql, unsigned count) {
    if (count == 0) return Ok{};
    std::string first;
    const char* errorCode = code::kData;
    const Status read = query("SHOW WARNINGS", {}, [&](Row& row) {
        if (row[0].text() == "Note" && !isChange(sql)) return true;
        if (row[1].text() == std::to_string(ER_QUERY_INTERRUPTED)) errorCode = code::kCancelled;
        if (first.empty()) first = row[2].text() + " [" + row[1].text() + "]";
        return true;
    });
    if (!read) return read;
    if (first.empty()) return Ok{};
    return makeError(errorCode, "MySQL: warning: " + withoutSecrets(withoutValues(first), url_));
}

Status MysqlConnection::execute(const std::string& sql, const Row& parameters, uint64_t* changed) {
    if (!parameters.empty()) {
        MysqlStatement statement(session_);
        if (!statement.prepare(sql) || !statement.execute(parameters))
            return failure(mysql_stmt_errno(statement.handle), mysql_stmt_error(statement.handle));
        if (changed != nullptr) *changed = mysql_stmt_affected_rows(statement.handle);
        return failOnWarnings(sql, mysql_warning_count(session_));
    }
    if (mysql_real_query(session_, sql.data(), sql.size()) != 0)
        return failure(mysql_errno(session_), mysql_error(session_));
    if (MYSQL_RES* result = mysql_store_result(session_)) mysql_free_result(result);
    if (mysql_errno(session_) != 0) return failure(mysql_errno(session_), mysql_error(session_));
    if (changed != nullptr) *changed = mysql_affected_rows(session_);
    return failOnWarnings(sql, mysql_warning_count(session_));
}

Result<bool> MysqlConnection::takesLocalData() {
    const Result<Value> allowed = single("SELECT @@global.local_infile");
    if (!allowed) return allowed.error();
    return allowed->text() == "1" || allowed->text() == "ON";
}

Status MysqlConnection::loadLocal(const std::string& sql, const LoadSource& source,
                                  uint64_t* changed) {
    LocalData data{source, "", 0, true, std::nullopt};
    mysql_set_local_infile_handler(session_, openData, readData, closeNothing, failData, &data);
    const bool failed = mysql_real_query(session_, sql.data(), sql.size()) != 0;
    const unsigned number = mysql_errno(session_);
    const std::string message = mysql_error(session_);
    mysql_set_local_infile_handler(session_, openNothing, readNothing, closeNothing, failNothing,
                                   nullptr);
    if (data.error) return *data.error;
    if (failed) return failure(number, message);
    if (changed != nullptr) *changed = mysql_affected_rows(session_);
    return failOnWarnings(sql, mysql_warning_count(session_));
}

Status MysqlConnection::query(const std::string& sql, const Row& parameters, const RowSink& sink) {
    MysqlStatement statement(session_);
    if (!statement.prepare(sql) || !statement.execute(parameters) || !statement.bindResult())
        return failure(mysql_stmt_errno(statement.handle), mysql_stmt_error(statement.handle));
    Row row;
    int more = 0;
    while ((more = statement.fetch(row)) == 1)
        if (!sink(row)) return Ok{}; // closing the statement throws the rest away
    if (more < 0)
        return failure(mysql_stmt_errno(statement.handle), mysql_stmt_error(statement.handle));
    return Ok{};
}

void MysqlConnection::rollback() {
    mysql_rollback(session_);
}

void MysqlConnection::cancel() {
    // The session itself is busy: another one tells the server.
    auto helper = open(url_, Access::ReadWrite);
    if (helper) (void)(*helper)->execute("KILL QUERY " + std::to_string(threadId_), {}, nullptr);
}

} // namespace covet::database
