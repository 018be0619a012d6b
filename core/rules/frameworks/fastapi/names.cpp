#include "rules/frameworks/fastapi/names.h"

#include "support/strings.h"

namespace covet::rules::fastapi {

bool isFastApi(const semantic::ImportBinding& binding) {
    const std::string package = binding.module.substr(0, binding.module.find('.'));
    return package == "fastapi" || package == "starlette";
}

std::optional<Name> movedName(const catalog::TargetProfile& target, const semantic::ImportBinding& binding,
                              const std::string& generated) {
    const std::string& name = binding.name;
    auto as = [&](Kind kind, const catalog::TargetName& moved) { return Name{kind, name, moved.module, moved.name, ""}; };
    const std::string inner = binding.module.substr(binding.module.find('.') + 1);
    if (name == "FastAPI") return as(Kind::Application, target.application);
    if (name == "APIRouter") return Name{Kind::Router, name, generated, "RouteGroup", ""};
    if (name == "Depends") return as(Kind::Depends, target.depends);
    if (name == "HTTPException" && startsWith(binding.module, "fastapi"))
        return as(Kind::HttpException, target.httpException);
    if (name == "Query") return as(Kind::Parameter, target.queryParameter);
    if (name == "Path") return as(Kind::Parameter, target.pathParameter);
    if (name == "Body") return as(Kind::Parameter, target.bodyParameter);
    if (name == "Header") return as(Kind::Parameter, target.headerParameter);
    if (name == "Request") return as(Kind::Request, target.request);
    if (name == "status" && inner != "responses") return Name{Kind::Status, name, "", "", ""};
    if (name == "JSONResponse") return as(Kind::JsonResponse, target.response);
    if (name == "Response") return as(Kind::PlainResponse, target.response);
    if (name == "HTMLResponse" || name == "PlainTextResponse") {
        Name moved = as(Kind::TextResponse, target.response);
        moved.mediaType = name == "HTMLResponse" ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        return moved;
    }
    if (name == "jsonable_encoder") return Name{Kind::Encoder, name, generated, name, ""};
    // Plain ASGI middleware runs around any application.
    if (name == "CORSMiddleware" || name == "GZipMiddleware" || name == "TrustedHostMiddleware" ||
        name == "HTTPSRedirectMiddleware")
        return Name{Kind::Middleware, name, "starlette." + inner, name, ""};
    return std::nullopt;
}

} // namespace covet::rules::fastapi
