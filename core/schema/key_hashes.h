#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "syntax/value.h"

namespace covet::schema {

/// Values of keys by their hashes, eight bytes each: what millions of rows hold is not kept. Whether a value is among
/// them is told with a chance of error of one in many millions; what decides about rows asks the values themselves
/// (allDifferent) or is compared when they are loaded.
class KeyHashes {
public:
    static uint64_t of(const Value& value) {
        // Numbers by their digits: a double would not tell large ones apart.
        return std::hash<std::string_view>{}(value.text()) * 31 + static_cast<uint64_t>(value.kind()) + value.boolValue();
    }
    void add(const Value& value) { hashes_.push_back(of(value)); }
    /// After the last one.
    void finish() { std::sort(hashes_.begin(), hashes_.end()); }
    bool has(const Value& value) const { return std::binary_search(hashes_.begin(), hashes_.end(), of(value)); }
    /// The first hashes, at most `most`, that occur more than once.
    std::unordered_set<uint64_t> repeated(size_t most) const {
        std::unordered_set<uint64_t> found;
        for (size_t i = 1; i < hashes_.size() && found.size() < most; ++i)
            if (hashes_[i] == hashes_[i - 1]) found.insert(hashes_[i]);
        return found;
    }

private:
    std::vector<uint64_t> hashes_;
};

/// Whether all values that a pass over rows hands to its argument are different. Makes a second pass where hashes are
/// the same.
inline bool allDifferent(const std::function<void(const std::function<void(const Value&)>&)>& pass) {
    KeyHashes hashes;
    pass([&](const Value& value) { hashes.add(value); });
    hashes.finish();
    // One value that is there twice is enough, and of so many hashes not all are the same by chance.
    const std::unordered_set<uint64_t> suspects = hashes.repeated(64);
    if (suspects.empty()) return true;
    std::vector<Value> seen;
    bool different = true;
    pass([&](const Value& value) {
        if (!different || suspects.count(KeyHashes::of(value)) == 0) return;
        different = std::none_of(seen.begin(), seen.end(), [&](const Value& other) { return other == value; });
        seen.push_back(value);
    });
    return different;
}

} // namespace covet::schema
