#include "rules/import_planner.h"

#include <algorithm>
#include <map>
#include <set>

#include "support/strings.h"
#include "support/words.h"
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
    return found;
}

/// Whether code besides imports refers to what is imported under a name.
bool isReferredTo(const Node& root, std::string_view name) {
    const std::vector<Node> uses = root.tree()->identifiers(name);
    return std::any_of(uses.begin(), uses.end(), [](const Node& use) {
        // The name of an attribute or of a keyword argument refers to no import.
        const Node parent = use.parent();
        if (parent.is("attribute") && parent.field("attribute") == use) return false;
        if (parent.is("keyword_argument") && parent.field("name") == use) return false;
        return use.ancestor({"import_statement", "import_from_statement", "future_import_statement"}).isNull();
    });
}

std::string localName(const Node& importedName) {
    if (importedName.is("aliased_import")) return std::string(importedName.field("alias").text());
    std::string name(importedName.text());
    return name.substr(0, name.find('.'));
}

std::string rewritten(const Node& statement, const std::vector<std::string>& names, std::string_view indent) {
    std::string list = join(names, ", ");
    if (statement.is("import_statement")) return "import " + list;
    std::string head = "from " + std::string(statement.field("module_name").text()) + " import ";
    if (head.size() + list.size() <= 99 && statement.line() == statement.endLine()) return head + list;
    std::string out = head + "(\n";
    for (const std::string& name : names) out += std::string(indent) + name + ",\n";
    return out + ")";
}

/// Edits of a statement over several lines, so that its comments and layout stay.
class LaidOutImport {
public:
    LaidOutImport(std::string_view text, const Node& statement) : text_(text), names_(statement.fields("name")) {}

    /// False when the layout is not one name per line or names in a row; nothing is added then.
    bool edit(const std::set<size_t>& removed, const std::vector<std::string>& added,
              std::vector<text::TextEdit>& edits) const {
        if (removed.size() == names_.size() || names_.empty()) return false;
        for (const size_t i : removed) edits.push_back(removal(i));
        if (added.empty()) return true;
        size_t last = names_.size() - 1;
        while (removed.count(last)) --last;
        addAfter(names_[last], added, edits);
        return true;
    }

private:
    size_t lineStart(size_t at) const {
        const size_t newline = at ? text_.rfind('\n', at - 1) : text_.npos;
        return newline == text_.npos ? 0 : newline + 1;
    }

    size_t lineEnd(size_t at) const {
        const size_t newline = text_.find('\n', at);
        return newline == text_.npos ? text_.size() : newline;
    }

    size_t pastBlanks(size_t at) const {
        while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t')) ++at;
        return at;
    }

    /// Past the comma after a name; the name's end if it has none.
    size_t pastComma(const Node& name) const {
        const size_t at = pastBlanks(name.end());
        return at < text_.size() && text_[at] == ',' ? at + 1 : name.end();
    }

    bool isAlone(const Node& name) const {
        const size_t start = lineStart(name.start());
        if (!trim(text_.substr(start, name.start() - start)).empty()) return false;
        const size_t after = pastBlanks(pastComma(name));
        return after >= text_.size() || text_[after] == '\n' || text_[after] == '\r' || text_[after] == '#';
    }

    text::TextEdit removal(size_t i) const {
        const Node& name = names_[i];
        if (isAlone(name)) return {lineStart(name.start()), std::min(lineEnd(name.end()) + 1, text_.size()), ""};
        const size_t past = pastComma(name);
        if (past > name.end() || i == 0) return {name.start(), pastBlanks(past), ""};
        return {names_[i - 1].end(), name.end(), ""};
    }

    void addAfter(const Node& name, const std::vector<std::string>& added,
                  std::vector<text::TextEdit>& edits) const {
        if (!isAlone(name)) {
            edits.push_back({name.end(), name.end(), ", " + join(added, ", ")});
            return;
        }
        if (pastComma(name) == name.end()) edits.push_back({name.end(), name.end(), ","});
        const size_t start = lineStart(name.start());
        const std::string indent(text_.substr(start, name.start() - start));
        std::string lines;
        for (const std::string& item : added) lines += indent + item + ",\n";
        const size_t at = std::min(lineEnd(name.end()) + 1, text_.size());
        edits.push_back({at, at, lines});
    }

