#include "migration/left_stores.h"

#include <algorithm>

#include <fmt/format.h>

namespace covet::cli {
namespace {

constexpr size_t kShown = 5;

std::string whereOf(const rules::Finding& finding) { return fmt::format("{}:{}", finding.file, finding.start.line); }

/// "app.py:12: users stays in memory (kept-in-memory)".
std::string lineOf(const LeftStore& store) {
    const rules::Finding& finding = *store.finding;
    std::string line = fmt::format("{}: {}", whereOf(finding), finding.message);
    if (!finding.safetyReason.empty()) line += fmt::format(" ({})", finding.safetyReason);
    if (store.isAccepted) line += ", as you have accepted";
    return line;
}

/// Those that count, the first few of them, in one line.
std::string linesOf(const std::vector<LeftStore>& stores) {
    std::string lines;
    size_t shown = 0;
    for (const LeftStore& store : stores)
        if (store.counts() && shown < kShown) lines += (shown++ ? "; " : "") + lineOf(store);
    const size_t count = countOf(stores);
    if (count > shown) lines += fmt::format("; and {} more", count - shown);
    return lines;
}

} // namespace

std::vector<LeftStore> leftStores(const Analysis& analysis, bool codeStays) {
    std::vector<LeftStore> stores;
    for (const rules::Finding& finding : analysis.findings) {
        LeftStore store;
        store.finding = &finding;
        store.isRuntime = finding.rule == "COV205";
        store.hasTable = finding.rule == "COV301" || finding.rule == "COV302";
        store.isAccepted = finding.outcome == rules::Outcome::Suppressed || finding.outcome == rules::Outcome::Baselined;
        // Nobody writes a file that is too large or too deep: it is data that nobody has read.
        const bool isUnread = finding.rule == "COV003";
        const bool isLeft = finding.rule == "COV207" || store.isRuntime || finding.rule == "COV301" || isUnread;
        if (isLeft || (codeStays && finding.rule == "COV302")) stores.push_back(store);
    }
    return stores;
}

size_t countOf(const std::vector<LeftStore>& stores) {
    return static_cast<size_t>(std::count_if(stores.begin(), stores.end(), [](const LeftStore& store) { return store.counts(); }));
}

void showLeft(Terminal& terminal, const std::vector<LeftStore>& stores) {
    if (stores.empty()) return;
    terminal.say(terminal.paint("Not moved", Style::Bold));
    for (const LeftStore& store : stores) {
        terminal.say("  " + lineOf(store));
        if (store.counts() && !store.finding->hint.empty())
            terminal.say("      = help: " + store.finding->hint);
    }
    terminal.say("");
}

nlohmann::ordered_json leftJson(const std::vector<LeftStore>& stores) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const LeftStore& store : stores)
        list.push_back({{"file", store.finding->file},
                        {"line", store.finding->start.line},
                        {"rule", store.finding->rule},
                        {"message", store.finding->message},
                        {"reason", store.finding->safetyReason},
                        {"hint", store.finding->hint},
                        {"table", store.hasTable},
                        {"counts", store.counts()}});
    return list;
}

Error nothingMoved(const std::vector<LeftStore>& stores, int phase) {
    const auto first = std::find_if(stores.begin(), stores.end(), [](const LeftStore& store) { return store.counts(); });
    const rules::Finding& finding = *first->finding;
    const size_t count = countOf(stores);
    const std::string message = count == 1 ? "the data of the only store was not moved: "
                                           : fmt::format("the data of none of {} stores was moved: ", count);
    std::string hint = finding.hint;
    if (phase == 1) hint = "data moves in phase 2: leave out --phase, and `phase` in the configuration";
    if (hint.empty()) hint = fmt::format("covetpy-migrate explain {}", finding.rule);
    return {"nothing-moved", message + linesOf(stores), finding.file, finding.start.line, hint};
}

void warnOfLeft(Terminal& terminal, const std::vector<LeftStore>& stores) {
    const size_t count = countOf(stores);
    if (count == 0) return;
    terminal.warning(fmt::format("the data of {} is not in the database, or not all of it: {}",
                                 count == 1 ? "1 store" : fmt::format("{} stores", count), linesOf(stores)),
                     "`covetpy-migrate database` lists them all and says what to do; a comment that suppresses the "
                     "finding accepts it");
}

} // namespace covet::cli
