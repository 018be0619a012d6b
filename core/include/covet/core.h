#pragma once

/// The public API of the core: a set of files in, one ledger and the new files out.
///
/// Pure: no file system, clock, environment, network or threads. Hosts (native CLI, WebAssembly,
/// tests) hand over bytes and render what comes back.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "rules/finding.h"
#include "schema/ddl.h"
#include "schema/model.h"
#include "schema/overrides.h"
#include "support/result.h"
#include "support/shared_text.h"

namespace covet {

struct InputFile {
    std::string path; // relative to the project, '/' separators
    SharedText bytes;
};

/// What the host found about a file it did not hand over.
struct SkippedFile {
    std::string path;
    std::string reason; // code: "too-large", "unreadable", "symlink-loop"
    std::string message;
};

/// Which findings are wanted and which changes are taken.
///
/// A selector is the id of a rule ("COV202"), its name ("store-use"), the start of ids ("COV2") or "ALL".
/// The longer one wins; between equals, `ignore`. Changes that only work together are taken or left
/// together (Finding::group): who rejects one leaves the others, too.
struct Selection {
    std::vector<std::string> select; // empty = all
    std::vector<std::string> ignore;
    std::map<std::string, std::vector<std::string>> fileIgnores; // path -> selectors
    std::set<std::string> accept; // ids of findings; if there are any, only these changes are made
    std::set<std::string> reject;
    bool unsafe = false;          // make the offered changes, too
    bool requireReasons = false;  // of suppression comments
};

/// Rules of the user, as JSON (`{"rules": [...]}`); see docs-site/own-rules.md.
struct RuleFile {
    std::string path; // for messages
    std::string json;
    /// JSON pointer -> line of the file that the user wrote; may be empty.
    std::map<std::string, uint32_t> lines;
};

struct Options {
    std::string target = "covetpy";
    /// How far to go: 1 = routing, with data in memory; 2 = and the database; 3 = and validation (models of
    /// request bodies); 4 = and security (secrets come from the environment). Each leaves an application that
    /// runs; a later run takes it from where it is.
    int phase = 2;
    Selection selection;
    std::set<std::string> baseline; // ids of findings that are known and left for later
    std::vector<RuleFile> ruleFiles;
    schema::OverrideText schema; // what the user decides about tables and columns
    /// What the host read by running the application's modules, as JSON: for each id of a store `{"value": ...}`
    /// (engine/extracted_values.h) or `{"error": text}`; "" = nothing was run.
    std::string extracted;
    bool vendorRuntime = false;
    /// Show at each finding what changes there. It takes time; showFixes() does it later.
    bool fixes = true;
    /// Neutral database URL for the configuration that is written; "" leaves a placeholder out.
    std::string databaseUrl;
};

/// Receives the progress of long work. Calls come from the caller's own thread.
class ProgressSink {
public:
    virtual ~ProgressSink() = default;
    /// `done` of `total` units of `step` ("parse", "facts", "schema", "rewrite"); false = stop.
    virtual bool progress(const char* step, size_t done, size_t total) = 0;
};

enum class ChangeKind { Create, Modify, Delete };

/// A file as the migration leaves it.
struct FileChange {
    std::string path;
    ChangeKind kind = ChangeKind::Modify;
    SharedText before; // bytes; empty for Create
    SharedText after;  // bytes; empty for Delete
    bool isSecret = false; // to be written with mode 0600
};

struct Dependency {
    std::string name;        // normalised
    std::string requirement; // "sqlalchemy>=2.0"
    std::string file;        // where it is or would be declared
    std::string action;      // "keep", "add", "replace", "remove"
    std::string reason;
};

struct PlanStep {
    std::string id; // "backup", "schema", "load", "verify", "code", "dependencies", "report"
    std::string title;
    bool reversible = true;
    uint64_t rows = 0;
};

struct Complexity {
    std::string level; // "low", "medium", "high"
    int score = 0;
    std::vector<std::string> reasons;
};

struct Summary {
    size_t files = 0, parsed = 0, skipped = 0;
};

/// Everything the core knows about a project and would change in it.
struct Analysis {
    Summary summary;
    Complexity complexity;
    std::vector<facts::App> apps;
    std::vector<facts::App> migratedApps; // entry points after the rewrite
    std::vector<facts::Route> routes;
    std::vector<facts::Store> stores;
    std::vector<facts::StoreUse> uses;
    std::vector<rules::Finding> findings; // sorted by file, position, rule
    schema::Schema schema;
    std::vector<schema::TableRows> rows;
    std::vector<FileChange> changes; // sorted by path
    std::vector<Dependency> dependencies;
    std::vector<PlanStep> plan;
    bool alreadyMigrated = false;
};

/// Analyses the project and computes the whole migration. Nothing is written anywhere.
Result<Analysis> analyze(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                         const Options& options, ProgressSink* progress = nullptr);

/// Shows at each finding what changes there, where that has not been done.
void showFixes(Analysis& analysis);

/// The report `covetpy-migrate/report/1` as JSON text (2-space indentation, trailing newline).
std::string reportJson(const Analysis& analysis);

/// The same ledger as a Markdown document for people.
std::string reportMarkdown(const Analysis& analysis);

/// One patch of all changes, for `git apply` and `patch -p1`.
std::string patchOf(const Analysis& analysis);

/// Statements that make the tables and indexes, and, if asked, fill them: for reading, and for small data.
std::string sqlScript(const Analysis& analysis, schema::Dialect dialect, bool withRows);

/// `{"error": {code, message, file, line, hint}}` as JSON text.
std::string errorJson(const Error& error);

const char* version();

} // namespace covet
