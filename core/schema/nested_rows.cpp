#include "schema/nested_rows.h"

#include <algorithm>

namespace covet::schema {
namespace {

/// A path whose tables nobody else has to keep.
struct HeldPath {
    HeldPath(const facts::Store& source, const NestedPath& given) : store(source), path(given) {
        tables.push_back(std::make_unique<Table>(*path.root));
        path.root = tables.back().get();
        for (NestedPath::Step& step : path.steps) {
            if (!step.table) continue;
            tables.push_back(std::make_unique<Table>(*step.table));
            step.table = tables.back().get();
        }
    }

    size_t count() const {
        size_t found = 0;
        for (NestedReader reader(store, path); reader.next();)
            ++found;
        return found;
    }

    facts::Store store;
    NestedPath path;
    std::vector<std::unique_ptr<Table>> tables;
};

class NestedSource : public ElementSource {
public:
    NestedSource(const facts::Store& store, const NestedPath& path) : held_(store, path), size_(held_.count()) {}
    size_t size() const override { return size_; }
    std::unique_ptr<Reader> read() const override { return std::make_unique<Elements>(held_); }

private:
    class Elements : public Reader {
    public:
        explicit Elements(const HeldPath& held) : reader_(held.store, held.path) {}
        bool next(Value&, Value& content) override {
            if (!reader_.next()) return false;
            content = reader_.content();
            return true;
        }

    private:
        NestedReader reader_;
    };

    HeldPath held_;
    size_t size_;
};

class ChildRowSource : public RowSource {
public:
    ChildRowSource(const facts::Store& store, const NestedPath& path, std::vector<ChildField> children)
        : held_(store, path), children_(std::move(children)), size_(held_.count()) {}
    size_t size() const override { return size_; }
    std::unique_ptr<RowReader> read() const override { return std::make_unique<Rows>(*this); }

private:
    class Rows : public RefillingReader {
    public:
        explicit Rows(const ChildRowSource& source)
            : table_(*source.held_.path.steps.back().table), reader_(source.held_.store, source.held_.path),
              writer_(table_, source.held_.store, source.children_) {}
        bool read(RowValues& row) override {
            if (!reader_.next()) return false;
            const Value& content = reader_.content();
            writer_.write({nullptr, &content}, reader_.number(), row);
            for (size_t i = 0; i < row.size(); ++i) {
                if (table_.columns[i].role == ColumnRole::ParentKey) row[i] = reader_.parentKey();
                if (table_.columns[i].role == ColumnRole::Position) row[i] = Value::integer(reader_.position());
            }
            return true;
        }

    private:
        const Table& table_;
        NestedReader reader_;
        RowWriter writer_;
    };

    HeldPath held_;
    std::vector<ChildField> children_;
    size_t size_;
};

} // namespace

NestedReader::NestedReader(const facts::Store& store, const NestedPath& path)
    : root_(path.root), rootWriter_(*path.root, store), rows_(rowsOf(store)) {
    for (const NestedPath::Step& step : path.steps) {
        Level level;
        level.step = step;
        if (step.table) level.writer = std::make_unique<RowWriter>(*step.table, store);
        levels_.push_back(std::move(level));
    }
}

bool NestedReader::advance(size_t depth) {
    if (depth == 0) {
        if (number_ == 0)
            at_ = rows_.begin();
        else if (at_ != rows_.end())
            ++at_;
        if (at_ == rows_.end()) return false;
        row_ = *at_;
        ++number_;
        return true;
    }
    Level& level = levels_[depth - 1];
    while (!step(level)) {
        if (!advance(depth - 1)) return false;
        enter(level, contentAt(depth - 1));
    }
    ++level.number;
    ++level.position;
    return true;
}

void NestedReader::enter(Level& level, const Value& parent) {
    level.position = 0;
    level.elements.reset();
    level.record = nullptr;
    const Value* value = level.step.field.empty() ? &parent : parent.isRecord() ? parent.find(level.step.field) : nullptr;
    if (!value) return;
    if (level.step.nesting == Nesting::Record && value->kind() == Value::Kind::Dict) level.record = value;
    const bool isRead = level.step.nesting == Nesting::Elements ? value->kind() == Value::Kind::List
                                                                : value->kind() == Value::Kind::Dict;
    if (isRead && level.step.nesting != Nesting::Record) level.elements.emplace(*value);
}

bool NestedReader::step(Level& level) {
    if (level.record) {
        level.content = level.record;
        level.record = nullptr;
        return true;
    }
    if (!level.elements || !level.elements->next()) return false;
    level.content = &level.elements->content();
    if (level.step.nesting != Nesting::Entries) return true;
    level.entry = Value::dict({{Value::string("key"), *level.elements->key()}, {Value::string("value"), *level.content}});
    level.content = &level.entry;
    return true;
}

Value NestedReader::keyAt(size_t depth) {
    const Table& table = depth == 0 ? *root_ : *levels_[depth - 1].step.table;
    const Column& key = *table.column(table.primaryKey[0]);
    if (key.role == ColumnRole::ParentKey) return keyAt(depth - 1);
    if (depth == 0) return rootWriter_.valueFor(key, row_, number_);
    Level& level = levels_[depth - 1];
    return level.writer->valueFor(key, {nullptr, level.content}, level.number);
}

Value nestedElements(const facts::Store& store, const NestedPath& path) {
    return Value::deferred(Value::Kind::List, std::make_shared<NestedSource>(store, path));
}

std::shared_ptr<const RowSource> nestedRows(const facts::Store& store, const NestedPath& path,
                                            std::vector<ChildField> children) {
    return std::make_shared<ChildRowSource>(store, path, std::move(children));
}

} // namespace covet::schema
