#include "schema/column_type.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "schema/document.h"
#include "schema/moment_text.h"
#include "support/strings.h"
#include "syntax/exact_number.h"

namespace covet::schema {
namespace {

using Kind = Value::Kind;

constexpr size_t kMaxEnumeration = 8;
constexpr unsigned kExactDigits = 15; // decimal ones that a double keeps
constexpr int64_t kExactInDouble = int64_t{1} << 53;

bool isInt32(const Value& value) {
    int64_t number = 0;
    return value.toInt64(number) && number >= INT32_MIN && number <= INT32_MAX;
}

bool isInt64(const Value& value) {
    int64_t number = 0;
    return value.toInt64(number);
}

bool isCanonicalUuid(const std::string& text) {
    if (text.size() != 36) return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

/// One that every database gives back: SQLite forgets the sign of zero.
bool isPlainFloat(const Value& value) {
    return std::isfinite(value.toDouble()) && value.text() != "-0.0";
}

/// Digits before the point and after it of a plain decimal; scale -1 for exponents and specials.
void measureDecimal(const std::string& text, unsigned& whole, int& scale) {
    scale = 0;
    whole = 0;
    bool point = false;
    for (size_t i = text[0] == '-' || text[0] == '+' ? 1 : 0; i < text.size(); ++i) {
        if (text[i] == '.')
            point = true;
        else if (text[i] < '0' || text[i] > '9') {
            scale = -1;
            return;
        } else if (point)
            ++scale;
        else
            ++whole;
    }
}

bool holdsEmptyContainer(const Value& value) {
    if (value.kind() == Kind::List)
        return value.items().empty() || std::any_of(value.items().begin(), value.items().end(), holdsEmptyContainer);
    if (value.kind() != Kind::Dict) return false;
    return value.entries().empty() ||
           std::any_of(value.entries().begin(), value.entries().end(), [](const auto& entry) { return holdsEmptyContainer(entry.second); });
}

} // namespace

void ColumnEvidence::add(const Value& value) {
    if (value.isNull()) {
        ++nulls_;
        return;
    }
    if (value.isOpaque()) {
        ++unknown_;
        return;
    }
    ++values_;
    kinds_.insert(value.kind());
    notPlain_ = notPlain_ || !isPlainJson(value);
    hasEmpty_ = hasEmpty_ || holdsEmptyContainer(value);
    switch (value.kind()) {
    case Kind::Int:
        addInteger(value);
        break;
    case Kind::Float:
        special_ = special_ || !isPlainFloat(value);
        notFinite_ = notFinite_ || !std::isfinite(value.toDouble());
        break;
    case Kind::Str:
        unstorable_ = unstorable_ || !isStorableText(value.text());
        onlyUuidTexts_ = onlyUuidTexts_ && isCanonicalUuid(value.text());
        longestText_ = std::max(longestText_, codePointCount(value.text()));
        if (texts_.size() <= kMaxEnumeration) texts_.insert(value.text());
        break;
    case Kind::Decimal: {
        unsigned whole = 0;
        int scale = 0;
        measureDecimal(value.text(), whole, scale);
        oneScale_ = oneScale_ && scale >= 0 && (scale_ < 0 || scale_ == scale);
        scale_ = scale;
        wholeDigits_ = std::max(wholeDigits_, whole);
        break;
    }
    case Kind::DateTime:
    case Kind::Time:
        switch (zoneOf(value.text())) {
        case Zone::None:
            naive_ = true;
            break;
        case Zone::Utc:
            utc_ = true;
            break;
        case Zone::Other:
            otherOffset_ = true;
            break;
        }
        break;
    default:
        break;
    }
}

void ColumnEvidence::addInteger(const Value& value) {
    int64_t number = 0;
    const bool fits = value.toInt64(number);
    beyond64_ = beyond64_ || !fits;
    beyond32_ = beyond32_ || !fits || number < INT32_MIN || number > INT32_MAX;
    if (fits && number >= -kExactInDouble && number <= kExactInDouble) return;
    beyondDouble_ = beyondDouble_ || !(Value::floating(value.toDouble()) == value);
}

class TypeDecision {
public:
    TypeDecision(const ColumnEvidence& seen, const facts::FieldFact* fact)
        : seen_(seen), fact_(fact ? fact->type : "") {
        if (fact && fact_ == "datetime" && endsWith(fact->evidence, "annotation"))
            fact_ = "datetime?"; // an annotation does not say whether there is a zone
        if (fact_ == "json") {
            unchecked_ = true;
            fact_.clear();
        }
        result_.nullable = seen.nulls_ > 0 || seen.unknown_ > 0 || (fact && fact->nullable);
        result_.evidence = rowsText();
        if (fact && !fact->evidence.empty())
            result_.evidence += (result_.evidence.empty() ? "" : "; ") + fact->evidence +
                                (fact->type.empty() ? "" : " (" + fact->type + ")");
    }

