#include "rules/legacy/removal.h"

#include <algorithm>

#include "rules/legacy/registration.h"
#include "support/strings.h"

namespace covet::rules::legacy {

std::vector<Reference> referencesTo(const Project& project, const Module& home, const std::string& qualified) {
    std::vector<Reference> found;
    const std::string last = qualified.substr(qualified.rfind('.') == std::string::npos ? 0 : qualified.rfind('.') + 1);
    const std::string id = home.name + ":" + qualified;
    for (const auto& module : project.modules()) {
        if (module->tree->text().find(last) == std::string_view::npos) {
            bool aliased = false;
            for (const auto& [name, binding] : module->imports) aliased = aliased || binding.name == last;
            if (!aliased) continue;
        }
        std::set<std::string> names{last};
        for (const auto& [name, binding] : module->imports)
            if (binding.name == last) names.insert(name);
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (node.is("import_statement") || node.is("import_from_statement")) return false;
            const bool identifier = node.is("identifier") && names.count(std::string(node.text()));
            const bool attribute = node.is("attribute") && names.count(std::string(node.field("attribute").text()));
            if (!identifier && !attribute) return true;
            const Node parent = node.parent();
            if (identifier && parent.is("attribute") && parent.field("attribute") == node) return true;
            if (identifier && parent.is("keyword_argument") && parent.field("name") == node) return true;
            if (identifier && (parent.is("function_definition") || parent.is("class_definition")) && parent.field("name") == node)
                return true;
            bool match = containerId(project, *module, node) == id;
            if (!match) {
                const Module* definedIn = nullptr;
                const Function* function = namedFunction(project, *module, node, &definedIn);
                match = function && definedIn == &home && function->qualified == qualified;
            }
            if (!match) {
                semantic::Symbol symbol = project.resolve(*module, node);
                match = symbol.module == &home && symbol.name == qualified && symbol.kind != semantic::Symbol::Kind::Local;
            }
            if (match) {
                found.push_back({module.get(), node});
                return false;
            }
            return true;
        });
    }
    return found;
}

bool isInside(const Reference& reference, const std::vector<Removed>& removed) {
    return std::any_of(removed.begin(), removed.end(), [&](const Removed& piece) {
        return piece.module == reference.module && piece.node.contains(reference.node);
    });
}

std::vector<Node> commentsAbove(const Node& statement) {
    std::vector<Node> comments;
    Node current = statement;
    for (Node previous = current.previousNamedSibling(); previous.is("comment") && previous.endLine() + 1 == current.line();
         previous = current.previousNamedSibling()) {
        // A comment behind other code belongs to that code.
        const Node before = previous.previousNamedSibling();
        if (before && before.endLine() == previous.line()) break;
        comments.push_back(previous);
        current = previous;
    }
    return comments;
}

} // namespace covet::rules::legacy
