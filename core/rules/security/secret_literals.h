#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "semantic/project.h"

namespace covet::rules::security {

using semantic::Module;
using syntax::Node;

/// A text in the code that looks like a password, a key or a token.
struct SecretLiteral {
    Node literal;
    std::string name;   // that it is bound to; "" for a URL that is bound to none
    bool isUrl = false; // a URL with a password in it
};

/// Whether a name says that its value is secret.
bool namesSecret(std::string_view name);
/// Whether a text is the output of a password hash, or not a value at all.
bool isHashedOrEmpty(std::string_view value);
/// The secrets in a module, but for those inside of the nodes with these identities.
std::vector<SecretLiteral> secretLiterals(const Module& module, const std::set<const void*>& without);

} // namespace covet::rules::security
