#include "project/config.h"

#include <toml++/toml.h>

#include <fmt/format.h>

#include "project/file_io.h"
#include "project/ignore_rules.h"
#include "project/toml_json.h"
#include "support/suggest.h"

namespace covet::cli {
namespace {

constexpr const char* kOwnFile = "covetpy-migrate.toml";
constexpr const char* kSharedFile = "pyproject.toml";
constexpr const char* kTable = "covetpy-migrate";

/// Reads the table key by key. The first problem stops it.
class Reader {
public:
    Reader(Config& config, bool isOwnFile) : config_(config), isOwnFile_(isOwnFile) {}

    Status read(const toml::table& table) {
        for (const auto& [key, node] : table) {
            Status done = readKey(std::string(key.str()), key.source().begin.line, node);
            if (!done) return done;
        }
        return Ok{};
    }

private:
    static std::vector<std::string> keys() {
        return {"target", "phase", "vendor-runtime", "select",   "ignore", "per-file-ignores",
                "unsafe", "require-reasons", "baseline", "rules", "schema"};
    }

    Error error(uint32_t line, const std::string& message, const std::string& hint) const {
        return {"config", message, config_.file, line, hint};
    }

    Error wrongType(const std::string& key, const toml::node& node, const char* wanted) const {
        return error(node.source().begin.line, fmt::format("`{}` must be {}", key, wanted),
                     "correct this line of the configuration");
    }

    Status text(const std::string& key, const toml::node& node, std::string& into) {
        const auto value = node.value_exact<std::string>();
        if (!value) return wrongType(key, node, "a text");
        into = *value;
        config_.lines.emplace(into, node.source().begin.line);
        return Ok{};
    }

    Status flag(const std::string& key, const toml::node& node, bool& into) {
        const auto value = node.value_exact<bool>();
        if (!value) return wrongType(key, node, "true or false");
        into = *value;
        return Ok{};
    }

    Status texts(const std::string& key, const toml::node& node, std::vector<std::string>& into) {
        const toml::array* list = node.as_array();
        if (!list) return wrongType(key, node, "a list of texts");
        for (const toml::node& item : *list) {
            std::string value;
            Status done = text(key, item, value);
            if (!done) return done;
            into.push_back(value);
        }
        return Ok{};
    }

    Status perFile(const std::string& key, const toml::node& node) {
        const toml::table* table = node.as_table();
        if (!table) return wrongType(key, node, "a table of patterns");
        for (const auto& [glob, rules] : *table) {
            std::vector<std::string> selectors;
            Status done = texts(key, rules, selectors);
            if (!done) return done;
            config_.fileIgnores.emplace_back(std::string(glob.str()), std::move(selectors));
        }
        return Ok{};
    }

    Status phase(const std::string& key, const toml::node& node) {
        const auto value = node.value_exact<int64_t>();
        if (!value || *value < 1 || *value > 4) return wrongType(key, node, "1 to 4");
        config_.phase = static_cast<int>(*value);
        return Ok{};
    }

    Status schema(const std::string& key, const toml::node& node) {
        if (!node.is_table()) return wrongType(key, node, "a table of tables");
        config_.schema.path = config_.file;
        config_.schema.json = jsonText(node, config_.schema.lines);
        return Ok{};
    }

    Status readKey(const std::string& key, uint32_t line, const toml::node& node) {
        if (key == "target") return text(key, node, config_.target);
        if (key == "phase") return phase(key, node);
        if (key == "vendor-runtime") return flag(key, node, config_.vendorRuntime);
        if (key == "select") return texts(key, node, config_.selection.select);
        if (key == "ignore") return texts(key, node, config_.selection.ignore);
        if (key == "per-file-ignores") return perFile(key, node);
        if (key == "unsafe") return flag(key, node, config_.selection.unsafe);
        if (key == "require-reasons") return flag(key, node, config_.selection.requireReasons);
        if (key == "baseline") return text(key, node, config_.baseline);
        if (key == "rules") return texts(key, node, config_.rules);
        if (key == "schema") return schema(key, node);
        const std::string near = closest(key, keys());
        std::string known;
        for (const std::string& name : keys()) known += (known.empty() ? "" : ", ") + name;
        return error(line, fmt::format("`{}` is no setting of {}", key, isOwnFile_ ? kOwnFile : "[tool.covetpy-migrate]"),
                     near.empty() ? "settings: " + known : "did you mean " + near + "?");
    }

