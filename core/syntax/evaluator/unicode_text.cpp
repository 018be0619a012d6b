#include "syntax/evaluator/unicode_text.h"

#include "support/strings.h"
#include "syntax/evaluator/objects.h"

namespace covet::syntax::eval {
namespace {

struct Range {
    uint32_t first, last;
};

bool isIn(uint32_t point, const Range& range) {
    return point >= range.first && point <= range.last;
}

/// Blocks of pairs: the lower-case letter stands `distance` after the upper-case one.
struct PairBlock {
    Range upper;
    uint32_t distance;
};
constexpr PairBlock kBlocks[] = {{{'A', 'Z'}, 32},     {{0xC0, 0xD6}, 32},   {{0xD8, 0xDE}, 32},
                                 {{0x391, 0x3A1}, 32}, {{0x3A4, 0x3A9}, 32}, {{0x410, 0x42F}, 32},
                                 {{0x400, 0x40F}, 80}};

/// Blocks where upper and lower case alternate, with the upper case at even or odd code points.
struct AlternatingBlock {
    Range range;
    uint32_t upperParity;
};
constexpr AlternatingBlock kAlternating[] = {{{0x100, 0x12F}, 0}, {{0x132, 0x137}, 0},
                                             {{0x139, 0x148}, 1}, {{0x14A, 0x177}, 0},
                                             {{0x179, 0x17E}, 1}, {{0x460, 0x481}, 0}};

/// Without case: digits and signs, CJK, kana, Hangul, Arabic, Hebrew, Thai, emoji.
constexpr Range kUncased[] = {
    {0x00, 0x40},     {0x5B, 0x60},       {0x7B, 0xA9},       {0xAB, 0xB4},      {0xB6, 0xB9},
    {0xBB, 0xBF},     {0xD7, 0xD7},       {0xF7, 0xF7},       {0x5D0, 0x5EA},    {0x620, 0x64A},
    {0xE01, 0xE30},   {0x2010, 0x2027},   {0x2030, 0x205E},   {0x20A0, 0x20BF},  {0x2190, 0x23FF},
    {0x2500, 0x27BF}, {0x3000, 0x3029},   {0x3041, 0x3096},   {0x30A1, 0x30FA},  {0x4E00, 0x9FFF},
    {0xAC00, 0xD7A3}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}};

} // namespace

std::optional<LetterCase> caseOf(uint32_t point) {
    for (const PairBlock& block : kBlocks) {
        if (isIn(point, block.upper)) return LetterCase{point, point + block.distance};
        if (point >= block.distance && isIn(point - block.distance, block.upper))
            return LetterCase{point - block.distance, point};
    }
    for (const AlternatingBlock& block : kAlternating) {
        if (!isIn(point, block.range)) continue;
        const bool isUpper = point % 2 == block.upperParity;
        return isUpper ? LetterCase{point, point + 1} : LetterCase{point - 1, point};
    }
    for (const Range& range : kUncased)
        if (isIn(point, range)) return LetterCase{point, point};
    return std::nullopt;
}

bool isUnicodeSpace(uint32_t point) {
    return isIn(point, {0x09, 0x0D}) || isIn(point, {0x1C, 0x20}) || point == 0x85 ||
           point == 0xA0 || point == 0x1680 || isIn(point, {0x2000, 0x200A}) || point == 0x2028 ||
           point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000;
}

std::string dedented(std::string_view text) {
    std::vector<std::string> lines = split(text, '\n');
    std::optional<std::string> margin;
    for (std::string& line : lines) {
        const size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
        if (indent == line.size()) {
            line.clear();
            continue;
        }
        if (!margin) margin = line.substr(0, indent);
        const size_t shared = std::min(margin->size(), indent);
        size_t same = 0;
        while (same < shared && line[same] == (*margin)[same])
            ++same;
        margin->resize(same);
    }
    for (std::string& line : lines)
        if (!line.empty()) line.erase(0, margin->size());
    return join(lines, "\n");
}

std::optional<std::string> changedCase(std::string_view text, std::string_view method) {
    std::string out;
    bool start = true;
    for (size_t i = 0; i < text.size();) {
        const uint32_t point = nextCodePoint(text, i);
        const auto letter = caseOf(point);
        // Greek capital sigma has two small forms.
        if (!letter || (letter->upper == 0x3A3 && method != "upper")) return std::nullopt;
        const bool up = method == "upper" ||
                        (start && (method == "title" || method == "capitalize")) ||
                        (method == "swapcase" && point == letter->lower);
        start = method == "title" ? !letter->isCased() : false;
        appendUtf8(out, up ? letter->upper : letter->lower);
    }
    return out;
}

} // namespace covet::syntax::eval
