#include <gtest/gtest.h>

#include "emit/synchronous.h"
#include "rules/migration_context.h"
#include "rules/store/bridge_module.h"

namespace covet::rules {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

semantic::Project projectOf(const Files& files) {
    std::vector<std::pair<text::SourceText, std::shared_ptr<const syntax::Tree>>> parsed;
    for (const auto& [path, text] : files)
        parsed.emplace_back(text::SourceText::fromUtf8(path, text), *syntax::Tree::parse(text));
    return semantic::Project::build(std::move(parsed));
}

std::set<std::string> pathsOf(const Files& files) {
    std::set<std::string> paths;
    for (const auto& file : files) paths.insert(file.first);
    return paths;
}

/// Import path of the models module for `from`, generated beside `app`.
std::string pathFor(const Files& files, const std::string& app, const std::string& from) {
    semantic::Project project = projectOf(files);
    MigrationContext context(project);
    context.placeGeneratedModules(project.moduleByPath(app), pathsOf(files));
    return context.importPath(*project.moduleByPath(from), context.modelsModule);
}

TEST(GeneratedModules, SynchronousFormAwaitsNothing) {
    EXPECT_EQ(emit::synchronousForm("async def load(self, session: AsyncSession) -> None:\n"
                                    "    rows = (await session.scalars(query)).all()\n"),
              "def load(self, session: Session) -> None:\n"
              "    rows = (session.scalars(query)).all()\n");
    semantic::Project project;
    const MigrationContext context(project);
    for (const std::string& text : {wsgiBridgeModuleText(context, {}), wsgiBridgeModuleText(context, {false, false, true, true}), wsgiDatabaseModuleText(context)})
        for (const char* word : {"async def", "async with", "await ", "asyncio", "Async", "HTTPException", "#if", "#config", ".waits", ".release:"})
            EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST(GeneratedModules, BareNameAtTheRoot) {
    EXPECT_EQ(pathFor({{"app.py", "import json\n"}}, "app.py", "app.py"), "models");
}

TEST(GeneratedModules, BareNameWhereSiblingsAreImportedBare) {
    const Files files = {{"shop/app.py", "from store import items\n"}, {"shop/store.py", "items = []\n"}};
    EXPECT_EQ(pathFor(files, "shop/app.py", "shop/app.py"), "models");
    EXPECT_EQ(pathFor(files, "shop/app.py", "shop/store.py"), "models");
}

TEST(GeneratedModules, DottedNameWhereSiblingsAreImportedFromTheRoot) {
    const Files files = {{"shop/app.py", "from shop.store import items\n"}, {"shop/store.py", "items = []\n"}};
    EXPECT_EQ(pathFor(files, "shop/app.py", "shop/store.py"), "shop.models");
}

TEST(GeneratedModules, RelativeWhereTheModuleImportsRelatively) {
    const Files files = {{"shop/__init__.py", ""},
                         {"shop/app.py", "from .api import items\n"},
                         {"shop/api/__init__.py", ""},
                         {"shop/api/items.py", "from ..app import app\n"}};
    EXPECT_EQ(pathFor(files, "shop/app.py", "shop/app.py"), ".models");
    EXPECT_EQ(pathFor(files, "shop/app.py", "shop/api/items.py"), "..models");
}

TEST(GeneratedModules, AbsoluteAboveThePackageThatImportsKnow) {
    const Files files = {{"shop/__init__.py", ""},
                         {"shop/main.py", "from utils.store import items\n"},
                         {"shop/utils/__init__.py", ""},
                         {"shop/utils/errors.py", ""},
                         {"shop/utils/store.py", "from .errors import Missing\n"}};
    EXPECT_EQ(pathFor(files, "shop/main.py", "shop/utils/store.py"), "models");
}

TEST(GeneratedModules, PackageWithoutImportsIsDottedFromAboveIt) {
    const Files files = {{"src/shop/__init__.py", ""}, {"src/shop/app.py", "x = 1\n"}};
    EXPECT_EQ(pathFor(files, "src/shop/app.py", "src/shop/app.py"), "shop.models");
    EXPECT_EQ(pathFor({{"shop/app.py", "x = 1\n"}}, "shop/app.py", "shop/app.py"), "models");
}

TEST(GeneratedModules, NamesInUseAreLeftAlone) {
    const Files files = {{"app.py", ""}, {"models.py", ""}, {"db_models/__init__.py", ""}};
    EXPECT_EQ(pathFor(files, "app.py", "app.py"), "covet_models");
}

TEST(TargetProfile, NamesComeFromTheFile) {
    const catalog::TargetProfile& target = catalog::defaultTarget();
    EXPECT_EQ(target.application.name, "CovetApp");
    EXPECT_EQ(target.sessionDependency.module, "covetpy.database");
    EXPECT_TRUE(target.hasVerbDecorator("GET"));
    EXPECT_FALSE(target.hasVerbDecorator("PATCH"));
    ASSERT_NE(target.driver("postgres"), nullptr);
    EXPECT_EQ(target.driver("postgres")->asyncScheme, "postgresql+asyncpg");
    EXPECT_EQ(target.driver("oracle"), nullptr);
}

} // namespace
} // namespace covet::rules
