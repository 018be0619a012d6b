#include "text/edit_set.h"

#include <algorithm>

namespace covet::text {
namespace {

bool isInsert(const TextEdit& edit) { return edit.start == edit.end; }

bool overlap(const TextEdit& a, const TextEdit& b) {
    if (isInsert(a) && isInsert(b)) return false;
    if (isInsert(a)) return b.start < a.start && a.start < b.end;
    if (isInsert(b)) return a.start < b.start && b.start < a.end;
    return a.start < b.end && b.start < a.end;
}

bool same(const TextEdit& a, const TextEdit& b) {
    return a.start == b.start && a.end == b.end && a.replacement == b.replacement;
}

/// An insert at the start of a replaced range comes before the replacement.
bool before(const TextEdit& a, const TextEdit& b) {
    if (a.start != b.start) return a.start < b.start;
    return isInsert(a) && !isInsert(b);
}

void appendWithNewlines(std::string& out, std::string_view text, std::string_view newline) {
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\n' && text[i] != '\r') {
            out += text[i];
            continue;
        }
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        out += newline;
    }
}

} // namespace

Status EditSet::add(std::vector<TextEdit> edits) {
    std::vector<TextEdit> merged = edits_;
    for (TextEdit& edit : edits) {
        if (edit.start > edit.end)
            return Error{"invalid-edit", "an edit ends before it starts", "", 0, ""};
        bool known = false;
        for (const TextEdit& present : merged) {
            if (!isInsert(edit) && same(present, edit)) {
                known = true;
                break;
            }
            if (overlap(present, edit))
                return Error{"overlapping-edits", "two changes touch the same text", "", 0, ""};
        }
        if (known) continue;
        merged.insert(std::upper_bound(merged.begin(), merged.end(), edit, before), std::move(edit));
    }
    edits_ = std::move(merged);
    return Ok{};
}

std::string EditSet::apply(std::string_view text, std::string_view newline) const {
    std::string out;
    size_t position = 0;
    for (const TextEdit& edit : edits_) {
        size_t start = std::min(edit.start, text.size());
        if (start > position) out += text.substr(position, start - position);
        appendWithNewlines(out, edit.replacement, newline);
        position = std::max(position, std::min(edit.end, text.size()));
    }
    out += text.substr(position);
    return out;
}

} // namespace covet::text
