#pragma once

#include <string>

#include "facts/facts.h"
#include "syntax/literal_evaluator.h"
#include "syntax/tree.h"

namespace covet::testing {

/// Value of a Python expression; the modules datetime, decimal and uuid are imported.
Value python(const std::string& expression);
/// Value of a name after the statements.
Value python(const std::string& statements, const std::string& name);

inline facts::Store listStore(const std::string& name, const std::string& rows) {
    facts::Store store;
    store.id = "app:" + name;
    store.name = name;
    store.module = "app";
    store.element = facts::Element::Record;
    store.data = python(rows);
    store.idFollowsInsertion = true;
    return store;
}

inline facts::Store dictStore(const std::string& name, const std::string& rows,
                              const std::string& keyName = "key") {
    facts::Store store = listStore(name, rows);
    store.container = facts::Container::Dict;
    store.keyName = keyName;
    return store;
}

inline facts::FieldFact field(const std::string& name, const std::string& type,
                              bool nullable = false, bool optional = false) {
    facts::FieldFact fact;
    fact.name = name;
    fact.type = type;
    fact.nullable = nullable;
    fact.optional = optional;
    return fact;
}

} // namespace covet::testing
