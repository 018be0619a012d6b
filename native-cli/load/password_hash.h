#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "schema/model.h"
#include "support/result.h"

namespace covet::load {

/// A salted hash of a password, as the generated code and `werkzeug.security` write it:
/// "scrypt:32768:8:1$<salt>$<digest in hexadecimal>". Error `password-hash` when the system has no randomness or memory.
Result<std::string> hashPassword(std::string_view password);

/// Whether a hash was made from a password; false for what is no hash of that form.
bool isPasswordOf(std::string_view hash, std::string_view password);

/// Whether the load hashes values of a table.
bool hashesPasswords(const schema::Table& table);

/// Reads rows with hashes in place of the passwords of the table; the same reader where it has none. A
/// password that cannot be hashed becomes "!", which is none, so that the verification tells.
std::unique_ptr<schema::RowReader> hashingPasswords(const schema::Table& table, std::unique_ptr<schema::RowReader> rows);

} // namespace covet::load
