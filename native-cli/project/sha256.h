#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace covet::cli {

/// SHA-256 in lower-case hex.
std::string sha256Hex(std::string_view bytes);

/// SHA-256 of bytes that arrive in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(std::string_view bytes);
    /// Lower-case hex; ends the digest.
    std::string hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace covet::cli
