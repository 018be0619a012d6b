#include "schema/normalized.h"

#include <algorithm>
#include <memory>

#include "schema/naming.h"
#include "schema/nested_rows.h"
#include "schema/nested_shape.h"
#include "schema/relations.h"
#include "schema/table_builder.h"
#include "support/strings.h"

namespace covet::schema {
namespace {

constexpr size_t kMaxLevels = 8;

/// A table and what it is made of.
struct Part {
    Table table;
    facts::Store store; // whose elements are the rows; of a child table a made-up one
    const facts::Store* root = nullptr;
    NestedPath path; // from the table of the root to this one
    bool isChild = false;
    std::vector<ChildField> children;
};

class Normalizer {
public:
    Normalizer(const Schema& schema, const std::vector<facts::Store>& stores, const Options& options)
        : schema_(schema), stores_(stores), options_(options), models_(options.takenNames) {
        for (const Table& table : schema.tables) {
            names_.claim(table.name);
            models_.insert(table.model);
        }
    }

    Normalized run() {
        for (const Table& table : schema_.tables) {
            const auto store = std::find_if(stores_.begin(), stores_.end(),
                                            [&](const facts::Store& one) { return one.id == table.store; });
            auto part = std::make_unique<Part>();
            part->table = table;
            if (store != stores_.end()) {
                part->store = *store;
                part->root = &*store;
            }
            parts_.push_back(std::move(part));
            Part& added = *parts_.back();
            added.path.root = &added.table;
            if (added.root && isKnown(*added.root)) takeApart(added);
        }
        return joined();
    }

private:
    static bool isKnown(const facts::Store& store) {
        return store.data && !store.madeAtStart && !store.mixedClasses && !store.data->hasOpaque();
    }

    /// Gives nested values of a table tables of their own, and what is nested in those.
    void takeApart(Part& parent) {
        size_t fields = 0;
        for (size_t at = 0; at < parent.table.columns.size();) {
            Column& column = parent.table.columns[at];
            const bool mayNest = column.type.kind == TypeKind::Json && !column.isPassword &&
                                 (column.role == ColumnRole::Field || column.role == ColumnRole::Value);
            NestedShape shape;
            if (mayNest) {
                NestedReader values(*parent.root, parent.path);
                shape = nestedShape(values, column.field);
                if (parent.path.steps.size() >= kMaxLevels) shape = {Nesting::None, false, "nested too deeply"};
            }
            if (shape.nesting == Nesting::None) {
                if (mayNest) column.evidence += (column.evidence.empty() ? "" : "; ") + ("stays a document: " + shape.reason);
                fields += column.role == ColumnRole::Field;
                ++at;
                continue;
            }
            const Column nested = column;
            parent.table.columns.erase(parent.table.columns.begin() + static_cast<std::ptrdiff_t>(at));
            addChild(parent, nested, shape, fields);
        }
    }

    void addChild(Part& parent, const Column& nested, const NestedShape& shape, size_t place) {
        auto part = std::make_unique<Part>();
        part->isChild = true;
        part->root = parent.root;
        part->path = parent.path;
        part->path.steps.push_back({nested.field, shape.nesting, nullptr});
        facts::Store& store = part->store;
        store.id = parent.store.id + "." + (nested.field.empty() ? "*" : nested.field);
        store.name = nested.field.empty() ? parent.store.name : nested.field;
        store.module = parent.root->module;
        store.changed = parent.root->changed;
        store.idFollowsInsertion = true;
        store.data = nestedElements(*parent.root, part->path);
        Options options = options_;
        options.keyFields[store.id] = "";
        Table& table = part->table;
        table = buildTable(store, options);
        table.store.clear();
        const std::string base = singular(parent.table.name) + "_" + (nested.field.empty() ? "items" : snakeCase(nested.field));
        table.name = names_.claim(base);
        table.model = modelName(table.name, models_);
        models_.insert(table.model);
        if (shape.nesting == Nesting::Record) dropSurrogate(table);
        addKeys(parent.table, table, shape);
        parent.children.push_back({nested.field, nested.optional, shape.nesting == Nesting::Record, place});
        if (shape.hasNone && !parent.table.columnOfRole(ColumnRole::Extra)) addExtra(parent.table);
        part->path.steps.back().table = &table;
        parts_.push_back(std::move(part));
        takeApart(*parts_.back());
    }

