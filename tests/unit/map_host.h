#pragma once

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "syntax/literal_evaluator.h"

namespace covet::tests {

/// Modules and files of a project that stand in the test.
class MapHost : public syntax::EvaluationHost {
public:
    void add(const std::string& name, const std::string& text, bool isPackage = false) {
        auto tree = syntax::Tree::parse(text);
        ASSERT_TRUE(tree.ok());
        std::string path = name;
        for (char& c : path)
            c = c == '.' ? '/' : c;
        modules_[name] =
            syntax::SourceModule{name, path + (isPackage ? "/__init__.py" : ".py"), *tree, isPackage};
    }
    const syntax::SourceModule* module(std::string_view dotted) override {
        auto found = modules_.find(std::string(dotted));
        return found == modules_.end() ? nullptr : &found->second;
    }
    syntax::FileAnswer file(std::string_view path, const syntax::SourceModule&) override {
        auto found = files.find(std::string(path));
        if (found == files.end()) return {syntax::FileAnswer::Kind::Missing, ""};
        return {syntax::FileAnswer::Kind::Known, found->second};
    }
    std::map<std::string, std::string> files;

private:
    std::map<std::string, syntax::SourceModule> modules_;
};

} // namespace covet::tests
