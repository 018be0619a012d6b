#pragma once

#include <optional>
#include <string>

#include "rules/migration_context.h"

namespace covet::rules::fastapi {

/// What the move to another target knows about a name of FastAPI or Starlette.
enum class Kind {
    Application, Router, Depends, HttpException, Parameter, Request, Status,
    JsonResponse, TextResponse, PlainResponse, Encoder, Middleware
};

struct Name {
    Kind kind;
    std::string original;  // "JSONResponse"
    std::string module;    // where the moved code imports it from; "" if it needs no import
    std::string name;      // what it is called there
    std::string mediaType; // of TextResponse
};

/// The moved form of an imported name; nothing when the target does not offer it. `generated`: import
/// path of the module of what the target leaves to applications.
std::optional<Name> movedName(const catalog::TargetProfile& target, const semantic::ImportBinding& binding,
                              const std::string& generated);

/// Whether an import is one of FastAPI or Starlette.
bool isFastApi(const semantic::ImportBinding& binding);

} // namespace covet::rules::fastapi
