#include "text/unified_diff.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "text/line_diff.h"

namespace covet::text {
namespace {

/// git's C-style quoting; spaces are not quoted.
std::string quotedPath(const std::string& path) {
    bool needed = false;
    std::string out = "\"";
    for (char c : path) {
        unsigned char byte = static_cast<unsigned char>(c);
        const char* simple = c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\n' ? "\\n"
                           : c == '\t' ? "\\t" : c == '\r' ? "\\r" : c == '\a' ? "\\a"
                           : c == '\b' ? "\\b" : c == '\f' ? "\\f" : c == '\v' ? "\\v" : nullptr;
        if (simple) {
            out += simple;
            needed = true;
        } else if (byte < 0x20 || byte >= 0x7f) {
            char octal[8];
            std::snprintf(octal, sizeof octal, "\\%03o", byte);
            out += octal;
            needed = true;
        } else {
            out += c;
        }
    }
    return needed ? out + "\"" : path;
}

/// As on the `---` and `+++` lines: a path with a space is closed by a tab, so that no date is read
/// out of it.
std::string headerPath(const std::string& path) {
    std::string quoted = quotedPath(path);
    return quoted == path && path.find(' ') != std::string::npos ? quoted + "\t" : quoted;
}

std::string rangeText(size_t start, size_t length) {
    std::string text = std::to_string(length == 0 ? start : start + 1);
    if (length != 1) text += "," + std::to_string(length);
    return text;
}

/// Hands text on in pieces of whole lines.
class PieceWriter {
public:
    explicit PieceWriter(const PatchSink& sink) : sink_(sink) {}
    ~PieceWriter() { flush(); }
    PieceWriter(const PieceWriter&) = delete;
    PieceWriter& operator=(const PieceWriter&) = delete;

    PieceWriter& operator+=(std::string_view text) {
        piece_ += text;
        return *this;
    }
    void lineEnd() {
        if (piece_.size() >= kPieceBytes) flush();
    }

private:
    static constexpr size_t kPieceBytes = 256 * 1024;

    void flush() {
        if (!piece_.empty()) sink_(piece_);
        piece_.clear();
    }

    const PatchSink& sink_;
    std::string piece_;
};

class HunkWriter {
public:
    HunkWriter(PieceWriter& out, const LineList& before, const LineList& after)
        : out_(out), before_(before), after_(after) {}

    /// Changes [first, last) as one hunk.
    void write(const LineChange* first, const LineChange* last, size_t context) {
        size_t oldStart = first->oldStart - std::min(first->oldStart, context);
        size_t newStart = first->newStart - (first->oldStart - oldStart);
        size_t oldEnd = std::min(before_.size(), (last - 1)->oldEnd + context);
        size_t newEnd = (last - 1)->newEnd + (oldEnd - (last - 1)->oldEnd);
        out_ += "@@ -" + rangeText(oldStart, oldEnd - oldStart) + " +" +
                rangeText(newStart, newEnd - newStart) + " @@\n";
        size_t position = oldStart;
        for (const LineChange* change = first; change != last; ++change) {
            for (; position < change->oldStart; ++position) line(' ', before_[position]);
            for (; position < change->oldEnd; ++position) line('-', before_[position]);
            for (size_t i = change->newStart; i < change->newEnd; ++i) line('+', after_[i]);
        }
        for (; position < oldEnd; ++position) line(' ', before_[position]);
    }

private:
    void line(char mark, std::string_view text) {
        out_ += std::string_view(&mark, 1);
        out_ += text;
        if (text.empty() || text.back() != '\n') out_ += "\n\\ No newline at end of file\n";
        out_.lineEnd();
    }

    PieceWriter& out_;
    const LineList& before_;
    const LineList& after_;
};

} // namespace

std::string unifiedDiff(std::string_view path, std::string_view before, std::string_view after,
                        bool exists, bool remains, unsigned context) {
    std::string out;
    writeUnifiedDiff([&](std::string_view piece) { out += piece; }, path, before, after, exists, remains, context);
    return out;
}

void writeUnifiedDiff(const PatchSink& sink, std::string_view path, std::string_view before, std::string_view after,
                      bool exists, bool remains, unsigned context) {
    if (!exists) before = {};
    if (!remains) after = {};
    if (exists == remains && before == after) return;
    PieceWriter out(sink);
    std::string oldPath = "a/" + std::string(path);
    std::string newPath = "b/" + std::string(path);
    out += "diff --git " + quotedPath(oldPath) + " " + quotedPath(newPath) + "\n";
    if (!exists) out += "new file mode 100644\n";
    if (!remains) out += "deleted file mode 100644\n";
    // Without a hunk the kind of the change is known from the object names alone.
    if (!exists && after.empty()) {
        out += "index 0000000..e69de29\n";
        return;
    }
    if (!remains && before.empty()) {
        out += "index e69de29..0000000\n";
        return;
    }
    out += "--- " + (exists ? headerPath(oldPath) : std::string("/dev/null")) + "\n";
    out += "+++ " + (remains ? headerPath(newPath) : std::string("/dev/null")) + "\n";

    const LineList oldLines(before), newLines(after);
    const std::vector<LineChange> changes = diffLines(oldLines, newLines);
    HunkWriter writer(out, oldLines, newLines);
    for (size_t i = 0; i < changes.size();) {
        size_t j = i + 1;
        while (j < changes.size() && changes[j].oldStart - changes[j - 1].oldEnd <= 2 * context) ++j;
        writer.write(&changes[i], changes.data() + j, context);
        i = j;
    }
}

LineCounts changedLines(std::string_view before, std::string_view after) {
    LineCounts counts;
    for (const LineChange& change : diffLines(LineList(before), LineList(after))) {
        counts.added += change.newEnd - change.newStart;
        counts.removed += change.oldEnd - change.oldStart;
    }
    return counts;
}

} // namespace covet::text
