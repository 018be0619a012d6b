#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <vector>

#include "syntax/grammar_names.h"

namespace covet::syntax {

class Tree;
class Children;

namespace detail {

/// Not to be called when the program runs: there is no such name.
inline uint16_t noSuchName() { return 0; }

template <size_t count> constexpr uint16_t numberOf(const std::string_view (&names)[count], std::string_view wanted) {
    for (size_t number = 0; number < count; ++number)
        if (names[number] == wanted) return static_cast<uint16_t>(number);
    return noSuchName();
}

/// The first symbol with the name of a symbol.
extern const std::array<uint16_t, std::size(kTypeNames)> kFirstOfName;

} // namespace detail

/// The type of a node as a number. Code names one by its name in the grammar, which is looked up when it is compiled:
/// what the grammar does not have is an error there.
class NodeType {
public:
    constexpr NodeType() = default; // of no node
    consteval NodeType(const char* name) : number_(detail::numberOf(detail::kTypeNames, name)) {}
    /// Of what the parser calls by this number; several symbols have one name.
    static NodeType ofSymbol(uint32_t symbol) {
        NodeType type;
        type.number_ = detail::kFirstOfName[symbol < std::size(detail::kTypeNames) ? symbol : std::size(detail::kTypeNames) - 1];
        return type;
    }
    /// "" of no node.
    std::string_view name() const { return number_ == kNone ? std::string_view{} : detail::kTypeNames[number_]; }
    constexpr bool operator==(NodeType other) const { return number_ == other.number_; }
    constexpr uint16_t number() const { return number_; }

private:
    static constexpr uint16_t kNone = 0xffff;
    uint16_t number_ = kNone;
};

/// The part that a node plays in its parent, named in the same way.
class NodeField {
public:
    constexpr NodeField() = default; // none
    consteval NodeField(const char* name) : number_(static_cast<uint8_t>(detail::numberOf(detail::kFieldNames, name))) {}
    explicit NodeField(uint8_t number) : number_(number) {}
    bool operator==(const NodeField&) const = default;

private:
    uint8_t number_ = 0;
};

/// What a tree knows of one node. All nodes of a tree lie in one array in pre-order, so that the way from one to
/// the next, to its parent or over its subtree is an addition.
struct NodeEntry {
    uint32_t start, end;        // bytes in the text
    uint32_t line, column;      // 0-based; columns in bytes
    uint32_t endLine, endColumn;
    uint32_t up;                // entries back to the parent; 0 = the root
    uint32_t size;              // of the subtree in entries, the node included
    uint32_t place;             // in the array
    NodeType type;
    NodeField field;
    uint8_t flags;

    static constexpr uint8_t kNamed = 1, kError = 2, kComment = 4, kHasFields = 8;
};

namespace detail {
// What works on entries alone takes and gives pointers, which stay in registers. So that they do where the compiler wants to
// put nothing in place of its calls (the WebAssembly build), what a Node only passes on is marked COVET_IN_PLACE.
#define COVET_IN_PLACE [[gnu::always_inline]]
inline bool isOf(const NodeEntry* node, uint16_t type) { return node && node->type.number() == type; }
inline const NodeEntry* parentOf(const NodeEntry* node) { return node && node->up ? node - node->up : nullptr; }
const NodeEntry* childWith(const NodeEntry* node, NodeField field);
const NodeEntry* childAt(const NodeEntry* node, uint32_t index);
const NodeEntry* namedChildAt(const NodeEntry* node, uint32_t index);
const NodeEntry* siblingAfter(const NodeEntry* node);
const NodeEntry* siblingBefore(const NodeEntry* node);
const Tree* treeOf(const NodeEntry* node);
std::string_view textOf(const NodeEntry* node);
} // namespace detail

/// A node of a concrete syntax tree (tree-sitter-python 0.25 node types). Cheap to copy; valid
/// while its Tree lives. A default-constructed node is null; every accessor of a null node is safe.
class Node {
public:
    COVET_IN_PLACE Node() = default;
    COVET_IN_PLACE explicit Node(const NodeEntry* entry) : entry_(entry) {}

    COVET_IN_PLACE bool isNull() const { return entry_ == nullptr; }
    COVET_IN_PLACE explicit operator bool() const { return !isNull(); }
    COVET_IN_PLACE bool operator==(const Node& other) const { return entry_ == other.entry_; }
    COVET_IN_PLACE bool operator!=(const Node& other) const { return entry_ != other.entry_; }
    /// Identity; in the order of the text inside one tree.
    COVET_IN_PLACE const void* id() const { return entry_; }

