#pragma once

#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using syntax::Node;

/// One thing that code does with a file of data.
struct FileAccess {
    enum class Kind {
        Read,      // gives the content: `json.load(f)`
        ReadText,  // gives its text: `f.read()`
        Write,     // `json.dump(value, f)`, `f.write(json.dumps(value))`
        WriteText, // `f.write(value)`
        IsThere,   // `os.path.exists(path)`
        IsFilled,  // `os.path.getsize(path) > 0`
        IsEmpty,   // `os.path.getsize(path) == 0`
        Idle       // `f.seek(0)`, `f.close()`
    };
    Kind kind = Kind::Read;
    const Module* module = nullptr;
    const Function* function = nullptr; // null at module level
    Node node;                          // the call, or the comparison
    Node value;                         // what is written
    std::vector<std::string> options;   // of the encoder, as written: "default=str"
};

/// `with open(path) as f:` or `f = open(path)`.
struct FileOpening {
    const Module* module = nullptr;
    Node statement;
    bool creates = false; // fails where the file is there: mode "x"
};

/// A file that code of a project opens by one path.
struct DataFile {
    std::string path; // as the code has it, relative to the project or to the folder of the module
    std::vector<FileAccess> accesses;
    std::vector<FileOpening> openings;
    std::vector<std::pair<const Module*, Node>> paths; // expressions that name it for these
    std::string format;  // "json", or the library that reads or writes it; "" for text
    std::string refusal; // why it is not understood; "" if it is
    const Module* module = nullptr;
    Node where; // the first opening, or what is not understood

    bool isWritten() const;
    bool isRead() const;
};

/// Files that functions of a project both read and write, in the order of the code. Where the path depends on the request,
/// what a module opens by one expression counts as one file, with the path "".
std::vector<DataFile> dataFiles(const Project& project);

/// All files that code opens, also those that it only reads or only writes.
std::vector<DataFile> openedFiles(const Project& project);

} // namespace covet::facts
