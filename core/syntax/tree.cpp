#include "syntax/tree.h"

#include <algorithm>
#include <cstring>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace covet::syntax {
namespace {

struct ParserDeleter {
    void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

struct TreeDeleter {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

TSFieldId fieldId(std::string_view name) {
    static const std::unordered_map<std::string_view, TSFieldId> kIds = [] {
        std::unordered_map<std::string_view, TSFieldId> ids;
        const TSLanguage* language = tree_sitter_python();
        for (uint32_t id = 1; id <= ts_language_field_count(language); ++id)
            ids.emplace(ts_language_field_name_for_id(language, static_cast<TSFieldId>(id)), static_cast<TSFieldId>(id));
        return ids;
    }();
    const auto found = kIds.find(name);
    return found == kIds.end() ? 0 : found->second;
}

size_t commonStart(std::string_view one, std::string_view other) {
    const size_t most = std::min(one.size(), other.size());
    return static_cast<size_t>(std::mismatch(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(most), other.begin()).first - one.begin());
}

size_t commonEnd(std::string_view one, std::string_view other, size_t most) {
    size_t count = 0;
    while (count < most && one[one.size() - 1 - count] == other[other.size() - 1 - count]) ++count;
    return count;
}

/// Whether two texts are the same but for one stretch that is short beside them.
bool isSimilar(std::string_view before, std::string_view after) {
    const size_t longer = std::max(before.size(), after.size()), shorter = std::min(before.size(), after.size());
    if (shorter < longer - longer / 8) return false;
    const size_t start = commonStart(before, after);
    return start + commonEnd(before, after, shorter - start) >= longer - longer / 8;
}

TSPoint pointAt(std::string_view text, size_t offset) {
    const std::string_view ahead = text.substr(0, offset);
    const size_t line = ahead.rfind('\n');
    return {static_cast<uint32_t>(std::count(ahead.begin(), ahead.end(), '\n')),
            static_cast<uint32_t>(line == std::string_view::npos ? offset : offset - line - 1)};
}

TSInputEdit editBetween(std::string_view before, std::string_view after) {
    const size_t start = commonStart(before, after);
    const size_t tail = commonEnd(before, after, std::min(before.size(), after.size()) - start);
    const size_t oldEnd = before.size() - tail, newEnd = after.size() - tail;
    TSInputEdit edit;
    edit.start_byte = static_cast<uint32_t>(start);
    edit.old_end_byte = static_cast<uint32_t>(oldEnd);
    edit.new_end_byte = static_cast<uint32_t>(newEnd);
    edit.start_point = pointAt(before, start);
    edit.old_end_point = pointAt(before, oldEnd);
    edit.new_end_point = pointAt(after, newEnd);
    return edit;
}

Node findError(const Node& node) {
    if (!node.hasError()) return {};
    if (node.is("ERROR") || node.is("")) return node;
    for (const Node& child : node.children())
        if (Node found = findError(child)) return found;
    return node;
}

/// Where the search for a node's identity starts in a table of `size` (a power of two) slots.
size_t slotOf(const void* id, size_t size) {
    return (static_cast<uint64_t>(reinterpret_cast<uintptr_t>(id)) * 0x9E3779B97F4A7C15u >> 32) & (size - 1);
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

uint32_t Node::place() const {
    return place_ != kNowhere || isNull() ? place_ : tree_->placeOf(raw_.id);
}

Node Node::parent() const {
    if (isNull()) return {};
    const uint32_t here = place();
    if (here == kNowhere) return Node{ts_node_parent(raw_), tree_};
    if (here == 0) return {};
    const uint32_t above = tree_->nodes_[here].parent;
    return Node{tree_->nodes_[above].node, tree_, above};
}

Node Node::field(std::string_view name) const {
    if (isNull()) return {};
    const TSFieldId id = fieldId(name);
    return id == 0 ? Node{} : Node{ts_node_child_by_field_id(raw_, id), tree_};
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
    const uint32_t here = place();
    if (here != kNowhere) {
        const std::vector<Tree::Entry>& nodes = tree_->nodes_;
        for (uint32_t at = here + 1; at < nodes[here].end; at = nodes[at].end) found.emplace_back(nodes[at].node, tree_, at);
        return found;
    }
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
    const uint32_t here = place();
    if (here != kNowhere && here != 0) {
        const std::vector<Tree::Entry>& nodes = tree_->nodes_;
        const uint32_t end = nodes[nodes[here].parent].end;
        for (uint32_t at = nodes[here].end; at < end; at = nodes[at].end)
            if (ts_node_is_named(nodes[at].node)) return Node{nodes[at].node, tree_, at};
        return {};
    }
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

Result<std::shared_ptr<const Tree>> Tree::parse(SharedText text) { return parseFrom(std::move(text), nullptr); }

Result<std::shared_ptr<const Tree>> Tree::parseFrom(SharedText text, const Tree* similar) {
    if (text.size() > kMaxBytes)
        return Error{"too-large", "larger than 1 GiB", "", 0, "leave the file out, or move its data to JSON"};
    std::unique_ptr<TSParser, ParserDeleter> parser(ts_parser_new());
    if (!parser || !ts_parser_set_language(parser.get(), tree_sitter_python()))
        return Error{"parser-failed", "the parser could not be started", "", 0, ""};
    std::shared_ptr<Tree> tree(new Tree(std::move(text)));
    if (tree->text_.size() >= kBulkBytes) tree->bulks_ = findBulkLiterals(tree->text(), kBulkBytes);
    if (tree->codeBytes() > kMaxCodeBytes)
        return Error{"too-large", "more than 16 MiB that are no plain constants", "", 0,
                     "move the data of this file to JSON, or exclude the file"};
    const std::vector<TSRange> ranges = rangesBetween(tree->text(), tree->bulks_);
    if (!ts_parser_set_included_ranges(parser.get(), ranges.data(), static_cast<uint32_t>(ranges.size())))
        return Error{"parser-failed", "the parser could not leave data out", "", 0, ""};
    const std::unique_ptr<TSTree, TreeDeleter> before(similar ? ts_tree_copy(similar->tree_) : nullptr);
    if (before) {
        const TSInputEdit edit = editBetween(similar->text(), tree->text());
        ts_tree_edit(before.get(), &edit);
    }
    tree->tree_ = ts_parser_parse_string(parser.get(), before.get(), tree->text().data(),
                                         static_cast<uint32_t>(tree->text().size()));
    if (!tree->tree_) return Error{"parser-failed", "the parser gave up", "", 0, ""};
    if (tree->measure(kMaxDepth) > kMaxDepth)
        return Error{"too-deep", "nested deeper than 1000 levels", "", 0,
                     "simplify the expression, or leave the file out"};
    return std::shared_ptr<const Tree>(tree);
}

Result<std::shared_ptr<const Tree>> Tree::parseAgain(const SharedText& text) {
    constexpr size_t kKept = 24, kLongest = 1u << 20;
    static std::vector<std::shared_ptr<const Tree>> recent; // the latest last
    for (auto known = recent.rbegin(); known != recent.rend(); ++known)
        if ((*known)->text_ == text) {
            std::rotate(known.base() - 1, known.base(), recent.end());
            return recent.back();
        }
    const Tree* similar = nullptr;
    for (const std::shared_ptr<const Tree>& known : recent)
        if (isSimilar(known->text(), text.view())) similar = known.get();
    Result<std::shared_ptr<const Tree>> tree = parseFrom(text, text.size() < kBulkBytes ? similar : nullptr);
    if (!tree || text.size() > kLongest) return tree;
    if (recent.size() == kKept) recent.erase(recent.begin());
    recent.push_back(*tree);
    return tree;
}

size_t Tree::codeBytes() const {
    size_t bytes = text_.size();
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
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree_));
    std::vector<uint32_t> path; // places of the open nodes
    uint32_t count = 0, deepest = 0;
    auto open = [&] {
        if (indexed) nodes_.push_back({ts_tree_cursor_current_node(&cursor), path.empty() ? 0 : path.back(), 0});
        path.push_back(count++);
        deepest = std::max(deepest, static_cast<uint32_t>(path.size()));
    };
    auto close = [&] {
        if (indexed) nodes_[path.back()].end = count;
        path.pop_back();
    };
    if (indexed) nodes_.reserve(ts_node_descendant_count(ts_tree_root_node(tree_)));
    for (open(); !path.empty() && deepest <= limit;) {
        if (ts_tree_cursor_goto_first_child(&cursor)) {
            open();
            continue;
        }
        close();
        while (!path.empty() && !ts_tree_cursor_goto_next_sibling(&cursor)) {
            ts_tree_cursor_goto_parent(&cursor);
            close();
        }
        if (!path.empty()) open();
    }
    ts_tree_cursor_delete(&cursor);
    if (indexed && deepest <= limit) indexPlaces();
    return deepest;
}

void Tree::indexPlaces() {
    size_t size = 16;
    while (size < 2 * nodes_.size()) size *= 2;
    places_.assign(size, Node::kNowhere);
    for (uint32_t place = 0; place < nodes_.size(); ++place) {
        size_t slot = slotOf(nodes_[place].node.id, size);
        while (places_[slot] != Node::kNowhere) slot = (slot + 1) & (size - 1);
        places_[slot] = place;
    }
}

uint32_t Tree::placeOf(const void* id) const {
    if (places_.empty()) return Node::kNowhere;
    for (size_t slot = slotOf(id, places_.size());; slot = (slot + 1) & (places_.size() - 1)) {
        const uint32_t place = places_[slot];
        if (place == Node::kNowhere || nodes_[place].node.id == id) return place;
    }
}

std::vector<Node> Tree::identifiers(std::string_view text) const {
    std::vector<Node> found;
    if (nodes_.empty()) {
        syntax::walk(root(), [&](const Node& node) {
            if (node.is("identifier") && node.text() == text) found.push_back(node);
            return true;
        });
        return found;
    }
    if (identifiers_.empty())
        syntax::walk(root(), [&](const Node& node) {
            if (node.is("identifier")) identifiers_[node.text()].push_back(node.place());
            return true;
        });
    auto places = identifiers_.find(text);
    if (places != identifiers_.end())
        for (const uint32_t place : places->second) found.emplace_back(nodes_[place].node, this, place);
    return found;
}

Tree::~Tree() {
    if (tree_) ts_tree_delete(tree_);
}

Node Tree::root() const { return Node{ts_tree_root_node(tree_), this, nodes_.empty() ? Node::kNowhere : 0}; }

std::optional<Node> Tree::firstError() const {
    Node found = findError(root());
    if (!found) return std::nullopt;
    return found;
}

} // namespace covet::syntax
