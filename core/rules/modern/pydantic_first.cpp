// before  from pydantic import BaseSettings
//         class Page(GenericModel, Generic[T]):
//             note: Optional[str]
// after   from pydantic_settings import BaseSettings
//         class Page(BaseModel, Generic[T]):
//             note: Optional[str] = None
//
// Only version 1 has these names, so the application cannot run on version 2 as it is; there a type that takes None
// made a field optional, which it does no more.

#include "rules/modern/pydantic_change.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::modern {
namespace {

constexpr Words kGone = {"ConstrainedStr", "ConstrainedInt", "ConstrainedFloat", "ConstrainedDecimal", "ConstrainedList", "ConstrainedBytes",
                         "ConstrainedSet", "PyObject", "Required", "create_model_from_typeddict", "create_model_from_namedtuple",
                         "validate_model", "compiled", "StrictStrConstr"};

void add(const PydanticReader& reader, const Module& module, const Node& at, std::string subject, std::function<void()> make) {
    PydanticChange change;
    change.module = &module;
    change.at = at;
    change.subject = std::move(subject);
    change.isOnlyIn1 = true;
    change.make = std::move(make);
    reader.changes.push_back(std::move(change));
}

/// `from pydantic import A, BaseSettings` -> the same without it, and an import from another module.
void moveImport(ModuleRewrite& rewrite, const Node& statement, std::string_view name, const std::string& to) {
    const std::vector<Node> names = statement.fields("name");
    const Node from = statement.field("module_name");
    if (names.size() == 1) {
        rewrite.replace(from, to);
        return;
    }
    std::string kept, moved;
    for (const Node& entry : names) {
        const bool isIt = (entry.is("aliased_import") ? entry.field("name") : entry).text() == name;
        std::string& list = isIt ? moved : kept;
        list += (list.empty() ? "" : ", ") + std::string(entry.text());
    }
    if (kept.size() > 80) kept = "(\n" + rewrite.indentUnit() + replaceAll(kept, ", ", ",\n" + rewrite.indentUnit()) + ",\n)";
    rewrite.replace(statement, "from " + std::string(from.text()) + " import " + kept + "\nfrom " + to + " import " + moved);
}

void readImports(const PydanticReader& reader, const Module& module) {
    for (const auto& [local, binding] : module.imports) {
        const bool isPydantic = binding.module == "pydantic" || startsWith(binding.module, "pydantic.");
        if (!isPydantic || !binding.statement.is("import_from_statement")) continue;
        ModuleRewrite* rewrite = &reader.context.rewrite(module);
        const Node statement = binding.statement;
        if (binding.name == "BaseSettings") {
            add(reader, module, statement, "BaseSettings", [=] { moveImport(*rewrite, statement, "BaseSettings", "pydantic_settings"); });
        } else if (binding.name == "GenericModel") {
            std::vector<Node> uses;
            for (const Node& use : module.tree->identifiers(local))
                if (!use.ancestor({"import_from_statement"})) uses.push_back(use);
            add(reader, module, statement, "GenericModel", [=, name = local] {
                for (const Node& use : uses) rewrite->replace(use, "BaseModel");
                rewrite->requireImport("pydantic", "BaseModel");
                rewrite->dropImportIfUnused(name);
            });
        } else if (kGone.count(binding.name)) {
            reader.stays(module, statement, binding.name, "not-in-pydantic-2", "use `Annotated` with the constraints of the type");
            reader.changes.back().isOnlyIn1 = true;
        }
    }
    for (const Node& root : module.tree->identifiers("__root__"))
        if (root.parent().is("assignment") && root.ancestor({"class_definition"})) {
            reader.stays(module, root, "__root__", "root-model", "make the class a `RootModel[...]`");
            reader.changes.back().isOnlyIn1 = true;
        }
}

bool takesNone(const Node& annotation) {
    const Node type = bareType(annotation);
    if (type.is("union_type") || type.is("binary_operator")) {
        for (const Node& part : type.namedChildren())
            if (bareType(part).is("none") || takesNone(part)) return true;
        return false;
    }
    const Subscripted parts = subscripted(type);
    const std::string name(parts.name.is("attribute") ? parts.name.field("attribute").text() : parts.name.text());
    if (parts.arguments.empty()) return name == "Any";
    if (name == "Optional") return true;
    if (name != "Union") return false;
    for (const Node& part : parts.arguments)
        if (bareType(part).is("none") || takesNone(part)) return true;
    return false;
}

} // namespace

void readFirstVersion(const PydanticReader& reader, const Module& module) { readImports(reader, module); }

void addMissingDefaults(const PydanticReader& reader, const Module& module) {
    for (const Class& type : module.classes) {
        if (!reader.types.isModel(module, type)) continue;
        for (const Node& statement : type.node.field("body").namedChildren()) {
            const Node field = statement.is("expression_statement") ? statement.namedChild(0) : Node();
            if (!field.is("assignment") || field.field("right") || !field.field("type") || !takesNone(field.field("type"))) continue;
            if (startsWith(field.field("left").text(), "_")) continue;
            ModuleRewrite* rewrite = &reader.context.rewrite(module);
            add(reader, module, field, type.name + "." + std::string(field.field("left").text()), [=] { rewrite->wrap(field, "", " = None"); });
        }
    }
}

} // namespace covet::rules::modern
