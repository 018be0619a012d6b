// The core for JavaScript: a workspace of files in, the CLI's JSON out.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <map>
#include <string>

#include "covet/core.h"
#include "engine/rule_case.h"
#include "syntax/tree.h"

namespace {

using emscripten::val;

/// A copy of the bytes as a `Uint8Array` that outlives this module's memory.
val bytesOf(const std::string& bytes) {
    return val(emscripten::typed_memory_view(bytes.size(), reinterpret_cast<const unsigned char*>(bytes.data())))
        .call<val>("slice");
}

const char* nameOf(covet::ChangeKind kind) {
    return kind == covet::ChangeKind::Create ? "create" : kind == covet::ChangeKind::Delete ? "delete" : "modify";
}

covet::schema::Dialect dialectOf(const std::string& name) {
    return name == "postgresql" ? covet::schema::Dialect::Postgres
           : name == "mysql"    ? covet::schema::Dialect::Mysql
                                : covet::schema::Dialect::Sqlite;
}

/// The named nodes of a tree in order, one per line: depth, type, and first and last position (1-based
/// lines, 0-based columns in bytes).
std::string treeText(const covet::syntax::Tree& tree) {
    constexpr size_t kMaxBytes = 1 << 20;
    std::string text;
    const auto append = [&text](const auto& self, const covet::syntax::Node& node, unsigned depth) -> void {
        text += std::to_string(depth) + ' ' + std::string(node.typeName());
        for (const uint32_t number : {node.line(), node.column(), node.endLine(), node.endColumn()})
            text += ' ' + std::to_string(number);
        text += '\n';
        for (const covet::syntax::Node& child : node.children())
            if (child.isNamed() && text.size() < kMaxBytes) self(self, child, depth + 1);
    };
    append(append, tree.root(), 0);
    return text;
}

/// The files of one project. Bytes cross the border as `Uint8Array` or as UTF-8 strings.
class Workspace {
public:
    void setFile(const std::string& path, const std::string& bytes) { files_[path] = bytes; }
    void removeFile(const std::string& path) { files_.erase(path); }
    void clear() { files_.clear(); }
    /// `{target, phase, databaseUrl, vendorRuntime, unsafe, select, ignore}`: what is not there stays as it is.
    void setOptions(const val& given) {
        take(given["target"], options_.target);
        take(given["phase"], options_.phase);
        take(given["databaseUrl"], options_.databaseUrl);
        take(given["vendorRuntime"], options_.vendorRuntime);
        take(given["unsafe"], options_.selection.unsafe);
        const val select = given["select"], ignore = given["ignore"];
        if (!select.isUndefined()) options_.selection.select = emscripten::vecFromJSArray<std::string>(select);
        if (!ignore.isUndefined()) options_.selection.ignore = emscripten::vecFromJSArray<std::string>(ignore);
    }

    /// Rules of the user as JSON (`{"rules": [...]}`), "" for none; `lines` = `{JSON pointer: line}`, for messages.
    void setRules(const std::string& json, const val& lines) {
        options_.ruleFiles.clear();
        if (json.empty()) return;
        covet::RuleFile file{"rules.json", json, {}};
        const val entries = val::global("Object").call<val>("entries", lines);
        for (unsigned i = 0, count = entries["length"].as<unsigned>(); i < count; ++i)
            file.lines[entries[i][0].as<std::string>()] = entries[i][1].as<uint32_t>();
        options_.ruleFiles.push_back(std::move(file));
    }

    /// The bytes of one file as the rules of the user alone leave it, or `{"error": ...}` as a string.
    val applyRules(const std::string& path) const {
        const auto file = files_.find(path);
        if (file == files_.end() || options_.ruleFiles.empty()) return val::undefined();
        const covet::Result<std::string> text = covet::engine::applyRules(options_.ruleFiles.front(), {}, file->second);
        return text ? bytesOf(*text) : val(covet::errorJson(text.error()));
    }

    /// Makes the analysis that all below tell of; "", or `{"error": ...}`.
    std::string migrate() {
        std::vector<covet::InputFile> files;
        options_.fixes = false; // only the reports show them
        for (const auto& [path, bytes] : files_) files.push_back({path, bytes});
        covet::Result<covet::Analysis> result = covet::analyze(files, {}, options_);
        if (!result) return covet::errorJson(result.error());
        analysis_ = std::move(*result);
        hasFixes_ = false;
        return "";
    }

    /// The same at once with its report, or `{"error": ...}`.
    std::string analyze() {
        const std::string error = migrate();
        return error.empty() ? report() : error;
    }

    /// The syntax tree of one file, see treeText(); "" if it has none.
    std::string tree(const std::string& path) const {
        const auto file = files_.find(path);
        if (file == files_.end()) return "";
        const auto parsed = covet::syntax::Tree::parse(file->second);
        return parsed ? treeText(**parsed) : "";
    }

    // What the last analysis found:

    /// The report `covetpy-migrate/report/1`.
    std::string report() {
        showFixes();
        return covet::reportJson(analysis_);
    }

    /// `[{file, kind, after}]`, `after` as bytes; sorted by file.
    val changes() const {
        val list = val::array();
        for (const covet::FileChange& change : analysis_.changes) {
            val entry = val::object();
            entry.set("file", change.path);
            entry.set("kind", std::string(nameOf(change.kind)));
            entry.set("after", bytesOf(change.after));
            list.call<void>("push", entry);
        }
        return list;
    }

    std::string patch() const { return covet::patchOf(analysis_); }
    std::string markdown() {
        showFixes();
        return covet::reportMarkdown(analysis_);
    }
    /// Tables and indexes in the dialect ("postgresql", "mysql", "sqlite"), with the rows if asked for.
    std::string sql(const std::string& dialect, bool withRows) const {
        return covet::sqlScript(analysis_, dialectOf(dialect), withRows);
    }

private:
    template <typename T> static void take(const val& given, T& option) {
        if (!given.isUndefined()) option = given.as<T>();
    }

    void showFixes() {
        if (!hasFixes_) covet::showFixes(analysis_);
        hasFixes_ = true;
    }

    std::map<std::string, std::string> files_;
    covet::Options options_;
    covet::Analysis analysis_;
    bool hasFixes_ = false;
};

} // namespace

EMSCRIPTEN_BINDINGS(covet_migrate) {
    emscripten::class_<Workspace>("Workspace")
        .constructor<>()
        .function("setFile", &Workspace::setFile)
        .function("removeFile", &Workspace::removeFile)
        .function("clear", &Workspace::clear)
        .function("setOptions", &Workspace::setOptions)
        .function("setRules", &Workspace::setRules)
        .function("applyRules", &Workspace::applyRules)
        .function("migrate", &Workspace::migrate)
        .function("analyze", &Workspace::analyze)
        .function("report", &Workspace::report)
        .function("tree", &Workspace::tree)
        .function("changes", &Workspace::changes)
        .function("patch", &Workspace::patch)
        .function("markdown", &Workspace::markdown)
        .function("sql", &Workspace::sql);
    emscripten::function("version", +[]() { return std::string(covet::version()); });
}
