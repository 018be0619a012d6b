#include "equivalence/entry_point.h"

#include <gtest/gtest.h>

namespace covet {
namespace {

equivalence::EntryPoint entryOf(const std::vector<InputFile>& files) {
    const Result<Analysis> analysis = analyze(files, {}, Options{}, nullptr);
    if (!analysis || analysis->apps.size() != 1) return {};
    return equivalence::entryPointOf(files, analysis->apps[0]);
}

TEST(EntryPoint, IsImportedFromTheFolderThatImportsStartIn) {
    const equivalence::EntryPoint entry = entryOf({{"src/shop/main.py", "from fastapi import FastAPI\nfrom shop.data import items\napp = FastAPI()\n"
                                                                        "@app.get('/items')\ndef index():\n    return items\n"},
                                                   {"src/shop/data.py", "items = [{'id': 1}]\n"}});
    EXPECT_EQ(entry.label(), "shop.main:app");
    EXPECT_EQ(entry.folders, (std::vector<std::string>{"src", ""}));
}

TEST(EntryPoint, OfAFactoryInAFolderBesideItsImports) {
    const equivalence::EntryPoint entry = entryOf({{"web/core/__init__.py", "from flask import Flask\nfrom core.routes import register\n\n\ndef create_app():\n"
                                                                            "    app = Flask(__name__)\n    register(app)\n    return app\n"},
                                                   {"web/core/routes.py", "def register(app):\n    @app.route('/')\n    def index():\n        return 'ok'\n"},
                                                   {"web/run.py", "from core import create_app\n\nif __name__ == '__main__':\n    create_app().run()\n"}});
    EXPECT_EQ(entry.label(), "core:create_app");
    EXPECT_EQ(entry.folders, (std::vector<std::string>{"web", ""}));
}

TEST(EntryPoint, StaysBelowTheProjectWhereImportsSaySo) {
    const equivalence::EntryPoint entry = entryOf({{"shop/main.py", "from fastapi import FastAPI\nfrom shop.data import items\napp = FastAPI()\n"
                                                                    "@app.get('/items')\ndef index():\n    return items\n"},
                                                   {"shop/data.py", "items = [{'id': 1}]\n"}});
    EXPECT_EQ(entry.label(), "shop.main:app");
    EXPECT_EQ(entry.folders, (std::vector<std::string>{""}));
}

} // namespace
} // namespace covet
