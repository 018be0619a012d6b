#include "equivalence/cookie_jar.h"

#include "support/strings.h"

namespace covet::cli {

void CookieJar::take(const equivalence::Answer& answer) {
    for (const auto& [name, value] : answer.headers) {
        if (name != "set-cookie") continue;
        const std::string pair = value.substr(0, value.find(';'));
        const size_t equals = pair.find('=');
        if (equals == std::string::npos) continue;
        const std::string attributes = toLower(value.substr(pair.size()));
        const bool isGone = attributes.find("max-age=0") != std::string::npos ||
                            attributes.find("1970") != std::string::npos;
        const std::string cookie(trim(pair.substr(0, equals)));
        if (isGone)
            cookies_.erase(cookie);
        else
            cookies_[cookie] = std::string(trim(pair.substr(equals + 1)));
    }
}

void CookieJar::addTo(equivalence::Request& request) const {
    for (const auto& [name, value] : request.headers)
        if (toLower(name) == "cookie") return;
    std::string text;
    for (const auto& [name, value] : cookies_) text += (text.empty() ? "" : "; ") + name + "=" + value;
    if (!text.empty()) request.headers.emplace_back("Cookie", text);
}

} // namespace covet::cli
