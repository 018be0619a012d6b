#include "text/source_text.h"

#include <gtest/gtest.h>

using namespace covet;
using namespace covet::text;
using namespace std::string_literals;

namespace {

void expectRoundTrip(const std::string& bytes, Encoding encoding, const std::string& text) {
    Result<SourceText> source = SourceText::fromBytes("a.py", bytes);
    ASSERT_TRUE(source) << source.error().message;
    EXPECT_EQ(source->encoding(), encoding);
    EXPECT_EQ(source->text(), text);
    Result<SharedText> back = source->encode(source->sharedText());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->string(), bytes);
}

std::string errorOf(const std::string& bytes) {
    Result<SourceText> source = SourceText::fromBytes("a.py", bytes);
    return source ? "" : source.error().code + ": " + source.error().message;
}

} // namespace

TEST(SourceText, Encodings) {
    expectRoundTrip("x = 1\n", Encoding::Utf8, "x = 1\n");
    expectRoundTrip("\xEF\xBB\xBFx = '\xC3\xA9'\r\n", Encoding::Utf8, "x = '\xC3\xA9'\r\n");
    expectRoundTrip("# -*- coding: latin-1 -*-\n'\xE9'\n", Encoding::Latin1,
                    "# -*- coding: latin-1 -*-\n'\xC3\xA9'\n");
    expectRoundTrip("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'", Encoding::Cp1252,
                    "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\xE2\x82\xAC'");
    expectRoundTrip("# coding=UTF_8\n'\xC3\xA9'\n", Encoding::Utf8, "# coding=UTF_8\n'\xC3\xA9'\n");
    expectRoundTrip("\xFF\xFE" "a\0\xE9\0\x3D\xD8\x00\xDE"s, Encoding::Utf16Le,
                    "a\xC3\xA9\xF0\x9F\x98\x80");
    expectRoundTrip("\xFE\xFF\0a\0\xE9"s, Encoding::Utf16Be, "a\xC3\xA9");
}

TEST(SourceText, CookieOnlyWhereItCounts) {
    EXPECT_EQ(errorOf("x = 1\n# coding: latin-1\n'\xE9'\n"), "undecodable: byte 25 is not valid UTF-8");
    EXPECT_EQ(errorOf("\n\n# coding: latin-1\n'\xE9'\n"), "undecodable: byte 21 is not valid UTF-8");
}

TEST(SourceText, RefusesWhatCannotBeRead) {
    EXPECT_EQ(errorOf("a\xC3("), "undecodable: byte 1 is not valid UTF-8");
    EXPECT_EQ(errorOf("\xEF\xBB\xBF" "a\xFF"), "undecodable: byte 4 is not valid UTF-8");
    EXPECT_EQ(errorOf("\xED\xA0\x80"), "undecodable: byte 0 is not valid UTF-8");
    EXPECT_EQ(errorOf("a\0b"s), "nul-bytes: NUL at offset 1 of the text");
    EXPECT_EQ(errorOf("# coding: klingon\n"),
              "unknown-encoding: the declared encoding klingon is not known");
    EXPECT_EQ(errorOf("# coding: ascii\n'\xE9'"), "undecodable: byte 17 is not valid ascii");
    EXPECT_EQ(errorOf("# coding: cp1252\n\x81"), "undecodable: byte 17 is not valid cp1252");
    EXPECT_EQ(errorOf("\xFF\xFE" "a"s), "undecodable: byte 2 is not valid UTF-16");
    EXPECT_EQ(errorOf("\xEF\xBB\xBF# coding: latin-1\n").substr(0, 16), "unknown-encoding");
}

TEST(SourceText, RefusesTextItCannotWrite) {
    Result<SourceText> source = SourceText::fromBytes("a.py", "# coding: latin-1\nx\n");
    ASSERT_TRUE(source);
    Result<SharedText> bytes = source->encode("# coding: latin-1\n'\xE2\x82\xAC'\n");
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, "unencodable");
    EXPECT_EQ(bytes.error().line, 2u);
}

TEST(SourceText, LinesAndColumns) {
    SourceText source = SourceText::fromUtf8("a.py", "a\r\n\xC3\xA9" "b\rc\n");
    EXPECT_EQ(source.lineCount(), 4u);
    EXPECT_EQ(source.lineStart(2), 3u);
    EXPECT_EQ(source.lineOf(5), 2u);
    EXPECT_EQ(source.columnOf(5), 2u);
    EXPECT_EQ(source.lineOf(7), 3u);
}

TEST(SourceText, DominantNewline) {
    EXPECT_EQ(SourceText::fromUtf8("a", "x").newlineText(), "\n");
    EXPECT_EQ(SourceText::fromUtf8("a", "x\r\ny\r\nz\n").newlineText(), "\r\n");
    EXPECT_EQ(SourceText::fromUtf8("a", "x\ry\r").newlineText(), "\r");
}

TEST(SourceText, LinesOfLongFilesAreFound) {
    // More lines than are known by their places, with all three ends.
    const std::string ends[] = {"\n", "\r\n", "\r", "\n\n"};
    std::string text;
    std::vector<size_t> starts{0};
    for (size_t i = 0; starts.size() < 300'000; ++i) {
        text.append(i % 7, 'x');
        // A carriage return and a line feed of different lines would be one end.
        for (const char c : ends[i % 4]) {
            text += c;
            if (c == '\n' || i % 4 == 2) starts.push_back(text.size());
        }
        text += 'y';
    }
    const SourceText source = SourceText::fromUtf8("a.py", SharedText(text));
    EXPECT_EQ(source.lineCount(), starts.size());
    for (size_t line = 1; line <= starts.size(); line += line < 600 || line > starts.size() - 600 ? 1 : 101) {
        const size_t start = starts[line - 1];
        ASSERT_EQ(source.lineStart(static_cast<uint32_t>(line)), start) << line;
        ASSERT_EQ(source.lineOf(start), line);
        ASSERT_EQ(source.columnOf(start), 1u);
        if (start > 0) {
            ASSERT_EQ(source.lineOf(start - 1), line - 1) << line;
        }
    }
    EXPECT_EQ(source.lineOf(text.size()), starts.size());
    EXPECT_EQ(source.lineOf(text.size() + 5), starts.size());
    EXPECT_EQ(source.lineStart(static_cast<uint32_t>(starts.size()) + 1), text.size());
}

TEST(SourceText, SharesTheTextBehindAMark) {
    const SharedText bytes("\xEF\xBB\xBFx = 1\n"s);
    const Result<SourceText> source = SourceText::fromBytes("a.py", bytes);
    ASSERT_TRUE(source);
    EXPECT_EQ(source->text().data(), bytes.view().data() + 3);
}
