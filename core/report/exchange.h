#pragma once

#include <string>

#include "covet/core.h"

namespace covet::report {

/// The ledger in the forms that other programs read. All are deterministic, and paths are relative.

/// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning and editors. Every
/// finding is a result with its id as fingerprint; suppressed and baselined ones carry `suppressions`.
/// `fixes` only where the change stands for itself: hunks out of a group would break the code alone.
std::string sarif(const Analysis& analysis);

/// Workflow commands that GitHub shows at the lines; warnings for what is open, notices for what is fixed.
std::string githubAnnotations(const Analysis& analysis);

/// GitLab's code quality report.
std::string gitlabCodeQuality(const Analysis& analysis);

/// JUnit XML: a test case for each finding; the open ones fail, suppressed and baselined ones are skipped.
std::string junit(const Analysis& analysis);

} // namespace covet::report
