#include "syntax/node.h"

namespace covet::syntax {
namespace detail {

std::string_view kTypeNames[kMaxTypes];
std::string_view kFieldNames[kMaxFields];

} // namespace detail

Node Node::field(std::string_view name) const {
    if (!has(NodeEntry::kHasFields)) return {};
    const NodeEntry* end = entry_ + entry_->size;
    for (const NodeEntry* at = entry_ + 1; at != end; at += at->size)
        if (at->field && detail::kFieldNames[at->field] == name) return {at, tree_};
    return {};
}

std::vector<Node> Node::fields(std::string_view name) const {
    std::vector<Node> found;
    if (!has(NodeEntry::kHasFields)) return found;
    const NodeEntry* end = entry_ + entry_->size;
    for (const NodeEntry* at = entry_ + 1; at != end; at += at->size)
        if (at->field && detail::kFieldNames[at->field] == name) found.emplace_back(at, tree_);
    return found;
}

uint32_t Node::childCount() const { return static_cast<uint32_t>(children().size()); }

Node Node::child(uint32_t index) const {
    for (const Node& node : children())
        if (index-- == 0) return node;
    return {};
}

uint32_t Node::namedChildCount() const {
    uint32_t count = 0;
    for (const Node& node : children()) count += node.isNamed();
    return count;
}

Node Node::namedChild(uint32_t index) const {
    for (const Node& node : children())
        if (node.isNamed() && index-- == 0) return node;
    return {};
}

Node Node::nextNamedSibling() const {
    if (!entry_ || !entry_->up) return {};
    const NodeEntry* above = entry_ - entry_->up;
    for (const NodeEntry* at = entry_ + entry_->size; at != above + above->size; at += at->size)
        if (at->flags & NodeEntry::kNamed) return {at, tree_};
    return {};
}

Node Node::previousNamedSibling() const {
    if (!entry_ || !entry_->up) return {};
    const NodeEntry* above = entry_ - entry_->up;
    for (const NodeEntry* before = entry_; before - 1 != above;) {
        // What stands before is the last node of the sibling's subtree.
        const NodeEntry* at = before - 1;
        while (at - at->up != above) at -= at->up;
        if (at->flags & NodeEntry::kNamed) return {at, tree_};
        before = at;
    }
    return {};
}

Node Node::ancestor(std::initializer_list<std::string_view> types) const {
    for (Node node = parent(); node; node = node.parent())
        for (std::string_view wanted : types)
            if (node.is(wanted)) return node;
    return {};
}

} // namespace covet::syntax
