#include "terminal/terminal.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "covet/core.h"

namespace covet::cli {
namespace {

const char* escapeOf(Style style) {
    switch (style) {
    case Style::Bold: return "\x1b[1m";
    case Style::Dim: return "\x1b[2m";
    case Style::Red: return "\x1b[1;31m";
    case Style::Green: return "\x1b[32m";
    case Style::Yellow: return "\x1b[33m";
    case Style::Cyan: return "\x1b[36m";
    }
    return "";
}

bool wantsColor(int fd) {
    const char* noColor = std::getenv("NO_COLOR");
    if (noColor && *noColor) return false;
    const char* term = std::getenv("TERM");
    return isatty(fd) && term && std::strcmp(term, "dumb") != 0;
}

std::string painted(std::string_view text, Style style, bool on) {
    return on ? fmt::format("{}{}\x1b[0m", escapeOf(style), text) : std::string(text);
}

/// ", 250000/s, 12 s left" once there is something to tell.
std::string rateText(size_t done, size_t total, double seconds) {
    if (seconds < 1 || done == 0 || total <= done) return "";
    double rate = static_cast<double>(done) / seconds;
    return fmt::format(", {:.0f}/s, {:.0f} s left", rate, static_cast<double>(total - done) / rate);
}

} // namespace

void Terminal::configure(Format format, bool quiet, bool noColor) {
    format_ = format;
    quiet_ = quiet;
    colorOut_ = !noColor && format == Format::Text && wantsColor(STDOUT_FILENO);
    colorError_ = !noColor && wantsColor(STDERR_FILENO);
    liveError_ = wantsColor(STDERR_FILENO);
}

bool Terminal::inputIsTerminal() const { return isatty(STDIN_FILENO); }

void Terminal::write(std::FILE* stream, std::string_view text) {
    if (lineOpen_) endProgress();
    if (std::fwrite(text.data(), 1, text.size(), stream) != text.size() && stream == stdout && errno != EPIPE)
        outputFailed_ = true;
}

void Terminal::data(std::string_view text) {
    if (!isJson() || !jsonLines_) return write(stdout, text);
    write(stdout, nlohmann::ordered_json::parse(text).dump() + "\n");
    std::fflush(stdout);
}

void Terminal::say(std::string_view line) {
    if (quiet_ || format_ != Format::Text) return;
    write(stdout, fmt::format("{}\n", line));
}

void Terminal::note(std::string_view line) {
    if (quiet_) return;
    std::fflush(stdout);
    write(stderr, fmt::format("{}\n", line));
}

void Terminal::warning(std::string_view message, std::string_view hint) {
    if (quiet_) return;
    std::fflush(stdout);
    write(stderr, fmt::format("{}: {}\n", paintError("warning", Style::Yellow), message));
    if (!hint.empty()) write(stderr, fmt::format("  = help: {}\n", hint));
}

void Terminal::error(const Error& error) {
    if (isJson()) data(errorJson(error));
    std::fflush(stdout);
    std::string text = fmt::format("{}: {}\n", paintError("error", Style::Red), error.message);
    if (!error.file.empty())
        text += error.line ? fmt::format("  --> {}:{}\n", error.file, error.line)
                           : fmt::format("  --> {}\n", error.file);
    if (!error.hint.empty()) text += fmt::format("  = help: {}\n", error.hint);
    write(stderr, text);
}

void Terminal::progress(std::string_view step, size_t done, size_t total) {
    if (quiet_ && !jsonProgress_) return;
    bool isNew = step != step_;
    if (isNew) {
        endProgress();
        step_ = step;
        lastPercent_ = -1;
        stepStart_ = std::chrono::steady_clock::now();
    }
    done_ = done;
    if (jsonProgress_) return progressAsJson(done, total);
    if (!liveError_) {
        // A log does not need a line for what takes no time.
        bool isLong = stepSeconds() > 1;
        if (isLong && lastPercent_ < 0) std::fprintf(stderr, "%s ...\n", step_.c_str());
        if (isLong) lastPercent_ = 0;
        return;
    }
    int percent = total ? static_cast<int>(done * 100 / total) : 0;
    if (!isNew && percent == lastPercent_) return;
    lastPercent_ = percent;
    lineOpen_ = true;
    constexpr int kWidth = 24;
    int filled = percent * kWidth / 100;
    std::string bar = std::string(static_cast<size_t>(filled), '#') +
                      std::string(static_cast<size_t>(kWidth - filled), '.');
    std::fprintf(stderr, "\r\x1b[K%s [%s] %zu/%zu%s", step_.c_str(), bar.c_str(), done, total,
                 rateText(done, total, stepSeconds()).c_str());
    std::fflush(stderr);
}

void Terminal::progressAsJson(size_t done, size_t total) {
    auto now = std::chrono::steady_clock::now();
    bool isFirst = lastPercent_ < 0;
    if (!isFirst && done != total && now - lastShown_ < std::chrono::milliseconds(250)) return;
    lastShown_ = now;
    lastPercent_ = 0;
    double seconds = stepSeconds();
    double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    double left = rate > 0 && total > done ? static_cast<double>(total - done) / rate : 0;
    std::fputs(fmt::format("{{\"event\":\"progress\",\"step\":\"{}\",\"done\":{},\"total\":{},"
                           "\"seconds\":{:.3f},\"perSecond\":{:.0f},\"secondsLeft\":{:.1f}}}\n",
                           step_, done, total, seconds, rate, left)
                   .c_str(),
               stderr);
}

double Terminal::stepSeconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - stepStart_).count();
}

void Terminal::endProgress() {
    if (lineOpen_) std::fputs("\r\x1b[K", stderr);
    if (jsonProgress_ && !step_.empty())
        std::fputs(fmt::format("{{\"event\":\"end\",\"step\":\"{}\",\"done\":{},\"seconds\":{:.3f}}}\n", step_,
                               done_, stepSeconds())
                       .c_str(),
                   stderr);
    lineOpen_ = false;
    step_.clear();
}

bool Terminal::readLine(std::string_view question, std::string& line) {
    std::fflush(stdout);
    write(stderr, question);
    std::fflush(stderr);
    line.clear();
    for (int c = std::fgetc(stdin); c != '\n'; c = std::fgetc(stdin)) {
        if (c == EOF) {
            if (line.empty()) write(stderr, "\n");
            return !line.empty();
        }
        line += static_cast<char>(c);
    }
    return true;
}

bool Terminal::confirm(std::string_view question) {
    std::fflush(stdout);
    write(stderr, fmt::format("{} [y/N] ", question));
    std::fflush(stderr);
    char answer[16] = {};
    if (!std::fgets(answer, sizeof answer, stdin)) {
        write(stderr, "\n");
        return false;
    }
    return answer[0] == 'y' || answer[0] == 'Y';
}

std::string Terminal::paint(std::string_view text, Style style) const { return painted(text, style, colorOut_); }

std::string Terminal::paintError(std::string_view text, Style style) const {
    return painted(text, style, colorError_);
}

bool Terminal::flush() {
    if (std::fflush(stdout) != 0 && errno != EPIPE) outputFailed_ = true;
    return !outputFailed_;
}

} // namespace covet::cli
