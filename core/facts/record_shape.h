#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"
#include "semantic/project.h"

namespace covet::facts {

struct FoundStore;

/// What the code says about a value that is put into a store.
struct RecordShape {
    Element element = Element::Unknown;
    std::string elementClass; // "module:Class" of an Instance
    std::string scalarType;   // Python type of a Scalar
    std::vector<FieldFact> fields;
    bool open = false; // whole request bodies, or keys that cannot be known
    /// Plain dicts beside objects, or objects of several classes; then the element is a Record.
    bool mixedClasses = false;

    void merge(const RecordShape& other);
};

/// What an expression is that code puts into a store. Follows assignments, parameters, calls and returns for a few
/// steps; what it cannot tell is Unknown. Calls on another object than the one that has the store do not count.
RecordShape shapeOfStored(const semantic::Project& project, const FoundStore& store, const semantic::Module& module,
                          const syntax::Node& expression);

/// Python type an expression certainly or very likely has: "int", "str", ... or "" when unknown;
/// "None" for None.
std::string typeOfExpression(const semantic::Project& project, const semantic::Module& module,
                             const syntax::Node& expression);

/// Fields of a class from its annotations, its bases' and its __init__.
std::vector<FieldFact> fieldsOfClass(const semantic::Project& project, const semantic::Module& module,
                                     const std::string& className);

/// Value of a field inside a stored expression, following one local name: the entry of the dict, the keyword
/// argument, or what is assigned to the field. Null if there is none.
semantic::Node fieldValueIn(const semantic::Module& module, semantic::Node value, const std::string& field);

/// Whether a class is a Pydantic model (any depth of inheritance).
bool isPydanticModel(const semantic::Project& project, const semantic::Module& module,
                     const std::string& className);

/// Fills element, elementClass, fields, key and id facts of a store from all its uses.
void describeRecords(const semantic::Project& project, FoundStore& store);

} // namespace covet::facts
