#pragma once

#include <map>
#include <set>
#include <string>

#include "schema/model.h"

namespace covet::emit {

/// What a module of models needs above its classes.
struct ModelParts {
    std::set<std::string> plainImports;                   // "import json"
    std::map<std::string, std::set<std::string>> imports; // module -> names
    std::set<std::string> helpers;                        // templates/models/NAME.py
    std::set<std::string> features;                       // of the templates
    std::string rowChecks;                                // module that checks rows when it is imported

    void import(const std::string& module, const std::string& name) {
        imports[module].insert(name);
    }
    /// A helper with everything that it uses itself.
    void helper(const std::string& name);
};

/// The imports and the helpers' definitions, ended by one newline.
std::string headText(const ModelParts& parts);

} // namespace covet::emit
