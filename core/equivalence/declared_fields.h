#pragma once

#include "equivalence/inspection.h"
#include "semantic/project.h"

namespace covet::equivalence {

/// Fields that a schema, a model or a parser declares, added to what a handler reads:
///
///     class ItemSchema(Schema): name = fields.Str(required=True)       `ItemSchema().load(...)`, `@blp.arguments(ItemSchema)`
///     item = api.model("Item", {"name": fields.String})                `@api.expect(item)`
///     parser.add_argument("name", type=int, choices=(1, 2))            `parser.parse_args()`
class DeclaredFields {
public:
    DeclaredFields(const semantic::Project& project, RouteHints& hints) : project_(project), hints_(hints) {}

    /// A decorator of the handler.
    void decorator(const semantic::Module& module, const syntax::Node& decorator);
    /// A call in the handler's code, or in code that it calls.
    void call(const semantic::Module& module, const syntax::Node& call);

private:
    using Node = syntax::Node;
    bool schema(const semantic::Module& module, const Node& expression, FieldHint& into, int depth);
    bool schemaClass(const semantic::Symbol& type, FieldHint& into, int depth);
    bool fieldsOfDict(const semantic::Module& module, const Node& dict, FieldHint& into, int depth);
    void field(const semantic::Module& module, const std::string& name, const Node& value, FieldHint& into, int depth);
    void parser(const semantic::Module& module, const Node& parser, bool isWriting);
    FieldHint& placeOf(std::string_view location);

    const semantic::Project& project_;
    RouteHints& hints_;
};

} // namespace covet::equivalence
