#pragma once

#include <optional>
#include <string>

#include "rules/migration_context.h"

namespace covet::rules::fastapi {

/// What the move to another target knows about a name of FastAPI or Starlette.
enum class Kind {
    Application, Router, Depends, HttpException, ValidationError, Parameter, Request, Status,
    JsonResponse, TextResponse, PlainResponse, Encoder,
    Field,      // of a form, a file or a cookie: not a parameter of the target
    Upload,     // type of a parameter that is such a field
    Background, // type of a parameter that collects tasks
    Security,   // a dependency that reads credentials, or what it returns
    Login,      // the same of a form
    Kept        // of Starlette, for any ASGI application
};

struct Name {
    Kind kind;
    std::string original;  // "JSONResponse"
    std::string module;    // where the moved code imports it from; "" if it needs no import
    std::string name;      // what it is called there
    std::string mediaType; // of TextResponse
};

/// Stands for the generated module in Name::module.
inline constexpr const char* kGeneratedModule = ".";

/// The moved form of an imported name; nothing when neither the target nor the generated module has it.
std::optional<Name> movedName(const catalog::TargetProfile& target, const semantic::ImportBinding& binding);

/// Whether an import is one of FastAPI or Starlette.
bool isFastApi(const semantic::ImportBinding& binding);

/// Whether an identifier is a name that the module imports: no attribute, keyword or parameter of that name.
bool isImportedName(const semantic::Project& project, const semantic::Module& module, const Node& identifier);

} // namespace covet::rules::fastapi
