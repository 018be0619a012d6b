#include "syntax/tree.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <tree_sitter/api.h>

#include "syntax/indentation.h"

extern "C" const TSLanguage* tree_sitter_python(void);

namespace covet::syntax {
namespace {

struct ParserDeleter {
    void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

struct TreeDeleter {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

size_t commonStart(std::string_view one, std::string_view other) {
    constexpr size_t kStep = 64;
    const size_t most = std::min(one.size(), other.size());
    size_t count = 0;
    while (count + kStep <= most && std::memcmp(one.data() + count, other.data() + count, kStep) == 0) count += kStep;
    return static_cast<size_t>(std::mismatch(one.begin() + static_cast<std::ptrdiff_t>(count), one.begin() + static_cast<std::ptrdiff_t>(most), other.begin() + static_cast<std::ptrdiff_t>(count)).first - one.begin());
}

size_t commonEnd(std::string_view one, std::string_view other, size_t most) {
    constexpr size_t kStep = 64;
    size_t count = 0;
    const char *oneEnd = one.data() + one.size(), *otherEnd = other.data() + other.size();
    while (count + kStep <= most && std::memcmp(oneEnd - count - kStep, otherEnd - count - kStep, kStep) == 0) count += kStep;
    while (count < most && one[one.size() - 1 - count] == other[other.size() - 1 - count]) ++count;
    return count;
}

/// How many bytes two texts share before and behind the one stretch in which they differ; 0 if it is not short beside them.
size_t sharedBytes(std::string_view before, std::string_view after) {
    const size_t longer = std::max(before.size(), after.size()), shorter = std::min(before.size(), after.size());
    if (shorter < longer - longer / 8) return 0;
    const size_t start = commonStart(before, after);
    const size_t shared = start + commonEnd(before, after, shorter - start);
    return shared >= longer - longer / 8 ? shared : 0;
}

/// Counted on from a point of the text ahead of it.
TSPoint pointAt(std::string_view text, size_t offset, size_t from = 0, TSPoint point = {0, 0}) {
    const std::string_view ahead = text.substr(from, offset - from);
    const size_t line = ahead.rfind('\n');
    if (line == std::string_view::npos) return {point.row, point.column + static_cast<uint32_t>(ahead.size())};
    return {point.row + static_cast<uint32_t>(std::count(ahead.begin(), ahead.end(), '\n')), static_cast<uint32_t>(ahead.size() - line - 1)};
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
    edit.old_end_point = pointAt(before, oldEnd, start, edit.start_point);
    edit.new_end_point = pointAt(after, newEnd, start, edit.start_point);
    return edit;
}

Node findError(const Node& node) {
    if (!node.hasError()) return {};
    if (node.is("ERROR")) return node;
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

/// Statements of a module that an edit leaves as they are need not be gone through: their nodes are those of the tree before,
/// only further on or back.
class Tree::Alike {
public:
    Alike(const Tree& before, const TSInputEdit& edit, const TSTree* edited, const TSTree* after)
        : edit_(edit) {
        const NodeEntry* const root = before.nodes_.data() + 1;
        next_ = root + 1;
        end_ = root + root->size;
        uint32_t count = 0;
        TSRange* const ranges = ts_tree_get_changed_ranges(edited, after, &count);
        changed_.assign(ranges, ranges + count);
        std::free(ranges);
    }

    /// Appends the nodes of a statement; false if they have to be listed. Asked of one statement after the other.
    bool append(const TSNode& statement, uint32_t parent, std::vector<NodeEntry>& nodes) {
        const uint32_t start = ts_node_start_byte(statement), end = ts_node_end_byte(statement);
        const bool isAhead = end < edit_.start_byte;
        if (!isAhead && ts_node_start_point(statement).row <= edit_.new_end_point.row) return false;
        // Modulo 2^32, so that it leads back, too.
        const uint32_t bytes = isAhead ? 0 : edit_.new_end_byte - edit_.old_end_byte;
        const uint32_t rows = isAhead ? 0 : edit_.new_end_point.row - edit_.old_end_point.row;
        while (next_ != end_ && next_->start < start - bytes) next_ += next_->size;
        if (next_ == end_ || next_->start != start - bytes || next_->end != end - bytes ||
            next_->type != NodeType::ofSymbol(ts_node_symbol(statement)))
            return false;
        for (const TSRange& range : changed_)
            if (range.start_byte <= end && start <= range.end_byte) return false;
        const auto place = static_cast<uint32_t>(nodes.size());
        const uint32_t further = place - 1 - next_->place;
        nodes.insert(nodes.end(), next_, next_ + next_->size);
        for (auto node = nodes.begin() + place; node != nodes.end(); ++node) {
            node->start += bytes;
            node->end += bytes;
            node->line += rows;
            node->endLine += rows;
            node->place += further;
        }
        nodes[place].up = place - parent;
        taken_.push_back(place - 1);
        return true;
    }

    /// The places of what was appended.
    const std::vector<uint32_t>& taken() const { return taken_; }

private:
    const TSInputEdit edit_;
    const NodeEntry* next_;
    const NodeEntry* end_;
    std::vector<TSRange> changed_;
    std::vector<uint32_t> taken_;
};

Result<std::shared_ptr<Tree>> Tree::parseFrom(const SharedText& text, const Tree* similar) {
    if (text.size() > kMaxBytes)
        return Error{"too-large", "larger than 1 GiB", "", 0, "leave the file out, or move its data to JSON"};
    std::unique_ptr<TSParser, ParserDeleter> parser(ts_parser_new());
    if (!parser || !ts_parser_set_language(parser.get(), tree_sitter_python()))
        return Error{"parser-failed", "the parser could not be started", "", 0, ""};
    std::shared_ptr<Tree> tree(new Tree(text));
    if (text.size() >= kBulkBytes) tree->bulks_ = findBulkLiterals(tree->text(), kBulkBytes);
    if (tree->codeBytes() > kMaxCodeBytes)
        return Error{"too-large", "more than 16 MiB that are no plain constants", "", 0,
                     "move the data of this file to JSON, or exclude the file"};
    const std::vector<TSRange> ranges = rangesBetween(tree->text(), tree->bulks_);
    if (!ts_parser_set_included_ranges(parser.get(), ranges.data(), static_cast<uint32_t>(ranges.size())))
        return Error{"parser-failed", "the parser could not leave data out", "", 0, ""};
    const auto parse = [&](const TSTree* before) {
        return ts_parser_parse_string(parser.get(), before, tree->text().data(), static_cast<uint32_t>(text.size()));
    };
    std::optional<Alike> alike;
    if (similar && similar->tree_ && similar->bulks_.empty() && tree->bulks_.empty()) {
        const std::unique_ptr<TSTree, TreeDeleter> before(ts_tree_copy(similar->tree_));
        const TSInputEdit edit = editBetween(similar->text(), tree->text());
        ts_tree_edit(before.get(), &edit);
        tree->tree_ = parse(before.get());
        if (tree->tree_ && !similar->root().hasError()) alike.emplace(*similar, edit, before.get(), tree->tree_);
        // What is made of a text with errors depends on what was there before.
        if (tree->tree_ && ts_node_has_error(ts_tree_root_node(tree->tree_))) {
            ts_tree_delete(tree->tree_);
            tree->tree_ = nullptr;
            alike.reset();
            ts_parser_reset(parser.get());
        }
    }
    if (!tree->tree_) tree->tree_ = parse(nullptr);
    if (!tree->tree_) return Error{"parser-failed", "the parser gave up", "", 0, ""};
    if (!tree->list(alike ? &*alike : nullptr))
        return Error{"too-deep", "nested deeper than 1000 levels", "", 0,
                     "simplify the expression, or leave the file out"};
    static const std::vector<uint32_t> kNone;
    if (const Node misplaced = tree->root().hasError() ? Node() : misplacedLine(tree->root(), alike ? alike->taken() : kNone))
        for (NodeEntry* node = &tree->nodes_[misplaced.place() + 1];; node -= node->up) {
            node->flags |= NodeEntry::kError;
            if (!node->up) break;
        }
    return tree;
}

Result<std::shared_ptr<const Tree>> Tree::parse(const SharedText& text) {
    static Recent recent;
    return parseBeside(text, recent, false);
}

Result<std::shared_ptr<const Tree>> Tree::parseAgain(const SharedText& text) {
    static Recent recent;
    return parseBeside(text, recent, true);
}

Result<std::shared_ptr<const Tree>> Tree::parseBeside(const SharedText& text, Recent& recent, bool shared) {
    constexpr size_t kKept = 64, kMostBytes = 4u << 20;
    // A file is parsed in several states, which follow one another at every edit: each follows its own best.
    const Tree* similar = nullptr;
    size_t most = 0;
    for (auto known = recent.rbegin(); known != recent.rend(); ++known) {
        const Tree& tree = **known;
        if (tree.text_ == text) {
            std::rotate(known.base() - 1, known.base(), recent.end());
            // Nobody but this list may have it.
            if (shared || recent.back().use_count() == 1) return recent.back();
            return std::shared_ptr<const Tree>(new Tree(tree));
        }
        if (const size_t common = sharedBytes(tree.text(), text.view()); common > most) {
            similar = &tree;
            most = common;
        }
    }
    Result<std::shared_ptr<Tree>> made = parseFrom(text, similar);
    if (!made) return made.error();
    recent.push_back(*made);
    size_t bytes = 0, kept = 0;
    while (kept < recent.size() && kept < kKept && (bytes += recent[recent.size() - 1 - kept]->text().size()) <= kMostBytes) ++kept;
    recent.erase(recent.begin(), recent.end() - static_cast<std::ptrdiff_t>(kept));
    if (kept == 0) (*made)->forgetParse();
    return std::shared_ptr<const Tree>(std::move(*made));
}

Tree::Tree(const Tree& other)
    : text_(other.text_)
    , view_(other.view_)
    , bulks_(other.bulks_)
    , nodes_(other.nodes_) {
    markNodes();
}

void Tree::forgetParse() {
    if (tree_) ts_tree_delete(tree_);
    tree_ = nullptr;
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

void Tree::markNodes() {
    const Tree* const self = this;
    static_assert(sizeof self <= sizeof(NodeEntry));
    std::memcpy(static_cast<void*>(nodes_.data()), &self, sizeof self);
}

const Tree* detail::treeOf(const NodeEntry* node) {
    const Tree* tree;
    std::memcpy(&tree, node - node->place - 1, sizeof tree);
    return tree;
}

std::string_view detail::textOf(const NodeEntry* node) {
    return node ? treeOf(node)->view_.substr(node->start, node->end - node->start) : std::string_view{};
}

// Without recursion, so that hostile input cannot exhaust the stack.
bool Tree::list(Alike* alike) {
    const TSNode root = ts_tree_root_node(tree_);
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    std::vector<uint32_t> path; // places of the open nodes
    nodes_.reserve(ts_node_descendant_count(root) + 1);
    nodes_.emplace_back();
    markNodes();
    const auto open = [&] {
        const TSNode node = ts_tree_cursor_current_node(&cursor);
        const TSPoint start = ts_node_start_point(node), end = ts_node_end_point(node);
        const TSFieldId field = path.empty() ? TSFieldId{0} : ts_tree_cursor_current_field_id(&cursor);
        const auto place = static_cast<uint32_t>(nodes_.size());
        NodeEntry entry{ts_node_start_byte(node), ts_node_end_byte(node), start.row, start.column, end.row, end.column,
                        path.empty() ? 0 : place - path.back(), 1, place - 1, NodeType::ofSymbol(ts_node_symbol(node)),
                        NodeField(static_cast<uint8_t>(field)), 0};
        if (ts_node_is_named(node)) entry.flags |= NodeEntry::kNamed;
        if (ts_node_has_error(node)) entry.flags |= NodeEntry::kError;
        if (entry.type == "comment") entry.flags |= NodeEntry::kComment;
        if (field) nodes_[path.back()].flags |= NodeEntry::kHasFields;
        nodes_.push_back(entry);
        path.push_back(place);
    };
    const auto close = [&] {
        nodes_[path.back()].size = static_cast<uint32_t>(nodes_.size()) - path.back();
        path.pop_back();
    };
    /// Whether the node has been opened, and not taken as a whole.
    const auto enter = [&] {
        if (alike && path.size() == 1 && alike->append(ts_tree_cursor_current_node(&cursor), path.back(), nodes_)) return false;
        open();
        return true;
    };
    for (bool isOpen = enter(); !path.empty() && path.size() <= kMaxDepth;) {
        if (isOpen && ts_tree_cursor_goto_first_child(&cursor)) {
            isOpen = enter();
            continue;
        }
        if (isOpen) close();
        while (!path.empty() && !ts_tree_cursor_goto_next_sibling(&cursor)) {
            ts_tree_cursor_goto_parent(&cursor);
            close();
        }
        if (!path.empty()) isOpen = enter();
    }
    ts_tree_cursor_delete(&cursor);
    return path.empty();
}

Node Tree::smallestAt(size_t offset) const {
    Node smallest = root();
    for (Node node = root(); node;) {
        Node inside;
        for (const Node& child : node.children()) {
            if (child.end() <= offset) continue;
            if (child.start() <= offset) inside = child;
            break;
        }
        if (inside.isNamed()) smallest = inside;
        node = inside;
    }
    return smallest;
}

std::vector<Node> Tree::identifiers(std::string_view text) const {
    std::vector<Node> found;
    if (identifiers_.empty())
        syntax::walk(root(), [&](const Node& node) {
            if (node.is("identifier"))
                identifiers_[node.text()].push_back(node.place());
            return true;
        });
    auto places = identifiers_.find(text);
    if (places != identifiers_.end())
        for (const uint32_t place : places->second) found.emplace_back(&nodes_[place + 1]);
    return found;
}

Tree::~Tree() { forgetParse(); }

std::optional<Node> Tree::firstError() const {
    Node found = findError(root());
    if (!found) return std::nullopt;
    return found;
}

} // namespace covet::syntax
