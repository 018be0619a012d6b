#include "syntax/evaluator/json_reader.h"

#include <cstdlib>
#include <string>
#include <unordered_map>

namespace covet::syntax::eval {
namespace {

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::optional<Value> document() {
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") return std::nullopt; // Python refuses a BOM
        std::optional<Value> value = read(0);
        space();
        return value && at_ == text_.size() ? value : std::nullopt;
    }

private:
    std::string_view text_;
    size_t at_ = 0;
    static constexpr int kMaxDepth = 500;

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

    std::optional<Value> read(int depth) {
        space();
        if (at_ >= text_.size() || depth > kMaxDepth) return std::nullopt;
        switch (text_[at_]) {
        case '{':
            return object(depth);
        case '[':
            return array(depth);
        case '"': {
            std::string out;
            if (!string(out)) return std::nullopt;
            return Value::string(std::move(out));
        }
        default:
            break;
        }
        if (take("true")) return Value::boolean(true);
        if (take("false")) return Value::boolean(false);
        if (take("null")) return Value::null();
        if (take("NaN")) return Value::scalar(Value::Kind::Float, "nan");
        if (take("Infinity")) return Value::scalar(Value::Kind::Float, "inf");
        if (take("-Infinity")) return Value::scalar(Value::Kind::Float, "-inf");
        return number();
    }

    bool digits() {
        const size_t start = at_;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
            ++at_;
        return at_ > start;
    }

    std::optional<Value> number() {
        const size_t start = at_;
        take("-");
        const size_t first = at_;
        if (!digits() || (text_[first] == '0' && at_ > first + 1)) return std::nullopt;
        bool isFloat = false;
        if (take(".")) {
            isFloat = true;
            if (!digits()) return std::nullopt;
        }
        if (take("e") || take("E")) {
            isFloat = true;
            if (!take("+")) take("-");
            if (!digits()) return std::nullopt;
        }
        std::string text(text_.substr(start, at_ - start));
        if (isFloat) return Value::floating(std::strtod(text.c_str(), nullptr));
        return Value::integerText(text == "-0" ? "0" : std::move(text));
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

    bool string(std::string& out) {
        ++at_;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '"') return true;
            if (static_cast<unsigned char>(c) < 0x20) return false;
            if (c != '\\') {
                out += c;
                continue;
            }
            if (at_ >= text_.size()) return false;
            const char escape = text_[at_++];
            static constexpr std::string_view kFrom = "\"\\/bfnrt";
            static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
            const size_t known = kFrom.find(escape);
            if (known != kFrom.npos) {
                out += kTo[known];
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
            appendUtf8(out, point);
        }
        return false;
    }

    std::optional<Value> array(int depth) {
        ++at_;
        std::vector<Value> items;
        space();
        if (take("]")) return Value::list({});
        while (true) {
            std::optional<Value> item = read(depth + 1);
            if (!item) return std::nullopt;
            items.push_back(std::move(*item));
            space();
            if (take("]")) return Value::list(std::move(items));
            if (!take(",")) return std::nullopt;
        }
    }

    std::optional<Value> object(int depth) {
        ++at_;
        std::vector<Value::Entry> entries;
        std::unordered_map<std::string, size_t> index;
        space();
        if (take("}")) return Value::dict({});
        while (true) {
            space();
            std::string key;
            if (at_ >= text_.size() || text_[at_] != '"' || !string(key)) return std::nullopt;
            space();
            if (!take(":")) return std::nullopt;
            std::optional<Value> value = read(depth + 1);
            if (!value) return std::nullopt;
            const auto [found, isNew] = index.emplace(key, entries.size());
            if (isNew)
                entries.emplace_back(Value::string(std::move(key)), std::move(*value));
            else
                entries[found->second].second = std::move(*value);
            space();
            if (take("}")) return Value::dict(std::move(entries));
            if (!take(",")) return std::nullopt;
        }
    }
};

} // namespace

std::optional<Value> readJson(std::string_view text) {
    return Reader(text).document();
}

} // namespace covet::syntax::eval
