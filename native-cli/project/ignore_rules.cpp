#include "project/ignore_rules.h"

#include "support/strings.h"

namespace covet::cli {
namespace {

/// Matches `[…]` at the front of `glob` against `c`; sets `used` to the length of the class, or 0
/// when it is not closed (then '[' is a plain character, as in git's wildmatch... which never matches).
bool classMatches(std::string_view glob, char c, size_t& used) {
    size_t at = 1;
    bool negated = at < glob.size() && (glob[at] == '!' || glob[at] == '^');
    if (negated) ++at;
    bool matched = false;
    for (bool first = true;; first = false) {
        if (at >= glob.size()) {
            used = 0;
            return false;
        }
        char low = glob[at];
        if (low == ']' && !first) break;
        if (low == '\\' && at + 1 < glob.size()) low = glob[++at];
        ++at;
        char high = low;
        if (at + 1 < glob.size() && glob[at] == '-' && glob[at + 1] != ']') {
            ++at;
            if (glob[at] == '\\' && at + 1 < glob.size()) ++at;
            high = glob[at++];
        }
        if (static_cast<unsigned char>(low) <= static_cast<unsigned char>(c) &&
            static_cast<unsigned char>(c) <= static_cast<unsigned char>(high))
            matched = true;
    }
    used = at + 1;
    return matched != negated && c != '/';
}

std::string_view withoutTrailingSpaces(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) {
        bool escaped = line.size() > 1 && line[line.size() - 2] == '\\' && line.back() == ' ';
        if (escaped) break;
        line.remove_suffix(1);
    }
    return line;
}

} // namespace

bool globMatches(std::string_view glob, std::string_view path) {
    while (!glob.empty()) {
        if (startsWith(glob, "**/")) {
            std::string_view rest = glob.substr(3);
            if (globMatches(rest, path)) return true;
            for (size_t i = 0; i < path.size(); ++i)
                if (path[i] == '/' && globMatches(rest, path.substr(i + 1))) return true;
            return false;
        }
        if (glob == "**") return !path.empty();
        if (glob.front() == '*') {
            while (!glob.empty() && glob.front() == '*') glob.remove_prefix(1);
            for (size_t i = 0;; ++i) {
                if (globMatches(glob, path.substr(i))) return true;
                if (i >= path.size() || path[i] == '/') return false;
            }
        }
        if (path.empty()) return false;
        if (glob.front() == '?') {
            if (path.front() == '/') return false;
            glob.remove_prefix(1);
        } else if (glob.front() == '[') {
            size_t used = 0;
            if (!classMatches(glob, path.front(), used)) return false;
            glob.remove_prefix(used);
        } else {
            if (glob.front() == '\\' && glob.size() > 1) glob.remove_prefix(1);
            if (glob.front() != path.front()) return false;
            glob.remove_prefix(1);
        }
        path.remove_prefix(1);
    }
    return path.empty();
}

IgnoreFile::IgnoreFile(std::string base, std::string_view text) : base_(std::move(base)) {
    if (startsWith(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
    for (const std::string& raw : split(text, '\n')) {
        std::string_view line = withoutTrailingSpaces(raw);
        if (line.empty() || line.front() == '#') continue;
        Pattern pattern;
        if (line.front() == '!') {
            pattern.negated = true;
            line.remove_prefix(1);
        }
        if (!line.empty() && line.back() == '/') {
            pattern.foldersOnly = true;
            line.remove_suffix(1);
        }
        if (line.empty()) continue;
        pattern.anchored = line.find('/') != std::string_view::npos;
        if (line.front() == '/') line.remove_prefix(1);
        pattern.glob = std::string(line);
        patterns_.push_back(std::move(pattern));
    }
}

IgnoreFile::Verdict IgnoreFile::judge(std::string_view path, bool isFolder) const {
    if (!startsWith(path, base_)) return Verdict::None;
    std::string_view local = path.substr(base_.size());
    size_t slash = local.rfind('/');
    std::string_view name = slash == std::string_view::npos ? local : local.substr(slash + 1);
    for (size_t i = patterns_.size(); i-- > 0;) {
        const Pattern& pattern = patterns_[i];
        if (pattern.foldersOnly && !isFolder) continue;
        if (globMatches(pattern.glob, pattern.anchored ? local : name))
            return pattern.negated ? Verdict::Keep : Verdict::Ignore;
    }
    return Verdict::None;
}

bool IgnoreRules::ignores(std::string_view path, bool isFolder) const {
    for (size_t i = files_.size(); i-- > 0;) {
        IgnoreFile::Verdict verdict = files_[i].judge(path, isFolder);
        if (verdict != IgnoreFile::Verdict::None) return verdict == IgnoreFile::Verdict::Ignore;
    }
    return false;
}

} // namespace covet::cli
