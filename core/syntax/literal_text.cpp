#include "syntax/literal_text.h"

#include <algorithm>

#include "syntax/constant_scanner.h"

namespace covet::syntax {
namespace {

/// Looking at displays that turn out to hold names must not take more than so many passes.
constexpr size_t kMaxPasses = 4;

/// Tries to read the display at `start` to its end.
bool measure(std::string_view text, size_t start, BulkLiteral& found, size_t& reached) {
    ConstantScanner scanner(text, start + 1);
    const bool isDict = text[start] == '{';
    const char close = isDict ? '}' : ']';
    std::vector<size_t> hashes;
    bool comma = false;
    found.start = start;
    found.kind = isDict ? Value::Kind::Dict : Value::Kind::List;
    found.count = 0;
    while (!scanner.take(close)) {
        reached = scanner.position();
        if (found.count > 0 && !comma) return false;
        if (isDict) {
            Value key;
            if (!scanner.read(&key) || !isHashableConstant(key) || !scanner.take(':')) return false;
            hashes.push_back(key.hash());
        }
        if (!scanner.read(nullptr)) return false;
        comma = scanner.take(',');
        if (++found.count == 1) found.innerStart = scanner.position();
    }
    found.end = reached = scanner.position();
    std::sort(hashes.begin(), hashes.end());
    found.keysRepeat = std::adjacent_find(hashes.begin(), hashes.end()) != hashes.end();
    return true;
}

/// Past the text literal whose first quote is at `at`.
size_t skipText(std::string_view text, size_t at) {
    const char quote = text[at];
    const bool triple =
        at + 2 < text.size() && text[at + 1] == quote && text[at + 2] == quote;
    at += triple ? 3 : 1;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '\\') {
            at += 2;
            continue;
        }
        if (!triple && (c == quote || c == '\n')) return at + 1;
        if (triple && c == quote && text.substr(at, 3) == std::string(3, quote)) return at + 3;
        ++at;
    }
    return at;
}

bool startsDisplay(std::string_view text, size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n' ||
                      text[at - 1] == '\r'))
        --at;
    if (at == 0) return false;
    if (std::string_view("=:,([{").find(text[at - 1]) != std::string_view::npos) return true;
    constexpr std::string_view kReturn = "return";
    return at >= kReturn.size() && text.substr(at - kReturn.size(), kReturn.size()) == kReturn;
}

class BulkReader : public ElementSource::Reader {
public:
    BulkReader(std::string_view text, const BulkLiteral& literal)
        : scanner_(text, literal.start + 1), isDict_(literal.kind == Value::Kind::Dict),
          left_(literal.count) {}

    bool next(Value& key, Value& content) override {
        if (left_ == 0) return false;
        --left_;
        if (isDict_) {
            scanner_.read(&key);
            scanner_.take(':');
        }
        scanner_.read(&content);
        scanner_.take(',');
        return true;
    }

private:
    ConstantScanner scanner_;
    bool isDict_;
    size_t left_;
};

class BulkSource : public ElementSource {
public:
    BulkSource(const SharedText& text, const BulkLiteral& literal) : text_(text), literal_(literal) {}
    size_t size() const override { return literal_.count; }
    std::unique_ptr<Reader> read() const override {
        return std::make_unique<BulkReader>(text_.view(), literal_);
    }

private:
    SharedText text_;
    BulkLiteral literal_;
};

} // namespace

std::vector<BulkLiteral> findBulkLiterals(std::string_view text, size_t minimum) {
    std::vector<BulkLiteral> found;
    size_t budget = text.size() * kMaxPasses;
    for (size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '#') {
            while (at < text.size() && text[at] != '\n' && text[at] != '\r')
                ++at;
        } else if (c == '"' || c == '\'') {
            at = skipText(text, at);
        } else if ((c == '[' || c == '{') && budget > 0 && text.size() - at >= minimum &&
                   startsDisplay(text, at)) {
            BulkLiteral literal;
            size_t reached = at;
            const bool whole = measure(text, at, literal, reached);
            budget -= std::min(budget, reached - at);
            if (whole && literal.end - literal.start >= minimum && literal.count > 1) {
                found.push_back(literal);
                at = literal.end;
            } else {
                at = whole ? literal.end : at + 1;
            }
        } else {
            ++at;
        }
    }
    return found;
}

Value bulkValue(const SharedText& text, const BulkLiteral& literal) {
    auto source = std::make_shared<BulkSource>(text, literal);
    if (!literal.keysRepeat) return Value::deferred(literal.kind, std::move(source));
    EntryBuilder builder;
    const std::unique_ptr<ElementSource::Reader> reader = source->read();
    Value key;
    Value content;
    while (reader->next(key, content))
        builder.add(std::move(key), std::move(content));
    return Value::dict(builder.take());
}

} // namespace covet::syntax
