#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tree_sitter/api.h>

#include "support/result.h"
#include "support/shared_text.h"
#include "syntax/literal_text.h"

namespace covet::syntax {

class Tree;

/// A node of a concrete syntax tree (tree-sitter-python 0.25 node types). Cheap to copy; valid
/// while its Tree lives. A default-constructed node is null; every accessor of a null node is safe.
class Node {
public:
    Node() = default;
    Node(TSNode raw, const Tree* tree, uint32_t place = kNowhere) : raw_(raw), tree_(tree), place_(place) {}

    bool isNull() const { return tree_ == nullptr || ts_node_is_null(raw_); }
    explicit operator bool() const { return !isNull(); }
    bool operator==(const Node& other) const;
    /// Identity inside one tree.
    const void* id() const { return raw_.id; }

    std::string_view type() const;
    bool is(std::string_view type) const {
        const char* own = isNull() ? "" : ts_node_type(raw_);
        // Most types differ in their first letter.
        return (type.empty() || *own == type.front()) && std::strncmp(own, type.data(), type.size()) == 0 &&
               own[type.size()] == '\0';
    }
    bool isNamed() const { return !isNull() && ts_node_is_named(raw_); }
    bool hasError() const { return !isNull() && ts_node_has_error(raw_); }
    /// Byte range in the tree's text.
    size_t start() const { return isNull() ? 0 : ts_node_start_byte(raw_); }
    size_t end() const { return isNull() ? 0 : ts_node_end_byte(raw_); }
    std::string_view text() const;
    /// 1-based.
    uint32_t line() const { return isNull() ? 0 : ts_node_start_point(raw_).row + 1; }
    uint32_t endLine() const { return isNull() ? 0 : ts_node_end_point(raw_).row + 1; }
    /// 0-based, in bytes.
    uint32_t column() const { return isNull() ? 0 : ts_node_start_point(raw_).column; }

    Node parent() const;
    Node field(std::string_view name) const;
    /// All children of a field that occurs more than once.
    std::vector<Node> fields(std::string_view name) const;
    uint32_t childCount() const { return isNull() ? 0 : ts_node_child_count(raw_); }
    Node child(uint32_t index) const;
    uint32_t namedChildCount() const { return isNull() ? 0 : ts_node_named_child_count(raw_); }
    Node namedChild(uint32_t index) const;
    std::vector<Node> children() const;
    /// Named children without comments.
    std::vector<Node> namedChildren() const;
    Node nextNamedSibling() const;
    Node previousNamedSibling() const;
    /// Nearest ancestor (not the node itself) of one of the types; null if none.
    Node ancestor(std::initializer_list<std::string_view> types) const;
    bool contains(const Node& other) const;
    const Tree* tree() const { return tree_; }
    const TSNode& raw() const { return raw_; }

    static constexpr uint32_t kNowhere = UINT32_MAX;

private:
    friend class Tree;
    /// Where the tree's list of nodes has it; kNowhere in trees without such a list.
    uint32_t place() const;

    TSNode raw_{};
    const Tree* tree_ = nullptr;
    uint32_t place_ = kNowhere;
};

/// A position in a tree that moves in constant time.
class TreeCursor {
public:
    explicit TreeCursor(const Node& start);
    ~TreeCursor();
    TreeCursor(const TreeCursor&) = delete;
    TreeCursor& operator=(const TreeCursor&) = delete;

    Node node() const;
    bool toFirstChild();
    bool toNextSibling();
    bool toParent();

private:
    TSTreeCursor raw_;
    const Tree* tree_;
};

/// A parsed Python file; owns the text it points into.
class Tree {
public:
    /// Errors: `too-deep` (nesting past kMaxDepth), `too-large`, `parser-failed`. Large displays of
    /// constants are in the tree with their first element only (bulkAt() knows the whole).
    static Result<std::shared_ptr<const Tree>> parse(SharedText text);
    /// The same, for looking at a text that was written: a text that was looked at lately is not parsed again, and one
    /// that differs from it in one place is parsed there. Its nodes may be those of the earlier tree, so modules of one
    /// project need trees of their own.
    static Result<std::shared_ptr<const Tree>> parseAgain(const SharedText& text);

    ~Tree();
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;

    std::string_view text() const { return text_.view(); }
    Node root() const;
    /// The value of a list or dictionary node whose elements are not in the tree; nothing for others.
    std::optional<Value> bulkAt(const Node& node) const;
    /// First ERROR or MISSING node, if the file has one.
    std::optional<Node> firstError() const;
    /// The identifiers with this text, in order.
    std::vector<Node> identifiers(std::string_view text) const;
    /// See syntax::walk().
    template <typename Visit> void walk(const Node& node, Visit&& visit) const {
        const uint32_t first = node.place();
        if (first == Node::kNowhere) return walkByCursor(node, visit);
        for (uint32_t at = first; at < nodes_[first].end;)
            at = visit(Node{nodes_[at].node, this, at}) ? at + 1 : nodes_[at].end;
    }

    static constexpr uint32_t kMaxDepth = 1000;
    static constexpr size_t kMaxBytes = size_t{1} << 30;
    /// Of code, without large displays of constants.
    static constexpr size_t kMaxCodeBytes = 16u << 20;
    static constexpr size_t kBulkBytes = 64u << 10;
    /// Larger files hold data rather than code: their nodes are looked up from the root.
    static constexpr size_t kMaxIndexedBytes = 2u << 20;

private:
    friend class Node;
    static Result<std::shared_ptr<const Tree>> parseFrom(SharedText text, const Tree* similar);
    explicit Tree(SharedText text) : text_(std::move(text)) {}
    size_t codeBytes() const;
    /// Depth of the deepest node, at most a little over the limit; fills `nodes_` on the way.
    uint32_t measure(uint32_t limit);
    void indexPlaces();
    uint32_t placeOf(const void* id) const;

    /// For trees without a list of nodes.
    template <typename Visit> void walkByCursor(const Node& node, Visit&& visit) const {
        TreeCursor cursor(node);
        size_t depth = 0;
        for (;;) {
            if (visit(cursor.node()) && cursor.toFirstChild()) {
                ++depth;
                continue;
            }
            for (;;) {
                if (depth == 0) return;
                if (cursor.toNextSibling()) break;
                cursor.toParent();
                --depth;
            }
        }
    }

    struct Entry {
        TSNode node;
        uint32_t parent; // places in `nodes_`
        uint32_t end;    // of the first node behind the subtree
    };

    SharedText text_;
    TSTree* tree_ = nullptr;
    std::vector<BulkLiteral> bulks_;
    /// All nodes in pre-order; empty past kMaxIndexedBytes. tree-sitter would search from the root for
    /// parents and siblings.
    std::vector<Entry> nodes_;
    std::vector<uint32_t> places_; // open hash table of node identities
    mutable std::unordered_map<std::string_view, std::vector<uint32_t>> identifiers_; // filled when first asked for
};

/// Pre-order visit of `node` and all below it. `visit` returns false to skip a node's children.
/// No recursion, and wide nodes take linear time.
template <typename Visit> void walk(const Node& node, Visit&& visit) {
    if (!node.isNull()) node.tree()->walk(node, std::forward<Visit>(visit));
}

} // namespace covet::syntax
