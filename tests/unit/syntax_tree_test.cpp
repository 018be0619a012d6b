// The nodes of a text that was edited are those of the same text read for the first time.

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "syntax/tree.h"

namespace covet::syntax {
namespace {

std::string nodesOf(const Tree& tree) {
    std::string all;
    walk(tree.root(), [&](const Node& node) {
        for (const size_t number : {node.start(), node.end(), size_t{node.line()}, size_t{node.column()}, size_t{node.endLine()},
                                    size_t{node.endColumn()}, size_t{node.place()}, size_t{node.size()}, node.parent().start()})
            all += std::to_string(number) + ' ';
        all += std::string(node.typeName()) + (node.isNamed() ? " named " : " ") + (node.parent().field("name") == node ? "name\n" : "\n");
        EXPECT_EQ(node.tree(), &tree);
        return true;
    });
    return all;
}

/// As if no text had been read before.
std::string nodesOfFresh(const std::string& text) {
    static const std::string kLarge = "[\"" + std::string(5u << 20, 'x') + "\"]"; // more than all that is kept
    EXPECT_TRUE(Tree::parse(kLarge));
    auto tree = Tree::parse(text);
    return tree ? nodesOf(**tree) : "";
}

std::string module() {
    std::string text = "import json\n\n# items\n";
    for (int number = 0; number < 60; ++number) {
        const std::string name = "item_" + std::to_string(number);
        text += name + " = [{\"id\": 1, \"name\": \"a\"}, {\"id\": 2}]\n\n\n@route(\"/" + name + "\")\ndef get_" + name +
                "(request, *, limit=10):\n    if limit:\n        return " + name + "[:limit]\n    elif request:\n        pass\n    return f\"{" +
                name + "!r}\"\n\n\n";
    }
    return text;
}

void expectSameAfter(const std::string& before, const std::string& after) {
    const std::string wanted = nodesOfFresh(after);
    nodesOfFresh(before); // the text that `after` is like
    auto tree = Tree::parse(after);
    ASSERT_TRUE(tree);
    EXPECT_EQ(nodesOf(**tree), wanted) << after.substr(0, 200);
}

TEST(SyntaxTree, HasTheNodesOfAnEditedText) {
    const std::string text = module();
    const size_t middle = text.find("def get_item_30");
    for (const std::string added : {"x", "\n", "\n\n", "# a comment\n", "'''", "class A:\n    b = 1\n", "if x:\n    y\n", "é", "(", "else:\n    pass\n"})
        for (const size_t at : {size_t{0}, text.find("# items") + 2, text.find("item_30 ="), middle, text.find("    if", middle), text.find("    return f", middle), text.size()})
            expectSameAfter(text, std::string(text).insert(at, added));
}

TEST(SyntaxTree, HasTheNodesOfAShortenedText) {
    const std::string text = module();
    std::mt19937 random(7);
    for (int turn = 0; turn < 40; ++turn) {
        const size_t at = random() % text.size();
        expectSameAfter(text, std::string(text).erase(at, 1 + random() % 60));
    }
}

TEST(SyntaxTree, NamesTypesAndFieldsAsTheGrammarDoes) {
    auto tree = Tree::parse("def f(a: int = 1): return not a\n");
    ASSERT_TRUE(tree);
    const Node function = (*tree)->root().namedChild(0);
    EXPECT_TRUE(function.is("function_definition"));
    EXPECT_EQ(function.typeName(), "function_definition");
    EXPECT_EQ(function.field("name").text(), "f");
    EXPECT_TRUE(function.field("body").namedChild(0).namedChild(0).isOneOf({"boolean_operator", "not_operator"}));
    EXPECT_FALSE(Node().is("identifier"));
    EXPECT_EQ(Node().typeName(), "");
    // Several symbols of the parser have one name.
    EXPECT_EQ(NodeType::ofSymbol(0), NodeType("end"));
    for (uint32_t symbol = 0; symbol < std::size(detail::kTypeNames); ++symbol)
        EXPECT_EQ(NodeType::ofSymbol(symbol).name(), detail::kTypeNames[symbol]);
}

} // namespace
} // namespace covet::syntax