    ColumnType decide() {
        if (!number() && !text() && !temporal() && !other()) json();
        return std::move(result_);
    }

private:
    bool only(Kind kind, std::initializer_list<const char*> facts) const {
        const bool rows =
            seen_.kinds_.empty() || (seen_.kinds_.size() == 1 && *seen_.kinds_.begin() == kind);
        const bool code = fact_.empty()
                              ? !seen_.kinds_.empty()
                              : std::find(facts.begin(), facts.end(), fact_) != facts.end();
        return rows && code;
    }

    bool set(TypeKind kind, const char* pythonType) {
        result_.type.kind = kind;
        result_.pythonType = pythonType;
        return true;
    }

    bool number() {
        if (only(Kind::Bool, {"bool"})) return set(TypeKind::Boolean, "bool");
        if (only(Kind::Int, {"int"})) {
            if (!seen_.beyond32_) return set(TypeKind::Integer, "int");
            if (!seen_.beyond64_) return set(TypeKind::BigInt, "int");
            note("integers beyond 64 bits");
            return set(TypeKind::Numeric, "int");
        }
        const std::set<Kind>& kinds = seen_.kinds_;
        if (fact_ == "number" && kinds.count(Kind::Float)) fact_ = "float";
        if (fact_ == "number" && (kinds.empty() || kinds == std::set<Kind>{Kind::Int})) {
            note("ints and floats stay what they are");
            return set(TypeKind::Numeric, "number");
        }
        const bool numbers = std::all_of(kinds.begin(), kinds.end(), [](Kind kind) {
            return kind == Kind::Int || kind == Kind::Float;
        });
        const bool floats = kinds.count(Kind::Float) > 0 || fact_ == "float";
        if (numbers && floats && (fact_.empty() || fact_ == "float" || fact_ == "int")) {
            if (seen_.beyondDouble_) return false;
            const bool mixed = kinds.count(Kind::Int) || fact_ == "int";
            if (mixed) note("ints among the floats stay ints");
            if (seen_.special_) note("nan, infinity and -0.0 are kept in the document");
            result_.nullable = result_.nullable || seen_.notFinite_;
            result_.needsExtra = mixed || seen_.special_;
            return set(TypeKind::Float, "float");
        }
        if (only(Kind::Decimal, {"Decimal"})) {
            if (fact_.empty() && seen_.oneScale_ && seen_.scale_ <= 30) {
                result_.type.scale = static_cast<unsigned>(seen_.scale_);
                result_.type.precision = std::max(18u, seen_.wholeDigits_ + result_.type.scale);
            }
            return set(TypeKind::Numeric, "Decimal");
        }
        return false;
    }

    bool text() {
        if (only(Kind::Uuid, {"uuid"})) return set(TypeKind::Uuid, "UUID");
        if (seen_.kinds_ == std::set<Kind>{Kind::Str} && fact_ == "uuid" && seen_.onlyUuidTexts_) {
            note("texts that are all UUIDs");
            return set(TypeKind::Uuid, "str");
        }
        if (!only(Kind::Str, {"str"})) return false;
        if (seen_.unstorable_) {
            note("texts that a text column cannot hold (NUL or lone surrogates)");
            return false;
        }
        const size_t distinct = seen_.texts_.size();
        if (distinct > 0 && distinct <= kMaxEnumeration && seen_.values_ >= 3 * distinct)
            result_.enumeration.assign(seen_.texts_.begin(), seen_.texts_.end());
        return set(TypeKind::Text, "str");
    }

    bool temporal() {
        if (only(Kind::Date, {"date"})) return set(TypeKind::Date, "date");
        if (only(Kind::Time, {"time"}) && !seen_.utc_ && !seen_.otherOffset_)
            return set(TypeKind::Time, "time");
        if (!only(Kind::DateTime, {"datetime", "datetime?", "datetimetz"})) return false;
        const bool mayBeNaive = seen_.naive_ || fact_ == "datetime";
        const bool mayBeUtc = seen_.utc_ || fact_ == "datetimetz";
        const bool unclear = seen_.otherOffset_ || (mayBeNaive && mayBeUtc) ||
                             (fact_ == "datetime?" && !mayBeNaive && !mayBeUtc);
        if (!unclear)
            return set(mayBeUtc ? TypeKind::TimestampTz : TypeKind::Timestamp, "datetime");
        note("with and without zones, or zones other than UTC: kept as ISO 8601 text");
        result_.type.length = 40;
        return set(TypeKind::Varchar, "datetime");
    }

    bool other() {
        if (only(Kind::Bytes, {"bytes"})) return set(TypeKind::Bytes, "bytes");
        return false;
    }

    void json() {
        set(TypeKind::Json, "object");
        const bool containers = fact_.empty() || fact_ == "list" || fact_ == "dict";
        const bool nested = std::all_of(seen_.kinds_.begin(), seen_.kinds_.end(), [](Kind kind) {
            return kind == Kind::List || kind == Kind::Dict;
        });
        // What the code will put into an empty container does not show: keys may be numbers, elements dates.
        const bool open = seen_.values_ == 0 || !nested || seen_.hasEmpty_;
        result_.tagged = seen_.notPlain_ || !containers || (!unchecked_ && open);
        if (seen_.kinds_.empty() && fact_.empty()) {
            result_.nullable = true;
            note(unchecked_ ? "whatever a request holds" : "nothing tells the type");
        }
        if (seen_.kinds_.size() > 1 && !nested) note("values of different types");
        if (seen_.kinds_.size() == 1 && !fact_.empty() && !nested)
            note("rows and code disagree about the type");
    }

