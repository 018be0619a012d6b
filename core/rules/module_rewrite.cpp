#include "rules/module_rewrite.h"

#include <algorithm>
#include <cctype>

#include "rules/import_planner.h"
#include "rules/interpolation_quotes.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

std::string detectIndent(const Node& root, std::string_view text) {
    std::string unit;
    syntax::walk(root, [&](const Node& node) {
        if (!unit.empty()) return false;
        if (node.is("block") && node.parent().line() < node.line()) {
            size_t lineStart = text.rfind('\n', node.start());
            lineStart = lineStart == std::string_view::npos ? 0 : lineStart + 1;
            std::string lead(text.substr(lineStart, node.start() - lineStart));
            size_t outer = node.parent().column();
            if (lead.size() > outer && lead.find_first_not_of(" \t") == std::string::npos)
                unit = lead.substr(outer);
        }
        return unit.empty();
    });
    return unit.empty() ? "    " : unit;
}

bool isDocstring(const Node& statement) {
    return statement.is("expression_statement") && statement.namedChildCount() == 1 &&
           statement.namedChild(0).is("string");
}

void stripTrailingBlanks(std::string& out) {
    while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
}

void stripNewline(std::string& out) {
    if (!out.empty() && out.back() == '\n') out.pop_back();
    if (!out.empty() && out.back() == '\r') out.pop_back();
}

} // namespace

ModuleRewrite::ModuleRewrite(const semantic::Module& module)
    : module_(module), indentUnit_(detectIndent(module.tree->root(), module.tree->text())) {}

void ModuleRewrite::markTouched(const Node& node) {
    if (touched_.empty()) touched_.resize(module_.tree->root().size());
    for (Node current = node; current && !touched_[current.place()]; current = current.parent()) touched_[current.place()] = true;
}

bool ModuleRewrite::touches(const Node& node) const { return !touched_.empty() && touched_[node.place()]; }

bool ModuleRewrite::replace(const Node& node, Render render) {
    if (node.isNull() || !replacements_.emplace(node.id(), std::move(render)).second) return false;
    markTouched(node);
    return true;
}

bool ModuleRewrite::replace(const Node& node, std::string text) {
    return replace(node, [text = std::move(text)](const ModuleRewrite&) { return text; });
}

void ModuleRewrite::wrap(const Node& node, std::string prefix, std::string suffix) {
    wraps_[node.id()].emplace_back(std::move(prefix), std::move(suffix));
    markTouched(node);
}

void ModuleRewrite::wrapValue(const Node& node, std::string prefix, std::string suffix) {
    valueWraps_[node.id()].emplace_back(std::move(prefix), std::move(suffix));
    markTouched(node);
}

void ModuleRewrite::insertBefore(const Node& statement, std::vector<std::string> lines) {
    auto& list = before_[statement.id()];
    list.insert(list.end(), lines.begin(), lines.end());
    markTouched(statement);
}

void ModuleRewrite::insertAfter(const Node& statement, std::vector<std::string> lines) {
    auto& list = after_[statement.id()];
    list.insert(list.end(), lines.begin(), lines.end());
    markTouched(statement);
}

void ModuleRewrite::insertAtBodyStart(const Node& functionDefinition, std::vector<std::string> lines) {
    std::vector<Node> statements = functionDefinition.field("body").namedChildren();
    if (statements.empty()) return;
    if (isDocstring(statements[0])) {
        if (statements.size() == 1) return insertAfter(statements[0], std::move(lines));
        statements.erase(statements.begin());
    }
    auto& list = before_[statements[0].id()];
    list.insert(list.begin(), lines.begin(), lines.end());
    markTouched(statements[0]);
}

void ModuleRewrite::remove(const Node& statement) {
    removed_[statement.id()] = true;
    markTouched(statement);
}

bool ModuleRewrite::isRemoved(const Node& statement) const { return removed_.count(statement.id()) > 0; }

void ModuleRewrite::requireImport(const std::string& module, const std::string& name,
                                  const std::string& alias) {
    for (const Import& known : imports_)
        if (known.module == module && known.name == name && known.alias == alias) return;
    imports_.push_back({module, name, alias});
}

void ModuleRewrite::dropImportIfUnused(const std::string& localName) {
    if (module_.importsOfOthers.count(localName)) return;
    // `import handlers` that nothing ever named is there for what the import does.
    auto binding = module_.imports.find(localName);
    if (binding != module_.imports.end() && binding->second.name.empty()) {
        bool named = false;
        syntax::walk(module_.tree->root(), [&](const Node& node) {
            if (node.is("import_statement") || node.is("import_from_statement")) return false;
            named = named || (node.is("identifier") && node.text() == localName);
            return !named;
        });
        if (!named) return;
    }
    if (std::find(droppedImports_.begin(), droppedImports_.end(), localName) == droppedImports_.end())
        droppedImports_.push_back(localName);
}

