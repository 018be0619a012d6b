// before  item = Item.parse_obj(data); return item.dict(exclude_unset=True)
// after   item = Item.model_validate(data); return item.model_dump(exclude_unset=True)
//
// Safe where the object is known to be a model: Pydantic 2 has the old names as other names of the new ones, as
// long as no model has a method of that name of its own, and the arguments are those that both take.

#include <map>

#include "rules/frameworks/router_graph.h"
#include "rules/modern/pydantic_change.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::modern {
namespace {

struct Method {
    const char* name;        // in Pydantic 2
    const char* arguments;   // keywords that both take, between spaces
    int positional = 0;      // arguments without a keyword
    bool ofClass = false;    // called of the class, and not of an object
};

const Method* renamed(std::string_view name) {
    static const std::map<std::string_view, Method> kMethods = {
        {"dict", {"model_dump", " include exclude by_alias exclude_unset exclude_defaults exclude_none "}},
        {"json", {"model_dump_json", " include exclude by_alias exclude_unset exclude_defaults exclude_none indent "}},
        {"copy", {"model_copy", " update deep "}},
        {"parse_obj", {"model_validate", " obj ", 1, true}},
        {"parse_raw", {"model_validate_json", " ", 1, true}},
        {"from_orm", {"model_validate", " obj ", 1, true}},
        {"construct", {"model_construct", "", 0, true}}, // any
        {"schema", {"model_json_schema", " by_alias ref_template ", 0, true}},
        {"update_forward_refs", {"model_rebuild", " ", 0, true}},
    };
    const auto known = kMethods.find(name);
    return known == kMethods.end() ? nullptr : &known->second;
}

constexpr Words kAll = {"dict", "json", "copy", "parse_obj", "parse_raw", "from_orm", "construct", "schema", "update_forward_refs",
                        "__fields__", "__fields_set__", "parse_file", "schema_json", "parse_obj_as"};

class Calls {
public:
    Calls(const PydanticReader& reader, const Module& module) : reader_(reader), types_(reader.types), module_(module) {}

    void read() {
        for (const std::string_view name : kAll.words)
            for (const Node& identifier : module_.tree->identifiers(name)) {
                const Node access = identifier.parent();
                if (access.is("attribute") && access.field("attribute") == identifier) member(access, identifier);
                else if (name == "parse_obj_as") parseAs(identifier);
            }
    }

private:
    void change(const Node& at, std::string subject, std::function<void()> make, bool isOnlyIn1 = false) {
        PydanticChange change;
        change.module = &module_;
        change.at = at;
        change.subject = std::move(subject);
        change.isOnlyIn1 = isOnlyIn1;
        change.make = std::move(make);
        reader_.changes.push_back(std::move(change));
    }

    void rename(const Node& access, const Node& identifier, const std::string& to) {
        ModuleRewrite* rewrite = &reader_.context.rewrite(module_);
        change(identifier, std::string(access.text().substr(0, 60)), [=] { rewrite->replace(identifier, to); });
    }

    void member(const Node& access, const Node& identifier) {
        const Node object = access.field("object"), call = access.parent();
        const std::string name(identifier.text());
        const ModelType ofClass = classOf(object), type = ofClass ? ofClass : types_.of(module_, object);
        if (!type || type.isSequence) return;
        const std::string subject(access.text().substr(0, 60));
        if (types_.memberOf(type, name) || overridden(name)) return; // its own
        if (name == "__fields__") return rename(access, identifier, "model_fields");
        if (name == "__fields_set__") return rename(access, identifier, "model_fields_set");
        if (!call.is("call") || call.field("function") != access) return reader_.stays(module_, identifier, subject, "method-as-value");
        if (name == "parse_file") return reader_.stays(module_, identifier, subject, "reads-file", "read the file and hand its text to model_validate_json()");
        if (name == "schema_json") return reader_.stays(module_, identifier, subject, "schema-as-text", "json.dumps(Model.model_json_schema())");
        const Method* method = renamed(name);
        if (!method || (method->ofClass && !ofClass)) return;
        if (const std::string reason = problem(*method, name, call, ofClass); !reason.empty()) return reader_.stays(module_, identifier, subject, reason);
        rename(access, identifier, method->name);
    }

