#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::rules {

using syntax::Node;

/// Collects the changes of one module as replacements of syntax nodes and renders them inside-out.
///
/// Several rules may work on one function body: as long as they claim different nodes their changes
/// compose, because the text of an outer node is made from the rendered text of the nodes inside it.
/// What no rule claims is copied byte for byte.
class ModuleRewrite {
public:
    using Render = std::function<std::string(const ModuleRewrite&)>;

    explicit ModuleRewrite(const semantic::Module& module);

    const semantic::Module& module() const { return module_; }

    /// Claims a node. False (and nothing changes) when another rule claimed it before. `render` may
    /// call render() for nodes inside; multi-line results are written as they are.
    bool replace(const Node& node, Render render);
    bool replace(const Node& node, std::string text);
    /// Text around a node's rendered form; later calls go outside earlier ones.
    void wrap(const Node& node, std::string prefix, std::string suffix);
    /// The same for text that makes the value itself (`await`, `.to_dict()`): inside of all that
    /// wrap() puts around the node, whichever rule runs first.
    void wrapValue(const Node& node, std::string prefix, std::string suffix);
    /// Lines before or after a statement, at its indentation; inner indentation in steps of four
    /// spaces is turned into the file's own. Later calls go after earlier ones.
    void insertBefore(const Node& statement, std::vector<std::string> lines);
    void insertAfter(const Node& statement, std::vector<std::string> lines);
    /// Lines at the start of a function body, after its docstring.
    void insertAtBodyStart(const Node& functionDefinition, std::vector<std::string> lines);
    /// Removes a whole statement with its lines (decorators included when given the decorated
    /// definition). A block that would be empty gets `pass`.
    void remove(const Node& statement);
    bool isRemoved(const Node& statement) const;
    bool isClaimed(const Node& node) const { return replacements_.count(node.id()) > 0; }

    /// `from module import name [as alias]` once, merged into an existing statement; name "" makes it
    /// `import module`.
    void requireImport(const std::string& module, const std::string& name,
                       const std::string& alias = "");
    /// Removes the import of a local name if nothing refers to it any more.
    void dropImportIfUnused(const std::string& localName);
    /// Top-level lines after the imports (before the first other statement).
    void insertAfterImports(std::vector<std::string> lines);

    /// New text of a node with every claim inside it applied.
    std::string render(const Node& node) const;

    bool empty() const;
    /// The whole new UTF-8 text, with the file's line ends. Error `output-does-not-parse` when the
    /// result has a syntax error that the input did not have; the file must then be left alone.
    Result<SharedText> apply() const;

    /// The file's indentation step: spaces or a tab.
    const std::string& indentUnit() const { return indentUnit_; }
    /// Leading white space of the line on which the statement starts.
    std::string indentOf(const Node& statement) const;

private:
    struct Import {
        std::string module, name, alias;
    };

    bool touches(const Node& node) const;
    void markTouched(const Node& node);
    void renderInto(const Node& node, std::string& out, size_t& position) const;
    void renderStatement(const Node& statement, std::string& out) const;
    bool renderInsteadOf(const Node& statement, std::string& out) const;
    std::string wrapped(const Node& node, std::string body) const;
    void appendLines(const std::vector<std::string>& lines, const std::string& indent,
                     std::string& out, bool leading) const;
    bool startsLine(const Node& statement) const;
    SharedText settled(const SharedText& rendered) const;
    std::string reindentedLine(const std::string& line) const;

    const semantic::Module& module_;
    std::string indentUnit_;
    std::map<const void*, Render> replacements_;
    std::map<const void*, std::vector<std::pair<std::string, std::string>>> valueWraps_, wraps_;
    std::map<const void*, std::vector<std::string>> before_, after_;
    std::map<const void*, bool> removed_;
    std::vector<bool> touched_; // by place: a change is at or below the node; empty = none
    std::vector<Import> imports_;
    std::vector<std::string> droppedImports_;
    std::vector<std::string> afterImports_;
};

} // namespace covet::rules
