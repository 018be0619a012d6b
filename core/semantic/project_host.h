#pragma once

#include <functional>
#include <map>
#include <string>

#include "semantic/project.h"
#include "syntax/literal_evaluator.h"

namespace covet::semantic {

/// Gives the evaluator the modules of a project, and its data files through a callback.
class ProjectHost : public syntax::EvaluationHost {
public:
    /// Answers for a path relative to the project.
    using FileReader = std::function<syntax::FileAnswer(const std::string& path)>;

    explicit ProjectHost(const Project& project, FileReader reader = {});

    const syntax::SourceModule* module(std::string_view dotted) override;
    /// Tries the path from the project's root, then from the folder of the module.
    syntax::FileAnswer file(std::string_view path, const syntax::SourceModule& from) override;
    /// The evaluator's view of an indexed module.
    const syntax::SourceModule& sourceOf(const Module& module);

private:
    const Project& project_;
    FileReader reader_;
    std::map<const Module*, syntax::SourceModule> sources_;
};

} // namespace covet::semantic
