#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace covet {

/// Bytes that never change; copies share them. Whole files are passed on in this form, so that a large
/// one is held once, however many parts of the program know it, and wherever its host keeps it.
class SharedText {
public:
    SharedText() = default;
    SharedText(std::string text) {
        if (text.empty()) return;
        auto held = std::make_shared<const std::string>(std::move(text));
        view_ = *held;
        owner_ = std::move(held);
    }
    SharedText(const char* text) : SharedText(std::string(text)) {}
    /// Bytes that stay where they are as long as `owner` lives.
    SharedText(std::shared_ptr<const void> owner, std::string_view bytes)
        : owner_(bytes.empty() ? nullptr : std::move(owner)), view_(owner_ ? bytes : std::string_view()) {}

    std::string string() const { return std::string(view_); }
    operator std::string() const { return string(); }
    std::string_view view() const { return view_; }
    operator std::string_view() const { return view_; }
    bool empty() const { return view_.empty(); }
    size_t size() const { return view_.size(); }
    /// The bytes from `at` on, shared with this.
    SharedText from(size_t at) const { return SharedText(owner_, view_.substr(at)); }

    friend bool operator==(const SharedText& one, const SharedText& other) {
        return (one.view_.data() == other.view_.data() && one.size() == other.size()) || one.view_ == other.view_;
    }
    friend bool operator!=(const SharedText& one, const SharedText& other) { return !(one == other); }
    friend bool operator==(const SharedText& one, std::string_view other) { return one.view_ == other; }
    friend bool operator!=(const SharedText& one, std::string_view other) { return one.view_ != other; }
    friend std::ostream& operator<<(std::ostream& out, const SharedText& text) { return out << text.view_; }

private:
    std::shared_ptr<const void> owner_;
    std::string_view view_;
};

} // namespace covet
