#include "equivalence/starting_data.h"

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "catalog/json_access.h"
#include "catalog/target_profile.h"
#include "database/connection.h"
#include "load/loader.h"
#include "project/file_io.h"

namespace covet::cli {
namespace {

constexpr const char* kFile = "start.db";

Status dropAll(const database::Url& url) {
    Result<std::unique_ptr<database::Connection>> connection = database::connect(url);
    if (!connection) return connection.error();
    Result<std::vector<std::string>> tables = (*connection)->tables();
    if (!tables) return tables.error();
    const bool isMysql = url.dialect == schema::Dialect::Mysql;
    if (isMysql) {
        Status off = (*connection)->execute("SET FOREIGN_KEY_CHECKS = 0");
        if (!off) return off;
    }
    for (const std::string& table : *tables) {
        Status dropped = (*connection)->execute("DROP TABLE " + (*connection)->quoted(table) + (isMysql ? "" : " CASCADE"));
        if (!dropped) return dropped;
    }
    return Ok{};
}

} // namespace

Result<StartingData> StartingData::prepare(Sides& sides, const std::string& url) {
    StartingData data;
    data.url_ = url;
    if (!url.empty()) {
        Result<database::Url> parsed = database::parseUrl(url);
        if (!parsed) return parsed.error();
        if (parsed->dialect == schema::Dialect::Sqlite)
            return Error{"usage", "a temporary SQLite database is used anyway", "", 0,
                         "leave --url out, or name an empty PostgreSQL or MySQL database"};
        Result<std::unique_ptr<database::Connection>> connection = database::connect(*parsed);
        if (!connection) return connection.error();
        Result<std::vector<std::string>> tables = (*connection)->tables();
        if (!tables) return tables.error();
        if (!tables->empty())
            return Error{"database-conflict", fmt::format("the database of --url has tables: {}", tables->front()), "", 0,
                         "make an empty database for the test; everything in it is dropped afterwards"};
    }
    Status loaded = data.load(sides);
    if (!loaded) return loaded.error();
    return data;
}

Status StartingData::load(Sides& sides) {
    const std::string file = sides.workspace.path() + "/" + kFile;
    Result<database::Url> url = database::parseUrl(url_.empty() ? "sqlite:///" + file : url_);
    if (!url) return url.error();
    if (sides.analysis.schema.tables.empty()) return url_.empty() ? copyConfigured(sides) : Ok{};
    load::Request request;
    request.url = *url;
    request.projectDirectory = sides.workspace.path();
    request.schema = sides.analysis.schema;
    request.rows = sides.analysis.rows;
    request.routes = sides.analysis.routes;
    request.runId = "equivalence";
    Result<load::Outcome> outcome = load::migrate(std::move(request));
    if (!outcome) return outcome.error();
    isLoaded_ = true;
    return Ok{};
}

Status StartingData::copyConfigured(Sides& sides) {
    const Result<std::string> text = readWhole(sides.project + "/" + catalog::defaultTarget().configFile);
    if (!text) return Ok{};
    const catalog::Json config = catalog::parseJson(*text);
    const Result<database::Url> url = database::parseUrl(catalog::textOf(catalog::member(config, "database"), "url"));
    if (!url || url->dialect != schema::Dialect::Sqlite || url->isMemory()) return Ok{};
    const std::string file = url->within(sides.project).database;
    std::error_code problem;
    if (!std::filesystem::is_regular_file(file, problem)) return Ok{};
    // What a write-ahead log holds belongs to the database, too.
    for (const char* suffix : {"", "-wal"}) {
        if (!std::filesystem::is_regular_file(file + suffix, problem)) continue;
        const std::string copy = sides.workspace.path() + "/" + kFile + suffix;
        std::filesystem::copy_file(file + suffix, copy, std::filesystem::copy_options::overwrite_existing, problem);
        if (problem) return systemError(problem.value(), "copy the database", file);
    }
    isLoaded_ = true;
    return Ok{};
}

Result<std::string> StartingData::fresh(Sides& sides, const std::string& name) {
    if (!url_.empty()) {
        Status dropped = cleanUp();
        if (!dropped) return dropped.error();
        Status loaded = load(sides);
        if (!loaded) return loaded.error();
        return url_;
    }
    const std::string file = "runs/" + name + ".db";
    if (isLoaded_) {
        std::error_code problem;
        for (const std::string& suffix : {std::string(), std::string("-wal")}) {
            if (!std::filesystem::exists(sides.workspace.path() + "/" + kFile + suffix, problem)) continue;
            Status copied = sides.workspace.copy(kFile + suffix, file + suffix);
            if (!copied) return copied.error();
        }
    }
    return "sqlite:///" + sides.workspace.path() + "/" + file;
}

Status StartingData::cleanUp() {
    if (url_.empty()) return Ok{};
    Result<database::Url> url = database::parseUrl(url_);
    if (!url) return url.error();
    return dropAll(*url);
}

} // namespace covet::cli
