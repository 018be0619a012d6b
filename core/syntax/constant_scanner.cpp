#include "syntax/constant_scanner.h"

#include <algorithm>

#include "syntax/evaluator/big_integer.h"
#include "syntax/evaluator/literals.h"

namespace covet::syntax {
namespace {

constexpr unsigned kMaxDepth = 100; // deeper data is left to the parser and its limits
constexpr size_t kLinearEntries = 12;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isWordByte(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

size_t skipDigits(std::string_view text, size_t at) {
    while (at < text.size() && isDigit(text[at]))
        ++at;
    return at;
}

std::optional<Value> numberOf(std::string_view token) {
    const size_t whole = skipDigits(token, 0);
    if (whole == token.size())
        return token[0] == '0' && token.size() > 1
                   ? std::nullopt
                   : std::optional<Value>(Value::integerText(std::string(token)));
    if (token.size() > 1 && token[0] == '0' && isDigit(token[1])) return std::nullopt;
    size_t at = whole;
    if (token[at] == '.') at = skipDigits(token, at + 1);
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
        size_t digits = at + 1;
        if (digits < token.size() && (token[digits] == '+' || token[digits] == '-')) ++digits;
        at = skipDigits(token, digits);
        if (at == digits) return std::nullopt;
    }
    if (at == token.size())
        return Value::floatingText(token);
    // Hexadecimal and the like, and digits with underscores between them.
    const bool odd = token.back() == '_' || token.find("__") != token.npos ||
                     token.find("_.") != token.npos || token.find("._") != token.npos ||
                     token.find_first_of("eE.") != token.npos;
    const bool based = token[0] == '0' && token.size() > 2 && !isDigit(token[1]) && token[1] != '_';
    if ((odd && !based) || token.back() == '_' || token.find("__") != token.npos)
        return std::nullopt;
    return eval::numberLiteral(token);
}

} // namespace

bool isHashableConstant(const Value& value) {
    switch (value.kind()) {
    case Value::Kind::List:
    case Value::Kind::Set:
    case Value::Kind::Dict:
        return false;
    case Value::Kind::Tuple:
        for (const Value& item : value.items())
            if (!isHashableConstant(item)) return false;
        return true;
    default:
        return true;
    }
}

void EntryBuilder::add(Value key, Value value) {
    if (index_.empty()) {
        for (Value::Entry& entry : entries_)
            if (entry.first == key) {
                entry.second = std::move(value);
                return;
            }
        if (entries_.size() == kLinearEntries)
            for (size_t i = 0; i < entries_.size(); ++i)
                index_.emplace(entries_[i].first.hash(), i);
    }
    if (!index_.empty()) {
        const size_t hash = key.hash();
        auto [from, to] = index_.equal_range(hash);
        for (; from != to; ++from)
            if (entries_[from->second].first == key) {
                entries_[from->second].second = std::move(value);
                return;
            }
        index_.emplace(hash, entries_.size());
    }
    entries_.emplace_back(std::move(key), std::move(value));
}

void ConstantScanner::skipBlanks() {
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            ++at_;
        } else if (c == '#') {
            while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r')
                ++at_;
        } else if (c == '\\' && at_ + 1 < text_.size() &&
                   (text_[at_ + 1] == '\n' || text_[at_ + 1] == '\r')) {
            at_ += 2;
        } else {
            return;
        }
    }
}

char ConstantScanner::peek() {
    skipBlanks();
    return at_ < text_.size() ? text_[at_] : '\0';
}

bool ConstantScanner::take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
}

bool ConstantScanner::read(Value* out, unsigned depth) {
    if (depth > kMaxDepth) return false;
    const char c = peek();
    if (c == '"' || c == '\'') return readText(out);
    if (isDigit(c) || c == '.') return readNumber(out, false);
    if (c == '[' || c == '(') return readBrackets(out, depth);
    if (c == '{') return readBraces(out, depth);
    if (c == '-' || c == '+') {
        ++at_;
        const char next = peek();
        return (isDigit(next) || next == '.') && readNumber(out, c == '-');
    }
    return atTextStart() ? readText(out) : readWord(out);
}

