// before  @validator("name", pre=True)
//         def strip(cls, value): ...
//         @root_validator(pre=True)
//         def known(cls, values): ...
// after   @field_validator("name", mode="before")
//         @classmethod
//         def strip(cls, value): ...
//         @model_validator(mode="before")
//         @classmethod
//         def known(cls, values): ...
//
// Safe where Pydantic 2 makes the same of both: not for items (`each_item`), nor where a function takes arguments
// that there are none of any more. What checks a whole model after its fields gets the object instead of a dict, so
// it is rewritten only where it just reads fields.

#include "rules/frameworks/router_graph.h"
#include "rules/modern/pydantic_change.h"
#include "support/strings.h"
#include "syntax/evaluator/literals.h"

namespace covet::rules::modern {
namespace {

using semantic::Function;

class Validators {
public:
    Validators(const PydanticReader& reader, const Module& module) : reader_(reader), module_(module) {}

    void read() {
        for (const char* name : {"validator", "root_validator"})
            for (const Node& identifier : module_.tree->identifiers(name)) {
                const Node access = identifier.parent().is("attribute") ? identifier.parent() : identifier;
                const std::string full = reader_.types.libraryName(module_, access);
                if (full != std::string("pydantic.") + name && full != std::string("pydantic.class_validators.") + name) continue;
                if (access.ancestor({"import_from_statement", "import_statement"})) continue;
                const Node call = access.parent().is("call") && access.parent().field("function") == access ? access.parent() : Node();
                const Node decorator = (call ? call : access).parent();
                if (!decorator.is("decorator")) {
                    reader_.stays(module_, access, name, "validator-as-value", "write a function with the decorator");
                    continue;
                }
                const Function* function = decoratedFunction(module_, decorator);
                if (function) (name == std::string("validator") ? field(decorator, call, *function) : whole(decorator, call, *function));
            }
    }

private:
    std::vector<Node> parameters(const Function& function) const { return function.node.field("parameters").namedChildren(); }

    /// Whether nothing else but `@classmethod` stands above the function.
    bool isAlone(const Function& function, const Node& decorator) const {
        for (const Node& other : function.decorated.namedChildren())
            if (other.is("decorator") && other != decorator && other.namedChild(0).text() != "classmethod") return false;
        return true;
    }

    bool isClassMethod(const Function& function) const {
        for (const Node& other : function.decorated.namedChildren())
            if (other.is("decorator") && other.namedChild(0).text() == "classmethod") return true;
        return false;
    }

    void stays(const Node& at, const Function& function, const char* reason, const char* hint = "") const {
        reader_.stays(module_, at, function.qualified, reason, hint);
    }

    void change(const Node& decorator, const Function& function, std::function<void()> make, bool isOnlyIn1 = false) const {
        PydanticChange change;
        change.module = &module_;
        change.at = decorator.namedChild(0);
        change.subject = function.qualified;
        change.isOnlyIn1 = isOnlyIn1;
        change.make = std::move(make);
        reader_.changes.push_back(std::move(change));
    }

    /// A decorator of one line, and `@classmethod` under it.
    void decorate(const Node& decorator, const Function& function, const std::string& text) const {
        ModuleRewrite& rewrite = reader_.context.rewrite(module_);
        const std::string below = isClassMethod(function) ? "" : "\n" + rewrite.indentOf(function.decorated) + "@classmethod";
        rewrite.replace(decorator, "@" + text + below);
        rewrite.dropImportIfUnused("validator");
        rewrite.dropImportIfUnused("root_validator");
    }

