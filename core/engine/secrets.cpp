#include "engine/secrets.h"

#include <algorithm>
#include <map>
#include <set>

#include "rules/diagnostics.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

using semantic::Module;
using syntax::Node;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// Whether a name says that its value is secret.
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

/// Whether a text is the output of a password hash, or not a value at all.
bool isHashedOrEmpty(std::string_view value) {
    if (value.size() < 3) return true;
    for (const char* prefix : {"$2a$", "$2b$", "$2y$", "$argon2", "$pbkdf2", "pbkdf2", "pbkdf2:", "scrypt:", "$6$",
                               "$5$", "$1$", "{SSHA}", "bcrypt", "sha256$", "sha256:"})
        if (startsWith(value, prefix)) return true;
    const bool hex = value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
    return hex && (value.size() == 32 || value.size() == 40 || value.size() == 64 || value.size() == 128);
}

rules::Finding secretAt(const Module& module, const Node& node, const std::string& subject,
                        const std::string& reason, const std::string& hint) {
    rules::Finding finding;
    finding.rule = "COV401";
    finding.file = module.path();
    finding.start = {module.source.lineOf(node.start()), module.source.columnOf(node.start())};
    finding.end = {module.source.lineOf(node.end()), module.source.columnOf(node.end())};
    finding.message = rules::messageOf("COV401", subject);
    finding.safetyReason = reason;
    finding.hint = hint;
    return finding;
}

void countSecrets(const Value* key, const Value& value, std::map<std::string, size_t>& fields) {
    const bool named = key && key->kind() == Value::Kind::Str && namesSecret(key->text());
    if (named && value.kind() == Value::Kind::Str && !isHashedOrEmpty(value.text())) {
        ++fields[key->text()];
        return;
    }
    for (const auto& [name, entry] : value.entries()) countSecrets(&name, entry, fields);
    for (const Value& item : value.items()) countSecrets(nullptr, item, fields);
}

void addRowSecrets(const facts::FoundStore& store, std::vector<rules::Finding>& found) {
    if (!store.fact.data || store.fact.container == facts::Container::Scalar) return;
    std::map<std::string, size_t> fields;
    ElementReader rows(*store.fact.data);
    while (rows.next()) countSecrets(rows.key(), rows.content(), fields);
    for (const auto& [field, count] : fields)
        found.push_back(secretAt(*store.module, store.definition, store.fact.name + "[]." + field,
                                 "plain-text-rows",
                                 std::to_string(count) + (count == 1 ? " row keeps" : " rows keep") +
                                     " it unhashed; hash it before or after the migration, and change what was exposed"));
}

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

bool isPlaceholder(std::string_view value) {
    const std::string text = toLower(value);
    return contains(text, "{") || contains(text, "<") || contains(text, " ");
}

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

void addCodeSecrets(const Module& module, const std::vector<facts::FoundStore>& stores,
                    std::vector<rules::Finding>& found) {
    std::set<const void*> rows; // identities of what was told about row by row above
    for (const facts::FoundStore& store : stores) {
        if (store.module != &module || store.fact.container == facts::Container::Scalar) continue;
        rows.insert(store.definition.id());
        for (const Node& statement : store.buildStatements) rows.insert(statement.id());
    }
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (rows.count(node.id())) return false;
        if (node.is("string")) {
            if (hasPasswordInUrl(literalText(node)))
                found.push_back(secretAt(module, node, "a URL with a password", "plain-text-code",
                                         "read it from the environment"));
            return false;
        }
        const auto [name, bound] = bindingOf(node);
        const std::string_view value = literalText(bound);
        if (!value.empty() && !hasPasswordInUrl(value) && namesSecret(name) && !isHashedOrEmpty(value) &&
            !isPlaceholder(value))
            found.push_back(secretAt(module, bound, name, "plain-text-code", "read it from the environment"));
        return true;
    });
}

} // namespace

std::vector<rules::Finding> secretFindings(const LoadedProject& loaded,
                                           const std::vector<facts::FoundStore>& stores) {
    std::vector<rules::Finding> found;
    for (const facts::FoundStore& store : stores) addRowSecrets(store, found);
    for (const auto& module : loaded.project.modules())
        if (!loaded.broken.count(module.get())) addCodeSecrets(*module, stores, found);
    return found;
}

} // namespace covet::engine
