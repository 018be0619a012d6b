// The module that comes with an application from FastAPI: one part for each thing that it had from there.

#include "rules/frameworks/fastapi/helper_module.h"

#include <algorithm>
#include <vector>

#include "catalog/resource.h"
#include "support/strings.h"

namespace covet::rules::fastapi {
namespace {

/// In the order in which they stand in the module.
constexpr const char* kParts[] = {"routing", "requests", "fields", "login", "security", "around", "extra", "state"};

/// Names by the module that they come from; "" for `import module` itself.
using Imports = std::map<std::string, std::set<std::string>>;

/// Takes the import statements off the start of a part; they may span lines in brackets.
std::string withoutImports(std::string_view text, Imports& imports) {
    std::vector<std::string> lines = split(text, '\n');
    size_t at = 0;
    while (at < lines.size()) {
        const std::string& line = lines[at];
        if (startsWith(line, "import ")) imports[line.substr(7)].insert("");
        else if (startsWith(line, "from ")) {
            const size_t cut = line.find(" import ");
            for (const std::string& name : split(line.substr(cut + 8), ','))
                imports[line.substr(5, cut - 5)].insert(std::string(trim(name)));
        } else if (!line.empty()) break;
        ++at;
    }
    return join(std::vector<std::string>(lines.begin() + static_cast<std::ptrdiff_t>(at), lines.end()), "\n");
}

/// 0: Python's own, 1: of packages, 2: of the target.
int groupOf(const std::string& module, const catalog::TargetProfile& target) {
    const std::string package = module.substr(0, module.find('.'));
    if (package == target.package) return 2;
    return package == "pydantic" || package == "starlette" ? 1 : 0;
}

std::string importLines(const Imports& imports, const catalog::TargetProfile& target) {
    std::string text;
    for (int group = 0; group < 3; ++group) {
        std::string own;
        for (const bool whole : {true, false})
            for (const auto& [module, names] : imports) {
                if (groupOf(module, target) != group) continue;
                if (whole && names.count("")) own += "import " + module + "\n";
                std::vector<std::string> from(names.begin(), names.end());
                from.erase(std::remove(from.begin(), from.end(), ""), from.end());
                if (!whole && !from.empty()) {
                    std::string line = "from " + module + " import " + join(from, ", ");
                    if (line.size() > 110)
                        line = "from " + module + " import (\n    " + join(from, ",\n    ") + ",\n)";
                    own += line + "\n";
                }
            }
        if (!own.empty()) text += (text.empty() ? "" : "\n") + own;
    }
    return text;
}

} // namespace

std::string partOf(const std::string& name) {
    static const std::map<std::string, std::string> kNames = {
        {"full_request", "requests"},      {"Form", "fields"},           {"File", "fields"},
        {"Cookie", "fields"},              {"with_fields", "fields"},    {"OAuth2PasswordRequestForm", "login"},
        {"HTTPBearer", "security"},        {"HTTPBasic", "security"},    {"HTTPAuthorizationCredentials", "security"},
        {"HTTPBasicCredentials", "security"}, {"OAuth2PasswordBearer", "security"}, {"APIKeyHeader", "security"},
        {"APIKeyQuery", "security"},       {"APIKeyCookie", "security"}, {"http_middleware", "around"},
        {"use_lifespan", "around"},        {"extra_routes", "extra"},    {"mount", "extra"},
        {"websocket_route", "extra"},      {"app_state", "state"}};
    auto found = kNames.find(name);
    return found == kNames.end() ? "" : found->second;
}

std::string helperText(const catalog::TargetProfile& target, std::set<std::string> parts) {
    if (parts.count("login")) parts.insert("fields");
    if (parts.count("fields") || parts.count("security")) parts.insert("requests");
    const std::string base(catalog::resource("templates/routing/routing.py"));
    if (parts.empty()) return base;
    parts.insert("routing");
    static const std::string kFuture = "from __future__ import annotations\n";
    const size_t end = base.find(kFuture) + kFuture.size();
    Imports imports;
    std::string body;
    for (const char* part : kParts) {
        if (!parts.count(part)) continue;
        const std::string text = part == std::string_view("routing") ? base.substr(end)
                                     : std::string(catalog::resource("templates/routing/" + std::string(part) + ".py"));
        body += (body.empty() ? "" : "\n\n") + withoutImports(text, imports);
    }
    return base.substr(0, end) + "\n" + importLines(imports, target) + "\n" + body;
}

} // namespace covet::rules::fastapi
