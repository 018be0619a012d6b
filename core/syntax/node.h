#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <vector>

namespace covet::syntax {

class Tree;
class Children;

/// What a tree knows of one node. All nodes of a tree lie in one array in pre-order, so that the way from one to
/// the next, to its parent or over its subtree is an addition.
struct NodeEntry {
    uint32_t start, end;        // bytes in the text
    uint32_t line, column;      // 0-based; columns in bytes
    uint32_t endLine, endColumn;
    uint32_t up;                // entries back to the parent; 0 = the root
    uint32_t size;              // of the subtree in entries, the node included
    uint16_t symbol;            // place in kTypeNames
    uint8_t field;              // place in kFieldNames of the part it plays in its parent; 0 = none
    uint8_t flags;

    static constexpr uint8_t kNamed = 1, kError = 2, kComment = 4, kHasFields = 8;
};

namespace detail {
constexpr size_t kMaxTypes = 512, kMaxFields = 64;
/// Filled by the first parse.
extern std::string_view kTypeNames[kMaxTypes];
extern std::string_view kFieldNames[kMaxFields];
} // namespace detail

/// A node of a concrete syntax tree (tree-sitter-python 0.25 node types). Cheap to copy; valid
/// while its Tree lives. A default-constructed node is null; every accessor of a null node is safe.
class Node {
public:
    Node() = default;
    Node(const NodeEntry* entry, const Tree* tree) : entry_(entry), tree_(tree) {}

    bool isNull() const { return entry_ == nullptr; }
    explicit operator bool() const { return !isNull(); }
    bool operator==(const Node& other) const { return entry_ == other.entry_; }
    bool operator!=(const Node& other) const { return entry_ != other.entry_; }
    /// Identity; in the order of the text inside one tree.
    const void* id() const { return entry_; }

    std::string_view type() const { return entry_ ? detail::kTypeNames[entry_->symbol] : std::string_view{}; }
    bool is(std::string_view wanted) const { return type() == wanted; }
    bool isNamed() const { return has(NodeEntry::kNamed); }
    bool hasError() const { return has(NodeEntry::kError); }
    /// Byte range in the tree's text.
    size_t start() const { return entry_ ? entry_->start : 0; }
    size_t end() const { return entry_ ? entry_->end : 0; }
    std::string_view text() const;
    /// 1-based.
    uint32_t line() const { return entry_ ? entry_->line + 1 : 0; }
    uint32_t endLine() const { return entry_ ? entry_->endLine + 1 : 0; }
    /// 0-based, in bytes.
    uint32_t column() const { return entry_ ? entry_->column : 0; }
    uint32_t endColumn() const { return entry_ ? entry_->endColumn : 0; }

    Node parent() const { return entry_ && entry_->up ? Node{entry_ - entry_->up, tree_} : Node{}; }
    Node field(std::string_view name) const;
    /// All children of a field that occurs more than once.
    std::vector<Node> fields(std::string_view name) const;
    uint32_t childCount() const;
    Node child(uint32_t index) const;
    uint32_t namedChildCount() const;
    Node namedChild(uint32_t index) const;
    Children children() const;
    /// Named children without comments.
    Children namedChildren() const;
    Node nextNamedSibling() const;
    Node previousNamedSibling() const;
    /// Nearest ancestor (not the node itself) of one of the types; null if none.
    Node ancestor(std::initializer_list<std::string_view> types) const;
    bool contains(const Node& other) const {
        return entry_ && other.entry_ && entry_->start <= other.entry_->start && other.entry_->end <= entry_->end;
    }
    const Tree* tree() const { return tree_; }
    /// Of this node in the pre-order of its tree, and how many nodes the subtree has with it. Not of null nodes.
    uint32_t place() const;
    uint32_t size() const { return entry_->size; }

private:
    friend class Tree;
    friend class Children;
    bool has(uint8_t flag) const { return entry_ && (entry_->flags & flag); }

    const NodeEntry* entry_ = nullptr;
    const Tree* tree_ = nullptr;
};

/// The children of a node one after the other; a list of them is made where one is wanted.
class Children {
public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = Node;
        using difference_type = std::ptrdiff_t;
        using pointer = const Node*;
        using reference = Node;

        Iterator() = default;
        Node operator*() const { return {at_, tree_}; }
        Iterator& operator++() {
            at_ += at_->size;
            settle();
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const { return at_ == other.at_; }
        bool operator!=(const Iterator& other) const { return at_ != other.at_; }

    private:
        friend class Children;
        Iterator(const NodeEntry* at, const NodeEntry* end, const Tree* tree, bool named)
            : at_(at)
            , end_(end)
            , tree_(tree)
            , named_(named) {
            settle();
        }
        void settle() {
            if (named_)
                while (at_ != end_ && (at_->flags & (NodeEntry::kNamed | NodeEntry::kComment)) != NodeEntry::kNamed) at_ += at_->size;
        }

        const NodeEntry* at_ = nullptr;
        const NodeEntry* end_ = nullptr;
        const Tree* tree_ = nullptr;
        bool named_ = false;
    };

    Iterator begin() const { return {first_, end_, tree_, named_}; }
    Iterator end() const { return {end_, end_, tree_, false}; }
    bool empty() const { return begin() == end(); }
    size_t size() const { return static_cast<size_t>(std::distance(begin(), end())); }
    /// Below size().
    Node operator[](size_t index) const { return *std::next(begin(), static_cast<std::ptrdiff_t>(index)); }
    Node back() const { return (*this)[size() - 1]; }
    operator std::vector<Node>() const { return std::vector<Node>(begin(), end()); }

private:
    friend class Node;
    Children(const Node& node, bool named) : tree_(node.tree_), named_(named) {
        if (!node.entry_) return;
        first_ = node.entry_ + 1;
        end_ = node.entry_ + node.entry_->size;
    }

    const NodeEntry* first_ = nullptr;
    const NodeEntry* end_ = nullptr;
    const Tree* tree_ = nullptr;
    bool named_ = false;
};

inline Children Node::children() const { return {*this, false}; }
inline Children Node::namedChildren() const { return {*this, true}; }

} // namespace covet::syntax
