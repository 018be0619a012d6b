#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tree_sitter/api.h>

#include "support/result.h"
#include "syntax/literal_text.h"

namespace covet::syntax {

class Tree;

/// A node of a concrete syntax tree (tree-sitter-python 0.25 node types). Cheap to copy; valid
/// while its Tree lives. A default-constructed node is null; every accessor of a null node is safe.
class Node {
public:
    Node() = default;
    Node(TSNode raw, const Tree* tree) : raw_(raw), tree_(tree) {}

    bool isNull() const { return tree_ == nullptr || ts_node_is_null(raw_); }
    explicit operator bool() const { return !isNull(); }
    bool operator==(const Node& other) const;
    /// Identity inside one tree.
    const void* id() const { return raw_.id; }

    std::string_view type() const;
    bool is(std::string_view type) const { return this->type() == type; }
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

private:
    TSNode raw_{};
    const Tree* tree_ = nullptr;
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
    static Result<std::shared_ptr<const Tree>> parse(std::string text);

    ~Tree();
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;

    std::string_view text() const { return *text_; }
    Node root() const;
    /// The value of a list or dictionary node whose elements are not in the tree; nothing for others.
    std::optional<Value> bulkAt(const Node& node) const;
    /// First ERROR or MISSING node, if the file has one.
    std::optional<Node> firstError() const;

    static constexpr uint32_t kMaxDepth = 1000;
    static constexpr size_t kMaxBytes = size_t{1} << 30;
    /// Of code, without large displays of constants.
    static constexpr size_t kMaxCodeBytes = 16u << 20;
    static constexpr size_t kBulkBytes = 64u << 10;
    /// Larger files hold data rather than code: their parents are looked up from the root.
    static constexpr size_t kMaxIndexedBytes = 2u << 20;

private:
    friend class Node;
    explicit Tree(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}
    size_t codeBytes() const;
    /// Depth of the deepest node, at most a little over the limit; fills `parents_` on the way.
    uint32_t measure(uint32_t limit);

    std::shared_ptr<const std::string> text_;
    TSTree* tree_ = nullptr;
    std::vector<BulkLiteral> bulks_;
    std::unordered_map<const void*, TSNode> parents_; // by identity; tree-sitter would search from the root
};

/// Pre-order visit of `node` and all below it. `visit` returns false to skip a node's children.
/// Works along a cursor: no recursion, and wide nodes take linear time.
template <typename Visit> void walk(const Node& node, Visit&& visit) {
    if (node.isNull()) return;
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

} // namespace covet::syntax
