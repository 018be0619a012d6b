#include "rules/security/secret_literals.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::security {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// The text of a plain string literal; "" for anything else.
std::string_view literalText(const Node& node) {
    if (!node.is("string")) return {};
    std::string_view content;
    for (const Node& child : node.namedChildren()) {
        if (child.is("interpolation")) return {};
        if (child.is("string_content")) content = child.text();
    }
    return content;
}

bool isPlaceholder(std::string_view value) { return contains(value, "{") || contains(value, "<"); }

/// A name and the value that is bound to it: an assignment's, a keyword argument's or a pair's.
std::pair<std::string, Node> bindingOf(const Node& node) {
    if (node.is("keyword_argument")) return {std::string(node.field("name").text()), node.field("value")};
    if (node.is("pair")) return {std::string(literalText(node.field("key"))), node.field("value")};
    if (!node.is("assignment")) return {};
    const Node left = node.field("left");
    if (left.is("identifier")) return {std::string(left.text()), node.field("right")};
    if (left.is("attribute")) return {std::string(left.field("attribute").text()), node.field("right")};
    if (left.is("subscript")) return {std::string(literalText(left.field("subscript"))), node.field("right")};
    return {};
}

bool hasPasswordInUrl(std::string_view value) {
    const size_t scheme = value.find("://");
    if (scheme == value.npos || scheme == 0) return false;
    const size_t end = std::min(value.find_first_of("/?# ", scheme + 3), value.size());
    const std::string_view authority = value.substr(scheme + 3, end - scheme - 3);
    const size_t at = authority.rfind('@');
    const size_t colon = authority.find(':');
    return at != authority.npos && colon < at && at - colon > 1;
}

/// A hash of a password, a template, or next to nothing. A key may well look like a hash.
bool isNoSecret(std::string_view name, std::string_view value) {
    const std::string lower = toLower(name);
    const bool isPassword = contains(lower, "pass") || contains(lower, "pwd");
    if (isPlaceholder(value)) return true;
    if (contains(lower, "key")) return value.size() < 3;
    // A sentence about it is none.
    return contains(value, " ") || (isPassword ? isHashedOrEmpty(value) : value.size() < 3);
}

} // namespace

bool namesSecret(std::string_view raw) {
    const std::string name = snakeCase(raw);
    for (const char* word : {"password", "passwd", "secret", "private_key", "api_key", "apikey", "access_key",
                             "auth_token", "access_token", "refresh_token"})
        if (contains(name, word)) {
            // A hash, a name of a field or a rule about passwords is no secret.
            for (const char* other : {"hash", "field", "length", "min", "max", "url", "path", "name", "header",
                                      "algorithm", "expire", "lifetime", "pattern", "regex", "message", "error",
                                      "prompt", "label", "help", "type", "env"})
                if (contains(name, other)) return false;
            return true;
        }
    return name == "pwd" || name == "token";
}

bool isHashedOrEmpty(std::string_view value) {
    if (value.size() < 3) return true;
    for (const char* prefix : {"$2a$", "$2b$", "$2y$", "$argon2", "$pbkdf2", "pbkdf2", "pbkdf2:", "scrypt:", "$6$",
                               "$5$", "$1$", "{SSHA}", "bcrypt", "sha256$", "sha256:"})
        if (startsWith(value, prefix)) return true;
    const bool hex = value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
    return hex && (value.size() == 32 || value.size() == 40 || value.size() == 64 || value.size() == 128);
}

std::vector<SecretLiteral> secretLiterals(const Module& module, const std::set<const void*>& without) {
    std::vector<SecretLiteral> found;
    std::set<const void*> taken;
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (without.count(node.id())) return false;
        if (node.is("string")) {
            if (hasPasswordInUrl(literalText(node)) && !taken.count(node.id())) found.push_back({node, "", true});
            return false;
        }
        const auto [name, bound] = bindingOf(node);
        const std::string_view value = literalText(bound);
        if (value.empty()) return true;
        const bool isUrl = hasPasswordInUrl(value);
        if (!isUrl && (!namesSecret(name) || isNoSecret(name, value))) return true;
        found.push_back({bound, name, isUrl});
        taken.insert(bound.id());
        return true;
    });
    return found;
}

} // namespace covet::rules::security
