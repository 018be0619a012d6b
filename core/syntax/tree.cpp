#include "syntax/tree.h"

#include <algorithm>
#include <cstring>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace covet::syntax {
namespace {

struct ParserDeleter {
    void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

Node findError(const Node& node) {
    if (!node.hasError()) return {};
    if (node.is("ERROR") || node.is("")) return node;
    for (const Node& child : node.children())
        if (Node found = findError(child)) return found;
    return node;
}

/// What the parser sees: all but the inside of the displays. No range at all means everything.
std::vector<TSRange> rangesBetween(std::string_view text, const std::vector<BulkLiteral>& bulks) {
    std::vector<TSRange> ranges;
    if (bulks.empty()) return ranges;
    TSPoint point{0, 0};
    size_t at = 0;
    auto moveTo = [&](size_t end) {
        for (const char* from = text.data() + at; at < end;) {
            const void* line = std::memchr(from, '\n', end - at);
            if (!line) break;
            const char* next = static_cast<const char*>(line) + 1;
            at += static_cast<size_t>(next - from);
            from = next;
            point = {point.row + 1, 0};
        }
        point.column += static_cast<uint32_t>(end - at);
        at = end;
    };
    TSRange range{};
    for (const BulkLiteral& bulk : bulks) {
        moveTo(bulk.innerStart);
        range.end_point = point;
        range.end_byte = static_cast<uint32_t>(at);
        ranges.push_back(range);
        moveTo(bulk.end - 1);
        range.start_point = point;
        range.start_byte = static_cast<uint32_t>(at);
    }
    range.end_point = {UINT32_MAX, UINT32_MAX};
    range.end_byte = UINT32_MAX;
    ranges.push_back(range);
    return ranges;
}

} // namespace

bool Node::operator==(const Node& other) const {
    if (isNull() || other.isNull()) return isNull() && other.isNull();
    return ts_node_eq(raw_, other.raw_);
}

std::string_view Node::type() const { return isNull() ? std::string_view{} : ts_node_type(raw_); }

std::string_view Node::text() const {
    return isNull() ? std::string_view{} : tree_->text().substr(start(), end() - start());
}

Node Node::parent() const {
    if (isNull()) return {};
    if (tree_->parents_.empty()) return Node{ts_node_parent(raw_), tree_};
    auto found = tree_->parents_.find(raw_.id);
    return found == tree_->parents_.end() ? Node{} : Node{found->second, tree_};
}

Node Node::field(std::string_view name) const {
    if (isNull()) return {};
    return Node{ts_node_child_by_field_name(raw_, name.data(), static_cast<uint32_t>(name.size())),
                tree_};
}

std::vector<Node> Node::fields(std::string_view name) const {
    std::vector<Node> found;
    for (uint32_t i = 0; i < childCount(); ++i) {
        const char* fieldName = ts_node_field_name_for_child(raw_, i);
        if (fieldName && name == fieldName) found.push_back(child(i));
    }
    return found;
}

Node Node::child(uint32_t index) const {
    return isNull() ? Node{} : Node{ts_node_child(raw_, index), tree_};
}

Node Node::namedChild(uint32_t index) const {
    return isNull() ? Node{} : Node{ts_node_named_child(raw_, index), tree_};
}

std::vector<Node> Node::children() const {
    std::vector<Node> found;
    if (isNull()) return found;
    TSTreeCursor cursor = ts_tree_cursor_new(raw_);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
        do found.emplace_back(ts_tree_cursor_current_node(&cursor), tree_);
        while (ts_tree_cursor_goto_next_sibling(&cursor));
    }
    ts_tree_cursor_delete(&cursor);
    return found;
}

std::vector<Node> Node::namedChildren() const {
    std::vector<Node> found;
    for (const Node& node : children())
        if (node.isNamed() && !node.is("comment")) found.push_back(node);
    return found;
}

Node Node::nextNamedSibling() const {
    return isNull() ? Node{} : Node{ts_node_next_named_sibling(raw_), tree_};
}

Node Node::previousNamedSibling() const {
    return isNull() ? Node{} : Node{ts_node_prev_named_sibling(raw_), tree_};
}

Node Node::ancestor(std::initializer_list<std::string_view> types) const {
    for (Node node = parent(); node; node = node.parent())
        for (std::string_view wanted : types)
            if (node.is(wanted)) return node;
    return {};
}

bool Node::contains(const Node& other) const {
    return !isNull() && !other.isNull() && start() <= other.start() && other.end() <= end();
}