    COVET_IN_PLACE NodeType type() const { return entry_ ? entry_->type : NodeType{}; }
    std::string_view typeName() const { return type().name(); }
    COVET_IN_PLACE bool is(NodeType wanted) const { return detail::isOf(entry_, wanted.number()); }
    bool isOneOf(std::initializer_list<NodeType> types) const;
    bool isNamed() const { return has(NodeEntry::kNamed); }
    bool hasError() const { return has(NodeEntry::kError); }
    /// Byte range in the tree's text.
    size_t start() const { return entry_ ? entry_->start : 0; }
    size_t end() const { return entry_ ? entry_->end : 0; }
    COVET_IN_PLACE std::string_view text() const { return detail::textOf(entry_); }
    /// 1-based.
    uint32_t line() const { return entry_ ? entry_->line + 1 : 0; }
    uint32_t endLine() const { return entry_ ? entry_->endLine + 1 : 0; }
    /// 0-based, in bytes.
    uint32_t column() const { return entry_ ? entry_->column : 0; }
    uint32_t endColumn() const { return entry_ ? entry_->endColumn : 0; }

    COVET_IN_PLACE Node parent() const { return Node(detail::parentOf(entry_)); }
    COVET_IN_PLACE Node field(NodeField field) const { return Node(detail::childWith(entry_, field)); }
    /// All children of a field that occurs more than once.
    std::vector<Node> fields(NodeField field) const;
    uint32_t childCount() const;
    COVET_IN_PLACE Node child(uint32_t index) const { return Node(detail::childAt(entry_, index)); }
    uint32_t namedChildCount() const;
    COVET_IN_PLACE Node namedChild(uint32_t index) const { return Node(detail::namedChildAt(entry_, index)); }
    Children children() const;
    /// Named children without comments.
    Children namedChildren() const;
    COVET_IN_PLACE Node nextNamedSibling() const { return Node(detail::siblingAfter(entry_)); }
    COVET_IN_PLACE Node previousNamedSibling() const { return Node(detail::siblingBefore(entry_)); }
    /// Nearest ancestor (not the node itself) of one of the types; null if none.
    Node ancestor(std::initializer_list<NodeType> types) const;
    bool contains(const Node& other) const {
        return entry_ && other.entry_ && entry_->start <= other.entry_->start && other.entry_->end <= entry_->end;
    }
    const Tree* tree() const { return entry_ ? detail::treeOf(entry_) : nullptr; }
    /// Of this node in the pre-order of its tree, and how many nodes the subtree has with it. Not of null nodes.
    uint32_t place() const { return entry_->place; }
    uint32_t size() const { return entry_->size; }

private:
    friend class Tree;
    friend class Children;
    bool has(uint8_t flag) const { return entry_ && (entry_->flags & flag); }

    const NodeEntry* entry_ = nullptr;
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
        COVET_IN_PLACE Node operator*() const { return Node(at_); }
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
        COVET_IN_PLACE bool operator==(const Iterator& other) const { return at_ == other.at_; }
        COVET_IN_PLACE bool operator!=(const Iterator& other) const { return at_ != other.at_; }

    private:
        friend class Children;
        Iterator(const NodeEntry* at, const NodeEntry* end, bool named)
            : at_(at)
            , end_(end)
            , named_(named) {
            settle();
        }
        void settle() {
            if (named_)
                while (at_ != end_ && (at_->flags & (NodeEntry::kNamed | NodeEntry::kComment)) != NodeEntry::kNamed) at_ += at_->size;
        }

        const NodeEntry* at_ = nullptr;
        const NodeEntry* end_ = nullptr;
        bool named_ = false;
    };

    Iterator begin() const { return {first_, end_, named_}; }
    Iterator end() const { return {end_, end_, false}; }
    bool empty() const { return begin() == end(); }
    size_t size() const { return static_cast<size_t>(std::distance(begin(), end())); }
    /// Below size().
    Node operator[](size_t index) const { return *std::next(begin(), static_cast<std::ptrdiff_t>(index)); }
    Node back() const { return (*this)[size() - 1]; }
    operator std::vector<Node>() const { return std::vector<Node>(begin(), end()); }

private:
    friend class Node;
    Children(const Node& node, bool named) : named_(named) {
        if (!node.entry_) return;
        first_ = node.entry_ + 1;
        end_ = node.entry_ + node.entry_->size;
    }

    const NodeEntry* first_ = nullptr;
    const NodeEntry* end_ = nullptr;
    bool named_ = false;
};

inline Children Node::children() const { return {*this, false}; }
inline Children Node::namedChildren() const { return {*this, true}; }

} // namespace covet::syntax
