#include "rules/frameworks/fastapi/names.h"

#include "support/strings.h"

namespace covet::rules::fastapi {
namespace {

/// Where Starlette has what FastAPI only hands on.
const std::map<std::string, std::string>& starletteNames() {
    static const std::map<std::string, std::string> kModules = {
        {"RedirectResponse", "starlette.responses"},
        {"FileResponse", "starlette.responses"},
        {"StreamingResponse", "starlette.responses"},
        {"StaticFiles", "starlette.staticfiles"},
        {"Jinja2Templates", "starlette.templating"},
        {"WebSocket", "starlette.websockets"},
        {"WebSocketDisconnect", "starlette.websockets"},
        {"WebSocketState", "starlette.websockets"},
        {"WebSocketException", "starlette.exceptions"},
        {"WSGIMiddleware", "starlette.middleware.wsgi"},
        {"BackgroundTask", "starlette.background"},
        {"BaseHTTPMiddleware", "starlette.middleware.base"},
        {"RequestResponseEndpoint", "starlette.middleware.base"},
        {"SessionMiddleware", "starlette.middleware.sessions"},
        {"CORSMiddleware", "starlette.middleware.cors"},
        {"GZipMiddleware", "starlette.middleware.gzip"},
        {"TrustedHostMiddleware", "starlette.middleware.trustedhost"},
        {"HTTPSRedirectMiddleware", "starlette.middleware.httpsredirect"},
        {"run_in_threadpool", "starlette.concurrency"},
        {"QueryParams", "starlette.datastructures"},
        {"Headers", "starlette.datastructures"},
        {"MutableHeaders", "starlette.datastructures"},
        {"FormData", "starlette.datastructures"},
        {"State", "starlette.datastructures"},
        {"URL", "starlette.datastructures"},
        {"TestClient", "starlette.testclient"}};
    return kModules;
}

const std::map<std::string, Kind>& generatedNames() {
    static const std::map<std::string, Kind> kKinds = {
        {"jsonable_encoder", Kind::Encoder},
        {"Form", Kind::Field},
        {"File", Kind::Field},
        {"Cookie", Kind::Field},
        {"HTTPBearer", Kind::Security},
        {"HTTPAuthorizationCredentials", Kind::Security},
        {"HTTPBasic", Kind::Security},
        {"HTTPBasicCredentials", Kind::Security},
        {"OAuth2PasswordBearer", Kind::Security},
        {"APIKeyHeader", Kind::Security},
        {"APIKeyQuery", Kind::Security},
        {"APIKeyCookie", Kind::Security},
        {"OAuth2PasswordRequestForm", Kind::Login}};
    return kKinds;
}

} // namespace

bool isFastApi(const semantic::ImportBinding& binding) {
    const std::string package = binding.module.substr(0, binding.module.find('.'));
    return package == "fastapi" || package == "starlette";
}

bool isImportedName(const semantic::Project& project, const semantic::Module& module, const Node& identifier) {
    const Node parent = identifier.parent();
    if ((parent.is("attribute") && parent.field("attribute") == identifier) ||
        (parent.is("keyword_argument") && parent.field("name") == identifier))
        return false;
    // The name of a parameter stands in the scope around its function.
    if (parent.is("parameters") || parent.is("lambda_parameters") || parent.is("typed_parameter")) return false;
    if ((parent.is("default_parameter") || parent.is("typed_default_parameter")) && parent.field("name") == identifier)
        return false;
    return project.resolve(module, identifier).kind != semantic::Symbol::Kind::Local;
}

std::optional<Name> movedName(const catalog::TargetProfile& target, const semantic::ImportBinding& binding) {
    const std::string& name = binding.name;
    auto as = [&](Kind kind, const catalog::TargetName& moved) { return Name{kind, name, moved.module, moved.name, ""}; };
    const std::string inner = binding.module.substr(binding.module.find('.') + 1);
    const bool own = startsWith(binding.module, "fastapi");
    if (name == "FastAPI") return as(Kind::Application, target.application);
    if (name == "APIRouter") return Name{Kind::Router, name, kGeneratedModule, "RouteGroup", ""};
    if (name == "Depends") return as(Kind::Depends, target.depends);
    if (name == "Security" && own) // without scopes it is `Depends`; the code goes on calling it by its name
        return Name{Kind::Depends, target.depends.name, target.depends.module, name, ""};
    if (name == "HTTPException" && own) return as(Kind::HttpException, target.httpException);
    if (name == "RequestValidationError") return as(Kind::ValidationError, target.validationError);
    if (name == "Query") return as(Kind::Parameter, target.queryParameter);
    if (name == "Path") return as(Kind::Parameter, target.pathParameter);
    if (name == "Body") return as(Kind::Parameter, target.bodyParameter);
    if (name == "Header") return as(Kind::Parameter, target.headerParameter);
    if (name == "Request") return as(Kind::Request, target.request);
    if (name == "status" && inner != "responses") return Name{Kind::Status, name, "", "", ""};
    if (name == "JSONResponse" || name == "ORJSONResponse" || name == "UJSONResponse")
        return as(Kind::JsonResponse, target.response);
    if (name == "Response") return as(Kind::PlainResponse, target.response);
    if (name == "HTMLResponse" || name == "PlainTextResponse") {
        Name moved = as(Kind::TextResponse, target.response);
        moved.mediaType = name == "HTMLResponse" ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        return moved;
    }
    if (name == "UploadFile") return Name{Kind::Upload, name, "starlette.datastructures", name, ""};
    if (name == "BackgroundTasks") return Name{Kind::Background, name, "starlette.background", name, ""};
    if (auto known = generatedNames().find(name); known != generatedNames().end() && own)
        return Name{known->second, name, kGeneratedModule, name, ""};
    if (auto known = starletteNames().find(name); known != starletteNames().end())
        return Name{Kind::Kept, name, known->second, name, ""};
    if (!own && !name.empty()) return Name{Kind::Kept, name, binding.module, name, ""};
    return std::nullopt;
}

} // namespace covet::rules::fastapi
