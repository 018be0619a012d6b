#pragma once

#include <string>
#include <string_view>

#include "support/result.h"

namespace covet::database {

/// Codes of the errors that database, load and verify report, by what the process should exit with.
namespace code {
inline constexpr const char* kUrl = "url-invalid";            // 1 usage
inline constexpr const char* kPreflight = "database-refused"; // 2 nothing was touched
inline constexpr const char* kConflict = "database-conflict"; // 2 existing tables differ
inline constexpr const char* kVerify = "verification-failed"; // 3
inline constexpr const char* kData = "data-rejected";         // 4 a value cannot be stored as it is
inline constexpr const char* kConnection = "database-connection"; // 5
inline constexpr const char* kLogin = "database-login"; // 5 the server answers, but not to this user, or not like this
inline constexpr const char* kStatement = "database-error";  // 5 the server refused a statement
inline constexpr const char* kInputOutput = "database-file"; // 6
inline constexpr const char* kLocked = "database-locked";    // 7 another run, or a lock in the way
inline constexpr const char* kCancelled = "cancelled";       // 8 stopped by the caller, all undone
} // namespace code

/// Exit status (0 to 9) of the process for an error with one of the codes above; 9 for others.
int exitStatus(const Error& error);

/// An error with code, message and next step.
Error makeError(const char* errorCode, std::string message, std::string hint = "");

/// An identifier for messages: quoted, control characters escaped.
std::string shown(std::string_view name);

} // namespace covet::database
