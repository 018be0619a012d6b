#include "rules/legacy/removal.h"

#include <algorithm>

#include "rules/legacy/registration.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

/// The expression in which an identifier is the name that counts: itself, or the attribute it is the last part
/// of. Null where it only names something: a keyword argument, or a definition.
Node useOf(const Node& identifier) {
    const Node parent = identifier.parent();
    if (parent.is("attribute") && parent.field("attribute") == identifier) return parent;
    const bool defines = parent.is("keyword_argument") || parent.is("function_definition") || parent.is("class_definition");
    return defines && parent.field("name") == identifier ? Node{} : identifier;
}

} // namespace

std::vector<Reference> referencesTo(const Project& project, const Module& home, const std::string& qualified) {
    std::vector<Reference> found;
    const std::string last = qualified.substr(qualified.rfind('.') == std::string::npos ? 0 : qualified.rfind('.') + 1);
    const std::string id = home.name + ":" + qualified;
    for (const auto& module : project.modules()) {
        std::set<std::string> names{last};
        for (const auto& [name, binding] : module->imports)
            if (binding.name == last) names.insert(name);
        std::vector<Node> candidates;
        for (const std::string& name : names)
            for (const Node& identifier : module->tree->identifiers(name))
                if (!identifier.ancestor({"import_statement", "import_from_statement"}))
                    if (const Node use = useOf(identifier)) candidates.push_back(use);
        std::sort(candidates.begin(), candidates.end(), [](const Node& a, const Node& b) {
            return a.start() != b.start() ? a.start() < b.start() : a.end() > b.end();
        });
        Node outer; // what is inside of a reference is part of it
        for (const Node& node : candidates) {
            if (outer.contains(node)) continue;
            bool match = containerId(project, *module, node) == id;
            if (!match) {
                const Module* definedIn = nullptr;
                const Function* function = namedFunction(project, *module, node, &definedIn);
                match = function && definedIn == &home && function->qualified == qualified;
            }
            if (!match) {
                const semantic::Symbol& symbol = project.resolve(*module, node);
                match = symbol.module == &home && symbol.name == qualified && symbol.kind != semantic::Symbol::Kind::Local;
            }
            if (!match) continue;
            found.push_back({module.get(), node});
            outer = node;
        }
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
