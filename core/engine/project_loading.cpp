#include "engine/project_loading.h"

#include "catalog/resource.h"
#include "rules/diagnostics.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

rules::Finding fileFinding(const std::string& rule, const std::string& path, uint32_t line,
                           const std::string& subject, const std::string& reason,
                           const std::string& hint) {
    rules::Finding finding;
    finding.rule = rule;
    finding.file = path;
    finding.start = finding.end = {line ? line : 1, 1};
    finding.message = rules::messageOf(rule, subject);
    finding.outcome = rules::Outcome::Skipped;
    finding.safety = rules::Safety::Manual;
    finding.safetyReason = reason;
    finding.hint = hint;
    return finding;
}

std::string describe(const syntax::Node& error) {
    std::string text(error.text().substr(0, 40));
    text = text.substr(0, text.find_first_of("\r\n"));
    if (text.empty()) return "line " + std::to_string(error.line());
    return "line " + std::to_string(error.line()) + ", near `" + text + "`";
}

std::string ruleOf(const Error& error) {
    if (error.code == "too-large" || error.code == "too-deep") return "COV003";
    return error.code == "parser-failed" ? "COV001" : "COV002";
}

/// Whether a migration wrote the module: helpers of the target's, with no data and no routes of the
/// application. Their docstrings begin as those of the templates do.
bool isGenerated(std::string_view text) {
    for (const char* name : {"bridge/head.py", "database/database.py", "flask/answers.py", "http_server/serving.py",
                             "queries/queries.py", "routing/routing.py", "security/settings.py", "validation/bodies.py",
                             "flask/restx_head.py", "flask/jwt.py"})
        if (startsWith(text, catalog::firstLineOf(std::string("templates/") + name))) return true;
    return false;
}

} // namespace

Result<LoadedProject> loadProject(const std::vector<InputFile>& files,
                                  const std::vector<SkippedFile>& skipped, ProgressSink* progress) {
    LoadedProject loaded;
    std::vector<std::pair<text::SourceText, std::shared_ptr<const syntax::Tree>>> parsed;
    std::vector<std::string> brokenPaths;
    auto leaveOut = [&](const Error& error, const std::string& path) {
        loaded.findings.push_back(fileFinding(ruleOf(error), path, error.line, error.message,
                                              error.code, error.hint));
        ++loaded.skipped;
        loaded.unknownPaths.insert(path);
    };
    size_t done = 0;
    for (const InputFile& file : files) {
        if (progress && !progress->progress("parse", done++, files.size()))
            return Error{"interrupted", "the analysis was stopped", "", 0, ""};
        if (!loaded.paths.insert(file.path).second) continue;
        loaded.files.emplace(file.path, &file);
        if (!endsWith(file.path, ".py")) continue;
        Result<text::SourceText> source = text::SourceText::fromBytes(file.path, file.bytes);
        if (!source) {
            leaveOut(source.error(), file.path);
            continue;
        }
        if (isGenerated(source->text())) {
            ++loaded.parsed;
            continue;
        }
        auto tree = syntax::Tree::parse(source->sharedText());
        if (!tree) {
            leaveOut(tree.error(), file.path);
            continue;
        }
        if (std::optional<syntax::Node> error = (*tree)->firstError()) {
            loaded.findings.push_back(fileFinding(
                "COV001", file.path, error->line(), describe(*error), "syntax-error",
                "correct the error, or exclude the file if it is a template"));
            brokenPaths.push_back(file.path);
        } else {
            ++loaded.parsed;
        }
        parsed.emplace_back(std::move(*source), *tree);
    }
    for (const SkippedFile& file : skipped) {
        loaded.paths.insert(file.path);
        loaded.unknownPaths.insert(file.path);
        ++loaded.skipped;
        if (file.reason == "ignored") continue; // nothing is wrong with it
        loaded.findings.push_back(fileFinding(file.reason == "too-large" ? "COV003" : "COV002", file.path, 1,
                                              file.message.empty() ? file.reason : file.message, file.reason,
                                              ""));
    }
    loaded.project = semantic::Project::build(std::move(parsed));
    for (const std::string& path : brokenPaths)
        if (const semantic::Module* module = loaded.project.moduleByPath(path)) loaded.broken.insert(module);
    return loaded;
}

} // namespace covet::engine
