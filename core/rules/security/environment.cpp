#include "rules/security/environment.h"

#include <algorithm>

#include "rules/diagnostics.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"
#include "syntax/evaluator/literals.h"

namespace covet::rules::security {
namespace {

/// Names that would say nothing among the settings of an application.
bool isGeneric(const std::string& name) {
    for (const char* word : {"PASSWORD", "PASSWD", "PWD", "TOKEN", "SECRET"})
        if (name == word) return true;
    return false;
}

std::string upperSnake(std::string_view name) {
    std::string out;
    for (const char c : snakeCase(name)) {
        const auto byte = static_cast<unsigned char>(c);
        out += std::isalnum(byte) ? static_cast<char>(std::toupper(byte)) : '_';
    }
    while (startsWith(out, "_")) out.erase(0, 1);
    return out.empty() ? "SECRET" : out;
}

std::string stemOf(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.rfind('.'));
}

/// Whether a dict display configures something, and is no record: it is bound to a name like CONFIG.
bool isConfiguration(const Node& pair) {
    const Node assignment = pair.ancestor({"assignment"});
    const std::string name(assignment.field("left").text());
    const std::string lower = toLower(name);
    const bool isConstant = !name.empty() && std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return assignment.field("right") == pair.parent() &&
           (isConstant || lower.find("config") != std::string::npos || lower.find("setting") != std::string::npos);
}

/// Whether a secret stands where a call can stand for it: not in data, and not among the arguments of a record.
bool isMovable(const semantic::Project& project, const Module& module, const SecretLiteral& secret) {
    const Node parent = secret.literal.parent();
    if (syntax::eval::stringPrefix(secret.literal).find_first_of("bf") != std::string::npos) return false;
    if (parent.is("pair")) return isConfiguration(parent);
    if (parent.is("assignment")) return true;
    const bool isNamed = parent.is("keyword_argument");
    if (!isNamed && !(parent.is("argument_list") && secret.isUrl)) return false;
    const Node call = (isNamed ? parent.parent() : parent).parent();
    const semantic::Symbol& symbol = project.resolve(module, call.field("function"));
    return symbol.kind != semantic::Symbol::Kind::Class && symbol.kind != semantic::Symbol::Kind::Function;
}

/// As a line of the file has it: JSON's spelling of a text.
std::string quoted(const std::string& value) {
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') out += "\\n";
        else if (c == '\r') out += "\\r";
        else if (c == '\t') out += "\\t";
        else out += c;
    }
    return out + "\"";
}

} // namespace

EnvironmentSecrets::EnvironmentSecrets(MigrationContext& context, std::string environment)
    : context_(context), before_(std::move(environment)) {
    for (const std::string& line : split(before_, '\n')) {
        const size_t cut = line.find('=');
        if (cut == std::string::npos) continue;
        std::string name(trim(std::string_view(line).substr(0, cut)));
        if (startsWith(name, "export ")) name = std::string(trim(name.substr(7)));
        values_.emplace(std::move(name), "\n"); // whatever it is: no other secret takes the name
    }
    values_.emplace(context.target().urlVariable, "\n");
}

bool EnvironmentSecrets::isFree(const std::string& name, const std::string& value) const {
    const auto known = values_.find(name);
    return known == values_.end() || known->second == value;
}

std::string EnvironmentSecrets::nameFor(const Module& module, const SecretLiteral& secret, const std::string& value) {
    const std::string plain = secret.name.empty() ? "DATABASE_URL" : upperSnake(secret.name);
    const Node owner = secret.literal.ancestor({"class_definition"});
    std::vector<std::string> candidates;
    if (!isGeneric(plain)) candidates.push_back(plain);
    if (owner) candidates.push_back(upperSnake(owner.field("name").text()) + "_" + plain);
    candidates.push_back(upperSnake(stemOf(module.path())) + "_" + plain);
    for (const std::string& candidate : candidates)
        if (isFree(candidate, value)) return candidate;
    std::string name;
    for (int number = 2; name.empty() || !isFree(name, value); ++number) name = candidates.back() + "_" + std::to_string(number);
    return name;
}

std::vector<Proposal> EnvironmentSecrets::proposals() {
    std::vector<Proposal> found;
    for (const auto& module : context_.project().modules()) {
        if (isTestModule(*module)) continue;
        for (const SecretLiteral& secret : secretLiterals(*module, {})) {
            const std::optional<Value> value = syntax::eval::stringLiteral(secret.literal);
            if (!value || value->kind() != Value::Kind::Str || !isMovable(context_.project(), *module, secret)) continue;
            const std::string name = nameFor(*module, secret, value->text());
            values_.emplace(name, value->text());
            Proposal proposal;
            Finding& finding = proposal.finding;
            finding.rule = "COV404";
            finding.file = module->path();
            const auto& source = module->source;
            finding.start = {source.lineOf(secret.literal.start()), source.columnOf(secret.literal.start())};
            finding.end = {source.lineOf(secret.literal.end()), source.columnOf(secret.literal.end())};
            finding.message = messageOf(finding.rule, name);
            finding.safety = Safety::Safe;
            finding.outcome = Outcome::Fixed;
            finding.hint = "it stays in the history of the project: change it where it is valid";
            proposal.make = [this, name, text = value->text(), literal = secret.literal, from = module.get()] {
                ModuleRewrite& rewrite = context_.rewrite(*from);
                rewrite.replace(literal, "setting(" + pythonQuote(name) + ")");
                rewrite.requireImport(context_.importPath(*from, context_.settingsModule), "setting");
                const std::pair<std::string, std::string> entry(name, text);
                if (std::find(moved_.begin(), moved_.end(), entry) == moved_.end()) moved_.push_back(entry);
            };
            found.push_back(std::move(proposal));
        }
    }
    return found;
}

std::string EnvironmentSecrets::environment() const {
    std::string text = before_;
    if (!text.empty() && text.back() != '\n') text += '\n';
    for (const auto& [name, value] : moved_) text += name + "=" + quoted(value) + "\n";
    return text;
}

} // namespace covet::rules::security
