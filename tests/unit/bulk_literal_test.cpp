#include <gtest/gtest.h>

#include "syntax/constant_scanner.h"
#include "syntax/literal_evaluator.h"
#include "syntax/literal_text.h"

namespace covet {
namespace {

using syntax::BulkLiteral;
using syntax::findBulkLiterals;
using syntax::SourceModule;
using syntax::Tree;

class OneModule : public syntax::EvaluationHost {
public:
    explicit OneModule(const std::string& text) {
        module_.name = "data";
        module_.path = "data.py";
        module_.tree = *Tree::parse(text);
    }
    const SourceModule* module(std::string_view dotted) override {
        return dotted == "data" ? &module_ : nullptr;
    }
    syntax::StoreState stateOf(const std::string& name) {
        syntax::LiteralEvaluator evaluator(*this);
        return evaluator.stateOf(module_, name);
    }
    const Tree& tree() const { return *module_.tree; }

private:
    SourceModule module_;
};

std::string rowsText(int count, const std::string& row = "{'id': 7, 'name': \"x\"}") {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "    " + row + ",\n";
    return text;
}

std::string read(std::string_view text) {
    syntax::ConstantScanner scanner(text);
    Value value;
    if (!scanner.read(&value) || scanner.peek() != '\0') return "refused";
    syntax::ConstantScanner again(text);
    EXPECT_TRUE(again.read(nullptr)) << text;
    EXPECT_EQ(again.position(), text.size() - (text.size() - again.position()));
    return toPython(value);
}

/// The constant as it is read into a value that holds another one.
std::string readInto(const std::string& before, const std::string& text) {
    Value value;
    syntax::ConstantScanner first(before);
    EXPECT_TRUE(first.read(&value)) << before;
    const Value kept = value;
    syntax::ConstantScanner scanner(text);
    if (!scanner.read(&value)) return "refused";
    EXPECT_EQ(scanner.peek(), '\0') << text;
    EXPECT_EQ(toPython(kept), read(before)) << "a copy changed";
    return toPython(value);
}

TEST(ConstantScanner, ReadsIntoTheEntriesOfTheRowBefore) {
    const std::string row = R"({'id': 1, 'tags': {'a': [1], 'b': None}, "o'k": 'x'})";
    for (const char* text : {
             R"({'id': 2, 'tags': {'a': [], 'b': 2.5}, "o'k": 'y'})",
             R"({'id': 2, 'tags': {'a': [], 'b': 2.5}, "o'k": 'y', })",
             R"({'id': 2, 'tags': {'b': 1, 'a': 2}, "o'k": {'a': 1}})", // in another order
             R"({'id': 2, 'tags': None, "o'k": 1, 'more': 1})",
             R"({'id': 2, 'tags': None})",
             R"({})",
             R"({'id': 1, 'id': 2, 'tags': 3})", // the last one counts
             R"({'id' 'x': 1, 'tags': 2, "o'k": 3})",
             R"({'id', 'tags', "o'k"})", // a set
             R"({"id": 2, '''tags''': 3, 'o\'k': 4})",
             R"({b'id': 2, 'tags': 3, "o'k": 4})",
             R"([1])",
             R"('text')",
         })
        EXPECT_EQ(readInto(row, text), read(text)) << text;
    // The key of the first one is a backslash and a letter, that of the second one a backspace.
    EXPECT_EQ(readInto(R"({'a\\b': 1})", R"({'a\b': 2})"), read(R"({'a\b': 2})"));
    EXPECT_EQ(readInto(row, R"({'id': 2, 'tags': x, "o'k": 3})"), "refused");
    EXPECT_EQ(readInto(row, R"({'id': 2 'tags': 1, "o'k": 3})"), "refused");
}

TEST(ConstantScanner, ReadsWhatPythonReads) {
    EXPECT_EQ(read("[1, -2, +3, 0, 1_000, 0x1F, 0b11, 0o17]"), "[1, -2, 3, 0, 1000, 31, 3, 15]");
    EXPECT_EQ(read("(1.0, 1., .5, 1e3, 1E-7, 12.50, -0.0, 0.00001)"),
              "(1.0, 1.0, 0.5, 1000.0, 1e-07, 12.5, -0.0, 1e-05)");
    EXPECT_EQ(read("['a' \"b\" '''c\nd''', r'\\n', 'e\\x41\\u00e9', b'\\xff', rb'\\x']"),
              R"(["abc\nd", "\\n", "eA)" "\xC3\xA9" R"(", b"\xff", b"\\x"])");
    EXPECT_EQ(read("{'a': True, 'b': None, 'a': False, 1: (2,), (): {1, 2, 1}}"),
              R"({"a": False, "b": None, 1: (2,), (): {1, 2}})");
    EXPECT_EQ(read("[ # first\n (1), \\\n ((2)) , ]"), "[1, 2]");
    EXPECT_EQ(read("340282366920938463463374607431768211456"), "340282366920938463463374607431768211456");
}

TEST(ConstantScanner, RefusesEverythingElse) {
    for (const char* text : {"x", "[x]", "f'{x}'", "[1 2]", "[,]", "1j", "[*a]", "{**a}", "f()", "1if", "'a",
                             "'a\nb'", "[1", "--1", "-True", "01", "1__0", "1_", "'a' b'c'", "{[1]: 2}", "[1]+[2]",
                             "True1", "0x", "1e", "not 1", "...", "{1: 2, 3}", "'\\N{DASH}'", "b'\xC3\xA9'"})
        EXPECT_EQ(read(text), "refused") << text;
}

TEST(BulkLiteral, IsFoundWhereADisplayCanStand) {
    const std::string rows = rowsText(100);
    const auto count = [&](const std::string& text) { return findBulkLiterals(text, 1000).size(); };
    EXPECT_EQ(count("rows = [\n" + rows + "]\n"), 1u);
    EXPECT_EQ(count("rows: list = [\n" + rows + "] + more\n"), 1u);
    EXPECT_EQ(count("def f():\n    return [\n" + rows + "]\n"), 1u);
    EXPECT_EQ(count("DB = {'a': f(), 'rows': [\n" + rows + "]}\n"), 1u);
    EXPECT_EQ(count("# rows = [\n'''\nrows = [\n" + rows + "]'''\n"), 0u);
    EXPECT_EQ(count("rows = table[\n" + rows + "]\n"), 0u);
    EXPECT_EQ(count("rows = [\n" + rows + "x]\n"), 0u);
    EXPECT_EQ(count("rows = [\n" + rows), 0u);
}

TEST(BulkLiteral, LeavesTheTreeSmallAndPlacesRight) {
    const std::string text = "a = 1\nrows = [\n" + rowsText(5000) + "]\nafter = rows\n";
    OneModule module(text);
    EXPECT_FALSE(module.tree().firstError());
    size_t nodes = 0;
    syntax::Node last;
    walk(module.tree().root(), [&](const syntax::Node& node) {
        ++nodes;
        if (node.is("identifier")) last = node;
        return true;
    });
    EXPECT_LT(nodes, 60u);
    EXPECT_EQ(last.text(), "rows");
    EXPECT_EQ(last.line(), 5004u);
    EXPECT_EQ(last.column(), 8u);
    const syntax::Node list = module.tree().root().namedChild(1).namedChild(0).field("right");
    EXPECT_EQ(list.text().size(), text.size() - 6 - 7 - 14);
    EXPECT_EQ(list.namedChildCount(), 1u);
}

TEST(BulkLiteral, IsReadOnDemandAndInPart) {
    OneModule module("rows = [\n" + rowsText(5000) + "]\n");
    const syntax::StoreState state = module.stateOf("rows");
    ASSERT_TRUE(state.value);
    EXPECT_EQ(state.value->size(), 5000u);
    ElementReader reader(*state.value);
    size_t count = 0;
    while (reader.next())
        count += toPython(reader.content()) == R"({"id": 7, "name": "x"})";
    EXPECT_EQ(count, 5000u);
    Value copy = *state.value;
    copy.items().pop_back();
    EXPECT_EQ(copy.size(), 4999u);
    EXPECT_EQ(state.value->items().size(), 5000u);
}

TEST(BulkLiteral, KeysThatRepeatKeepTheLastValue) {
    std::string text = "rows = {\n";
    for (int i = 0; i < 9000; ++i)
        text += "    'k" + std::to_string(i % 8999) + "': " + std::to_string(i) + ",\n";
    OneModule module(text + "}\n");
    const syntax::StoreState state = module.stateOf("rows");
    ASSERT_TRUE(state.value);
    EXPECT_EQ(state.value->size(), 8999u);
    EXPECT_EQ(toPython(*state.value->find("k0")), "8999");
}

TEST(BulkLiteral, CodeThatChangesItIsFollowed) {
    const std::string rows = "rows = [\n" + rowsText(5000) + "]\n";
    const auto last = [](const std::string& text, const std::string& name = "rows") {
        const syntax::StoreState state = OneModule(text).stateOf(name);
        return state.value ? std::to_string(state.value->size()) + " " + toPython(state.value->items().back())
                           : "opaque";
    };
    EXPECT_EQ(last(rows + "rows.append(1)\n"), "5001 1");
    EXPECT_EQ(last(rows + "rows[-1] = 2\n"), "5000 2");
    EXPECT_EQ(last(rows + "rows += [3]\n"), "5001 3");
    EXPECT_EQ(last(rows + "rows[0]['id'] = 9\nrows.append(rows[0])\n"), R"(5001 {"id": 9, "name": "x"})");
    EXPECT_EQ(last(rows + "other = rows\nother.append(4)\n"), "5001 4");
    EXPECT_EQ(last(rows + "other = [r for r in rows if r['id'] == 7]\n", "other"), R"(5000 {"id": 7, "name": "x"})");
    EXPECT_EQ(last("a = rows = [\n" + rowsText(5000) + "]\na.append(5)\n"), "5001 5");
    EXPECT_EQ(last(rows + "import mystery\nmystery.fill(rows)\n"), "opaque");
    EXPECT_EQ(last("(rows, other) = [\n" + rowsText(5000) + "], 1\nrows.append(6)\n"), "5001 6");
    EXPECT_EQ(last("class Shop:\n    rows = [\n" + rowsText(5000) + "]\nShop.rows.append(7)\n", "Shop.rows"), "5001 7");
}

} // namespace
} // namespace covet
