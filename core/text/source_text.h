#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "support/shared_text.h"

namespace covet::text {

enum class Encoding { Utf8, Ascii, Latin1, Utf16Le, Utf16Be, Cp1252 };
enum class Newline { Lf, CrLf, Cr };

/// A source file: the bytes as they were, and their UTF-8 text to work on.
///
/// The text has no byte-order mark and keeps the file's line ends. Encoding: BOM, else the PEP 263
/// cookie of the first two lines, else UTF-8. A file that cannot be decoded as declared is an Error
/// (`undecodable`, `unknown-encoding`, `nul-bytes`), never a guess.
class SourceText {
public:
    static Result<SourceText> fromBytes(std::string path, SharedText bytes);
    /// For text that is known to be UTF-8 and was made by us.
    static SourceText fromUtf8(std::string path, SharedText text);

    const std::string& path() const { return path_; }
    std::string_view text() const { return text_.view(); }
    const SharedText& sharedText() const { return text_; }
    Encoding encoding() const { return encoding_; }
    bool hasBom() const { return hasBom_; }
    /// The dominant line end (LF if there is none).
    Newline newline() const { return newline_; }
    std::string_view newlineText() const;

    /// 1-based line of a byte offset of text().
    uint32_t lineOf(size_t offset) const;
    /// 1-based column in code points.
    uint32_t columnOf(size_t offset) const;
    /// Byte offset of the first byte of a 1-based line.
    size_t lineStart(uint32_t line) const;
    uint32_t lineCount() const { return static_cast<uint32_t>(lineCount_); }

    /// UTF-8 text -> bytes in this file's encoding with its BOM. Error `unencodable` if it has no form.
    Result<SharedText> encode(const SharedText& newText) const;

private:
    /// Of files with more lines only every second, fourth... one is known by its place.
    static constexpr size_t kMostLineStarts = 1u << 16;

    void indexLines();
    void thinOutLines();
    bool skipLine(size_t& at, size_t end) const;

    std::string path_;
    SharedText text_;
    Encoding encoding_ = Encoding::Utf8;
    bool hasBom_ = false;
    Newline newline_ = Newline::Lf;
    std::vector<size_t> lineStarts_; // of lines 1, 1 + lineStride_, 1 + 2 * lineStride_...
    size_t lineStride_ = 1;
    size_t lineCount_ = 1;
};

} // namespace covet::text
