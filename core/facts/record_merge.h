#pragma once

#include "facts/record_shape.h"

namespace covet::facts {

/// The field of that name; nullptr if there is none.
FieldFact* fieldNamed(std::vector<FieldFact>& fields, const std::string& name);
/// Another value of the field has that Python type: "" unknown, "None", "json" anything that JSON holds.
void mergeType(FieldFact& field, const std::string& type);
/// What `model_dump(...)` and `jsonable_encoder(...)` make of the fields of a model: left out ones, values of JSON.
void applyDumpOptions(std::vector<FieldFact>& fields, const syntax::Node& arguments, bool asJson);
/// `Job(id=1, name=name)` of a TypedDict is a dict of these keys; others may be left out.
void keepGiven(std::vector<FieldFact>& fields, const syntax::Node& arguments);

} // namespace covet::facts