    void note(const char* what) {
        result_.evidence += (result_.evidence.empty() ? "" : "; ") + std::string(what);
    }

    std::string rowsText() const {
        if (seen_.values_ + seen_.nulls_ + seen_.unknown_ == 0) return "";
        std::string kinds;
        for (const Kind kind : seen_.kinds_)
            kinds += (kinds.empty() ? "" : " or ") + std::string(kindName(kind));
        std::string text = std::to_string(seen_.values_) +
                           (seen_.values_ == 1 ? " row: " : " rows: ") +
                           (kinds.empty() ? "no value" : kinds);
        if (seen_.nulls_) text += ", " + std::to_string(seen_.nulls_) + " None";
        if (seen_.unknown_) text += ", " + std::to_string(seen_.unknown_) + " not known";
        return text;
    }

    const ColumnEvidence& seen_;
    std::string fact_;
    bool unchecked_ = false; // any JSON value of a request
    ColumnType result_;
};

ColumnType decideType(const ColumnEvidence& evidence, const facts::FieldFact* fact, bool lenient) {
    ColumnType decided = TypeDecision(evidence, fact).decide();
    const bool annotated =
        fact && (endsWith(fact->evidence, "annotation") || endsWith(fact->evidence, "__init__"));
    if (!lenient || annotated || decided.type.kind == TypeKind::Json) return decided;
    decided.type = {TypeKind::Json};
    decided.pythonType = "object";
    decided.tagged = true;
    decided.needsExtra = false;
    decided.evidence += "; lenient: the code does not check the type";
    return decided;
}

bool fits(const Column& column, const Value& value) {
    if (column.tagged || column.type.kind == TypeKind::Json) return true;
    const Kind kind = value.kind();
    switch (column.type.kind) {
    case TypeKind::Integer:
        return kind == Kind::Int && isInt32(value);
    case TypeKind::BigInt:
        return kind == Kind::Int && isInt64(value);
    case TypeKind::Float:
        return kind == Kind::Float && isPlainFloat(value);
    case TypeKind::Numeric: {
        if (column.pythonType == "int") return kind == Kind::Int;
        if (column.pythonType == "number") // a point is what tells floats from ints in the database
            return kind == Kind::Int || (kind == Kind::Float && isPlainFloat(value) && value.text().find('e') == std::string::npos);
        const bool isFloat = column.pythonType == "float";
        if (kind != (isFloat ? Kind::Float : Kind::Decimal)) return false;
        if (column.type.precision == 0) return !isFloat;
        unsigned whole = 0;
        int scale = 0;
        measureDecimal(value.text(), whole, scale);
        if (isFloat && (!isPlainFloat(value) || whole + column.type.scale > kExactDigits)) return false;
        // The scale is part of a Decimal, but not of a float: 2.5 is 2.50.
        return (isFloat ? scale >= 0 && (value.text().substr(value.text().size() - 2) == ".0" ||
                                         scale <= static_cast<int>(column.type.scale))
                        : scale == static_cast<int>(column.type.scale)) &&
               whole <= column.type.precision - column.type.scale;
    }
    case TypeKind::Boolean:
        return kind == Kind::Bool;
    case TypeKind::Text:
    case TypeKind::Varchar:
        if (column.pythonType == "datetime") return kind == Kind::DateTime;
        return kind == Kind::Str && isStorableText(value.text()) &&
               (column.type.length == 0 || codePointCount(value.text()) <= column.type.length);
    case TypeKind::Date:
        return kind == Kind::Date;
    case TypeKind::Time:
        return kind == Kind::Time && zoneOf(value.text()) == Zone::None;
    case TypeKind::Timestamp:
        return kind == Kind::DateTime && zoneOf(value.text()) == Zone::None;
    case TypeKind::TimestampTz:
        return kind == Kind::DateTime && zoneOf(value.text()) == Zone::Utc;
    case TypeKind::Uuid:
        return column.pythonType == "UUID" ? kind == Kind::Uuid
                                           : kind == Kind::Str && isCanonicalUuid(value.text());
    case TypeKind::Bytes:
        return kind == Kind::Bytes;
    case TypeKind::Json:
        break;
    }
    return true;
}

std::optional<Value> equalFloat(const Column& column, const Value& value) {
    const bool isNumber = value.kind() == Kind::Int || value.kind() == Kind::Float;
    if (column.pythonType != "float" || !isNumber || !std::isfinite(value.toDouble())) return std::nullopt;
    Value number = Value::floating(value.toDouble());
    if (!(number == value)) return std::nullopt;
    if (number.toDouble() == 0) number = Value::floating(0); // without the sign that not every database keeps
    if (column.type.kind == TypeKind::Numeric && !fits(column, number)) return std::nullopt;
    return number;
}

} // namespace covet::schema
