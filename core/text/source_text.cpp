#include "text/source_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "support/strings.h"
#include "text/code_points.h"

namespace covet::text {
namespace {

constexpr std::string_view kUtf8Bom = "\xEF\xBB\xBF";

/// The name in a PEP 263 comment of one line: `#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`.
std::string cookieOf(std::string_view line) {
    size_t i = 0;
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f')) ++i;
    if (i >= line.size() || line[i] != '#') return "";
    for (size_t at = line.find("coding", i); at != std::string_view::npos;
         at = line.find("coding", at + 1)) {
        size_t p = at + 6;
        if (p >= line.size() || (line[p] != ':' && line[p] != '=')) continue;
        ++p;
        while (p < line.size() && (line[p] == ' ' || line[p] == '\t')) ++p;
        size_t end = p;
        while (end < line.size() &&
               (isPythonIdentifier(std::string("_") + line[end]) || line[end] == '-' || line[end] == '.') &&
               static_cast<unsigned char>(line[end]) < 0x80)
            ++end;
        if (end > p) return std::string(line.substr(p, end - p));
    }
    return "";
}

/// Declared encoding of the first two lines, "" if none. The second line counts only when the first
/// is blank or a comment.
std::string declaredEncoding(std::string_view bytes) {
    for (int line = 0; line < 2; ++line) {
        size_t end = bytes.find_first_of("\r\n");
        std::string_view text = bytes.substr(0, end);
        std::string found = cookieOf(text);
        if (!found.empty()) return found;
        std::string_view content = trim(text);
        if (!content.empty() && content.front() != '#') return "";
        if (end == std::string_view::npos) return "";
        size_t next = end + (bytes.substr(end, 2) == "\r\n" ? 2 : 1);
        bytes.remove_prefix(next);
    }
    return "";
}

std::optional<Encoding> encodingNamed(std::string_view name) {
    std::string key = replaceAll(toLower(name), "_", "-");
    auto is = [&](std::string_view alias) {
        return key == alias || startsWith(key, std::string(alias) + "-");
    };
    if (is("utf-8") || key == "utf8" || key == "u8" || key == "utf" || key == "cp65001")
        return Encoding::Utf8;
    if (is("latin-1") || is("iso-8859-1") || is("iso-latin-1") || key == "latin1" || key == "latin" ||
        key == "iso8859-1" || key == "8859" || key == "cp819" || key == "l1")
        return Encoding::Latin1;
    if (key == "cp1252" || key == "windows-1252" || key == "1252") return Encoding::Cp1252;
    if (key == "ascii" || key == "us-ascii" || key == "646") return Encoding::Ascii;
    return std::nullopt;
}

Error undecodable(const std::string& path, size_t offset, const std::string& encoding) {
    return Error{"undecodable", "byte " + std::to_string(offset) + " is not valid " + encoding, path, 0,
                 "save the file as UTF-8, or declare its encoding in the first line"};
}

} // namespace

Result<SourceText> SourceText::fromBytes(std::string path, SharedText bytes) {
    SourceText source;
    source.path_ = std::move(path);
    std::string_view rest = bytes;
    if (startsWith(rest, "\xFF\xFE") || startsWith(rest, "\xFE\xFF")) {
        source.hasBom_ = true;
        source.encoding_ = rest[0] == '\xFF' ? Encoding::Utf16Le : Encoding::Utf16Be;
        size_t offset = 0;
        auto text = utf16ToUtf8(rest.substr(2), source.encoding_ == Encoding::Utf16Be, offset);
        if (!text) return undecodable(source.path_, offset + 2, "UTF-16");
        source.text_ = std::move(*text);
    } else {
        if (startsWith(rest, kUtf8Bom)) {
            source.hasBom_ = true;
            rest.remove_prefix(kUtf8Bom.size());
        }
        size_t skipped = bytes.size() - rest.size();
        std::string cookie = declaredEncoding(rest);
        std::optional<Encoding> encoding = cookie.empty() ? Encoding::Utf8 : encodingNamed(cookie);
        if (!encoding || (source.hasBom_ && *encoding != Encoding::Utf8))
            return Error{"unknown-encoding",
                         encoding ? "the file declares " + cookie + " but starts with a UTF-8 mark"
                                  : "the declared encoding " + cookie + " is not known",
                         source.path_, 0, "save the file as UTF-8"};
        source.encoding_ = *encoding;
        size_t offset = 0;
        if (source.encoding_ == Encoding::Utf8) {
            if (!isUtf8(rest, offset)) return undecodable(source.path_, offset + skipped, "UTF-8");
            source.text_ = bytes.from(skipped);
        } else {
            auto text = singleByteToUtf8(rest, source.encoding_, offset);
            if (!text) return undecodable(source.path_, offset + skipped, cookie);
            source.text_ = std::move(*text);
        }
    }
    size_t nul = source.text().find('\0');
    if (nul != std::string_view::npos)
        return Error{"nul-bytes", "NUL at offset " + std::to_string(nul) + " of the text", source.path_, 0,
                     "the file is not Python source"};
    source.indexLines();
    return source;
}

SourceText SourceText::fromUtf8(std::string path, SharedText text) {
    SourceText source;
    source.path_ = std::move(path);
    source.text_ = std::move(text);
    source.indexLines();
    return source;
}

void SourceText::indexLines() {
    size_t counts[3] = {0, 0, 0};
    lineStarts_.assign(1, 0);
    lineStride_ = 1;
    lineCount_ = 1;
    const std::string_view text = text_.view();
    for (size_t i = text.find_first_of("\r\n"); i < text.size(); ++i) {
        if (text[i] != '\n' && text[i] != '\r') continue;
        bool crLf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        ++counts[static_cast<size_t>(text[i] == '\n' ? Newline::Lf : crLf ? Newline::CrLf : Newline::Cr)];
        if (crLf) ++i;
        if (lineCount_++ % lineStride_ != 0) continue;
        if (lineStarts_.size() == kMostLineStarts) thinOutLines();
        if ((lineCount_ - 1) % lineStride_ == 0) lineStarts_.push_back(i + 1);
    }
    newline_ = static_cast<Newline>(std::max_element(counts, counts + 3) - counts);
}

void SourceText::thinOutLines() {
    for (size_t i = 0; 2 * i < lineStarts_.size(); ++i) lineStarts_[i] = lineStarts_[2 * i];
    lineStarts_.resize((lineStarts_.size() + 1) / 2);
    lineStride_ *= 2;
}

/// Moves to the start of the next line; false if there is none before `end`.
bool SourceText::skipLine(size_t& at, size_t end) const {
    const std::string_view text = text_.view();
    for (size_t i = at; i < end; ++i) {
        if (text[i] != '\n' && text[i] != '\r') continue;
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        if (i + 1 > end) return false;
        at = i + 1;
        return true;
    }
    return false;
}

std::string_view SourceText::newlineText() const {
    return newline_ == Newline::Lf ? "\n" : newline_ == Newline::CrLf ? "\r\n" : "\r";
}

uint32_t SourceText::lineOf(size_t offset) const {
    offset = std::min(offset, text_.size());
    const auto next = std::upper_bound(lineStarts_.begin(), lineStarts_.end(), offset);
    const auto known = static_cast<size_t>(next - lineStarts_.begin()) - 1;
    size_t line = known * lineStride_ + 1;
    if (lineStride_ > 1)
        for (size_t at = lineStarts_[known]; skipLine(at, offset);) ++line;
    return static_cast<uint32_t>(line);
}

uint32_t SourceText::columnOf(size_t offset) const {
    size_t start = lineStart(lineOf(offset));
    uint32_t column = 1;
    const std::string_view text = text_.view();
    for (size_t i = start; i < offset && i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++column;
    return column;
}

size_t SourceText::lineStart(uint32_t line) const {
    if (line == 0) return 0;
    if (line > lineCount_) return text_.size();
    size_t at = lineStarts_[(line - 1) / lineStride_];
    for (size_t left = (line - 1) % lineStride_; left > 0; --left) skipLine(at, text_.size());
    return at;
}

Result<SharedText> SourceText::encode(const SharedText& text) const {
    const std::string_view newText = text.view();
    if (encoding_ == Encoding::Utf8)
        return hasBom_ ? SharedText(std::string(kUtf8Bom) + std::string(newText)) : text;
    size_t offset = 0;
    bool wide = encoding_ == Encoding::Utf16Le || encoding_ == Encoding::Utf16Be;
    auto bytes = wide ? utf8ToUtf16(newText, encoding_ == Encoding::Utf16Be, offset)
                      : utf8ToSingleByte(newText, encoding_, offset);
    if (!bytes)
        return Error{"unencodable",
                     "the new text has a character that the file's encoding cannot write", path_,
                     static_cast<uint32_t>(1 + std::count(newText.begin(), newText.begin() + static_cast<std::ptrdiff_t>(offset), '\n')),
                     "save the file as UTF-8"};
    if (wide) return SharedText(std::string(encoding_ == Encoding::Utf16Be ? "\xFE\xFF" : "\xFF\xFE") + *bytes);
    return SharedText(std::move(*bytes));
}

} // namespace covet::text
