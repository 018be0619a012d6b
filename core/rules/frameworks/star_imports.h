#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Names what star imports of frameworks are used for, before the migration reads the files:
///
///     from flask import *  ->  from flask import Flask, jsonify, request
///
/// Safe: every name that the module uses and does not bind is known to come from there, and nobody takes the module's
/// names by a star. True if any module changes.
bool nameStarImports(MigrationContext& context);

} // namespace covet::rules
