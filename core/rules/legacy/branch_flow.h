#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/legacy/chain_answers.h"

namespace covet::rules::legacy {

using Names = std::set<std::string>;
using Nodes = std::vector<Node>;

/// Variables that code names; attributes and keywords are none.
Names identifiersIn(const Node& node);
/// Text without white space.
std::string compactText(const Node& node);
/// Names that a statement binds, nested blocks included.
Names assignedIn(const Node& statement);
/// Whether control never comes out at the end of a list of statements.
bool ends(const Nodes& list, const ChainAnswers& answers);
/// Whether every way through a list of statements gives all of the names a value.
bool assignsAll(const Nodes& list, Names names);

} // namespace covet::rules::legacy
