#pragma once

#include <memory>
#include <utility>

namespace covet {

/// A value whose copies share one object until one of them is edited. Moving leaves nothing behind: a value that
/// was moved from may only be assigned to.
template <class T>
class CopyOnWrite {
public:
    CopyOnWrite() : held_(std::make_shared<T>()) {}
    CopyOnWrite(T value) : held_(std::make_shared<T>(std::move(value))) {}

    const T& operator*() const { return *held_; }
    const T* operator->() const { return held_.get(); }
    T& edit() {
        if (held_.use_count() > 1) held_ = std::make_shared<T>(*held_);
        return *held_;
    }

private:
    std::shared_ptr<T> held_;
};

} // namespace covet