    /// `Item`, and `cls` in its class methods.
    ModelType classOf(const Node& object) const {
        if (const ModelType known = types_.named(module_, object)) return known;
        if (!object.is("identifier") || object.text() != "cls") return {};
        const semantic::Function* function = module_.enclosingFunction(object);
        const Class* owner = function ? module_.classNamed(function->className) : nullptr;
        return owner && types_.isModel(module_, *owner) ? ModelType{&module_, owner, false} : ModelType{};
    }

    /// Whether some model of the project has this method of its own, which an object of a subclass would have.
    bool overridden(const std::string& name) const {
        for (const auto& module : types_.project().modules())
            for (const Class& type : module->classes)
                if (module->function(type.name + "." + name) && types_.isModel(*module, type)) return true;
        return false;
    }

    std::string problem(const Method& method, const std::string& name, const Node& call, const ModelType& type) const {
        int positional = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.is("dictionary_splat")) {
                if (name == "update_forward_refs") return "names-given";
                continue;
            }
            if (argument.is("list_splat")) return "arguments";
            if (!argument.is("keyword_argument")) {
                if (++positional > method.positional && name != "construct") return "arguments";
                continue;
            }
            const std::string keyword = " " + std::string(argument.field("name").text()) + " ";
            if (name != "construct" && std::string_view(method.arguments).find(keyword) == std::string_view::npos) return "arguments";
        }
        if (method.positional > 0 && call.field("arguments").namedChildCount() == 0) return "arguments";
        // What it says of text that is no JSON is another text.
        if (name == "parse_raw" && call.ancestor({"try_statement"})) return "errors-differ";
        if (name == "from_orm" && !readsAttributes(type)) return "no-attributes";
        return "";
    }

    /// Whether a class or one of its bases is configured to read attributes.
    bool readsAttributes(const ModelType& type) const {
        const Node config = types_.memberOf(type, "Config"), modern = types_.memberOf(type, "model_config");
        for (const Node& given : {config, modern})
            if (given.text().find("orm_mode") != std::string_view::npos || given.text().find("from_attributes") != std::string_view::npos) return true;
        for (const Node& base : type.type->node.field("superclasses").namedChildren())
            if (const ModelType parent = types_.named(*type.module, base); parent && parent.type != type.type && readsAttributes(parent)) return true;
        return false;
    }

    /// `parse_obj_as(List[Item], rows)`
    void parseAs(const Node& identifier) {
        const Node call = identifier.parent();
        if (!call.is("call") || call.field("function") != identifier || types_.libraryName(module_, identifier) != "pydantic.parse_obj_as") return;
        const std::vector<Node> given = call.field("arguments").namedChildren();
        if (given.size() != 2 || given[0].is("keyword_argument") || given[1].is("keyword_argument"))
            return reader_.stays(module_, identifier, std::string(identifier.text()), "arguments");
        ModuleRewrite* rewrite = &reader_.context.rewrite(module_);
        change(identifier, std::string(call.text().substr(0, 60)), [=] {
            rewrite->replace(call, [=](const ModuleRewrite& inner) {
                return "TypeAdapter(" + inner.render(given[0]) + ").validate_python(" + inner.render(given[1]) + ")";
            });
            rewrite->requireImport("pydantic", "TypeAdapter");
            rewrite->dropImportIfUnused("parse_obj_as");
        });
    }

    const PydanticReader& reader_;
    const ModelTypes& types_;
    const Module& module_;
};

} // namespace

void readCalls(const PydanticReader& reader, const Module& module) { Calls(reader, module).read(); }

} // namespace covet::rules::modern
