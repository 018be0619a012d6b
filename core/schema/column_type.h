#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "schema/model.h"

namespace covet::schema {

/// What all values of one column have in common.
class ColumnEvidence {
public:
    void add(const Value& value);

    size_t values() const { return values_; } // without None and unknown ones
    size_t nulls() const { return nulls_; }
    size_t unknown() const { return unknown_; }
    size_t longestText() const { return longestText_; }

private:
    friend class TypeDecision;
    void addInteger(const Value& value);

    size_t values_ = 0, nulls_ = 0, unknown_ = 0;
    std::set<Value::Kind> kinds_;
    bool beyond32_ = false, beyond64_ = false, beyondDouble_ = false, special_ = false;
    bool notFinite_ = false;
    bool unstorable_ = false, notPlain_ = false, hasEmpty_ = false, onlyUuidTexts_ = true;
    bool naive_ = false, utc_ = false, otherOffset_ = false;
    bool oneScale_ = true;
    unsigned wholeDigits_ = 0;
    int scale_ = -1;
    size_t longestText_ = 0;
    std::set<std::string> texts_; // the first few distinct ones
};

/// The type of a column and why.
struct ColumnType {
    Type type;
    std::string pythonType;
    bool tagged = false;
    /// Some values are kept beside the column, in the document: ints among floats, nan.
    bool needsExtra = false;
    bool nullable = false;
    std::vector<std::string> enumeration;
    std::string evidence;
};

/// From the values and what the code says (`fact` may be null). Values of different types make a
/// JSON column; so does a type that nothing tells.
ColumnType decideType(const ColumnEvidence& evidence, const facts::FieldFact* fact, bool lenient);

/// Whether the column can hold the value so that the same value comes back.
bool fits(const Column& column, const Value& value);

/// The float that a column of floats holds instead of an equal number of another type.
std::optional<Value> equalFloat(const Column& column, const Value& value);

} // namespace covet::schema
