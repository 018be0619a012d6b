#pragma once

#include <utility>
#include <vector>

#include "facts/data_files.h"
#include "facts/file_conditions.h"

namespace covet::facts {

/// What code does at one place where the file is missing.
struct MissingAnswer {
    const Module* module = nullptr;
    Node value; // goes on as if the file held this; null where it does something else, such as answering 404
};

/// All places that ask whether the file is there, or answer that it is not. Where each goes on with the first
/// content, nobody can tell a missing file from one with that content.
std::vector<MissingAnswer> missingAnswers(const Project& project, const DataFile& file, const std::vector<FileBranch>& branches);

/// Whether the program makes a missing file when it starts, so that no request finds it missing.
bool isMadeAtStart(const Project& project, const DataFile& file, const std::vector<FileBranch>& branches);

/// Statements that open the file, or read it, without an `if` that has asked for it before: they fail where it is missing.
std::vector<std::pair<const Module*, Node>> unaskedReads(const DataFile& file, const std::vector<FileBranch>& branches);

} // namespace covet::facts
