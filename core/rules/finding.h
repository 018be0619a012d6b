#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace covet::rules {

/// How every candidate ends (the ledger).
enum class Outcome { Fixed, Offered, Skipped, Suppressed, Baselined };
/// As in ruff: safe keeps behaviour, unsafe is valid but may change it, manual is shown only.
enum class Safety { Safe, Unsafe, Manual };

struct Position {
    uint32_t line = 0;   // 1-based
    uint32_t column = 0; // 1-based, code points
};

/// One entry of the ledger.
struct Finding {
    std::string id;   // stable: hash of rule, path, snippet and occurrence
    std::string rule; // id of a rule or diagnostic: "COV101"
    std::string file;
    Position start, end;
    std::string message;
    Outcome outcome = Outcome::Skipped;
    Safety safety = Safety::Manual;
    std::string safetyReason; // kebab-case code
    std::string hint;         // what to do by hand; may be several lines of code
    /// Unified diff of the fix alone; empty when there is none to show.
    std::string fix;
    /// Findings of one group are fixed together or not at all: "app:shop/app.py" (the module whose
    /// application it is), "store:app:users_db", "file:requirements.txt"; "" for what nothing would change.
    std::string group;
    /// What the comment says that suppresses it.
    std::string justification;
};

} // namespace covet::rules
