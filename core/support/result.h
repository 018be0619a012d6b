#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace covet {

/// Why an operation failed. `code` is stable and kebab-case; `hint` is the next step for the user.
struct Error {
    std::string code;
    std::string message;
    std::string file;
    uint32_t line = 0;
    std::string hint;
};

/// A value or an Error. The core never throws across its API.
template <typename T> class Result {
public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    explicit operator bool() const { return ok(); }
    bool ok() const { return std::holds_alternative<T>(state_); }
    T& value() { return std::get<T>(state_); }
    const T& value() const { return std::get<T>(state_); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const Error& error() const { return std::get<Error>(state_); }

private:
    std::variant<T, Error> state_;
};

/// Success without a value.
struct Ok {};
using Status = Result<Ok>;

} // namespace covet
