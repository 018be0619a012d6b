#pragma once

#include <string>
#include <string_view>

#include "equivalence/exchange.h"

namespace covet::cli {

/// Takes the bytes of an HTTP/1.x response as they come (RFC 9112).
class AnswerReader {
public:
    explicit AnswerReader(bool isHead) : isHead_(isHead) {}

    /// Adds bytes; true when the answer is complete.
    bool take(std::string_view bytes);
    /// The other side has closed: complete, or `problem` says what is missing.
    void close();
    equivalence::Answer& answer() { return answer_; }

private:
    enum class State { Head, Length, ChunkSize, Chunk, ChunkEnd, Trailer, UntilClose, Done };
    bool head();
    void keep(std::string_view bytes);
    bool line(std::string_view& out);

    bool isHead_;
    State state_ = State::Head;
    std::string pending_;
    size_t at_ = 0;
    size_t left_ = 0;
    equivalence::Answer answer_;
};

} // namespace covet::cli