void ModuleRewrite::insertAfterImports(std::vector<std::string> lines) {
    afterImports_.insert(afterImports_.end(), lines.begin(), lines.end());
}

bool ModuleRewrite::empty() const {
    return touched_.empty() && imports_.empty() && droppedImports_.empty() && afterImports_.empty();
}

std::string ModuleRewrite::indentOf(const Node& statement) const {
    std::string_view text = module_.tree->text();
    size_t lineStart = statement.start() ? text.rfind('\n', statement.start() - 1) : std::string_view::npos;
    lineStart = lineStart == std::string_view::npos ? 0 : lineStart + 1;
    size_t end = lineStart;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    return std::string(text.substr(lineStart, end - lineStart));
}

bool ModuleRewrite::startsLine(const Node& statement) const {
    std::string_view text = module_.tree->text();
    size_t i = statement.start();
    while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t')) --i;
    return i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r';
}

std::string ModuleRewrite::reindentedLine(const std::string& line) const {
    size_t spaces = line.find_first_not_of(' ');
    if (spaces == std::string::npos) return "";
    std::string result;
    for (size_t i = 0; i < spaces / 4; ++i) result += indentUnit_;
    return result + std::string(spaces % 4, ' ') + line.substr(spaces);
}

void ModuleRewrite::appendLines(const std::vector<std::string>& lines, const std::string& indent,
                                std::string& out, bool leading) const {
    for (const std::string& line : lines) {
        std::string text = reindentedLine(line);
        if (leading) {
            out += text + "\n" + indent;
        } else {
            out += "\n";
            if (!text.empty()) out += indent + text;
        }
    }
}

std::string ModuleRewrite::wrapped(const Node& node, std::string body) const {
    for (const auto* wraps : {&valueWraps_, &wraps_}) {
        auto found = wraps->find(node.id());
        if (found == wraps->end()) continue;
        for (const auto& [prefix, suffix] : found->second) body = prefix + body + suffix;
    }
    return body;
}

namespace {

bool isWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80); }

} // namespace

void ModuleRewrite::renderStatement(const Node& statement, std::string& out) const {
    std::string indent = indentOf(statement);
    bool ownLine = startsLine(statement);
    // A statement that shares its line with a block header starts a line of its own once it has
    // company; the block's renderer has put it there.
    Node block = statement.parent();
    bool inlineBlock = block.is("block") && block.parent().line() == block.line();
    if (inlineBlock) indent += indentUnit_;
    auto before = before_.find(statement.id());
    if (before != before_.end()) {
        if (!ownLine && !inlineBlock) {
            stripTrailingBlanks(out);
            out += "\n" + indent;
        }
        appendLines(before->second, indent, out, true);
    }
    auto replacement = replacements_.find(statement.id());
    std::string body;
    if (replacement != replacements_.end()) {
        body = replacement->second(*this);
    } else {
        size_t position = statement.start();
        renderInto(statement, body, position);
        body += module_.tree->text().substr(position, statement.end() - position);
    }
    body = wrapped(statement, std::move(body));
    if (statement.is("interpolation")) body = fittedToInterpolation(statement, std::move(body));
    out += body;
    auto after = after_.find(statement.id());
    if (after != after_.end()) appendLines(after->second, indent, out, false);
}

/// Lines that others put before or after a statement that is gone stand in its place.
bool ModuleRewrite::renderInsteadOf(const Node& statement, std::string& out) const {
    std::vector<std::string> lines;
    for (const auto* around : {&before_, &after_}) {
        auto found = around->find(statement.id());
        if (found != around->end()) lines.insert(lines.end(), found->second.begin(), found->second.end());
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    if (lines.empty()) return false;
    const Node block = statement.parent();
    std::string indent = indentOf(statement);
    if (block.is("block") && block.parent().line() == block.line()) indent += indentUnit_;
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::string line = reindentedLine(lines[i]);
        out += (i == 0 ? "" : "\n" + (line.empty() ? "" : indent)) + line;
    }
    return true;
}