    std::string_view text_;
    std::vector<Node> names_;
};

/// The first top-level statement, imports aside, that names `name`.
Node firstUseOf(const Node& root, const std::string& name) {
    for (const Node& use : root.tree()->identifiers(name)) {
        bool imports = false;
        Node statement = use;
        for (Node above = use.parent(); above && !imports && !(above == root); above = above.parent()) {
            statement = above;
            imports = isImport(above);
        }
        if (!imports) return statement;
    }
    return {};
}

/// The groups of PEP 8, in their order.
enum class Origin { StandardLibrary, ThirdParty, Project };

Origin originOf(const std::string& module) {
    // What rewrites can ask for; any other module is the project's own.
    static constexpr Words kStandard = {"asyncio", "collections", "contextlib", "dataclasses", "datetime",
                                        "decimal", "functools",   "itertools",  "json",        "os",
                                        "re",      "typing",      "uuid"};
    static constexpr Words kThirdParty = {"covet", "covetpy", "fastapi", "pydantic", "sqlalchemy", "starlette"};
    const std::string package = module.substr(0, module.find('.'));
    if (kStandard.count(package)) return Origin::StandardLibrary;
    return kThirdParty.count(package) ? Origin::ThirdParty : Origin::Project;
}

/// Import statements to add: module -> names, none for the module itself.
using Fresh = std::map<std::pair<Origin, std::string>, std::set<std::string>>;

std::string linesOf(const Fresh& fresh) {
    std::string block;
    const Origin* before = nullptr;
    for (const auto& [module, names] : fresh) {
        if (before && *before != module.first) block += "\n";
        before = &module.first;
        const std::vector<std::string> list(names.begin(), names.end());
        block += names.empty() ? "import " + module.second : "from " + module.second + " import " + join(list, ", ");
        block += "\n";
    }
    return block;
}

/// The first of the imports of generated modules that end the block; null if it ends with something else.
Node generatedAtEnd(const std::vector<Node>& statements) {
    Node first;
    for (auto at = statements.rbegin(); at != statements.rend(); ++at) {
        const std::string_view module = at->is("import_from_statement") ? at->field("module_name").text() : std::string_view();
        const bool generated = startsWith(module.substr(module.rfind('.') + 1), "covet_");
        const bool follows = !first || at->nextNamedSibling() == first;
        if (!generated || !follows) break;
        first = *at;
    }
    return first;
}

/// The statement that imports for `use` may follow: assignments stand between them, calls may prepare the imports.
Node statementAhead(const Node& root, const Node& use) {
    Node ahead;
    for (const Node& statement : root.namedChildren()) {
        if (statement == use) break;
        const bool assigns = statement.is("expression_statement") && statement.namedChild(0).is("assignment");
        if (!statement.is("comment") && !(assigns && ahead && isImport(ahead))) ahead = statement;
    }
    return ahead;
}

} // namespace