TreeCursor::TreeCursor(const Node& start) : raw_(ts_tree_cursor_new(start.raw())), tree_(start.tree()) {}

TreeCursor::~TreeCursor() { ts_tree_cursor_delete(&raw_); }

Node TreeCursor::node() const { return Node{ts_tree_cursor_current_node(&raw_), tree_}; }

bool TreeCursor::toFirstChild() { return ts_tree_cursor_goto_first_child(&raw_); }

bool TreeCursor::toNextSibling() { return ts_tree_cursor_goto_next_sibling(&raw_); }

bool TreeCursor::toParent() { return ts_tree_cursor_goto_parent(&raw_); }

Result<std::shared_ptr<const Tree>> Tree::parse(std::string text) {
    if (text.size() > kMaxBytes)
        return Error{"too-large", "larger than 1 GiB", "", 0, "leave the file out, or move its data to JSON"};
    std::unique_ptr<TSParser, ParserDeleter> parser(ts_parser_new());
    if (!parser || !ts_parser_set_language(parser.get(), tree_sitter_python()))
        return Error{"parser-failed", "the parser could not be started", "", 0, ""};
    std::shared_ptr<Tree> tree(new Tree(std::move(text)));
    if (tree->text_->size() >= kBulkBytes) tree->bulks_ = findBulkLiterals(*tree->text_, kBulkBytes);
    if (tree->codeBytes() > kMaxCodeBytes)
        return Error{"too-large", "more than 16 MiB that are no plain constants", "", 0,
                     "move the data of this file to JSON, or exclude the file"};
    const std::vector<TSRange> ranges = rangesBetween(*tree->text_, tree->bulks_);
    if (!ts_parser_set_included_ranges(parser.get(), ranges.data(), static_cast<uint32_t>(ranges.size())))
        return Error{"parser-failed", "the parser could not leave data out", "", 0, ""};
    tree->tree_ = ts_parser_parse_string(parser.get(), nullptr, tree->text_->data(),
                                         static_cast<uint32_t>(tree->text_->size()));
    if (!tree->tree_) return Error{"parser-failed", "the parser gave up", "", 0, ""};
    if (tree->measure(kMaxDepth) > kMaxDepth)
        return Error{"too-deep", "nested deeper than 1000 levels", "", 0,
                     "simplify the expression, or leave the file out"};
    return std::shared_ptr<const Tree>(tree);
}

size_t Tree::codeBytes() const {
    size_t bytes = text_->size();
    for (const BulkLiteral& bulk : bulks_) bytes -= bulk.end - 1 - bulk.innerStart;
    return bytes;
}

std::optional<Value> Tree::bulkAt(const Node& node) const {
    const size_t start = node.start();
    auto found = std::lower_bound(bulks_.begin(), bulks_.end(), start,
                                  [](const BulkLiteral& bulk, size_t wanted) { return bulk.start < wanted; });
    if (found == bulks_.end() || found->start != start || found->end != node.end()) return std::nullopt;
    if (!node.is("list") && !node.is("dictionary")) return std::nullopt;
    return bulkValue(text_, *found);
}

// Without recursion, so that hostile input cannot exhaust the stack.
uint32_t Tree::measure(uint32_t limit) {
    const bool indexed = codeBytes() <= kMaxIndexedBytes;
    if (indexed) parents_.reserve(ts_node_descendant_count(ts_tree_root_node(tree_)));
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree_));
    std::vector<TSNode> path = {ts_tree_cursor_current_node(&cursor)};
    uint32_t deepest = 1;
    bool done = false;
    while (!done && deepest <= limit) {
        if (ts_tree_cursor_goto_first_child(&cursor)) {
            path.push_back(ts_tree_cursor_current_node(&cursor));
        } else {
            while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
                if (!ts_tree_cursor_goto_parent(&cursor)) {
                    done = true;
                    break;
                }
                path.pop_back();
            }
            if (!done) path.back() = ts_tree_cursor_current_node(&cursor);
        }
        if (done) break;
        deepest = std::max(deepest, static_cast<uint32_t>(path.size()));
        if (indexed) parents_.emplace(path.back().id, path[path.size() - 2]);
    }
    ts_tree_cursor_delete(&cursor);
    return deepest;
}

Tree::~Tree() {
    if (tree_) ts_tree_delete(tree_);
}

Node Tree::root() const { return Node{ts_tree_root_node(tree_), this}; }

std::optional<Node> Tree::firstError() const {
    Node found = findError(root());
    if (!found) return std::nullopt;
    return found;
}

} // namespace covet::syntax
