#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/migration_context.h"
#include "rules/proposal.h"
#include "rules/security/secret_literals.h"

namespace covet::rules::security {

/// Moves secrets out of the code.
///
/// Before: SECRET_KEY = "5f3a"
/// After:  SECRET_KEY = setting("SECRET_KEY")
///
/// with the value in the file `.env`. The application runs as it did; where that file is missing, it says which
/// setting it misses.
class EnvironmentSecrets {
public:
    /// `environment` is the text of the file `.env` as it is.
    EnvironmentSecrets(MigrationContext& context, std::string environment);

    std::vector<Proposal> proposals();
    bool hasMoved() const { return !moved_.empty(); }
    /// The new text of `.env`: what was there, and the secrets that were moved.
    std::string environment() const;

private:
    std::string nameFor(const Module& module, const SecretLiteral& secret, const std::string& value);
    bool isFree(const std::string& name, const std::string& value) const;

    MigrationContext& context_;
    const std::string before_;
    std::map<std::string, std::string> values_; // of settings, those of the file included
    std::vector<std::pair<std::string, std::string>> moved_;
};

} // namespace covet::rules::security
