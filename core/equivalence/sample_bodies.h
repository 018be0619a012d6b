#pragma once

#include <string>
#include <vector>

#include "equivalence/known_values.h"

namespace covet::equivalence {

/// A body and what it is for.
struct SampleBody {
    Value value;
    std::string about; // "new record", "as the first record", "status 'closed'"
    bool isForm = false;
};

/// Makes bodies for writing routes: from what the handler reads, and from records that are there.
class BodyMaker {
public:
    BodyMaker(const Inspection& inspection, const KnownValues& known) : inspection_(inspection), known_(known) {}

    /// Valid bodies as far as can be told; the first one is new, later ones repeat what is there or
    /// take other branches of the handler. `number` makes texts that were not sent before.
    std::vector<SampleBody> validBodies(const RouteHints& route, unsigned number) const;

private:
    Value valueOf(const FieldHint& field, const Value* record, unsigned number) const;
    Value objectOf(const FieldHint& fields, const Value* record, unsigned number) const;
    std::vector<Value> recordsFor(const RouteHints& route, const FieldHint& fields) const;

    const Inspection& inspection_;
    const KnownValues& known_;
};

} // namespace covet::equivalence