    void field(const Node& decorator, const Node& call, const Function& function) {
        std::vector<std::string> names, options;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (!argument.is("keyword_argument")) {
                if (!argument.is("string")) return stays(argument, function, "fields-not-named");
                names.emplace_back(argument.text());
                continue;
            }
            const std::string_view option = argument.field("name").text();
            const Node value = argument.field("value");
            if (option == "allow_reuse") continue;
            if (!value.is("true") && !value.is("false")) return stays(argument, function, "option-not-constant");
            if (option == "check_fields") options.push_back("check_fields=" + std::string(value.text()));
            else if (value.is("false")) continue;
            else if (option == "pre") options.emplace_back("mode=\"before\"");
            else if (option == "always") return stays(argument, function, "also-for-defaults", "write `Field(validate_default=True)` for the fields, or leave out `always` where they have no default");
            else return stays(argument, function, "for-each-item", "check the items in a loop, or annotate their type");
        }
        if (names.empty()) return stays(decorator, function, "fields-not-named");
        const std::vector<Node> given = parameters(function);
        if (!isAlone(function, decorator)) return stays(decorator, function, "decorated-twice");
        if (given.size() < 2 || given.size() > 3) return stays(function.node.field("name"), function, "validator-arguments");
        for (const Node& parameter : given)
            if (!parameter.isOneOf({"identifier", "typed_parameter"}) || parameter.namedChild(0).isOneOf({"list_splat_pattern", "dictionary_splat_pattern"}))
                return stays(parameter, function, "validator-arguments", "other fields are in `info.data` of Pydantic 2");
        if (given.size() == 3 && semantic::parameterName(given[2]) != "values") return stays(given[2], function, "validator-arguments", "other fields are in `info.data` of Pydantic 2");
        if (given.size() == 3 && (function.locals.count("info") > 0 || bindsValues(function))) return stays(given[2], function, "validator-arguments", "other fields are in `info.data` of Pydantic 2");
        change(decorator, function, [=, self = *this, function = &function] {
            ModuleRewrite& rewrite = self.reader_.context.rewrite(self.module_);
            std::vector<std::string> arguments = names;
            arguments.insert(arguments.end(), options.begin(), options.end());
            self.decorate(decorator, *function, "field_validator(" + join(arguments, ", ") + ")");
            rewrite.requireImport("pydantic", "field_validator");
            if (given.size() != 3) return;
            rewrite.replace(given[2], "info: ValidationInfo");
            rewrite.requireImport("pydantic", "ValidationInfo");
            for (const Node& use : self.uses(*function, "values")) rewrite.replace(use, "info.data");
        });
    }

    /// Identifiers of a name in the body of a function that mean its parameter.
    std::vector<Node> uses(const Function& function, std::string_view name) const {
        std::vector<Node> found;
        for (const Node& node : module_.tree->identifiers(name)) {
            const Node parent = node.parent();
            if (!function.node.field("body").contains(node)) continue;
            if (parent.is("attribute") && parent.field("attribute") == node) continue;
            if (parent.is("keyword_argument") && parent.field("name") == node) continue;
            found.push_back(node);
        }
        return found;
    }

    /// Whether the function binds `values` to something else, also in a part of it.
    bool bindsValues(const Function& function) const {
        for (const Node& use : uses(function, "values")) {
            for (Node above = use.parent(); above && above != function.node; above = above.parent()) {
                if (above.isOneOf({"lambda", "function_definition"})) return true;
                if (above.isOneOf({"assignment", "augmented_assignment", "for_statement", "for_in_clause", "as_pattern_target", "named_expression", "delete_statement"}) &&
                    (above.field("left") == use || above.is("as_pattern_target") || above.field("name") == use || above.is("delete_statement") ||
                     above.field("left").isOneOf({"pattern_list", "tuple_pattern"})))
                    return true;
            }
        }
        return false;
    }

