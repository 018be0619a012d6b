// before  name: str = Field(..., regex="^[a-z]+$")      tags: List[str] = Field([], min_items=1)
// after   name: str = Field(..., pattern="^[a-z]+$")    tags: List[str] = Field([], min_length=1)
//
// Version 1 looked for an expression at the start of the text, version 2 looks for it anywhere: one that is not
// anchored gets an anchor. What the engine of version 2 does not know (looking around, references) stays.

#include "rules/frameworks/router_graph.h"
#include "rules/modern/pydantic_change.h"
#include "support/strings.h"
#include "support/words.h"
#include "syntax/evaluator/literals.h"

namespace covet::rules::modern {
namespace {

constexpr Words kParameters = {"fastapi.Query", "fastapi.Path", "fastapi.Body", "fastapi.Header", "fastapi.Cookie", "fastapi.Form", "fastapi.File"};
constexpr Words kTypes = {"pydantic.constr", "pydantic.conlist", "pydantic.conset"};

class Fields {
public:
    Fields(const PydanticReader& reader, const Module& module) : reader_(reader), module_(module) {}

    void read() {
        for (const std::string_view name : {"Field", "Query", "Path", "Body", "Header", "Cookie", "Form", "File", "constr", "conlist", "conset"})
            if (const auto calls = module_.calls.find(name); calls != module_.calls.end())
                for (const Node& call : calls->second) this->call(call);
    }

private:
    void call(const Node& call) {
        const std::string name = reader_.types.libraryName(module_, call.field("function"));
        const bool isField = name == "pydantic.Field" || name == "pydantic.fields.Field";
        const bool isType = kTypes.count(name) > 0;
        if (!isField && !isType && !kParameters.count(name)) return;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (!argument.is("keyword_argument")) continue;
            const std::string_view option = argument.field("name").text();
            const Node value = argument.field("value");
            if (option == "regex") regex(argument, value, isField || isType);
            else if ((isField || isType) && option == "min_items") renamed(argument, "min_length", isType);
            else if ((isField || isType) && option == "max_items") renamed(argument, "max_length", isType);
            else if ((isField || isType) && option == "unique_items") stays(argument, "unique-items", true, "annotate a set");
            else if (isField && option == "allow_mutation") mutation(argument, value);
            else if (isField && option == "const") constant(call, argument, value);
            else if (isField && option == "example" && argumentOf(call, "json_schema_extra").isNull())
                rewritten(argument, [value](const ModuleRewrite& inner) { return "json_schema_extra={\"example\": " + inner.render(value) + "}"; });
            else if (isField && option == "env") environment(argument, value);
        }
    }

    PydanticChange& add(const Node& argument) {
        PydanticChange change;
        change.module = &module_;
        change.at = argument.field("name");
        change.subject = std::string(argument.text().substr(0, 60));
        reader_.changes.push_back(std::move(change));
        return reader_.changes.back();
    }

    void stays(const Node& argument, const char* reason, bool isOnlyIn1, const char* hint) {
        PydanticChange& change = add(argument);
        change.obstacle = reason;
        change.isOnlyIn1 = isOnlyIn1;
        change.hint = hint;
    }

    PydanticChange& rewritten(const Node& argument, ModuleRewrite::Render render) {
        PydanticChange& change = add(argument);
        ModuleRewrite* rewrite = &reader_.context.rewrite(module_);
        change.make = [=] { rewrite->replace(argument, render); };
        return change;
    }

    void renamed(const Node& argument, const char* name, bool isOnlyIn1) {
        if (!argumentOf(argument.parent().parent(), name).isNull()) return stays(argument, "given-twice", isOnlyIn1, "");
        PydanticChange& change = add(argument);
        ModuleRewrite* rewrite = &reader_.context.rewrite(module_);
        change.isOnlyIn1 = isOnlyIn1;
        change.make = [=, node = argument.field("name")] { rewrite->replace(node, name); };
    }

