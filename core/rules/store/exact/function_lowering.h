#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "facts/reference_context.h"
#include "rules/store/exact/group_lowering.h"
#include "schema/model.h"

namespace covet::rules::exact {

/// A variable that holds a row of a table, or a list of rows.
struct RowVariable {
    const schema::Table* table = nullptr;
    bool maybeNone = false;
    bool isList = false;
    std::string key; // name of the variable that holds the dict key in `for key, row in d.items()`
    Node scope;      // where the name means this
};

/// A condition as arguments of `.where()`; in Python where SQL has no equal for it.
struct Condition {
    std::vector<std::string> where;
    /// `if UNLESS: query = query.where(...)`: set when the condition is `X is None or ...`.
    std::string onlyIf;
    Node key; // the other side of a condition that is nothing but `row[primary key] == ...`
    bool onlyByKey = false; // the key may raise, so only find() can look at it: where is empty
};

/// Plans the lowering of one function.
class FunctionLowering {
public:
    FunctionLowering(GroupLowering& shared, const Function& function, std::vector<const StoreReference*> references);

    void run();

private:
    // One lift_*.cpp or *.cpp each.
    void lift(const StoreReference& reference);
    void liftWhole(const StoreReference& reference, const facts::ReferenceContext& use, const Node& iterable);
    void liftLoop(const StoreReference& reference, const Node& iterable, const Node& loop);
    void liftComprehension(const StoreReference& reference, const Node& iterable, const Node& clause);
    bool liftCount(const StoreReference& reference, const schema::Table& table, const Node& whole, const std::string& row,
                   std::string where, bool allInSql);
    bool liftHighestPlusOne(const StoreReference& reference, const Node& generator, const std::string& row);
    bool liftNextId(const StoreReference& reference);
    void liftKey(const StoreReference& reference, const facts::ReferenceContext& use);
    void liftWrite(const StoreReference& reference, const facts::ReferenceContext& use);
    void liftInsert(const StoreReference& reference, const facts::ReferenceContext& use);
    void liftPosition(const StoreReference& reference, const facts::ReferenceContext& use);
    void liftReplaceAll(const StoreReference& reference, const facts::ReferenceContext& use);
    void liftScalars();
    void lowerRowUses();
    void lowerRowUse(const Node& row, const schema::Table& table, bool maybeNone, const std::string& name);
    void lowerListUse(const Node& list, const RowVariable& variable);
    bool lowerFieldAccess(const Node& row, const schema::Table& table);
    void lowerCalls();
    bool mayBeRecord(const Function& function, const Node& value, int depth) const;
    bool mayReturnRecords(const Function& function, int depth) const;
    void placeCommits();
    bool isRowByNow(const Node& reference) const;
    bool usesStoresAfter(const Node& statement) const;
    void endInOneTransaction();

    /// Binds `name = ROW` or lowers the use of the row expression in place.
    void rowExpression(const Node& node, const schema::Table& table, bool maybeNone,
                       std::function<std::string(const ModuleRewrite&)> call);
    void bind(const std::string& name, RowVariable variable);
    /// Whether every use of the variable leaves the records in it alone; `isAlias`: the list, too.
    bool onlyReads(const std::string& name, const Node& scope, bool isAlias, int depth = 0);
    bool readOnlyUse(const Node& value, bool isAlias, int depth);
    bool leavesArgumentAlone(const Node& call, const Node& argument) const;
    /// Whether the callee leaves the argument alone, and so does the code with what it gives back.
    bool argumentIsOnlyRead(const Node& call, const Node& argument, int depth);

    /// SQL of a condition about `row`; nothing where SQL would not mean the same.
    std::optional<Condition> predicate(const Node& condition, const std::string& row, const schema::Table& table);
    std::optional<Condition> translated(const Node& condition, const std::string& row, const schema::Table& table);
    std::optional<std::string> predicateText(const Node& condition, const std::string& row,
                                             const schema::Table& table, bool negate);
    std::optional<std::string> comparisonText(const Node& condition, const std::string& row,
                                              const schema::Table& table, bool negate);
    const schema::Column* columnOf(const Node& access, const std::string& row, const schema::Table& table) const;
    bool isQueryText(const Node& node) const;
    std::string placeholder(const Node& node);
    ModuleRewrite::Render filled(std::string text);

    /// The first row for which the conditions hold, or None.
    std::string searchText(const schema::Table& table, const std::string& where, const Node& key, bool isLazy);
    Node comparedKey(const Node& condition, const std::string& row, const schema::Table& table) const;
    std::string orderBy(const schema::Table& table);
    std::string selectAll(const schema::Table& table, const std::string& where = "");
    std::string wholeText(const FoundStore& store, const schema::Table& table);
    std::string recordText(const schema::Table& table, const Node& value);
    bool isPlainRecord(const Node& value, const Node& statement);
    bool holdsRecords(const Node& dictionary);
    void wrote(const Node& node);
    bool canRaise(const Node& node);
    bool canRaiseInside(const Node& value);
    bool isEvaluatedBefore(const Node& expression) const;
    /// Whether a condition about rows that is evaluated once, before there are any, raises what it did not.
    bool raisesEarly(const Node& value) { return canRaise(value) && !isEvaluatedBefore(value); }
    bool canRaiseAround(const Node& call);
    std::set<const schema::Table*> tablesIn(const Node& scope, size_t end, bool onlyChanged) const;
    bool dependsOnEarlier(const Node& write) const;
    Node afterLoops(const Node& write);
    void namedRow(const Node& node, const schema::Table& table, const std::string& row);
    bool fuseGuard(const StoreReference& reference, const facts::ReferenceContext& use);
    std::vector<Node> assignmentsOf(const std::string& name) const;
    bool isComparedKey(const Node& loop, const std::string& row, const std::string& field, const Node& value);
    bool mentions(const Node& node, const std::string& name) const;
    bool isClosed(const schema::Table& table) const;
    std::string call(const std::string& helper, const std::string& arguments);
    void fail(const std::string& code) { shared_.fail(code); }

    GroupLowering& shared_;
    const Function& function_;
    const Module& module_;
    std::vector<const StoreReference*> references_;
    std::string db_;
    std::map<std::string, std::vector<RowVariable>> variables_;
    std::map<std::string, std::string> positions_; // index variable of enumerate(S) -> row variable
    std::map<std::string, Node> positionLoops_;
    std::map<const void*, std::string> fused_; // look-ups that a guard has done: the row's name
    std::set<const void*> rowValues_;          // what gives a row variable its rows: values and loops
    std::set<std::string> scalars_;            // numbers that counters have become
    std::set<const void*> names_;              // expressions that become a row's name
    std::set<const void*> lowered_;
    std::vector<Node> writes_;
    std::vector<Node> placeholders_;
};

} // namespace covet::rules::exact
