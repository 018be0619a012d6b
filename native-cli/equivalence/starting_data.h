#pragma once

#include <string>

#include "equivalence/sides.h"

namespace covet::cli {

/// The database that the migrated application starts with: what the legacy code holds, loaded afresh;
/// where no data was found in the code, a copy of the SQLite file that the project is configured with.
/// The user's own database is never opened.
class StartingData {
public:
    /// Loads it, into a SQLite file of the workspace or into the scratch database of `url`, which must
    /// be empty. Errors: those of loading; `database-conflict`.
    static Result<StartingData> prepare(Sides& sides, const std::string& url);
    /// The URL of a fresh copy for the run `name`; only one copy exists of a scratch database, so
    /// what earlier runs changed there is taken back.
    Result<std::string> fresh(Sides& sides, const std::string& name);
    /// Drops what was made in a scratch database.
    Status cleanUp();

private:
    Status load(Sides& sides);
    Status copyConfigured(Sides& sides);

    std::string url_; // of a scratch database, "" = files
    bool isLoaded_ = false;
};

} // namespace covet::cli
