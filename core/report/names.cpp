#include "report/names.h"

namespace covet::report {

const char* nameOf(rules::Outcome outcome) {
    switch (outcome) {
    case rules::Outcome::Fixed: return "fixed";
    case rules::Outcome::Offered: return "offered";
    case rules::Outcome::Skipped: return "skipped";
    case rules::Outcome::Suppressed: return "suppressed";
    case rules::Outcome::Baselined: return "baselined";
    }
    return "";
}

const char* nameOf(rules::Safety safety) {
    switch (safety) {
    case rules::Safety::Safe: return "safe";
    case rules::Safety::Unsafe: return "unsafe";
    case rules::Safety::Manual: return "manual";
    }
    return "";
}

const char* nameOf(facts::Outcome outcome) {
    switch (outcome) {
    case facts::Outcome::Exact: return "exact";
    case facts::Outcome::Bridged: return "bridged";
    case facts::Outcome::Manual: return "manual";
    }
    return "";
}

const char* nameOf(ChangeKind kind) {
    switch (kind) {
    case ChangeKind::Create: return "create";
    case ChangeKind::Modify: return "modify";
    case ChangeKind::Delete: return "delete";
    }
    return "";
}

std::string shapeOf(const facts::Store& store) {
    if (store.container == facts::Container::Scalar) return "scalar";
    std::string element;
    switch (store.element) {
    case facts::Element::Record: element = "records"; break;
    case facts::Element::Instance: {
        const size_t cut = store.elementClass.find_last_of(":.");
        element = store.elementClass.substr(cut == std::string::npos ? 0 : cut + 1) + " instances";
        break;
    }
    case facts::Element::Scalar: element = "scalars"; break;
    case facts::Element::Sequence: element = "lists"; break;
    case facts::Element::Unknown: element = "values"; break;
    }
    switch (store.container) {
    case facts::Container::List: return "list of " + element;
    case facts::Container::Set: return "set of " + element;
    case facts::Container::Dict:
        return "dict of " + (store.keyType.empty() ? "keys" : store.keyType) + " to " + element;
    case facts::Container::Scalar: break;
    }
    return "scalar";
}

long long rowsOf(const Analysis& analysis, const facts::Store& store) {
    if (!store.data || !store.leftAlone.empty()) return -1;
    if (store.container == facts::Container::Scalar) return 1;
    const Value& data = *store.data;
    const bool counted = data.isSequence() || data.kind() == Value::Kind::Dict;
    const schema::Table* table = analysis.schema.tableOfStore(store.id);
    if (table)
        for (const schema::TableRows& rows : analysis.rows)
            if (rows.table == table->name) return static_cast<long long>(rows.size());
    if (!counted) return -1;
    return static_cast<long long>(data.size());
}

FindingTotals totalsOf(const std::vector<rules::Finding>& findings) {
    FindingTotals totals;
    for (const rules::Finding& finding : findings) {
        switch (finding.outcome) {
        case rules::Outcome::Fixed: ++totals.fixed; break;
        case rules::Outcome::Offered: ++totals.offered; break;
        case rules::Outcome::Skipped: ++totals.skipped; break;
        case rules::Outcome::Suppressed: ++totals.suppressed; break;
        case rules::Outcome::Baselined: ++totals.baselined; break;
        }
    }
    return totals;
}

UseTotals totalsOf(const std::vector<facts::StoreUse>& uses) {
    UseTotals totals;
    totals.total = uses.size();
    for (const facts::StoreUse& use : uses) {
        totals.exact += use.outcome == facts::Outcome::Exact;
        totals.bridged += use.outcome == facts::Outcome::Bridged;
        totals.manual += use.outcome == facts::Outcome::Manual;
    }
    return totals;
}

} // namespace covet::report
