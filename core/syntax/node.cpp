#include "syntax/node.h"

namespace covet::syntax {
namespace detail {
namespace {

constexpr std::array<uint16_t, std::size(kTypeNames)> firstOfNames() {
    std::array<uint16_t, std::size(kTypeNames)> numbers{};
    for (size_t symbol = 0; symbol < numbers.size(); ++symbol) numbers[symbol] = numberOf(kTypeNames, kTypeNames[symbol]);
    return numbers;
}

} // namespace

constinit const std::array<uint16_t, std::size(kTypeNames)> kFirstOfName = firstOfNames();

const NodeEntry* childWith(const NodeEntry* node, NodeField field) {
    if (!node || !(node->flags & NodeEntry::kHasFields)) return nullptr;
    const NodeEntry* const end = node + node->size;
    for (const NodeEntry* at = node + 1; at != end; at += at->size)
        if (at->field == field) return at;
    return nullptr;
}

const NodeEntry* childAt(const NodeEntry* node, uint32_t index) {
    if (!node) return nullptr;
    const NodeEntry* const end = node + node->size;
    for (const NodeEntry* at = node + 1; at != end; at += at->size)
        if (index-- == 0) return at;
    return nullptr;
}

const NodeEntry* namedChildAt(const NodeEntry* node, uint32_t index) {
    if (!node) return nullptr;
    const NodeEntry* const end = node + node->size;
    for (const NodeEntry* at = node + 1; at != end; at += at->size)
        if ((at->flags & NodeEntry::kNamed) && index-- == 0) return at;
    return nullptr;
}

const NodeEntry* siblingAfter(const NodeEntry* node) {
    if (!node || !node->up) return nullptr;
    const NodeEntry* const above = node - node->up;
    for (const NodeEntry* at = node + node->size; at != above + above->size; at += at->size)
        if (at->flags & NodeEntry::kNamed) return at;
    return nullptr;
}

const NodeEntry* siblingBefore(const NodeEntry* node) {
    if (!node || !node->up) return nullptr;
    const NodeEntry* const above = node - node->up;
    for (const NodeEntry* before = node; before - 1 != above;) {
        // What stands before is the last node of the sibling's subtree.
        const NodeEntry* at = before - 1;
        while (at - at->up != above) at -= at->up;
        if (at->flags & NodeEntry::kNamed) return at;
        before = at;
    }
    return nullptr;
}

} // namespace detail

std::vector<Node> Node::fields(NodeField field) const {
    std::vector<Node> found;
    if (!has(NodeEntry::kHasFields)) return found;
    const NodeEntry* const end = entry_ + entry_->size;
    for (const NodeEntry* at = entry_ + 1; at != end; at += at->size)
        if (at->field == field) found.emplace_back(at);
    return found;
}

uint32_t Node::childCount() const { return static_cast<uint32_t>(children().size()); }

uint32_t Node::namedChildCount() const {
    uint32_t count = 0;
    for (const Node& node : children()) count += node.isNamed();
    return count;
}

bool Node::isOneOf(std::initializer_list<NodeType> types) const {
    for (const NodeType wanted : types)
        if (is(wanted)) return true;
    return false;
}

Node Node::ancestor(std::initializer_list<NodeType> types) const {
    for (Node node = parent(); node; node = node.parent())
        if (node.isOneOf(types)) return node;
    return {};
}

} // namespace covet::syntax
