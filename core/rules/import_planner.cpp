#include "rules/import_planner.h"

#include <algorithm>
#include <map>
#include <set>

#include "support/strings.h"
#include "syntax/tree.h"
#include "text/edit_set.h"

namespace covet::rules {
namespace {

using syntax::Node;

bool isImport(const Node& node) {
    return node.is("import_statement") || node.is("import_from_statement") ||
           node.is("future_import_statement");
}

struct Imports {
    std::vector<Node> statements; // of the leading top-level run
    Node lastHeader;              // docstring, future import or last leading import
    std::set<std::string> referred;
};

Imports readImports(const Node& root) {
    Imports found;
    bool first = true;
    for (const Node& statement : root.namedChildren()) {
        bool docstring = first && statement.is("expression_statement") &&
                         statement.namedChild(0).is("string");
        first = false;
        if (docstring || isImport(statement)) {
            found.lastHeader = statement;
            if (isImport(statement)) found.statements.push_back(statement);
            continue;
        }
        // `sys.path` juggling, conditional imports and the like may stand between imports, so later
        // ones still belong to the block as long as nothing is defined before them.
        if (statement.is("function_definition") || statement.is("class_definition") ||
            statement.is("decorated_definition"))
            break;
    }
    syntax::walk(root, [&](const Node& node) {
        if (isImport(node)) return false;
        if (node.is("identifier")) found.referred.emplace(node.text());
        return true;
    });
    return found;
}

std::string localName(const Node& importedName) {
    if (importedName.is("aliased_import")) return std::string(importedName.field("alias").text());
    std::string name(importedName.text());
    return name.substr(0, name.find('.'));
}

std::string rewritten(const Node& statement, const std::vector<std::string>& names) {
    std::string list = join(names, ", ");
    if (statement.is("import_statement")) return "import " + list;
    std::string head = "from " + std::string(statement.field("module_name").text()) + " import ";
    if (head.size() + list.size() <= 99 && statement.line() == statement.endLine()) return head + list;
    std::string out = head + "(\n";
    for (const std::string& name : names) out += "    " + name + ",\n";
    return out + ")";
}

} // namespace

Result<std::string> planImports(std::string text, const std::vector<ImportRequest>& wanted,
                                const std::vector<std::string>& dropIfUnused,
                                const std::vector<std::string>& afterImports) {
    if (wanted.empty() && dropIfUnused.empty() && afterImports.empty()) return text;
    auto parsed = syntax::Tree::parse(text);
    if (!parsed) return parsed.error();
    Node root = (*parsed)->root();
    Imports imports = readImports(root);
    std::set<std::string> drop(dropIfUnused.begin(), dropIfUnused.end());

    std::map<size_t, std::vector<std::string>> additions; // statement index -> names
    std::vector<std::string> fresh;
    for (const ImportRequest& request : wanted) {
        std::string asText = request.name + (request.alias.empty() ? "" : " as " + request.alias);
        bool there = false;
        size_t mergeInto = imports.statements.size();
        for (size_t i = 0; i < imports.statements.size(); ++i) {
            const Node& statement = imports.statements[i];
            if (request.name.empty()) {
                if (!statement.is("import_statement")) continue;
                for (const Node& name : statement.fields("name"))
                    there = there || name.text() == request.module;
            } else if (statement.is("import_from_statement") &&
                       statement.field("module_name").text() == request.module) {
                for (const Node& name : statement.fields("name"))
                    there = there || replaceAll(std::string(name.text()), "  ", " ") == asText;
                bool wildcard = statement.text().find('*') != std::string_view::npos;
                if (!wildcard) mergeInto = i;
            }
        }
        if (there) continue;
        if (!request.name.empty() && mergeInto < imports.statements.size()) {
            additions[mergeInto].push_back(asText);
        } else if (request.name.empty()) {
            fresh.push_back("import " + request.module);
        } else {
            std::string head = "from " + request.module + " import ";
            auto same = std::find_if(fresh.begin(), fresh.end(),
                                     [&](const std::string& line) { return startsWith(line, head); });
            if (same == fresh.end()) fresh.push_back(head + asText);
            else *same += ", " + asText;
        }
    }
    text::EditSet edits;
    auto lineEnd = [&](size_t offset) {
        size_t end = text.find('\n', offset);
        return end == std::string::npos ? text.size() : end + 1;
    };
    for (size_t i = 0; i < imports.statements.size(); ++i) {
        const Node& statement = imports.statements[i];
        std::vector<std::string> keep;
        bool changed = additions.count(i) > 0;
        for (const Node& name : statement.fields("name")) {
            bool unused = drop.count(localName(name)) && !imports.referred.count(localName(name));
            if (unused) changed = true;
            else keep.emplace_back(name.text());
        }
        if (!changed || statement.is("future_import_statement")) continue;
        for (const std::string& name : additions[i]) keep.push_back(name);
        if (keep.empty()) {
            size_t end = lineEnd(statement.end());
            bool alone = trim(std::string_view(text).substr(statement.end(), end - statement.end())).empty();
            (void)edits.add({{statement.start(), alone ? end : statement.end(), ""}});
        } else {
            (void)edits.add({{statement.start(), statement.end(), rewritten(statement, keep)}});
        }
    }
    if (!fresh.empty() || !afterImports.empty()) {
        std::string block;
        for (const std::string& line : fresh) block += line + "\n";
        size_t at = 0;
        if (imports.lastHeader) {
            at = lineEnd(imports.lastHeader.end());
            bool docstring = imports.lastHeader.is("expression_statement");
            if (docstring && !fresh.empty()) block = "\n" + block;
            if (at == text.size() && !endsWith(text, "\n")) block = "\n" + block;
        } else {
            // After a shebang, an encoding line and the comments that open the file.
            while (at < text.size() && text[at] == '#') at = lineEnd(at);
        }
        if (!afterImports.empty()) {
            block += "\n";
            for (const std::string& line : afterImports) block += line + "\n";
        }
        if (!imports.lastHeader && at < text.size() && text[at] != '\n') block += "\n";
        (void)edits.add({{at, at, block}});
    }
    return edits.apply(text);
}

} // namespace covet::rules
