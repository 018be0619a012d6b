#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "facts/store_finder.h"

namespace covet::rules::security {

using semantic::Function;
using semantic::Module;
using syntax::Node;

/// Where the elements of a store keep a password.
struct PasswordField {
    std::string name; // key or attribute of the records; "" when the elements of a dict are the passwords
    bool isPlain() const { return name.empty(); }
};

/// The field in which the rows of a store keep passwords as they are. Nothing where no field is called so, and where
/// the rows hold hashes or values that only running the code would tell.
std::optional<PasswordField> passwordFieldOf(const facts::FoundStore& store);

/// Whether a field of that name keeps a password.
bool isPasswordName(std::string_view name);

/// Whether a text is what a function that hashes passwords gives.
bool isPasswordHash(std::string_view text);

/// A place in the code.
struct PasswordPlace {
    const Module* module = nullptr;
    Node node;
};

/// A comparison of a stored password with a given one.
struct PasswordComparison {
    const Module* module = nullptr;
    Node node; // the comparison, or the call of compare_digest
    Node stored, given;
    bool negated = false;
};

/// All that the code does with the passwords of a store.
struct PasswordUses {
    std::vector<PasswordComparison> comparisons;
    std::vector<PasswordPlace> values; // expressions that are stored as passwords
    /// The first place at which a hash would make a difference, or that is not understood.
    PasswordPlace obstacle;
    std::string reason; // code of the obstacle: "answered", "passed-on", "kept", "whole-body", "read", "dynamic-key"
    bool hashes = false; // the code hashes by itself
};

} // namespace covet::rules::security
