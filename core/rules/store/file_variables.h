#pragma once

#include <string>
#include <vector>

#include "facts/data_files.h"

namespace covet::rules {

/// The variables that stand for a file of data.
struct FileVariables {
    /// One for the file, or for one collection of its document.
    struct Part {
        std::string key; // "" for the whole file
        std::string variable, definition;
        bool isNumber = false;
    };
    std::vector<Part> parts;
    std::string saved; // the one that says whether the file has been saved; "" where nobody asks

    std::vector<std::string> names() const;
    /// A copy of all that is in them.
    std::string copies() const;
    /// Statements that give them a value, which `document` names where it is needed several times.
    std::string assignments(const std::string& value, const std::string& document, const std::string& indent) const;
};

/// What the variable for a file is called, if nothing else is called that.
std::string variableFor(const facts::DataFile& file);

} // namespace covet::rules