bool ConstantScanner::atTextStart() const {
    for (size_t i = at_; i < text_.size() && i < at_ + 3; ++i) {
        const char c = text_[i];
        if (c == '"' || c == '\'') return true;
        const char lower = static_cast<char>(c | 0x20);
        if (lower != 'r' && lower != 'b' && lower != 'u') return false;
    }
    return false;
}

/// The common case: one text in one line, without prefix and escapes.
bool ConstantScanner::readPlainText(Value* out) {
    const size_t from = at_ + 1;
    const char quote = text_[at_];
    if (quote != '"' && quote != '\'') return false;
    size_t end = from;
    for (; end < text_.size() && text_[end] != quote; ++end)
        if (text_[end] == '\\' || text_[end] == '\n' || text_[end] == '\r') return false;
    if (end >= text_.size()) return false;
    if (end == from && end + 1 < text_.size() && text_[end + 1] == quote) return false;
    const size_t start = at_;
    at_ = end + 1;
    skipBlanks();
    if (atTextStart()) {
        at_ = start;
        return false;
    }
    at_ = end + 1;
    if (out) *out = Value::string(std::string(text_.substr(from, end - from)));
    return true;
}

bool ConstantScanner::readText(Value* out) {
    if (readPlainText(out)) return true;
    bool isFirst = true;
    bool wholeIsBytes = false;
    std::string whole;
    // Texts side by side are one.
    for (; isFirst || (skipBlanks(), atTextStart()); isFirst = false) {
        std::string prefix;
        while (text_[at_] != '"' && text_[at_] != '\'')
            prefix += static_cast<char>(text_[at_++] | 0x20);
        const bool known = prefix.empty() || prefix == "r" || prefix == "b" || prefix == "u" ||
                           prefix == "rb" || prefix == "br";
        const bool isBytes = prefix.find('b') != prefix.npos;
        if (!known || (!isFirst && isBytes != wholeIsBytes)) return false;
        wholeIsBytes = isBytes;
        const char quote = text_[at_];
        const bool triple =
            at_ + 2 < text_.size() && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
        at_ += triple ? 3 : 1;
        const size_t from = at_;
        bool isPlain = !isBytes;
        for (;; ++at_) {
            if (at_ >= text_.size()) return false;
            const char c = text_[at_];
            if (c == quote) {
                if (!triple) break;
                if (at_ + 2 < text_.size() && text_[at_ + 1] == quote && text_[at_ + 2] == quote)
                    break;
            } else if (c == '\\') {
                isPlain = false;
                ++at_;
                if (at_ + 1 < text_.size() && text_[at_] == '\r' && text_[at_ + 1] == '\n') ++at_;
            } else if (c == '\n' || c == '\r') {
                if (!triple) return false;
                isPlain = isPlain && c != '\r';
            }
        }
        const std::string_view raw = text_.substr(from, at_ - from);
        at_ += triple ? 3 : 1;
        if (isPlain) {
            if (out) whole += raw;
            continue;
        }
        const std::optional<std::string> decoded = eval::decodeText(raw, prefix);
        if (!decoded) return false;
        if (out) whole += *decoded;
    }
    if (out)
        *out = Value::scalar(wholeIsBytes ? Value::Kind::Bytes : Value::Kind::Str,
                             std::move(whole));
    return true;
}

bool ConstantScanner::readNumber(Value* out, bool negative) {
    const size_t from = at_;
    while (at_ < text_.size()) {
        const char c = text_[at_];
        const bool sign = (c == '+' || c == '-') && at_ > from &&
                          (text_[at_ - 1] | 0x20) == 'e' && (text_[from] != '0' || at_ < from + 2 ||
                          (text_[from + 1] | 0x20) != 'x');
        if (!isWordByte(c) && c != '.' && !sign) break;
        ++at_;
    }
    const std::string_view token = text_.substr(from, at_ - from);
    if (token.empty() || token == "." || (token[0] == '.' && !isDigit(token[1]))) return false;
    if (!out && skipDigits(token, 0) == token.size()) return token[0] != '0' || token.size() == 1;
    std::optional<Value> number = numberOf(token);
    if (!number) return false;
    if (!out) return true;
    if (negative && number->kind() == Value::Kind::Int)
        number = Value::integerText(number->text() == "0" ? "0" : "-" + number->text());
    else if (negative)
        number = Value::scalar(Value::Kind::Float, "-" + number->text());
    *out = std::move(*number);
    return true;
}

