#include "syntax/evaluator/json_reader.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "syntax/constant_scanner.h"

namespace covet::syntax::eval {
namespace {

/// Containers of so many bytes and elements are not held as values. Objects with few keys are, since
/// their parts may be large themselves: `{"users": [...], "orders": [...]}`.
constexpr size_t kLargeBytes = 64u << 10;
constexpr size_t kManyElements = 64;

/// An array or object of a text that is known to be JSON.
struct Container {
    size_t start = 0; // of its bracket
    size_t end = 0;   // after it
    bool isObject = false;
    size_t count = 0;
    bool keysRepeat = false;
};

class Reader {
public:
    explicit Reader(std::string_view text, size_t at = 0) : text_(text), at_(at) {}

    std::optional<Value> document() {
        Value value;
        if (hasBom() || !read(&value, 0) || !isAtEnd()) return std::nullopt;
        return value;
    }

    /// The same, with large containers left in `text`, which is what is read.
    std::optional<JsonDocument> largeDocument(const SharedText& text);

    /// The next element of a container whose bracket or comma has been passed.
    void element(Value* key, Value& content) {
        if (key) {
            space();
            std::string name;
            string(&name);
            *key = Value::string(std::move(name));
            space();
            take(":");
        }
        read(&content, 1);
        space();
        take(",");
    }

private:
    std::string_view text_;
    size_t at_ = 0;
    static constexpr int kMaxDepth = 500;

    bool hasBom() const { return text_.substr(0, 3) == "\xEF\xBB\xBF"; } // Python refuses it

    bool isAtEnd() {
        space();
        return at_ == text_.size();
    }

    void space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' ||
                                      text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }

    bool take(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }

    /// Reads a value; `out` null: only whether there is one.
    bool read(Value* out, int depth) {
        space();
        if (at_ >= text_.size() || depth > kMaxDepth) return false;
        const auto give = [&](Value value) {
            if (out) *out = std::move(value);
            return true;
        };
        switch (text_[at_]) {
        case '{':
            return object(out, depth);
        case '[':
            return array(out, depth);
        case '"': {
            std::string text;
            if (!string(out ? &text : nullptr)) return false;
            return give(out ? Value::string(std::move(text)) : Value());
        }
        default:
            break;
        }
        if (take("true")) return give(Value::boolean(true));
        if (take("false")) return give(Value::boolean(false));
        if (take("null")) return give(Value::null());
        if (take("NaN")) return give(Value::scalar(Value::Kind::Float, "nan"));
        if (take("Infinity")) return give(Value::scalar(Value::Kind::Float, "inf"));
        if (take("-Infinity")) return give(Value::scalar(Value::Kind::Float, "-inf"));
        return number(out);
    }

    std::optional<Container> measure(int depth);
    bool readPart(const SharedText& text, Value& out, bool& isDeferred);

    bool digits() {
        const size_t start = at_;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
            ++at_;
        return at_ > start;
    }

    bool number(Value* out) {
        const size_t start = at_;
        take("-");
        const size_t first = at_;
        if (!digits() || (text_[first] == '0' && at_ > first + 1)) return false;
        bool isFloat = false;
        if (take(".")) {
            isFloat = true;
            if (!digits()) return false;
        }
        if (take("e") || take("E")) {
            isFloat = true;
            if (!take("+")) take("-");
            if (!digits()) return false;
        }
        if (!out) return true;
        std::string text(text_.substr(start, at_ - start));
        *out = isFloat ? Value::floatingText(text)
                       : Value::integerText(text == "-0" ? "0" : std::move(text));
        return true;
    }

