#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/modern/pydantic_change.h"
#include "rules/proposal.h"

namespace covet::rules::modern {

/// Gives what the code takes from Pydantic its names of version 2.
///
/// An application that runs on version 2 uses the old names as other names of the new ones: each is changed alone. One
/// that needs version 1 changes as a whole or not at all.
class PydanticNames {
public:
    /// `paths`: the files that may change. `needsFirst`: what the project declares allows version 1 only.
    PydanticNames(MigrationContext& context, const std::set<std::string>& paths, bool needsFirst);

    std::vector<Proposal> proposals();

private:
    Proposal proposal(const PydanticChange& change, const char* rule) const;
    std::vector<Proposal> together();

    MigrationContext& context_;
    const ModelTypes types_;
    PydanticChanges changes_;
    bool needsFirst_;
    bool isFirst_;
};

} // namespace covet::rules::modern
