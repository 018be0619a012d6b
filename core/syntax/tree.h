#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "support/result.h"
#include "support/shared_text.h"
#include "syntax/literal_text.h"
#include "syntax/node.h"

struct TSTree;

namespace covet::syntax {

/// A parsed Python file; owns the text it points into.
class Tree {
public:
    /// Errors: `too-deep` (nesting past kMaxDepth), `too-large`, `parser-failed`. Large displays of
    /// constants are in the tree with their first element only (bulkAt() knows the whole). No two living
    /// trees share nodes.
    static Result<std::shared_ptr<const Tree>> parse(const SharedText& text);
    /// The same, for looking at a text that was written: who looks at it again gets the same tree.
    static Result<std::shared_ptr<const Tree>> parseAgain(const SharedText& text);

    ~Tree();
    Tree& operator=(const Tree&) = delete;

    std::string_view text() const { return view_; }
    Node root() const { return Node(nodes_.data() + 1); }
    /// How many nodes it has.
    size_t size() const { return nodes_.size() - 1; }
    /// The value of a list or dictionary node whose elements are not in the tree; nothing for others.
    std::optional<Value> bulkAt(const Node& node) const;
    /// First ERROR or MISSING node, if the file has one.
    std::optional<Node> firstError() const;
    /// The smallest named node that the byte at `offset` belongs to.
    Node smallestAt(size_t offset) const;
    /// The identifiers with this text, in order.
    std::vector<Node> identifiers(std::string_view text) const;
    /// See syntax::walk().
    template <typename Visit> void walk(const Node& node, Visit&& visit) const {
        const NodeEntry* const end = node.entry_ + node.entry_->size;
        for (const NodeEntry* at = node.entry_; at < end;) at += visit(Node(at)) ? 1 : at->size;
    }

    static constexpr uint32_t kMaxDepth = 1000;
    static constexpr size_t kMaxBytes = size_t{1} << 30;
    /// Of code, without large displays of constants.
    static constexpr size_t kMaxCodeBytes = 16u << 20;
    static constexpr size_t kBulkBytes = 64u << 10;

private:
    friend const Tree* detail::treeOf(const NodeEntry* node);
    friend std::string_view detail::textOf(const NodeEntry* node);
    /// Trees of texts that were parsed lately, the latest last: where a text differs from one of them in one place, only
    /// that place is parsed.
    using Recent = std::vector<std::shared_ptr<const Tree>>;

    explicit Tree(SharedText text) : text_(std::move(text)), view_(text_.view()) {}
    Tree(const Tree& other); // with nodes of its own
    static Result<std::shared_ptr<const Tree>> parseBeside(const SharedText& text, Recent& recent, bool shared);
    void forgetParse();
    static Result<std::shared_ptr<Tree>> parseFrom(const SharedText& text, const Tree* similar);
    size_t codeBytes() const;
    /// Makes the entry before the first node lead back to this tree.
    void markNodes();
    /// What a tree of a similar text has in common with this one, statement by statement.
    class Alike;
    /// Fills `nodes_`; whether the tree is no deeper than kMaxDepth.
    bool list(Alike* alike);

    SharedText text_;
    std::string_view view_;
    TSTree* tree_ = nullptr; // while a similar text may follow
    std::vector<BulkLiteral> bulks_;
    std::vector<NodeEntry> nodes_; // behind one that leads back here
    mutable std::unordered_map<std::string_view, std::vector<uint32_t>> identifiers_; // filled when first asked for
};

/// Pre-order visit of `node` and all below it. `visit` returns false to skip a node's children.
/// No recursion.
template <typename Visit> void walk(const Node& node, Visit&& visit) {
    if (!node.isNull()) node.tree()->walk(node, std::forward<Visit>(visit));
}

} // namespace covet::syntax
