#pragma once

#include <string>
#include <vector>

#include "facts/data_files.h"
#include "rules/migration_context.h"
#include "syntax/value.h"

namespace covet::rules {

/// A file whose content is kept in variables of a module instead.
struct MovedFile {
    std::vector<std::string> stores; // ids of the variables, "module:name"
    std::string refusal;             // why it stays a file; "" if it does not
};

/// Lets functions that load and save a JSON file work on variables of their module:
///
///     def load():                                     notes = json.load(open("notes.json"))
///         with open("notes.json") as f:
///             return json.load(f)                     def load():
///                                             ->          return deepcopy(notes)
///     def save(notes):
///         with open("notes.json", "w") as f:          def save(given):
///             json.dump(notes, f)                         global notes
///                                                         notes = json.loads(json.dumps(given))
///
/// The same for a file that is there, as each load still gives a copy, and what is not saved is lost. Those variables are
/// stores like any other. A document of several collections becomes one variable for each of them.
///
/// `content` is what the file holds first; where `isThere`, the variables load it from the file. Where `mayBeMissing`,
/// requests can tell a missing file from that content: a further variable says whether it has been saved.
MovedFile moveDataFile(MigrationContext& context, const facts::DataFile& file, const Value& content, bool isThere, bool mayBeMissing);

} // namespace covet::rules