    /// The document that tells which lists and dicts are None: they have as few rows as empty ones.
    static void addExtra(Table& table) {
        NameScope scope;
        std::set<std::string> attributes;
        for (const Column& column : table.columns) {
            scope.claim(column.name);
            attributes.insert(column.attribute);
        }
        Column column;
        column.role = ColumnRole::Extra;
        column.name = scope.claim(scope.isFree("extra") ? "extra" : "extra_fields");
        column.attribute = attributeName(column.name);
        while (!attributes.insert(column.attribute).second)
            column.attribute += '_';
        column.type = {TypeKind::Json};
        column.pythonType = "object";
        column.tagged = true;
        column.nullable = true;
        column.evidence = "which of the nested values are None rather than empty";
        table.columns.push_back(std::move(column));
    }

    static void dropSurrogate(Table& table) {
        table.columns.erase(std::remove_if(table.columns.begin(), table.columns.end(),
                                           [](const Column& column) { return column.role == ColumnRole::Surrogate; }),
                            table.columns.end());
        table.primaryKey.clear();
        table.orderBy.clear();
        table.identityStart = 0;
    }

    /// The reference to the parent and, of elements and entries, the place among its others.
    static void addKeys(const Table& parent, Table& table, const NestedShape& shape) {
        NameScope scope;
        std::set<std::string> attributes;
        for (const Column& column : table.columns) {
            scope.claim(column.name);
            attributes.insert(column.attribute);
        }
        const auto add = [&](std::string name, Column column, size_t at) {
            column.name = scope.claim(name);
            column.attribute = attributeName(column.name);
            while (!attributes.insert(column.attribute).second)
                column.attribute += '_';
            table.columns.insert(table.columns.begin() + static_cast<std::ptrdiff_t>(at), column);
            return column.name;
        };
        const Column& key = *parent.column(parent.primaryKey[0]);
        Column reference;
        reference.role = ColumnRole::ParentKey;
        reference.type = key.type;
        reference.pythonType = key.pythonType;
        reference.tagged = key.tagged;
        reference.evidence = "the row of `" + parent.name + "` that holds it: " + shape.reason;
        const bool isRecord = shape.nesting == Nesting::Record;
        const std::string toParent =
            add(singular(parent.name) + "_" + (key.role == ColumnRole::Surrogate ? "id" : key.name), reference, isRecord ? 0 : 1);
        ForeignKey owner;
        owner.columns = {toParent};
        owner.table = parent.name;
        owner.references = {key.name};
        owner.evidence = "values nested in records of `" + parent.name + "`";
        table.foreignKeys.insert(table.foreignKeys.begin(), std::move(owner));
        if (isRecord) {
            table.primaryKey = table.orderBy = {toParent};
            return;
        }
        Column position;
        position.role = ColumnRole::Position;
        position.type = {TypeKind::BigInt};
        position.pythonType = "int";
        position.evidence = shape.nesting == Nesting::Entries ? "the order of the keys" : "the place in the list";
        const std::string place = add(scope.isFree("position") ? "position" : "list_position", position, 2);
        table.uniques.push_back({toParent, place});
    }

    /// The tables of stores stay before those of what is nested in them; these may refer to any.
    Normalized joined() {
        std::stable_partition(parts_.begin(), parts_.end(),
                              [](const std::unique_ptr<Part>& part) { return !part->isChild; });
        std::vector<Table> tables;
        std::vector<const facts::Store*> sources;
        size_t own = 0;
        for (const std::unique_ptr<Part>& part : parts_) {
            own += !part->isChild;
            tables.push_back(part->table);
            sources.push_back(&part->store);
        }
        relateTables(tables, sources, own);
        sortByReferences(tables);
        Normalized result{{std::move(tables)}, {}};
        result.rows = tableRows(result.schema, stores_);
        for (TableRows& rows : result.rows) {
            const auto part = std::find_if(parts_.begin(), parts_.end(),
                                           [&](const auto& one) { return one->table.name == rows.table; });
            (*part)->table = *result.schema.table(rows.table); // references have given columns their types
            if ((*part)->isChild)
                rows.source = nestedRows(*(*part)->root, (*part)->path, (*part)->children);
            else if (!(*part)->children.empty())
                rows.source = storeRows((*part)->table, *(*part)->root, (*part)->children);
            if (rows.source) rows.rows.clear();
        }
        return result;
    }

    const Schema& schema_;
    const std::vector<facts::Store>& stores_;
    const Options& options_;
    NameScope names_;
    std::set<std::string> models_;
    std::vector<std::unique_ptr<Part>> parts_;
};

} // namespace

Normalized normalized(const Schema& schema, const std::vector<facts::Store>& stores, const Options& options) {
    return Normalizer(schema, stores, options).run();
}

} // namespace covet::schema
