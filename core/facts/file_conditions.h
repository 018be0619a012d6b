#pragma once

#include <vector>

#include "facts/data_files.h"

namespace covet::facts {

/// An `if` or a conditional expression that only asks whether a file is there.
struct FileBranch {
    const Module* module = nullptr;
    Node node;
    bool takesFirst = false; // for a file that is there: the consequence; else the alternative
};

/// Code that asks whether the file is there, in the order of the code.
std::vector<FileBranch> branchesOf(const DataFile& file);

/// Whether a node runs only as long as the file is not there.
bool runsWithoutFile(const DataFile& file, const std::vector<FileBranch>& branches, const Node& node);

/// `try: with open(path, "x") as f: ...`, which only makes the file where it is missing; null where that is not all
/// that the opening does.
Node creationAround(const FileOpening& opening);

/// What callers give for a parameter: `load(path, [])` of `def load(path, default): ... return default`; nothing where
/// the value is no parameter of the function.
std::vector<std::pair<const Module*, Node>> givenFor(const Project& project, const Module& home, const Function& function,
                                                     const Node& value);

/// Whether all code does the same for an empty file as for none.
bool takesEmptyForNone(const DataFile& file, const std::vector<FileBranch>& branches);

/// What functions give where the file is missing, in the order in which it counts: what they write then, and what they
/// return or assign instead of the content.
std::vector<std::pair<const Module*, Node>> valuesWithoutFile(const Project& project, const DataFile& file,
                                                              const std::vector<FileBranch>& branches);

} // namespace covet::facts
