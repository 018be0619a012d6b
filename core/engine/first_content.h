#pragma once

#include "facts/store_finder.h"
#include "syntax/literal_evaluator.h"

namespace covet::engine {

/// Whether code can make the first content of a store when the application first runs:
///
///     users_db = {"ann": {"name": "Ann", "password": hash_password("secret")}}
///
/// The definition alone fills the store, its keys are known, and each value that is not has a plain type.
/// `fact.data` has been read.
bool isMadeAtStart(const semantic::Project& project, syntax::LiteralEvaluator& evaluator,
                   const syntax::SourceModule& source, const facts::FoundStore& store);

/// Whether more code than the definition fills a store, and its elements are known, but for some values inside
/// of them and some keys:
///
///     users = []
///     users.append(User("ann", generate_password_hash("secret")))
bool hasKnownElements(const facts::FoundStore& store);

} // namespace covet::engine
