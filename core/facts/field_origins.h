#pragma once

#include <memory>
#include <string>
#include <vector>

#include "facts/store_finder.h"

namespace covet::facts {

/// Looks up what expressions take from stores. Needs all stores described and their content read.
class StoredValues {
public:
    StoredValues(const semantic::Project& project, const std::vector<FoundStore>& stores);
    ~StoredValues();
    StoredValues(const StoredValues&) = delete;
    StoredValues& operator=(const StoredValues&) = delete;

    /// Python type of an expression, as in FieldFact; "" when unknown.
    std::string typeOf(const Module& module, const Node& node) const;

    /// The store that an expression gives an element of; nullptr for none and for what does not show.
    const FoundStore* elementStore(const Module& module, const Node& node) const;

    /// The store that an expression denotes itself; nullptr for none.
    const FoundStore* storeAt(const Node& node) const;

    /// The store whose elements an expression collects: `S.values()`, `list(S)`; nullptr for none.
    const FoundStore* collected(const Node& node) const;

    class Reader;

private:
    std::unique_ptr<Reader> reader_;
};

/// Types of fields that are filled with what other stores hold: `"product_id": product["id"]`,
/// `"total": product["price"] * quantity`. Needs all stores described and their content read;
/// changes only facts whose type is unknown.
void typeFieldsFromStores(const semantic::Project& project, std::vector<FoundStore>& stores);

} // namespace covet::facts