    Config& config_;
    bool isOwnFile_;
};

bool isMissing(const Result<std::string>& bytes) { return !bytes && bytes.error().code == "no-such-path"; }

/// The table of one file; nothing when there is none.
Result<bool> readFile(const std::string& root, const std::string& name, bool isOwnFile, Config& config) {
    Result<std::string> bytes = readWhole(root + "/" + name);
    if (isMissing(bytes)) return false;
    if (!bytes) return bytes.error();
    // A pyproject.toml that does not speak of this tool may hold what it likes.
    if (!isOwnFile && bytes->find(kTable) == std::string::npos) return false;
    config.file = name;
    try {
        const toml::table document = toml::parse(*bytes);
        const toml::table* table = &document;
        if (!isOwnFile) table = document["tool"][kTable].as_table();
        if (!table) {
            config.file.clear();
            return false;
        }
        Status done = Reader(config, isOwnFile).read(*table);
        if (!done) return done.error();
        return true;
    } catch (const toml::parse_error& problem) {
        return Error{"config", fmt::format("this is no TOML: {}", problem.description()), name,
                     problem.source().begin.line, "correct this line of the configuration"};
    }
}

} // namespace

Result<Config> readConfig(const std::string& root) {
    Config own, shared;
    Result<bool> hasOwn = readFile(root, kOwnFile, true, own);
    if (!hasOwn) return hasOwn.error();
    Result<bool> hasShared = readFile(root, kSharedFile, false, shared);
    if (!hasShared) return hasShared.error();
    if (*hasOwn && *hasShared)
        return Error{"config-twice", fmt::format("both {} and {} configure this tool", kOwnFile, kSharedFile), kOwnFile,
                     1, "keep one of them"};
    return *hasOwn ? own : shared;
}

Options withConfig(const Options& options, const Config& config, const ProjectFiles& files) {
    Options all = options;
    if (all.target.empty()) all.target = config.target.empty() ? Options().target : config.target;
    if (all.phase == 0) all.phase = config.phase == 0 ? Options().phase : config.phase;
    all.vendorRuntime = all.vendorRuntime || config.vendorRuntime;
    if (all.schema.json.empty()) all.schema = config.schema;
    Selection& selection = all.selection;
    if (selection.select.empty()) selection.select = config.selection.select;
    selection.ignore.insert(selection.ignore.end(), config.selection.ignore.begin(), config.selection.ignore.end());
    selection.unsafe = selection.unsafe || config.selection.unsafe;
    selection.requireReasons = selection.requireReasons || config.selection.requireReasons;
    for (const auto& [glob, rules] : config.fileIgnores) {
        const IgnoreFile pattern("", glob);
        for (const InputFile& file : files.inputs) {
            bool matches = pattern.judge(file.path, false) == IgnoreFile::Verdict::Ignore;
            for (size_t cut = file.path.find('/'); !matches && cut != std::string::npos; cut = file.path.find('/', cut + 1))
                matches = pattern.judge(file.path.substr(0, cut), true) == IgnoreFile::Verdict::Ignore;
            if (!matches) continue;
            std::vector<std::string>& ignored = selection.fileIgnores[file.path];
            ignored.insert(ignored.end(), rules.begin(), rules.end());
        }
    }
    return all;
}

Error placedInConfig(Error error, const Config& config) {
    if (error.code != "unknown-rule" || !error.file.empty()) return error;
    for (const auto& [word, line] : config.lines) {
        if (error.message.find("`" + word + "`") == std::string::npos) continue;
        error.file = config.file;
        error.line = line;
    }
    return error;
}

} // namespace covet::cli
