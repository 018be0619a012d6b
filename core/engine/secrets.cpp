#include "engine/secrets.h"

#include <algorithm>
#include <map>
#include <set>

#include "rules/diagnostics.h"
#include "rules/security/secret_literals.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

using semantic::Module;
using rules::security::isHashedOrEmpty;
using rules::security::namesSecret;
using syntax::Node;

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
    if (store.fact.passwordField) fields.erase(*store.fact.passwordField);
    for (const auto& [field, count] : fields)
        found.push_back(secretAt(*store.module, store.definition, store.fact.name + "[]." + field,
                                 "plain-text-rows",
                                 std::to_string(count) + (count == 1 ? " row keeps" : " rows keep") +
                                     " it unhashed; hash it before or after the migration, and change what was exposed"));
}

void addCodeSecrets(const Module& module, const std::vector<facts::FoundStore>& stores,
                    std::vector<rules::Finding>& found) {
    std::set<const void*> rows; // identities of what was told about row by row above
    for (const facts::FoundStore& store : stores) {
        if (store.module != &module || store.fact.container == facts::Container::Scalar) continue;
        rows.insert(store.definition.id());
        for (const Node& statement : store.buildStatements) rows.insert(statement.id());
    }
    for (const rules::security::SecretLiteral& secret : rules::security::secretLiterals(module, rows))
        found.push_back(secretAt(module, secret.literal, secret.isUrl ? "a URL with a password" : secret.name,
                                 "plain-text-code", "read it from the environment"));
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
