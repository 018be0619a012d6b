// What is put into a store: which values of it become hashes.

#include <algorithm>

#include "facts/record_shape.h"
#include "rules/security/password_flow.h"
#include "support/strings.h"

namespace covet::rules::security {
namespace {

bool hashesAlready(const Node& value) {
    if (!value.is("call")) return false;
    const Node function = value.field("function");
    const std::string name = toLower(function.text());
    for (const char* word : {"hash", "crypt", "hexdigest", "pbkdf2", "digest", "make_password", "decode", "encrypt"})
        if (name.find(word) != std::string::npos) return true;
    return false;
}

} // namespace

void PasswordFlow::hashed(const Module& module, const Node& value) {
    if (value.is("none")) return;
    bool hashes = false;
    syntax::walk(value, [&](const Node& node) {
        hashes = hashes || hashesAlready(node);
        return !hashes;
    });
    if (hashes) {
        uses_.hashes = true;
        return obstacle(module, value, "read");
    }
    // A variable of the function may hold a hash already: `hashed = sha256(...).hexdigest()`.
    const Function* function = module.enclosingFunction(value);
    if (value.is("identifier") && function)
        syntax::walk(function->node, [&](const Node& node) {
            if (node.is("assignment") && node.field("left").text() == value.text())
                syntax::walk(node.field("right"), [&](const Node& part) {
                    hashes = hashes || hashesAlready(part);
                    return !hashes;
                });
            return !hashes;
        });
    if (hashes) {
        uses_.hashes = true;
        return obstacle(module, value, "read");
    }
    uses_.values.push_back({&module, value});
}

void PasswordFlow::stored(const Module& module, const Node& value) {
    if (value.is("parenthesized_expression")) return stored(module, value.namedChild(0));
    if (value.is("dictionary")) return storedDisplay(module, value);
    if (value.is("identifier")) return storedName(module, value);
    if (value.is("call")) return storedCall(module, value);
    rowsExpected_.emplace_back(&module, value);
}

void PasswordFlow::storedDisplay(const Module& module, const Node& display) {
    // What comes last wins.
    std::vector<Node> entries = display.namedChildren();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        if (entry->is("pair") && isField(entry->field("key"))) return hashed(module, entry->field("value"));
        if (entry->is("pair")) {
            if (!entry->field("key").is("string")) return obstacle(module, *entry, "dynamic-key");
        } else if (entry->is("dictionary_splat")) {
            return obstacle(module, *entry, "whole-body");
        }
    }
}

void PasswordFlow::storedName(const Module& module, const Node& name) {
    const Function* function = module.enclosingFunction(name);
    if (!function || function->locals.count(std::string(name.text())) == 0) return obstacle(module, name, "whole-body");
    if (!storedNames_.insert(name.id()).second) return;
    bool isBound = false;
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        if (!node.is("assignment") || node.field("left").text() != name.text()) return true;
        const Node value = node.field("right");
        const bool isMade = value.is("dictionary") || (value.is("call") && project_.resolve(module, value.field("function")).kind ==
                                                                               semantic::Symbol::Kind::Class);
        if (isMade) stored(module, value);
        else if (!value.is("none")) rowsExpected_.emplace_back(&module, value);
        isBound = isBound || isMade;
        return true;
    });
    // From here on it is a row of the store, as it was before for code that reads it after it was stored.
    if (isBound) taintName(module, function->node, name.text(), Kind::Row);
    else rowsExpected_.emplace_back(&module, name);
}

void PasswordFlow::storedCall(const Module& module, const Node& call) {
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    const bool isDict = call.field("function").text() == "dict";
    const semantic::Symbol& symbol = project_.resolve(module, call.field("function"));
    if (!isDict && (symbol.kind != semantic::Symbol::Kind::Class || !symbol.module)) {
        rowsExpected_.emplace_back(&module, call);
        return;
    }
    std::vector<std::string> names; // of the arguments by position
    if (!isDict) {
        const Function* init = symbol.module->function(symbol.name + ".__init__");
        if (init) {
            for (const Node& parameter : init->node.field("parameters").namedChildren()) {
                const Node name = parameter.is("identifier")        ? parameter
                                  : parameter.is("typed_parameter") ? parameter.namedChild(0)
                                                                    : parameter.field("name");
                names.emplace_back(name.text());
            }
            if (!names.empty()) names.erase(names.begin());
        } else {
            for (const facts::FieldFact& field : facts::fieldsOfClass(project_, *symbol.module, symbol.name)) names.push_back(field.name);
        }
    }
    size_t at = 0;
    for (const Node& argument : arguments) {
        if (argument.is("keyword_argument")) {
            if (argument.field("name").text() == field_.name) return hashed(module, argument.field("value"));
        } else if (argument.is("dictionary_splat") || argument.is("list_splat") || at >= names.size()) {
            return obstacle(module, argument, "whole-body");
        } else if (names[at++] == field_.name) {
            return hashed(module, argument);
        }
    }
}

} // namespace covet::rules::security