    void whole(const Node& decorator, const Node& call, const Function& function) {
        bool before = false, skips = false;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const std::string_view option = argument.field("name").text();
            const bool isSet = argument.field("value").is("true");
            if (option == "pre") before = isSet;
            else if (option == "skip_on_failure") skips = isSet;
            else if (option != "allow_reuse") return stays(argument, function, "validator-arguments");
        }
        const std::vector<Node> given = parameters(function);
        if (!isAlone(function, decorator)) return stays(decorator, function, "decorated-twice");
        if (given.size() != 2 || !given[0].is("identifier") || !given[1].isOneOf({"identifier", "typed_parameter"}))
            return stays(function.node.field("name"), function, "validator-arguments");
        if (before)
            return change(decorator, function, [=, self = *this, function = &function] {
                self.decorate(decorator, *function, "model_validator(mode=\"before\")");
                self.reader_.context.rewrite(self.module_).requireImport("pydantic", "model_validator");
            });
        if (isClassMethod(function) || !readsOnly(function, semantic::parameterName(given[1])))
            return stays(decorator, function, "changes-whole-model", "in Pydantic 2 the function gets the object: `@model_validator(mode=\"after\")`");
        change(decorator, function, [=, self = *this, function = &function] { self.after(decorator, *function, given); }, !skips);
    }

    /// `values["a"]`, `values.get("a")` with a field of the class, and `return values`.
    bool readsOnly(const Function& function, const std::string& values) const {
        const Class* owner = module_.classNamed(function.className);
        if (!owner || function.locals.count("self") > 0) return false;
        for (const Node& use : uses(function, "cls"))
            if (!use.parent().is("attribute")) return false;
        bool returns = false;
        for (const Node& use : uses(function, values)) {
            const Node read = readOf(use);
            if (use.parent().is("return_statement")) returns = true;
            else if (!read || !reader_.types.memberOf({&module_, owner, false}, fieldOf(read)).is("assignment")) return false;
        }
        bool others = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (node.isOneOf({"function_definition", "lambda"})) others = true;
            if (node.is("return_statement") && node.namedChild(0).text() != values) others = true;
            return !others;
        });
        return returns && !others;
    }

    /// The whole expression that reads a field, and does not write it.
    Node readOf(const Node& use) const {
        const Node parent = use.parent();
        Node read;
        if (parent.is("subscript") && parent.field("value") == use) read = parent;
        if (parent.is("attribute") && parent.field("attribute").text() == "get" && parent.parent().is("call")) read = parent.parent();
        if (read.isNull() || fieldOf(read).empty()) return {};
        const Node above = read.parent();
        const bool isTarget = (above.isOneOf({"assignment", "augmented_assignment", "for_statement"}) && above.field("left") == read) ||
                              above.isOneOf({"delete_statement", "pattern_list", "tuple_pattern", "as_pattern_target"});
        return isTarget ? Node() : read;
    }

    static std::string fieldOf(const Node& read) {
        const Node key = read.is("subscript") ? read.field("subscript") : read.field("arguments").namedChild(0);
        const auto value = key.is("string") ? syntax::eval::stringLiteral(key) : std::nullopt;
        return value && value->kind() == Value::Kind::Str ? value->text() : "";
    }

    void after(const Node& decorator, const Function& function, const std::vector<Node>& given) const {
        ModuleRewrite& rewrite = reader_.context.rewrite(module_);
        const std::string values = semantic::parameterName(given[1]);
        rewrite.replace(decorator, "@model_validator(mode=\"after\")");
        rewrite.requireImport("pydantic", "model_validator");
        rewrite.dropImportIfUnused("root_validator");
        rewrite.replace(function.node.field("parameters"), "(self)");
        if (const Node type = function.node.field("return_type")) rewrite.replace(type, "\"" + function.className + "\"");
        for (const Node& use : uses(function, values)) {
            const Node read = readOf(use);
            if (read) rewrite.replace(read, "self." + fieldOf(read));
            else rewrite.replace(use, "self");
        }
        for (const Node& use : uses(function, "cls")) rewrite.replace(use, "type(self)");
    }

    PydanticReader reader_;
    const Module& module_;
};

} // namespace

void readValidators(const PydanticReader& reader, const Module& module) { Validators(reader, module).read(); }

} // namespace covet::rules::modern
