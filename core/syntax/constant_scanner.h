#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "syntax/value.h"

namespace covet::syntax {

/// Reads constants of Python (numbers, texts, True, False, None and displays of them) straight from
/// the text, without a syntax tree. What it accepts, Python reads as the same value; anything else,
/// such as names, calls and f-strings, it refuses.
class ConstantScanner {
public:
    explicit ConstantScanner(std::string_view text, size_t position = 0)
        : text_(text), at_(position) {}

    size_t position() const { return at_; }
    /// Spaces, line ends and comments, as inside brackets.
    void skipBlanks();
    /// Moves past `c`, after blanks; false if something else comes.
    bool take(char c);
    /// The byte after blanks; '\0' at the end.
    char peek();
    /// One constant at the position; `out` null only moves past it. A dict that `out` holds from before lends its
    /// entries to one with the same keys: reading rows one after the other then makes them once.
    bool read(Value* out, unsigned depth = 0);

private:
    bool readText(Value* out);
    bool readPlainText(Value* out);
    bool readNumber(Value* out, bool negative);
    bool readWord(Value* out);
    bool readBrackets(Value* out, unsigned depth);
    bool readBraces(Value* out, unsigned depth);
    bool refill(std::vector<Value::Entry>& entries, unsigned depth);
    bool takeKey(const Value& key);
    bool atTextStart() const;

    std::string_view text_;
    size_t at_ = 0;
    size_t usualEntries_ = 0; // of the dict before: records of one store are alike
};

/// Entries of a dict or members of a set as Python keeps them: the first place, the last value.
class EntryBuilder {
public:
    void reserve(size_t entries) { entries_.reserve(entries); }
    void add(Value key, Value value);
    std::vector<Value::Entry> take() { return std::move(entries_); }

private:
    std::vector<Value::Entry> entries_;
    std::unordered_multimap<size_t, size_t> index_; // by hash, once there are many
};

/// Whether Python takes the value as a key.
bool isHashableConstant(const Value& value);

} // namespace covet::syntax
