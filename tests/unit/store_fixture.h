#pragma once

#include <map>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "rules/finding.h"

namespace covet::tests {

/// What the store engine makes of a small project whose handlers are the functions under `@app.…`.
struct StoreMigration {
    std::map<std::string, std::string> files; // every module as it comes out, generated ones, rows.sql (SQLite)
    std::vector<facts::StoreUse> uses;
    std::vector<rules::Finding> findings;
    std::map<std::string, std::string> kept; // store -> reason code

    bool has(const std::string& file, const std::string& text) const {
        auto found = files.find(file);
        return found != files.end() && found->second.find(text) != std::string::npos;
    }
};

/// `files`: path -> Python. A file that cannot be rewritten comes out as "error: <code>".
/// `bridgeOnly` leaves out the lowering to queries.
StoreMigration migrateStoresOf(const std::map<std::string, std::string>& files, bool bridgeOnly = false);

} // namespace covet::tests
