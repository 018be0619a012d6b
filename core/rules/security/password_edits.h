#pragma once

#include <string>

#include "rules/migration_context.h"
#include "rules/security/password_store.h"

namespace covet::rules::security {

/// Lets the code work with hashes instead of passwords.
///
/// Before: if user["password"] != data["password"]: ...      users.append({"password": data["password"]})
/// After:  if not is_password(user["password"], data["password"]): ...
///         users.append({"password": hash_password(data["password"])})
///
/// Both functions come from the generated module `passwordsModule` of the context.
void useHashes(MigrationContext& context, const PasswordUses& uses);

/// "hash_password" or "is_password" as a module can name it without taking a name of its own away.
std::string localName(const Module& module, const std::string& name);

} // namespace covet::rules::security