/// Appends the rendered children of `node`, with the text between them; `position` is how far the
/// original has been consumed.
void ModuleRewrite::renderInto(const Node& node, std::string& out, size_t& position) const {
    std::string_view text = module_.tree->text();
    bool inlineBlock = node.is("block") && node.parent().line() == node.line();
    bool expand = false;
    if (inlineBlock)
        for (const Node& child : node.children())
            expand = expand || before_.count(child.id()) || after_.count(child.id());
    std::string inner = expand ? indentOf(node) + indentUnit_ : "";
    size_t kept = 0;
    bool removedAny = false;
    for (const Node& child : node.children()) {
        if (expand && child.isNamed()) {
            stripTrailingBlanks(out);
            out += "\n" + inner;
            position = child.start();
        } else if (expand) {
            position = child.end(); // a semicolon
            continue;
        }
        if (!touches(child)) {
            if (child.isNamed() && !child.is("comment")) ++kept;
            continue;
        }
        out += text.substr(position, child.start() - position);
        position = child.end();
        if (isRemoved(child)) {
            removedAny = true;
            if (renderInsteadOf(child, out)) {
                ++kept;
                if (position < text.size() && text[position] == ';' && !expand) {
                    for (++position; position < text.size() && (text[position] == ' ' || text[position] == '\t');) ++position;
                    if (position < node.end() && text[position] != '\n' && text[position] != '\r') out += "\n" + indentOf(child);
                }
                continue;
            }
            bool first = out.empty();
            stripTrailingBlanks(out);
            while (position < text.size() && (text[position] == ' ' || text[position] == '\t')) ++position;
            bool last = node.is("block") && position >= node.end();
            if (position < text.size() && text[position] == ';') ++position;
            else if (last) stripNewline(out); // the line end belongs to what follows the block
            else if (position < text.size() && text[position] == '\r') position += 2;
            else if (position < text.size() && text[position] == '\n') ++position;
            if (last) position = child.end();
            // Blank lines on both sides collapse to those on one side.
            if (endsWith(out, "\n\n") || endsWith(out, "\r\n\r\n") || out.empty())
                while (position < node.end() && (text[position] == '\n' || text[position] == '\r')) ++position;
            // The node's own indentation is there already.
            if (first && (node.is("block") || node.is("decorated_definition")) && !expand)
                while (position < node.end() && (text[position] == ' ' || text[position] == '\t')) ++position;
            continue;
        }
        ++kept;
        const size_t size = out.size();
        renderStatement(child, out);
        // `return(a, b)`: a word in the place of a bracket stands off from its neighbours.
        if (size > 0 && out.size() > size && isWordCharacter(out[size - 1]) && isWordCharacter(out[size])) out.insert(size, " ");
        if (position < text.size() && out.size() > size && isWordCharacter(text[position]) && isWordCharacter(out.back())) out += ' ';
    }
    if (!node.is("block") || !removedAny || kept > 0) return;
    if (!out.empty() && out.back() != '\n') out += "\n";
    out += (out.empty() ? "" : expand ? inner : indentOf(node)) + "pass";
}

std::string ModuleRewrite::render(const Node& node) const {
    if (node.tree() != module_.tree.get() || !touches(node)) return std::string(node.text());
    std::string out;
    renderStatement(node, out);
    return out;
}

/// The text with the file's line ends, and no blank lines where something at either end has gone.
SharedText ModuleRewrite::settled(const SharedText& rendered) const {
    const std::string_view before = module_.tree->text();
    const bool isPlain = rendered.view().find("\r\n") == std::string_view::npos;
    const std::string replaced = isPlain ? "" : replaceAll(rendered, "\r\n", "\n");
    std::string_view out = isPlain ? rendered.view() : replaced;
    if (!before.empty() && before[0] != '\n' && before[0] != '\r')
        out.remove_prefix(std::min(out.find_first_not_of('\n'), out.size()));
    if (!endsWith(before, "\n\n") && !endsWith(before, "\r\n\r\n"))
        while (endsWith(out, "\n\n")) out.remove_suffix(1);
    if (module_.source.newline() != text::Newline::Lf)
        return replaceAll(std::string(out), "\n", module_.source.newlineText());
    return out.size() == rendered.size() ? rendered : SharedText(std::string(out));
}

Result<SharedText> ModuleRewrite::apply() const {
    std::string_view text = module_.tree->text();
    std::string out;
    out.reserve(text.size());
    Node root = module_.tree->root();
    size_t position = 0;
    renderInto(root, out, position);
    if (position < text.size()) out += text.substr(position);

    std::vector<ImportRequest> wanted;
    for (const Import& import : imports_) wanted.push_back({import.module, import.name, import.alias});
    const Result<SharedText> planned = planImports(std::move(out), wanted, droppedImports_, afterImports_, indentUnit_);
    if (!planned) return planned.error();
    const SharedText made = settled(*planned);
    Result<std::shared_ptr<const syntax::Tree>> parsed = syntax::Tree::parseAgain(made);
    if (!parsed) return parsed.error();
    if ((*parsed)->root().hasError() && !root.hasError()) {
        uint32_t line = (*parsed)->firstError()->line();
        return Error{"output-does-not-parse", "the rewritten file would not parse", module_.path(), line,
                     "the file is left as it was"};
    }
    return made;
}

} // namespace covet::rules
