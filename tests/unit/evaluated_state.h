#pragma once

#include <string>

#include "map_host.h"
#include "syntax/literal_evaluator.h"

namespace covet::tests {

/// What a name of a module holds after the module has run.
inline syntax::StoreState stateOf(const std::string& source, const std::string& path = "x") {
    MapHost host;
    host.add("m", source);
    syntax::EvaluationLimits limits;
    limits.steps = 100000;
    syntax::LiteralEvaluator evaluator(host, limits);
    return evaluator.stateOf(*host.module("m"), path);
}

} // namespace covet::tests
