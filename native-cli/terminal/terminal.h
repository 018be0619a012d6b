#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "support/result.h"

namespace covet::cli {

/// Other: standard output carries a document, and nothing else.
enum class Format { Text, Json, Other };
enum class Style { Bold, Dim, Red, Green, Yellow, Cyan };

/// The two output streams and what may go to each.
///
/// Standard output carries what was asked for; everything else (progress, warnings, errors) goes to
/// standard error, so that `--format json` output can be piped as it is.
class Terminal {
public:
    void configure(Format format, bool quiet, bool noColor);
    /// Progress as one JSON object per line on standard error, also with --quiet: {"event":
    /// "progress", "step", "done", "total", "seconds", "perSecond", "secondsLeft"} about four times a
    /// second, and {"event": "end", "step", "done", "seconds"} when a step is over.
    void showProgressAsJson() { jsonProgress_ = true; }

    /// JSON documents as one line each, for output that goes on: --watch.
    void writeJsonLines() { jsonLines_ = true; }

    Format format() const { return format_; }
    bool isJson() const { return format_ == Format::Json; }
    bool quiet() const { return quiet_; }
    bool inputIsTerminal() const;

    /// What the user asked for: printed even with --quiet.
    void data(std::string_view text);
    /// A line of commentary; nothing with --quiet or --format json.
    void say(std::string_view line);
    /// A line of commentary on standard error; nothing with --quiet.
    void note(std::string_view line);
    void warning(std::string_view message, std::string_view hint = "");
    /// `error: …`, `  --> path:line`, `  = help: …`; with --format json an object on stdout as well.
    void error(const Error& error);

    /// Progress of a long step. Redrawn on a terminal; one plain line per step otherwise.
    void progress(std::string_view step, size_t done, size_t total);
    void endProgress();

    /// A question on standard error, and the line that answers it; false at the end of the input.
    bool readLine(std::string_view question, std::string& line);
    /// Asks a yes/no question; only for terminals.
    bool confirm(std::string_view question);

    /// Text for standard output with the style, if colours are on.
    std::string paint(std::string_view text, Style style) const;

    /// False when standard output could not take everything (disk full, not a closed pipe).
    bool flush();
    /// False once somebody has closed the pipe that standard output goes to.
    bool hasReader() const { return std::ferror(stdout) == 0; }

private:
    std::string paintError(std::string_view text, Style style) const;
    void write(std::FILE* stream, std::string_view text);
    void progressAsJson(size_t done, size_t total);
    double stepSeconds() const;

    Format format_ = Format::Text;
    bool quiet_ = false;
    bool colorOut_ = false;
    bool colorError_ = false;
    bool liveError_ = false;
    bool outputFailed_ = false;
    std::string step_;
    std::chrono::steady_clock::time_point stepStart_;
    std::chrono::steady_clock::time_point lastShown_;
    size_t done_ = 0;
    int lastPercent_ = -1;
    bool lineOpen_ = false;
    bool jsonProgress_ = false;
    bool jsonLines_ = false;
};

} // namespace covet::cli