bool ConstantScanner::readWord(Value* out) {
    size_t end = at_;
    while (end < text_.size() && isWordByte(text_[end]))
        ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (word != "True" && word != "False" && word != "None") return false;
    at_ = end;
    if (out) *out = word == "None" ? Value::null() : Value::boolean(word == "True");
    return true;
}

bool ConstantScanner::readBrackets(Value* out, unsigned depth) {
    const bool isList = text_[at_++] == '[';
    const char close = isList ? ']' : ')';
    std::vector<Value> items;
    size_t count = 0;
    bool comma = false;
    while (!take(close)) {
        if (count > 0 && !comma) return false;
        Value item;
        if (!read(out ? &item : nullptr, depth + 1)) return false;
        if (out) items.push_back(std::move(item));
        ++count;
        comma = take(',');
    }
    if (!out) return true;
    if (!isList && count == 1 && !comma)
        *out = std::move(items[0]);
    else
        *out = Value::list(std::move(items), isList ? Value::Kind::List : Value::Kind::Tuple);
    return true;
}

/// Moves past the text `key`, if it stands here plainly.
bool ConstantScanner::takeKey(const Value& key) {
    if (key.kind() != Value::Kind::Str) return false;
    const std::string& name = key.text();
    const char quote = peek();
    if ((quote != '"' && quote != '\'') || name.empty() || at_ + name.size() + 2 > text_.size()) return false;
    if (text_[at_ + 1 + name.size()] != quote || text_.compare(at_ + 1, name.size(), name) != 0) return false;
    for (const char c : name)
        if (c == '\\' || c == '\n' || c == '\r' || c == quote) return false;
    at_ += name.size() + 2;
    return true;
}

/// Reads the values of a dict that has the keys of `entries` in their order; false when it has not.
bool ConstantScanner::refill(std::vector<Value::Entry>& entries, unsigned depth) {
    for (size_t i = 0; i < entries.size(); ++i) {
        if (!takeKey(entries[i].first) || !take(':') || !read(&entries[i].second, depth + 1)) return false;
        if (!take(',') && i + 1 < entries.size()) return false;
    }
    return take('}');
}

bool ConstantScanner::readBraces(Value* out, unsigned depth) {
    ++at_;
    if (out && out->kind() == Value::Kind::Dict && out->size() > 0) {
        const size_t start = at_;
        if (refill(out->entries(), depth)) return true;
        at_ = start;
    }
    EntryBuilder builder;
    if (out) builder.reserve(usualEntries_);
    size_t count = 0;
    bool isSet = false;
    bool comma = false;
    while (!take('}')) {
        if (count > 0 && !comma) return false;
        // Keys are few bytes, and whether they can be keys is seen in their values only.
        Value key;
        Value value;
        if (!read(&key, depth + 1) || !isHashableConstant(key)) return false;
        const bool isMember = !take(':');
        if (count > 0 && isMember != isSet) return false;
        isSet = isMember;
        if (!isMember && !read(out ? &value : nullptr, depth + 1)) return false;
        if (out) builder.add(std::move(key), std::move(value));
        ++count;
        comma = take(',');
    }
    if (!out) return true;
    if (!isSet) {
        usualEntries_ = std::min(count, kLinearEntries);
        *out = Value::dict(builder.take());
        return true;
    }
    std::vector<Value> members;
    for (Value::Entry& entry : builder.take())
        members.push_back(std::move(entry.first));
    *out = Value::list(std::move(members), Value::Kind::Set);
    return true;
}

} // namespace covet::syntax
