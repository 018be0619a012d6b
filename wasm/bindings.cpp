// The core for JavaScript: a workspace of files in, the CLI's JSON out.

#include <emscripten/bind.h>

#include <map>
#include <string>

#include "covet/core.h"

namespace {

/// The files of one project. Bytes cross the border as `Uint8Array` or as UTF-8 strings.
class Workspace {
public:
    void setFile(const std::string& path, const std::string& bytes) { files_[path] = bytes; }
    void removeFile(const std::string& path) { files_.erase(path); }
    void clear() { files_.clear(); }
    void setTarget(const std::string& target) { options_.target = target; }
    void setDatabaseUrl(const std::string& url) { options_.databaseUrl = url; }

    /// The report `covetpy-migrate/report/1`, or `{"error": ...}`.
    std::string analyze() {
        std::vector<covet::InputFile> files;
        for (const auto& [path, bytes] : files_) files.push_back({path, bytes});
        covet::Result<covet::Analysis> result = covet::analyze(files, {}, options_);
        if (!result) return covet::errorJson(result.error());
        analysis_ = std::move(*result);
        return covet::reportJson(analysis_);
    }

    /// The patch of the last analysis.
    std::string patch() const { return covet::patchOf(analysis_); }

private:
    std::map<std::string, std::string> files_;
    covet::Options options_;
    covet::Analysis analysis_;
};

} // namespace

EMSCRIPTEN_BINDINGS(covet_migrate) {
    emscripten::class_<Workspace>("Workspace")
        .constructor<>()
        .function("setFile", &Workspace::setFile)
        .function("removeFile", &Workspace::removeFile)
        .function("clear", &Workspace::clear)
        .function("setTarget", &Workspace::setTarget)
        .function("setDatabaseUrl", &Workspace::setDatabaseUrl)
        .function("analyze", &Workspace::analyze)
        .function("patch", &Workspace::patch);
    emscripten::function("version", +[]() { return std::string(covet::version()); });
}
