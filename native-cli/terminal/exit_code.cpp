#include "terminal/exit_code.h"

#include <string_view>

#include "database/errors.h"

namespace covet::cli {
namespace {

struct Entry {
    std::string_view code;
    ExitCode exit;
};

constexpr Entry kEntries[] = {
    {"usage", ExitCode::Usage},
    {"unknown-command", ExitCode::Usage},
    {"unknown-option", ExitCode::Usage},
    {"unknown-id", ExitCode::Usage},
    {"unknown-rule", ExitCode::Usage},
    {"unknown-finding", ExitCode::Usage},
    {"unknown-target", ExitCode::Usage},
    {"config", ExitCode::Usage},
    {"rule-file", ExitCode::Usage},
    {"config-twice", ExitCode::Usage},
    {"override-refused", ExitCode::Refused},
    {"no-baseline", ExitCode::Refused},
    {"baseline-damaged", ExitCode::Refused},
    {"new-findings", ExitCode::Refused},
    {"consent-needed", ExitCode::Refused},
    {"declined", ExitCode::Refused},
    {"no-such-path", ExitCode::Refused},
    {"not-a-folder", ExitCode::Refused},
    {"permission-denied", ExitCode::Refused},
    {"read-only", ExitCode::Refused},
    {"empty-project", ExitCode::Refused},
    {"nothing-to-undo", ExitCode::Refused},
    {"no-backup", ExitCode::Refused},
    {"edited-since", ExitCode::Refused},
    {"target-exists", ExitCode::Refused},
    {"nothing-to-compare", ExitCode::Refused},
    {"nothing-moved", ExitCode::Refused},
    {"no-application", ExitCode::Refused},
    {"unknown-application", ExitCode::Usage},
    {"application-not-started", ExitCode::Refused},
    {"python-package-missing", ExitCode::Refused},
    {"cannot-start", ExitCode::Refused},
    {"too-large", ExitCode::Refused},
    {"backup-damaged", ExitCode::Unverified},
    {"migrated-not-started", ExitCode::Unverified},
    {"io-error", ExitCode::InputOutput},
    {"disk-full", ExitCode::InputOutput},
    {"journal-damaged", ExitCode::InputOutput},
    {"locked", ExitCode::Locked},
    {"interrupted-run", ExitCode::Resumable},
    {"undo-incomplete", ExitCode::Resumable},
};

} // namespace

ExitCode exitCodeOf(const Error& error) {
    for (const Entry& entry : kEntries)
        if (entry.code == error.code) return entry.exit;
    return static_cast<ExitCode>(database::exitStatus(error));
}

} // namespace covet::cli
