#include "catalog/version.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::catalog {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Digits at `position`, which is moved past them; capped so that they cannot overflow.
long number(std::string_view text, size_t& position) {
    long long value = 0;
    for (; position < text.size() && isDigit(text[position]); ++position)
        value = std::min(value * 10 + (text[position] - '0'), 1'000'000'000ll);
    return static_cast<long>(value);
}

} // namespace

std::optional<Version> Version::parse(std::string_view raw) {
    const std::string lowered = toLower(trim(raw));
    std::string_view text = lowered;
    if (startsWith(text, "v")) text.remove_prefix(1);
    if (const size_t epoch = text.find('!'); epoch != text.npos) text.remove_prefix(epoch + 1);
    if (const size_t local = text.find('+'); local != text.npos) text = text.substr(0, local);
    if (text.empty() || !isDigit(text[0])) return std::nullopt;

    Version version;
    size_t at = 0;
    for (;;) {
        version.release_.push_back(number(text, at));
        if (at >= text.size() || text[at] != '.' || at + 1 >= text.size()) break;
        if (text[at + 1] == 'x' || text[at + 1] == '*') {
            version.wildcard_ = true;
            return version;
        }
        if (!isDigit(text[at + 1])) break;
        ++at;
    }
    while (at < text.size() && (text[at] == '.' || text[at] == '-' || text[at] == '_')) ++at;
    if (at == text.size()) return version;
    const size_t labelStart = at;
    while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') ++at;
    const std::string_view word = text.substr(labelStart, at - labelStart);
    while (at < text.size() && (text[at] == '.' || text[at] == '-')) ++at;
    version.phaseNumber_ = number(text, at);
    if (word.empty() || word == "post" || word == "rev" || word == "r") version.phase_ = Phase::Post;
    else if (word == "dev") version.phase_ = Phase::Dev;
    else if (word == "a" || word == "alpha") version.phase_ = Phase::Alpha;
    else if (word == "b" || word == "beta") version.phase_ = Phase::Beta;
    else if (word == "rc" || word == "c" || word == "pre" || word == "preview") version.phase_ = Phase::Candidate;
    else {
        version.phase_ = Phase::Label;
        version.label_ = std::string(word);
    }
    return version;
}

int Version::compare(const Version& other) const {
    const size_t length = std::max(release_.size(), other.release_.size());
    auto part = [](const Version& version, size_t i) {
        if (i < version.release_.size()) return version.release_[i];
        return version.wildcard_ ? 2'000'000'000l : 0l;
    };
    // One more than both have, so that a wildcard is past every version that is as long.
    for (size_t i = 0; i <= length; ++i)
        if (const long mine = part(*this, i), theirs = part(other, i); mine != theirs)
            return mine < theirs ? -1 : 1;
    if (phase_ != other.phase_) return phase_ < other.phase_ ? -1 : 1;
    if (label_ != other.label_) return label_ < other.label_ ? -1 : 1;
    return phaseNumber_ == other.phaseNumber_ ? 0 : phaseNumber_ < other.phaseNumber_ ? -1 : 1;
}

bool Version::matches(const Version& version) const {
    if (!wildcard_) return compare(version) == 0;
    if (version.release_.size() < release_.size()) return false;
    return std::equal(release_.begin(), release_.end(), version.release_.begin());
}

bool isBetween(const Version& from, const Version& version, const Version& to) {
    return from < version && version <= to;
}

} // namespace covet::catalog
