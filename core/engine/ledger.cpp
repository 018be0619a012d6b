#include "engine/ledger.h"

#include <algorithm>
#include <tuple>

#include "engine/suppressions.h"
#include "support/strings.h"
#include "text/line_diff.h"

namespace covet::engine {
namespace {

/// Longest change that is shown at a finding, in lines.
constexpr size_t kMaxFixLines = 60;

/// FNV-1a, 64 bits: ids must be stable, not secret.
uint64_t hashOf(std::string_view text, uint64_t hash = 14695981039346656037ull) {
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211ull;
    }
    return hash;
}

std::string hex(uint64_t value) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text(12, '0');
    for (size_t i = text.size(); i-- > 0; value >>= 4) text[i] = kDigits[value & 15];
    return text;
}

/// The line changes of one modified file, ready to be cut into fixes.
class FileFixes {
public:
    FileFixes(std::string_view before, std::string_view after)
        : before_(before)
        , after_(after) {
        changes_ = text::diffLines(before_, after_);
    }

    /// The hunks that touch lines [first, last], 1-based; "" if there are none or too much.
    std::string touching(uint32_t first, uint32_t last) const {
        std::string out;
        size_t lines = 0;
        for (const text::LineChange& change : changes_) {
            const bool inserts = change.oldStart == change.oldEnd;
            const size_t lastOld = inserts ? change.oldStart : change.oldEnd - 1;
            if (change.oldStart + 1 > last || lastOld + 1 < first) continue;
            lines += change.oldEnd - change.oldStart + change.newEnd - change.newStart;
            if (lines > kMaxFixLines) return "";
            out += "@@ -" + range(change.oldStart, change.oldEnd) + " +" +
                   range(change.newStart, change.newEnd) + " @@\n";
            for (size_t i = change.oldStart; i < change.oldEnd; ++i) add(out, '-', before_[i]);
            for (size_t i = change.newStart; i < change.newEnd; ++i) add(out, '+', after_[i]);
        }
        return out;
    }

private:
    static std::string range(size_t start, size_t end) {
        return std::to_string(start == end ? start : start + 1) + "," + std::to_string(end - start);
    }

    static void add(std::string& out, char mark, std::string_view line) {
        for (const std::string_view end : {"\n", "\r"})
            if (endsWith(line, end)) line.remove_suffix(1);
        out += mark + std::string(line) + "\n";
    }

    text::LineList before_, after_;
    std::vector<text::LineChange> changes_;
};

auto sortKey(const rules::Finding& finding) {
    return std::tie(finding.file, finding.start.line, finding.start.column, finding.rule, finding.message,
                    finding.end.line, finding.end.column);
}

std::string snippetOf(const LoadedProject& loaded, const rules::Finding& finding) {
    const semantic::Module* module = loaded.project.moduleByPath(finding.file);
    if (!module) return finding.message;
    const std::string_view text = module->source.text();
    const size_t start = module->source.lineStart(finding.start.line);
    if (start >= text.size()) return finding.message;
    const std::string_view line = trim(text.substr(start, text.find_first_of("\r\n", start) - start));
    std::string snippet;
    for (const char c : withoutSuppression(line))
        if (c != ' ' && c != '\t') snippet += c;
    return snippet;
}

} // namespace

void sortFindings(std::vector<rules::Finding>& findings) {
    // Places are moved instead of findings, which are large; equal ones stay in the order they have.
    std::vector<const rules::Finding*> order;
    for (const rules::Finding& finding : findings) order.push_back(&finding);
    std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        const auto one = sortKey(*a), other = sortKey(*b);
        return one < other || (!(other < one) && a < b);
    });
    std::vector<rules::Finding> sorted;
    sorted.reserve(findings.size());
    for (const rules::Finding* finding : order) sorted.push_back(std::move(findings[static_cast<size_t>(finding - findings.data())]));
    findings = std::move(sorted);
}

void numberFindings(std::vector<rules::Finding>& findings, const LoadedProject& loaded) {
    std::map<uint64_t, unsigned> occurrences;
    for (rules::Finding& finding : findings) {
        uint64_t base = hashOf(finding.rule);
        for (const std::string_view part : {std::string_view("\n"), std::string_view(finding.file), std::string_view("\n")}) base = hashOf(part, base);
        base = hashOf(snippetOf(loaded, finding), base);
        const unsigned occurrence = occurrences[base]++;
        finding.id = hex(occurrence ? hashOf("\n" + std::to_string(occurrence), base) : base);
    }
}

void closeLedger(Analysis& analysis, const LoadedProject& loaded) {
    std::vector<rules::Finding>& findings = analysis.findings;
    sortFindings(findings);
    findings.erase(std::unique(findings.begin(), findings.end(),
                               [](const auto& a, const auto& b) { return sortKey(a) == sortKey(b); }),
                   findings.end());
    numberFindings(findings, loaded);
}

} // namespace covet::engine

namespace covet {

void showFixes(Analysis& analysis) {
    std::map<std::string, engine::FileFixes> fixes; // made when a finding asks: comparing large files takes its time
    for (rules::Finding& finding : analysis.findings) {
        if (finding.outcome != rules::Outcome::Fixed || !finding.fix.empty()) continue;
        auto found = fixes.find(finding.file);
        if (found == fixes.end()) {
            const auto change = std::find_if(analysis.changes.begin(), analysis.changes.end(), [&](const FileChange& one) {
                return one.path == finding.file && one.kind == ChangeKind::Modify;
            });
            if (change == analysis.changes.end()) continue;
            found = fixes.emplace(finding.file, engine::FileFixes(change->before, change->after)).first;
        }
        finding.fix = found->second.touching(finding.start.line, finding.end.line);
    }
}

} // namespace covet
