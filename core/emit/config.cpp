#include "emit/config.h"

#include "catalog/json_access.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

using catalog::Json;

/// Spaces (or -1 for a tab) with which a JSON text is indented.
int indentOf(std::string_view text) {
    const size_t line = text.find('\n');
    if (line == text.npos) return 2;
    const size_t start = text.find_first_not_of("\r\n", line);
    if (start == text.npos || (text[start] != ' ' && text[start] != '\t')) return 2;
    if (text[start] == '\t') return -1;
    const size_t end = text.find_first_not_of(' ', start);
    return static_cast<int>((end == text.npos ? text.size() : end) - start);
}

std::string laidOut(const Json& json, std::string_view like) {
    const int indent = indentOf(like);
    std::string text = json.dump(indent < 0 ? 1 : indent, indent < 0 ? '\t' : ' ', false,
                                 Json::error_handler_t::replace);
    if (like.empty() || endsWith(like, "\n")) text += "\n";
    return like.find("\r\n") == like.npos ? text : replaceAll(text, "\n", "\r\n");
}

} // namespace

PublicUrl withoutPassword(std::string_view url) {
    PublicUrl out{std::string(url), false};
    const size_t scheme = url.find("://");
    if (scheme != url.npos) {
        const size_t authority = scheme + 3;
        const size_t slash = std::min(url.find_first_of("/?#", authority), url.size());
        const size_t at = url.substr(0, slash).rfind('@');
        const size_t colon = url.find(':', authority);
        if (at != url.npos && at >= authority && colon < at) {
            out.passwordLeftOut = true;
            out.url = std::string(url.substr(0, colon)) + std::string(url.substr(at));
        }
    }
    // libpq and several drivers take it as a parameter as well.
    const size_t query = out.url.find('?');
    if (query == std::string::npos) return out;
    std::vector<std::string> kept;
    for (const std::string& parameter : split(out.url.substr(query + 1), '&')) {
        const std::string name = toLower(parameter.substr(0, parameter.find('=')));
        const bool secret = name == "password" || name == "passwd" || name == "sslpassword";
        out.passwordLeftOut = out.passwordLeftOut || secret;
        if (!secret) kept.push_back(parameter);
    }
    out.url.resize(query);
    if (!kept.empty()) out.url += "?" + join(kept, "&");
    return out;
}

Result<std::string> configText(std::string_view existing, const catalog::TargetProfile& target,
                               const std::string& databaseUrl) {
    std::string_view body = existing;
    if (startsWith(body, "\xEF\xBB\xBF")) body.remove_prefix(3);
    Json config = Json::object();
    if (!trim(body).empty()) config = catalog::parseJson(body);
    if (!config.is_object())
        return Error{"not-a-json-object", "the configuration is not a JSON object", target.configFile, 0,
                     "correct the file, or move it away"};
    const Json before = config;
    if (!config.contains("version")) config["version"] = target.configVersion;
    if (!config.contains("database")) config["database"] = Json::object();
    Json& database = config["database"];
    if (!database.is_object())
        return Error{"not-a-json-object", "`database` of the configuration is not an object", target.configFile,
                     0, "correct the file, or move it away"};
    if (!databaseUrl.empty()) database["url"] = withoutPassword(databaseUrl).url;
    const Json defaults = catalog::parseJson(target.configDatabase);
    if (defaults.is_object())
        for (const auto& [key, value] : defaults.items())
            if (!database.contains(key)) database[key] = value;
    if (config == before && !trim(body).empty()) return std::string(existing);
    return laidOut(config, body);
}

} // namespace covet::emit
