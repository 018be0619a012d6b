#include "rules/frameworks/published/published.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::published {

bool isPackage(const std::string& module) {
    return module == "covet" || startsWith(module, "covet.");
}

Name nameFor(const std::string& last) {
    static constexpr Words kApplications = {
        "Covet", "CovetPy",     "CovetApp",  "CovetApplication",
        "App",   "Application", "Framework", "create_app"};
    static constexpr Words kGroups = {
        "CovetRouter", "Router", "APIRouter", "RouteGroup", "create_route_group", "create_router"};
    static constexpr Words kHelpers = {
        "Request",       "Response",          "json_response",  "html_response",
        "text_response", "redirect_response", "error_response", "HTTPException",
        "CovetError",    "BaseHTTPMiddleware"};
    if (kApplications.count(last)) return {Kind::Application, last};
    if (last == "create_asgi_app") return {Kind::Assembly, last};
    if (kGroups.count(last)) return {Kind::Group, last};
    if (kHelpers.count(last)) return {Kind::Helper, last};
    if (last == "CORSMiddleware") return {Kind::Cors, last};
    return {Kind::Foreign, last};
}

Name nameOf(const semantic::Project& project, const Module& module, const Node& expression) {
    if (!expression.is("identifier") && !expression.is("attribute")) return {};
    const semantic::Symbol& symbol = project.resolve(module, expression);
    if (symbol.kind != semantic::Symbol::Kind::External || !startsWith(symbol.name, "covet."))
        return {};
    return nameFor(symbol.name.substr(symbol.name.rfind('.') + 1));
}

Rule readRule(const std::string& text) {
    Rule rule;
    const char close = text.find('<') != std::string::npos ? '>' : '}';
    const char open = close == '>' ? '<' : '{';
    for (size_t at = 0; at < text.size();) {
        if (text[at] != open) {
            rule.isKnown = rule.isKnown && text[at] != '{' && text[at] != '}' && text[at] != '>';
            rule.path += text[at++];
            continue;
        }
        const size_t end = text.find(close, at);
        if (end == std::string::npos) {
            rule.isKnown = false;
            return rule;
        }
        std::string name = text.substr(at + 1, end - at - 1);
        if (const size_t colon = name.find(':'); colon != std::string::npos) {
            // `{path:path}` is documented, and no version has it.
            const std::string form = open == '<' ? name.substr(0, colon) : "";
            name = name.substr(colon + 1);
            if (form == "int" || form == "float")
                rule.forms.emplace(name, form);
            else
                rule.isKnown = rule.isKnown && form == "str";
        }
        rule.path += "{" + name + "}";
        at = end + 1;
    }
    return rule;
}

bool isApplicationOption(std::string_view keyword) {
    static constexpr Words kKnown = {"debug",           "middleware",  "title",
                                     "version",         "description", "name",
                                     "enable_lifespan", "router"};
    return kKnown.count(keyword) > 0;
}

} // namespace covet::rules::published
