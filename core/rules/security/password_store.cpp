#include "rules/security/password_store.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::security {
bool isPasswordName(std::string_view raw) {
    const std::string name = toLower(snakeCase(raw));
    for (const char* word : {"password", "passwd", "passphrase"})
        if (endsWith(name, word)) return true;
    return name == "pwd" || name == "pass";
}

namespace {

/// Names of dicts from users to passwords.
bool holdsPasswords(std::string_view raw) {
    const std::string name = toLower(snakeCase(raw));
    for (const char* word : {"password", "passwords", "passwds", "credentials", "users", "accounts", "logins",
                             "users_db", "user_db", "passwords_db", "credentials_db", "user_passwords"})
        if (name == word) return true;
    return false;
}

/// What the values of a field are.
struct Content {
    size_t texts = 0, hashes = 0, others = 0;

    void add(const Value* value) {
        if (!value || value->isNull()) return;
        if (value->kind() != Value::Kind::Str) ++others;
        else if (isPasswordHash(value->text())) ++hashes;
        else ++texts;
    }
    bool isPlain() const { return hashes == 0 && others == 0; }
};

bool isPlainIn(const facts::Store& fact, const std::string& field, Content& content) {
    if (!fact.opaqueReason.empty() || fact.madeAtStart) return false;
    if (!fact.data) return true;
    ElementReader rows(*fact.data);
    while (rows.next()) {
        const Value& row = rows.content();
        content.add(field.empty() ? &row : row.isRecord() ? row.find(field) : nullptr);
    }
    return content.isPlain();
}

} // namespace

std::optional<PasswordField> passwordFieldOf(const facts::FoundStore& store) {
    const facts::Store& fact = store.fact;
    if (!fact.leftAlone.empty() || fact.container == facts::Container::Scalar || fact.mixedClasses) return std::nullopt;
    if (fact.element == facts::Element::Scalar) {
        Content content;
        const bool isText = fact.fields.empty() || fact.fields[0].type.empty() || fact.fields[0].type == "str" ||
                            fact.fields[0].type == "json";
        if (fact.container != facts::Container::Dict || !isText || !holdsPasswords(store.variable)) return std::nullopt;
        return isPlainIn(fact, "", content) ? std::optional(PasswordField{}) : std::nullopt;
    }
    if (fact.element != facts::Element::Record && fact.element != facts::Element::Instance) return std::nullopt;
    std::vector<std::string> names;
    for (const facts::FieldFact& field : fact.fields) names.push_back(field.name);
    if (fact.data) {
        ElementReader rows(*fact.data);
        while (rows.next())
            if (rows.content().isRecord())
                for (const auto& [key, value] : rows.content().entries())
                    if (key.kind() == Value::Kind::Str && isPasswordName(key.text())) names.push_back(key.text());
    }
    std::vector<std::string> found;
    for (const std::string& name : names)
        if (isPasswordName(name) && std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
    Content content;
    if (found.size() != 1 || !isPlainIn(fact, found[0], content)) return std::nullopt;
    return PasswordField{found[0]};
}

bool isPasswordHash(std::string_view text) {
    for (const char* prefix : {"$2a$", "$2b$", "$2y$", "$argon2", "$pbkdf2", "pbkdf2:", "pbkdf2_", "scrypt:", "$scrypt$", "$6$", "$5$",
                               "$1$", "{SSHA", "{SHA", "bcrypt", "argon2", "sha1$", "sha256$", "sha256:", "sha512$", "md5$"})
        if (startsWith(text, prefix)) return true;
    const bool isHex = text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    return isHex && (text.size() == 32 || text.size() == 40 || text.size() == 56 || text.size() == 64 || text.size() == 96 ||
                     text.size() == 128);
}

} // namespace covet::rules::security