    void regex(const Node& argument, const Node& value, bool isOnlyIn1) {
        const auto text = value.is("string") ? syntax::eval::stringLiteral(value) : std::nullopt;
        // FastAPI hands its own on to version 2 as they are.
        if (!isOnlyIn1) return renamed(argument, "pattern", false);
        if (!text || text->kind() != Value::Kind::Str) return stays(argument, "pattern-unknown", true, "`pattern` is looked for anywhere in the text: anchor it with ^");
        const std::string& pattern = text->text();
        for (const char* part : {"(?=", "(?!", "(?<", "(?P=", "\\1", "\\2", "\\Z"})
            if (pattern.find(part) != std::string::npos) return stays(argument, "pattern-engine", true, "check it in a function with @field_validator");
        std::string written(value.text());
        if (!startsWith(pattern, "^") && !startsWith(pattern, "\\A")) {
            const size_t quote = written.find_first_of("\"'");
            const size_t length = startsWith(written.substr(quote), "\"\"\"") || startsWith(written.substr(quote), "'''") ? 3 : 1;
            const bool isPlain = pattern.find('|') == std::string::npos;
            written.insert(quote + length, isPlain ? "^" : "^(?:");
            if (!isPlain) written.insert(written.size() - length, ")");
        } else if (pattern.find('|') != std::string::npos && !isEnclosed(pattern)) {
            return stays(argument, "pattern-engine", true, "`pattern` is looked for anywhere in the text: anchor each alternative with ^");
        }
        rewritten(argument, [written](const ModuleRewrite&) { return "pattern=" + written; }).isOnlyIn1 = true;
    }

    /// `^(a|b)$`: no alternative at the top.
    static bool isEnclosed(const std::string& pattern) {
        int depth = 0;
        for (size_t i = 0; i < pattern.size(); ++i) {
            if (pattern[i] == '\\') ++i;
            else if (pattern[i] == '(' || pattern[i] == '[') ++depth;
            else if (pattern[i] == ')' || pattern[i] == ']') --depth;
            else if (pattern[i] == '|' && depth == 0) return false;
        }
        return true;
    }

    void mutation(const Node& argument, const Node& value) {
        if (!value.is("false")) return stays(argument, "option-not-constant", false, "use `frozen`");
        rewritten(argument, [](const ModuleRewrite&) { return std::string("frozen=True"); });
    }

    /// `kind: str = Field("cat", const=True)` -> `kind: Literal["cat"] = Field("cat")`
    void constant(const Node& call, const Node& argument, const Node& value) {
        const Node assignment = call.parent(), type = assignment.field("type"), given = argumentOf(call, "default", 0);
        const bool fits = value.is("true") && assignment.is("assignment") && type && given.isOneOf({"string", "integer", "true", "false"});
        if (!fits) return stays(argument, "constant-unknown", true, "annotate `Literal[...]`");
        PydanticChange& change = add(argument);
        change.isOnlyIn1 = true;
        ModuleRewrite* rewrite = &reader_.context.rewrite(module_);
        std::string arguments;
        for (const Node& other : call.field("arguments").namedChildren())
            if (other != argument) arguments += (arguments.empty() ? "" : ", ") + std::string(other.text());
        change.make = [=, list = call.field("arguments")] {
            rewrite->replace(type, "Literal[" + std::string(given.text()) + "]");
            rewrite->replace(list, "(" + arguments + ")");
            rewrite->requireImport("typing", "Literal");
        };
    }

    void environment(const Node& argument, const Node& value) {
        if (!value.is("string")) return stays(argument, "several-variables", true, "use `validation_alias=AliasChoices(...)`");
        rewritten(argument, [value](const ModuleRewrite& inner) { return "validation_alias=" + inner.render(value); }).isOnlyIn1 = true;
    }

    const PydanticReader& reader_;
    const Module& module_;
};

} // namespace

void readFields(const PydanticReader& reader, const Module& module) { Fields(reader, module).read(); }

} // namespace covet::rules::modern
