#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace covet {

/// Bytes that never change; copies share them. Whole files are passed on in this form, so that a large
/// one is held once, however many parts of the program know it.
class SharedText {
public:
    SharedText() = default;
    SharedText(std::string text) : held_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}
    SharedText(const char* text) : SharedText(std::string(text)) {}

    const std::string& string() const { return held_ ? *held_ : none(); }
    std::string_view view() const { return string(); }
    operator const std::string&() const { return string(); }
    operator std::string_view() const { return string(); }
    bool empty() const { return !held_; }
    size_t size() const { return held_ ? held_->size() : 0; }

    friend bool operator==(const SharedText& one, const SharedText& other) {
        return one.held_ == other.held_ || one.view() == other.view();
    }
    friend bool operator!=(const SharedText& one, const SharedText& other) { return !(one == other); }
    friend bool operator==(const SharedText& one, std::string_view other) { return one.view() == other; }
    friend bool operator!=(const SharedText& one, std::string_view other) { return one.view() != other; }
    friend std::ostream& operator<<(std::ostream& out, const SharedText& text) { return out << text.view(); }

private:
    static const std::string& none() {
        static const std::string kNone;
        return kNone;
    }

    std::shared_ptr<const std::string> held_;
};

} // namespace covet
