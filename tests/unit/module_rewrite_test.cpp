#include "rules/module_rewrite.h"

#include <gtest/gtest.h>

#include "syntax/tree.h"

namespace covet::tests {
namespace {

/// The text without its statements that start with `gone`.
std::string without(const std::string& text, const std::string& gone) {
    Result<std::shared_ptr<const syntax::Tree>> tree = syntax::Tree::parse(text);
    semantic::Project project =
        semantic::Project::build({{text::SourceText::fromUtf8("m.py", text), *tree}});
    rules::ModuleRewrite rewrite(*project.modules().front());
    syntax::walk((*tree)->root(), [&](const syntax::Node& node) {
        const bool statement = node.parent().is("block") || node.parent().is("module");
        if (statement && node.isNamed() && node.text().substr(0, gone.size()) == gone) rewrite.remove(node);
        return true;
    });
    Result<SharedText> out = rewrite.apply();
    return out ? out->string() : "error: " + out.error().code;
}

TEST(ModuleRewrite, PutsAroundAValueInsideOfWhatAnswersWithIt) {
    const std::string text = "def f():\n    return rows[0]\n";
    Result<std::shared_ptr<const syntax::Tree>> tree = syntax::Tree::parse(text);
    semantic::Project project =
        semantic::Project::build({{text::SourceText::fromUtf8("m.py", text), *tree}});
    rules::ModuleRewrite rewrite(*project.modules().front());
    syntax::walk((*tree)->root(), [&](const syntax::Node& node) {
        if (!node.is("subscript")) return true;
        rewrite.wrap(node, "Response(", ")");
        rewrite.wrapValue(node, "(await ", ")");
        rewrite.wrapValue(node, "", ".to_dict()");
        return false;
    });
    Result<SharedText> out = rewrite.apply();
    ASSERT_TRUE(out);
    EXPECT_EQ(out->string(), "def f():\n    return Response((await rows[0]).to_dict())\n");
}

TEST(ModuleRewrite, RemovesTheFirstStatementOfABlock) {
    EXPECT_EQ(without("def f():\n    global x\n    y()\n", "global"), "def f():\n    y()\n");
    EXPECT_EQ(without("def f():\n    global x\n\n    y()\n    z()\n", "global"),
              "def f():\n    y()\n    z()\n");
    EXPECT_EQ(without("def f():\n    global x  # why\n    y()\n", "global"), "def f():\n    # why\n    y()\n");
}

TEST(ModuleRewrite, RemovesTheLastStatementOfABlock) {
    EXPECT_EQ(without("def f():\n    y()\n    gone()\n\n\nz = 1\n", "gone"), "def f():\n    y()\n\n\nz = 1\n");
    EXPECT_EQ(without("class A:\n    def f(self):\n        y()\n        gone()\n\n    x = 1\n", "gone"),
              "class A:\n    def f(self):\n        y()\n\n    x = 1\n");
}

TEST(ModuleRewrite, KeepsLinesThatStoodBeforeARemovedStatement) {
    auto withLines = [](const std::string& text) {
        Result<std::shared_ptr<const syntax::Tree>> tree = syntax::Tree::parse(text);
        semantic::Project project =
            semantic::Project::build({{text::SourceText::fromUtf8("m.py", text), *tree}});
        const semantic::Module& module = *project.modules().front();
        rules::ModuleRewrite rewrite(module);
        rewrite.insertAtBodyStart(module.functions[0].node, {"if a:", "    b()"});
        syntax::walk((*tree)->root(), [&](const syntax::Node& node) {
            if (node.is("global_statement")) rewrite.remove(node);
            return true;
        });
        Result<SharedText> out = rewrite.apply();
        return out ? out->string() : "error: " + out.error().code;
    };
    EXPECT_EQ(withLines("def f():\n    global x\n    y()\n"), "def f():\n    if a:\n        b()\n    y()\n");
    EXPECT_EQ(withLines("def f():\n    global x; y()\n"), "def f():\n    if a:\n        b()\n    y()\n");
    EXPECT_EQ(withLines("def f():\n\tglobal x\n"), "def f():\n\tif a:\n\t\tb()\n");
}

TEST(ModuleRewrite, LeavesPassInAnEmptyBlock) {
    EXPECT_EQ(without("def f():\n    gone()\n\nz = 1\n", "gone"), "def f():\n    pass\n\nz = 1\n");
    EXPECT_EQ(without("if a:\n    gone()\n    gone()\nelse:\n    y()\n", "gone"),
              "if a:\n    pass\nelse:\n    y()\n");
}

TEST(ModuleRewrite, RemovesAStatementInTheMiddle) {
    EXPECT_EQ(without("def f():\n    y()\n    gone()\n    z()\n", "gone"), "def f():\n    y()\n    z()\n");
    EXPECT_EQ(without("a = 1\ngone()\nb = 2\n", "gone"), "a = 1\nb = 2\n");
}

/// `text` with the name `old` replaced wherever it stands.
std::string withNew(const std::string& text, const std::string& with) {
    Result<std::shared_ptr<const syntax::Tree>> tree = syntax::Tree::parse(text);
    semantic::Project project =
        semantic::Project::build({{text::SourceText::fromUtf8("m.py", text), *tree}});
    rules::ModuleRewrite rewrite(*project.modules().front());
    syntax::walk((*tree)->root(), [&](const syntax::Node& node) {
        if (node.is("identifier") && node.text() == "old") rewrite.replace(node, with);
        return true;
    });
    Result<SharedText> out = rewrite.apply();
    return out ? out->string() : "error: " + out.error().code;
}

// Python before 3.12 ends an f-string at the first quote of its own kind.
TEST(ModuleRewrite, TakesOtherQuotesInsideFStrings) {
    EXPECT_EQ(withNew(R"x(f"{old} {a['b']}")x", R"(s["p"])"), R"x(f"{s['p']} {a['b']}")x");
    EXPECT_EQ(withNew(R"x(f'{old}')x", R"(s["p"])"), R"x(f'{s["p"]}')x");
    EXPECT_EQ(withNew(R"x(f'{old!r:>{old}}')x", R"(s['w'])"), R"x(f'{s["w"]!r:>{s["w"]}}')x");
    EXPECT_EQ(withNew(R"x(f"""{old}""")x", R"(s["p"])"), R"x(f"""{s["p"]}""")x");
    EXPECT_EQ(withNew(R"x(f"{old}")x", R"(s["it's"])"), R"x(f"{s['''it's''']}")x");
    EXPECT_EQ(withNew(R"x(f"{old}")x", "g(\n    a,\n    \"b\",\n)"), R"x(f"{g( a, 'b', )}")x");
    EXPECT_EQ(withNew(R"x(print(old))x", R"(s["p"])"), R"x(print(s["p"]))x");
    // Written for 3.12 already, or no quotes are left.
    EXPECT_EQ(withNew(R"x(f"{a["b"] + old}")x", R"(s["p"])"), R"x(f"{a["b"] + s["p"]}")x");
    EXPECT_EQ(withNew(R"x(f"{g(f'{old}')}")x", R"(s["p"])"), R"x(f"{g(f'{s["p"]}')}")x");
}

} // namespace
} // namespace covet::tests
