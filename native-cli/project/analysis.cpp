#include "project/analysis.h"

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <pthread.h>

#include "project/baseline.h"
#include "project/rule_files.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

constexpr size_t kStackBytes = size_t{512} << 20;

class TerminalProgress : public ProgressSink {
public:
    explicit TerminalProgress(Terminal& terminal) : terminal_(terminal) {}
    bool progress(const char* step, size_t done, size_t total) override {
        if (step != step_) next(step);
        terminal_.progress(step, done, total);
        return !signals::interrupted();
    }
    /// Ends the running step, and begins another one, if it has a name.
    void next(const std::string& step) {
        const auto now = std::chrono::steady_clock::now();
        if (!step_.empty()) seconds.emplace_back(step_, std::chrono::duration<double>(now - start_).count());
        step_ = step;
        start_ = now;
    }

    std::vector<std::pair<std::string, double>> seconds;

private:
    Terminal& terminal_;
    std::string step_;
    std::chrono::steady_clock::time_point start_;
};

/// Runs `work` on a thread with a large stack and waits for it. Exceptions travel to the caller.
void onLargeStack(std::function<void()> work) {
    struct Job {
        std::function<void()> work;
        std::exception_ptr problem;
    } job{std::move(work), nullptr};
    auto entry = [](void* argument) -> void* {
        auto* mine = static_cast<Job*>(argument);
        try {
            mine->work();
        } catch (...) {
            mine->problem = std::current_exception();
        }
        return nullptr;
    };
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStackBytes);
    pthread_t thread;
    bool started = pthread_create(&thread, &attributes, entry, &job) == 0;
    pthread_attr_destroy(&attributes);
    if (started)
        pthread_join(thread, nullptr);
    else
        entry(&job); // a limit on address space: the usual stack has to do
    if (job.problem) std::rethrow_exception(job.problem);
}

} // namespace

Options configuredOptions() {
    Options options;
    options.target.clear();
    options.phase = 0;
    return options;
}

Result<Analysis> analyzeFiles(const ProjectFiles& files, const Options& options, Terminal& terminal,
                              std::vector<std::pair<std::string, double>>* seconds) {
    std::optional<Result<Analysis>> result;
    TerminalProgress sink(terminal);
    onLargeStack([&] { result = analyze(files.inputs, files.skipped, options, &sink); });
    sink.next("");
    if (seconds) *seconds = sink.seconds;
    terminal.endProgress();
    return std::move(*result);
}

Result<ProjectAnalysis> analyzeProject(const std::string& path, const Options& options, Terminal& terminal,
                                       bool useBaseline, const Extraction& extraction) {
    terminal.progress("read", 0, 0);
    Result<ProjectFiles> files = readProject(path);
    terminal.endProgress();
    if (!files) return files.error();
    Result<Config> config = readConfig(files->root);
    if (!config) return config.error();
    Options all = withConfig(options, *config, *files);
    std::vector<std::string> named;
    for (const RuleFile& file : options.ruleFiles) named.push_back(file.path);
    Result<std::vector<RuleFile>> rules = readRuleFiles(".", named);
    if (!rules) return rules.error();
    Result<std::vector<RuleFile>> configured = readRuleFiles(files->root, config->rules);
    if (!configured) return configured.error();
    rules->insert(rules->end(), configured->begin(), configured->end());
    all.ruleFiles = std::move(*rules);
    if (useBaseline && !config->baseline.empty()) {
        Result<Baseline> baseline = readBaseline(files->root + "/" + config->baseline);
        if (!baseline) return baseline.error();
        all.baseline = baseline->ids();
    }
    if (all.phase >= 4)
        if (Status read = readEnvironmentFiles(*files); !read) return read.error();
    std::vector<std::pair<std::string, double>> seconds;
    Result<Analysis> analysis = analyzeFiles(*files, all, terminal, &seconds);
    if (!analysis) return placedInConfig(analysis.error(), *config);
    if (extraction.wanted) {
        Result<std::string> extracted = extractWithPython(*files, *analysis, extraction, terminal);
        if (!extracted) return extracted.error();
        all.extracted = std::move(*extracted);
        if (!all.extracted.empty()) analysis = analyzeFiles(*files, all, terminal, &seconds);
        if (!analysis) return placedInConfig(analysis.error(), *config);
    }
    return ProjectAnalysis{std::move(*files), std::move(*analysis), std::move(*config), std::move(all), std::move(seconds)};
}

} // namespace covet::cli
