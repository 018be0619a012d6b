#include "rules/legacy/app_rewrite.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

std::string respondText(const MigrationContext& context, const DispatchShape& shape) {
    using Returns = DispatchShape::Returns;
    const std::string name = context.target().response.name;
    std::string out = "\n\ndef respond(result):\n";
    if (shape.returns == Returns::Dict) {
        out += "    \"\"\"Turns what a handler returned, which holds body and status, into a response.\"\"\"\n";
        auto part = [](const std::string& key) { return startsWith(key, ".") ? "result" + key : "result[" + pythonQuote(key) + "]"; };
        const std::string status = shape.statusDefault.empty() ? part(shape.statusKey)
                                                               : "result.get(" + pythonQuote(shape.statusKey) + ", " + shape.statusDefault + ")";
        std::string arguments = "data=" + part(shape.bodyKey) + ", status_code=" + status;
        if (!shape.headersKey.empty()) arguments += ", headers=" + part(shape.headersKey);
        if (shape.bodyIsText) arguments += ", media_type=None";
        return out + "    return " + name + "(" + arguments + ")\n";
    }
    const bool statusFirst = shape.statusKey == "0";
    const std::string names = statusFirst ? "status, data" : "data, status";
    out += "    \"\"\"Turns what a handler returned into a response, as the dispatcher before did.\"\"\"\n";
    if (shape.returns == Returns::Tuple) {
        out += "    " + names + " = result\n";
    } else if (shape.returns == Returns::Plain) {
        out += "    data, status = result, " + shape.defaultStatus + "\n";
    } else {
        const std::string otherwise = statusFirst ? shape.defaultStatus + ", result" : "result, " + shape.defaultStatus;
        out += "    " + names + " = result if isinstance(result, tuple) else (" + otherwise + ")\n";
    }
    if (!shape.noneStatus.empty() && shape.noneStatus != shape.defaultStatus)
        out += "    if result is None:\n        status = " + shape.noneStatus + "\n";
    if (!shape.noneIsEmpty) out += "    if data is None:\n        data = b\"null\"\n";
    return out + "    return " + name + "(data=data, status_code=status)\n";
}

std::string routesText(const std::string& form) {
    std::string key = "(method, route.path)";
    if (form == "path,method") key = "(route.path, method)";
    else if (form == "method:path") key = "f\"{method}:{route.path}\"";
    else if (form == "method path") key = "f\"{method} {route.path}\"";
    else if (form == "path") key = "route.path";
    return "\n\ndef registered_routes(app):\n"
           "    \"\"\"The routes of an application under the keys that its own table had.\"\"\"\n"
           "    return {" + key + ": route.endpoint for route in app.routes for method in route.methods}\n";
}

const char* const kHeaders = R"py(

class AnswerHeaders:
    """Adds the headers that every answer of the application carries."""

    def __init__(self, app, headers):
        self.app = app
        self.headers = [(name.encode(), content.encode()) for name, content in headers]

    async def __call__(self, scope, receive, send):
        names = {name for name, _ in self.headers}

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", []) if bytes(pair[0]).lower() not in names]
                message = {**message, "headers": kept + self.headers}
            await send(message)

        await self.app(scope, receive, send_with_headers)
)py";

} // namespace

std::string helperText(const MigrationContext& context, const LegacyApp& app, const AppPlan& plan) {
    std::string out = "\"\"\"What the handlers of this application share.\"\"\"\n";
    if (plan.needsRespond) {
        out += "from " + context.target().response.module + " import " + context.target().response.name + "\n";
        out += respondText(context, app.shape);
    }
    if (plan.needsRoutes) out += routesText(app.registry ? app.registry->keyForm : "");
    if (!app.shape.headers.empty()) out += kHeaders;
    return out;
}

} // namespace covet::rules::legacy
