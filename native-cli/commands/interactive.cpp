#include "commands/interactive.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "catalog/resource.h"
#include "project/analysis.h"
#include "support/strings.h"
#include "terminal/analysis_text.h"

namespace covet::cli {
namespace {

using rules::Finding;
using rules::Outcome;

/// One question: the findings of a group.
struct Question {
    std::string group;
    std::vector<Finding> findings;

    bool isApplication() const { return startsWith(group, "app:"); }
    const std::string& file() const { return findings.front().file; }
};

/// Applications first: their stores move with them only.
int rankOf(const Question& question) {
    return question.isApplication() ? 0 : startsWith(question.group, "store:") ? 1 : 2;
}

std::vector<Question> questionsOf(const Analysis& analysis) {
    std::vector<Question> questions;
    for (const Finding& finding : analysis.findings) {
        if (finding.outcome != Outcome::Fixed && finding.outcome != Outcome::Offered) continue;
        if (startsWith(finding.group, "file:")) continue; // requirements follow the code
        auto known = std::find_if(questions.begin(), questions.end(),
                                  [&](const Question& entry) { return entry.group == finding.group; });
        if (known == questions.end()) known = questions.insert(questions.end(), Question{finding.group, {}});
        known->findings.push_back(finding);
    }
    std::stable_sort(questions.begin(), questions.end(),
                     [](const Question& a, const Question& b) { return rankOf(a) < rankOf(b); });
    return questions;
}

constexpr const char* kHelp = "y - make this change\n"
                              "n - do not make it\n"
                              "a - make it and all that follow\n"
                              "d - make neither it nor any that follows\n"
                              "s - skip the file: none of its changes\n"
                              "e - explain: what the rule does, and why it is safe or not\n"
                              "q - quit: make what was accepted so far\n"
                              "? - this help\n"
                              "Ctrl-C writes nothing.";

class Dialogue {
public:
    explicit Dialogue(Terminal& terminal) : terminal_(terminal) {}

    /// Asks about questions of one rank range; false when the input ended.
    bool ask(const std::vector<Question>& questions) {
        for (size_t i = 0; i < questions.size(); ++i) {
            const Question& question = questions[i];
            if (rest_ == 'a') accept(question);
            if (rest_ || skippedFiles_.count(question.file())) continue;
            show(question, i + 1, questions.size());
            if (!answer(question)) return false;
        }
        return true;
    }

    const std::set<std::string>& accepted() const { return accepted_; }
    size_t count() const { return count_; }
    bool isAccepted(const Question& question) const { return accepted_.count(question.findings.front().id) > 0; }

private:
    void accept(const Question& question) {
        ++count_;
        for (const Finding& finding : question.findings) accepted_.insert(finding.id);
    }

    void show(const Question& question, size_t number, size_t total) {
        terminal_.note(terminal_.paint(fmt::format("\n({}/{}) {}", number, total, question.findings.front().message),
                                       Style::Bold));
        std::set<std::string> hunks;
        for (const Finding& finding : question.findings) {
            const char* unsafe = finding.outcome == Outcome::Offered ? "  (may change behaviour)" : "";
            terminal_.note(fmt::format("  {}:{}: {} {}{}", finding.file, finding.start.line, finding.rule,
                                       finding.message, unsafe));
        }
        for (const Finding& finding : question.findings)
            if (!finding.fix.empty() && hunks.insert(finding.file + finding.fix).second)
                terminal_.note(paintedDiff(terminal_, finding.fix));
    }

    void explain(const Question& question) {
        std::set<std::string> rules;
        for (const Finding& finding : question.findings) {
            if (!finding.safetyReason.empty()) terminal_.note("reason: " + finding.safetyReason);
            if (!finding.hint.empty()) terminal_.note("help: " + finding.hint);
            if (!rules.insert(finding.rule).second) continue;
            terminal_.note(fmt::format("{}\n{}", finding.rule,
                                       std::string(catalog::resource("findings/" + finding.rule + ".md"))));
        }
    }

    /// Reads until one settles the question; false when the input ended.
    bool answer(const Question& question) {
        for (;;) {
            std::string line;
            if (!terminal_.readLine("Make this change [y,n,a,d,s,e,q,?]? ", line)) return false;
            const std::string word(trim(line));
            switch (word.size() == 1 ? word[0] : '?') {
            case 'y': accept(question); return true;
            case 'n': return true;
            case 'a': accept(question); rest_ = 'a'; return true;
            case 'd':
            case 'q': rest_ = 'd'; return true;
            case 's': skippedFiles_.insert(question.file()); return true;
            case 'e': explain(question); break;
            default: terminal_.note(kHelp);
            }
        }
    }

    Terminal& terminal_;
    std::set<std::string> accepted_, skippedFiles_;
    size_t count_ = 0;
    char rest_ = 0; // what holds for all that follow
};

Error ended() {
    return {"declined", "the answers ended before the last question; nothing was changed", "", 0,
            "answer with q to make what was accepted so far"};
}

} // namespace

Result<size_t> askForChanges(Context& context, RunRequest& request) {
    Terminal& terminal = context.terminal;
    Result<ProjectAnalysis> project = analyzeProject(context.common.projectPath, request.options, terminal,
                                                    /*useBaseline=*/true, request.extraction);
    if (!project) return project.error();
    Dialogue dialogue(terminal);
    std::vector<Question> questions = questionsOf(project->analysis), applications;
    while (!questions.empty() && questions.front().isApplication()) {
        applications.push_back(std::move(questions.front()));
        questions.erase(questions.begin());
    }
    if (!dialogue.ask(applications)) return ended();
    Options rest = request.options;
    for (const Question& question : applications)
        if (!dialogue.isAccepted(question)) rest.selection.reject.insert(question.findings.front().id);
    if (rest.selection.reject != request.options.selection.reject) {
        // What moves with a rejected application is no question any more.
        Result<ProjectAnalysis> again = analyzeProject(context.common.projectPath, rest, terminal, /*useBaseline=*/true,
                                                      request.extraction);
        if (!again) return again.error();
        questions = questionsOf(again->analysis);
        questions.erase(std::remove_if(questions.begin(), questions.end(),
                                       [](const Question& question) { return question.isApplication(); }),
                        questions.end());
    }
    if (!dialogue.ask(questions)) return ended();
    request.options.selection.accept = dialogue.accepted();
    return dialogue.count();
}

} // namespace covet::cli