Result<SharedText> planImports(const SharedText& rendered, const std::vector<ImportRequest>& wanted,
                               const std::vector<std::string>& dropIfUnused,
                               const std::vector<std::string>& afterImports, std::string_view indent) {
    if (wanted.empty() && dropIfUnused.empty() && afterImports.empty()) return rendered;
    const std::string_view text = rendered.view();
    auto parsed = syntax::Tree::parseAgain(rendered);
    if (!parsed) return parsed.error();
    Node root = (*parsed)->root();
    Imports imports = readImports(root);
    std::set<std::string> drop(dropIfUnused.begin(), dropIfUnused.end());

    std::map<size_t, std::vector<std::string>> additions; // statement index -> names
    Fresh fresh;
    std::map<size_t, std::pair<Node, Fresh>> early; // by the start of the statement that needs them ahead of later imports
    for (const ImportRequest& request : wanted) {
        std::string asText = request.name + (request.alias.empty() ? "" : " as " + request.alias);
        bool there = false;
        size_t mergeInto = imports.statements.size();
        const Node use = firstUseOf(root, !request.alias.empty() ? request.alias
                                          : !request.name.empty() ? request.name
                                                                  : request.module.substr(0, request.module.find('.')));
        for (size_t i = 0; i < imports.statements.size(); ++i) {
            const Node& statement = imports.statements[i];
            if (use && statement.start() > use.start()) break;
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
            continue;
        }
        const bool isEarly = use && imports.lastHeader && imports.lastHeader.start() > use.start();
        if (isEarly) early[use.start()].first = use;
        Fresh& group = isEarly ? early[use.start()].second : fresh;
        std::set<std::string>& names = group[{originOf(request.module), request.module}];
        if (!request.name.empty()) names.insert(asText);
    }
    for (auto& [start, needed] : early)
        for (auto& [module, names] : needed.second)
            if (auto later = fresh.find(module); later != fresh.end() && !names.empty()) {
                names.merge(later->second);
                fresh.erase(later);
            }
    text::EditSet edits;
    auto pastLine = [&](size_t offset) {
        size_t end = text.find('\n', offset);
        return end == std::string_view::npos ? text.size() : end + 1;
    };
    for (size_t i = 0; i < imports.statements.size(); ++i) {
        const Node& statement = imports.statements[i];
        std::vector<std::string> keep;
        std::set<size_t> removed;
        const std::vector<Node> names = statement.fields("name");
        for (size_t n = 0; n < names.size(); ++n) {
            const std::string local = localName(names[n]);
            if (drop.count(local) && !isReferredTo(root, local)) removed.insert(n);
            else keep.emplace_back(names[n].text());
        }
        if ((removed.empty() && !additions.count(i)) || statement.is("future_import_statement")) continue;
        std::vector<text::TextEdit> inPlace;
        if (statement.line() != statement.endLine() &&
            LaidOutImport(text, statement).edit(removed, additions[i], inPlace)) {
            (void)edits.add(std::move(inPlace));
            continue;
        }
        for (const std::string& name : additions[i]) keep.push_back(name);
        if (keep.empty()) {
            size_t end = pastLine(statement.end());
            bool alone = trim(text.substr(statement.end(), end - statement.end())).empty();
            (void)edits.add({{statement.start(), alone ? end : statement.end(), ""}});
        } else {
            (void)edits.add({{statement.start(), statement.end(), rewritten(statement, keep, indent)}});
        }
    }
    for (const auto& [start, needed] : early) {
        const Node ahead = statementAhead(root, needed.first);
        const bool follows = ahead && isImport(ahead);
        const size_t at = follows ? pastLine(ahead.end()) : start;
        (void)edits.add({{at, at, linesOf(needed.second) + (follows ? "" : "\n")}});
    }
    // An earlier pass or phase has put its own imports at the end, where those of the project are.
    const Node generated = imports.lastHeader && isImport(imports.lastHeader) ? generatedAtEnd(imports.statements) : Node{};
    if (generated && !fresh.empty() && !(imports.statements.front() == generated)) {
        std::string block = linesOf(fresh);
        size_t at = 0;
        for (const Node& statement : imports.statements)
            if (statement.start() < generated.start()) at = pastLine(statement.end());
        const bool apart = text[at] == '\n' || text.compare(at, 2, "\r\n") == 0;
        if (fresh.rbegin()->first.first != Origin::Project && !apart) block += "\n";
        (void)edits.add({{at, at, block}});
        fresh.clear();
    }
    if (!fresh.empty() || !afterImports.empty()) {
        std::string block = linesOf(fresh);
        size_t at = 0;
        if (imports.lastHeader) {
            at = pastLine(imports.lastHeader.end());
            bool docstring = imports.lastHeader.is("expression_statement");
            if (docstring && !fresh.empty()) block = "\n" + block;
            if (at == text.size() && !endsWith(text, "\n")) block = "\n" + block;
        } else {
            // After a shebang, an encoding line and the comments that open the file.
            while (at < text.size() && text[at] == '#') at = pastLine(at);
        }
        if (!afterImports.empty()) {
            block += "\n";
            for (const std::string& line : afterImports) block += line + "\n";
        }
        if (!imports.lastHeader && at < text.size() && text[at] != '\n' && text[at] != '\r') block += "\n";
        (void)edits.add({{at, at, block}});
    }
    return SharedText(edits.apply(text));
}

} // namespace covet::rules
