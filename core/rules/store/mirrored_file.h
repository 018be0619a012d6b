#pragma once

#include <optional>
#include <string>

#include "facts/data_files.h"
#include "rules/migration_context.h"
#include "syntax/value.h"

namespace covet::rules {

/// A variable that holds what a file holds: loaded when the program starts, saved whenever it changes.
///
///     todos = load_todos()
///
///     def save_todos():
///         with open("todos.json", "w") as f:
///             json.dump(todos, f)
struct MirroredFile {
    const semantic::Module* module = nullptr; // of the variable
    std::string variable;
    Node definition;                                               // null where functions alone assign it
    const semantic::Module* loading = nullptr;                     // of the function that loads it
    const semantic::Function* loader = nullptr;
    bool isDirect = false;                                         // the loader gives what the file holds as it is
    std::vector<std::pair<const semantic::Module*, Node>> loads;   // calls of it at module level

    std::string store() const { return module->name + ":" + variable; }
};

/// The variable of a file that is used like that; nothing for others.
std::optional<MirroredFile> mirrorOf(const semantic::Project& project, const facts::DataFile& file);

/// Makes the variable the store that it is in memory: it starts with the content of the file, and nothing saves it.
void dropMirroredFile(MigrationContext& context, const facts::DataFile& file, const MirroredFile& mirrored, const Value& content,
                      bool isThere);

} // namespace covet::rules
