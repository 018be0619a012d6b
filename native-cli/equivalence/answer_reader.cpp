#include "equivalence/answer_reader.h"

#include <algorithm>
#include <cstdlib>

#include "support/strings.h"

namespace covet::cli {
namespace {

constexpr size_t kKeptBody = 8u << 20;
constexpr size_t kLargestHead = 256 * 1024;

/// Digits only: -1 for anything else.
long long lengthOf(const std::string& text) {
    if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) return -1;
    return std::atoll(text.c_str());
}

} // namespace

bool AnswerReader::line(std::string_view& out) {
    const size_t end = pending_.find('\n', at_);
    if (end == std::string::npos) return false;
    out = std::string_view(pending_).substr(at_, end - at_);
    if (!out.empty() && out.back() == '\r') out.remove_suffix(1);
    at_ = end + 1;
    return true;
}

/// Status line and headers, once they are complete.
bool AnswerReader::head() {
    size_t end = pending_.find("\r\n\r\n", at_);
    if (end == std::string::npos) end = pending_.find("\n\n", at_);
    if (end == std::string::npos) {
        if (pending_.size() - at_ > kLargestHead) {
            answer_.problem = "not-http";
            state_ = State::Done;
        }
        return false;
    }
    std::string_view text;
    line(text);
    if (!startsWith(text, "HTTP/1.") || text.size() < 12) {
        answer_.problem = "not-http";
        state_ = State::Done;
        return false;
    }
    answer_.status = std::atoi(std::string(text.substr(9, 3)).c_str());
    answer_.headers.clear();
    while (line(text) && !text.empty()) {
        const size_t colon = text.find(':');
        if (colon == std::string_view::npos) continue;
        answer_.headers.emplace_back(toLower(trim(text.substr(0, colon))), std::string(trim(text.substr(colon + 1))));
    }
    if (answer_.status < 200) return true; // 100 Continue, 103 Early Hints: the answer follows
    const bool hasBody = !isHead_ && answer_.status != 204 && answer_.status != 304;
    const long long length = lengthOf(answer_.header("content-length"));
    if (!hasBody)
        state_ = State::Done;
    else if (toLower(answer_.header("transfer-encoding")).find("chunked") != std::string::npos)
        state_ = State::ChunkSize;
    else if (length >= 0) {
        left_ = static_cast<size_t>(length);
        state_ = left_ ? State::Length : State::Done;
    } else {
        state_ = State::UntilClose;
    }
    return true;
}

void AnswerReader::keep(std::string_view bytes) {
    const size_t room = kKeptBody - std::min(kKeptBody, answer_.body.size());
    answer_.body.append(bytes.substr(0, room));
    answer_.truncated = answer_.truncated || bytes.size() > room;
}

bool AnswerReader::take(std::string_view bytes) {
    pending_ += bytes;
    bool moves = true;
    while (moves && state_ != State::Done) {
        std::string_view text;
        switch (state_) {
        case State::Head: moves = head(); break;
        case State::Length:
        case State::Chunk:
            text = std::string_view(pending_).substr(at_, left_);
            keep(text);
            at_ += text.size();
            left_ -= text.size();
            moves = left_ == 0;
            if (moves) state_ = state_ == State::Chunk ? State::ChunkEnd : State::Done;
            break;
        case State::ChunkSize:
            moves = line(text);
            if (!moves) break;
            left_ = static_cast<size_t>(std::strtoull(std::string(text).c_str(), nullptr, 16));
            state_ = left_ ? State::Chunk : State::Trailer;
            break;
        case State::ChunkEnd:
            moves = line(text);
            if (moves) state_ = State::ChunkSize;
            break;
        case State::Trailer:
            moves = line(text);
            if (moves && text.empty()) state_ = State::Done;
            break;
        case State::UntilClose:
            keep(std::string_view(pending_).substr(at_));
            at_ = pending_.size();
            moves = false;
            break;
        case State::Done: break;
        }
    }
    pending_.erase(0, at_);
    at_ = 0;
    return state_ == State::Done;
}

void AnswerReader::close() {
    if (state_ == State::Done || state_ == State::UntilClose) return;
    answer_.problem = "closed";
    if (state_ == State::Head) answer_.status = 0;
}

} // namespace covet::cli
