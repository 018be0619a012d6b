#include "rules/frameworks/fastapi/fields.h"

#include "rules/signature_edits.h"

namespace covet::rules::fastapi {

bool takesFields(const semantic::Function& function, const std::map<std::string, Name>& names) {
    bool found = false;
    for (const Node& parameter : function.node.field("parameters").namedChildren())
        syntax::walk(parameter, [&](const Node& node) {
            auto known = node.is("identifier") ? names.find(std::string(node.text())) : names.end();
            const Node parent = node.parent();
            const bool isLabel = (parent.is("keyword_argument") || parent.is("attribute")) && !(parent.field("value") == node);
            if (known != names.end() && !isLabel)
                found = found || known->second.kind == Kind::Field || known->second.kind == Kind::Upload;
            return !found;
        });
    return found;
}

std::vector<std::string> parametersOfType(const semantic::Function& function, const std::string& type) {
    std::vector<std::string> found;
    for (const Node& parameter : function.node.field("parameters").namedChildren())
        if (parameter.field("type").text() == type) found.push_back(parameterName(parameter));
    return found;
}

} // namespace covet::rules::fastapi