    bool hex(uint32_t& point) {
        point = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = at_ < text_.size() ? text_[at_] : ' ';
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0) return false;
            point = point * 16 + static_cast<uint32_t>(digit);
        }
        return true;
    }

    bool string(std::string* out) {
        ++at_;
        while (at_ < text_.size()) {
            const size_t plain = at_;
            while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' && static_cast<unsigned char>(text_[at_]) >= 0x20)
                ++at_;
            if (out) out->append(text_.substr(plain, at_ - plain));
            if (at_ >= text_.size()) return false;
            const char c = text_[at_++];
            if (c == '"') return true;
            if (c != '\\') return false;
            if (at_ >= text_.size()) return false;
            const char escape = text_[at_++];
            static constexpr std::string_view kFrom = "\"\\/bfnrt";
            static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
            const size_t known = kFrom.find(escape);
            if (known != kFrom.npos) {
                if (out) *out += kTo[known];
                continue;
            }
            uint32_t point = 0;
            if (escape != 'u' || !hex(point)) return false;
            if (point >= 0xD800 && point < 0xDC00 && text_.substr(at_, 2) == "\\u") {
                const size_t back = at_;
                uint32_t low = 0;
                at_ += 2;
                if (!hex(low)) return false;
                if (low >= 0xDC00 && low < 0xE000)
                    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
                else
                    at_ = back;
            }
            if (out) appendUtf8(*out, point);
        }
        return false;
    }

    bool array(Value* out, int depth, Container* measured = nullptr) {
        ++at_;
        std::vector<Value> items;
        space();
        for (bool more = !take("]"); more;) {
            Value item;
            if (!read(out ? &item : nullptr, depth + 1)) return false;
            if (out) items.push_back(std::move(item));
            if (measured) ++measured->count;
            space();
            more = !take("]");
            if (more && !take(",")) return false;
        }
        if (out) *out = Value::list(std::move(items));
        return true;
    }

    bool object(Value* out, int depth, Container* measured = nullptr) {
        ++at_;
        if (out && out->kind() == Value::Kind::Dict && out->size() > 0) {
            const size_t start = at_;
            if (refill(out->entries(), depth)) return true;
            at_ = start;
        }
        EntryBuilder entries;
        std::vector<size_t> hashes;
        space();
        for (bool more = !take("}"); more;) {
            space();
            std::string key;
            if (at_ >= text_.size() || text_[at_] != '"' || !string(out || measured ? &key : nullptr)) return false;
            space();
            if (!take(":")) return false;
            Value value;
            if (!read(out ? &value : nullptr, depth + 1)) return false;
            if (measured) {
                ++measured->count;
                hashes.push_back(std::hash<std::string>{}(key));
            }
            if (out) entries.add(Value::string(std::move(key)), std::move(value));
            space();
            more = !take("}");
            if (more && !take(",")) return false;
        }
        if (measured) {
            std::sort(hashes.begin(), hashes.end());
            measured->keysRepeat = std::adjacent_find(hashes.begin(), hashes.end()) != hashes.end();
        }
        if (out) *out = Value::dict(entries.take());
        return true;
    }

    /// Reads the values of an object that has the keys of `entries` in their order, as the one before it had; false
    /// when it has not.
    bool refill(std::vector<Value::Entry>& entries, int depth) {
        for (size_t i = 0; i < entries.size(); ++i) {
            space();
            const std::string& key = entries[i].first.text();
            if (entries[i].first.kind() != Value::Kind::Str || text_.size() - at_ < key.size() + 2 || text_[at_] != '"' ||
                text_[at_ + 1 + key.size()] != '"' || text_.compare(at_ + 1, key.size(), key) != 0 ||
                key.find_first_of("\\\"") != key.npos)
                return false;
            at_ += key.size() + 2;
            space();
            if (!take(":") || !read(&entries[i].second, depth + 1)) return false;
            space();
            if (i + 1 < entries.size() && !take(",")) return false;
        }
        return take("}");
    }
};

class JsonSource : public ElementSource {
public:
    JsonSource(SharedText text, const Container& container) : text_(std::move(text)), container_(container) {}
    size_t size() const override { return container_.count; }
    std::unique_ptr<ElementSource::Reader> read() const override { return std::make_unique<Elements>(*this); }

private:
    class Elements : public ElementSource::Reader {
    public:
        explicit Elements(const JsonSource& source)
            : reader_(source.text_.view(), source.container_.start + 1), isObject_(source.container_.isObject), left_(source.container_.count) {}
        bool next(Value& key, Value& content) override {
            if (left_ == 0) return false;
            --left_;
            reader_.element(isObject_ ? &key : nullptr, content);
            return true;
        }

    private:
        eval::Reader reader_;
        bool isObject_;
        size_t left_;
    };

    SharedText text_;
    Container container_;
};

/// Moves past the container that begins here; nothing if it is none.
std::optional<Container> Reader::measure(int depth) {
    Container found;
    found.start = at_;
    found.isObject = text_[at_] == '{';
    if (!(found.isObject ? object(nullptr, depth, &found) : array(nullptr, depth, &found))) return std::nullopt;
    found.end = at_;
    return found;
}

/// Reads the document or a value of it, or leaves it in the text where it is large.
bool Reader::readPart(const SharedText& text, Value& out, bool& isDeferred) {
    space();
    isDeferred = false;
    const size_t start = at_;
    const bool mayBeLarge = text_.size() - at_ >= kLargeBytes && (text_[at_] == '{' || text_[at_] == '[');
    if (!mayBeLarge) return read(&out, 1);
    const std::optional<Container> found = measure(1);
    if (!found) return false;
    isDeferred = found->end - found->start >= kLargeBytes && found->count >= kManyElements && !found->keysRepeat;
    if (isDeferred) {
        out = Value::deferred(found->isObject ? Value::Kind::Dict : Value::Kind::List,
                              std::make_shared<JsonSource>(text, *found));
        return true;
    }
    at_ = start;
    return read(&out, 1);
}

std::optional<JsonDocument> Reader::largeDocument(const SharedText& text) {
    JsonDocument document;
    space();
    if (hasBom() || at_ >= text_.size()) return std::nullopt;
    const size_t start = at_;
    if (text_[at_] == '{' && text_.size() >= kLargeBytes) {
        const std::optional<Container> found = measure(0);
        if (!found) return std::nullopt;
        at_ = start;
        if (found->count < kManyElements && !found->keysRepeat) {
            ++at_;
            space();
            for (bool more = !take("}"); more;) {
                space();
                std::string key;
                Value value;
                bool isDeferred = false;
                if (!string(&key)) return std::nullopt;
                space();
                if (!take(":") || !readPart(text, value, isDeferred)) return std::nullopt;
                document.parts.emplace_back(Value::string(std::move(key)), std::move(value));
                document.deferredParts.push_back(isDeferred);
                space();
                more = take(",");
                if (!more) take("}");
            }
            if (!isAtEnd()) return std::nullopt;
            return document;
        }
    }
    Value whole;
    if (!readPart(text, whole, document.isDeferred) || !isAtEnd()) return std::nullopt;
    document.whole = std::move(whole);
    return document;
}

} // namespace

std::optional<Value> readJson(std::string_view text) {
    return Reader(text).document();
}

std::optional<JsonDocument> readLargeJson(const SharedText& text) {
    return Reader(text.view()).largeDocument(text);
}

} // namespace covet::syntax::eval
