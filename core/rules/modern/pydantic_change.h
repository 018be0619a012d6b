#pragma once

#include <functional>
#include <vector>

#include "rules/migration_context.h"
#include "rules/modern/model_types.h"

namespace covet::rules::modern {

/// A name of Pydantic 1 in the code, and what becomes of it.
struct PydanticChange {
    const Module* module = nullptr;
    Node at;
    std::string subject;  // "UserOut.Config", "user.dict"
    std::string obstacle; // code why it stays; "" when it does not
    std::string hint;
    /// Pydantic 2 takes the old name as well, but does something else or nothing: a code that says what; "" when
    /// both names do the same.
    std::string differs;
    /// Pydantic 2 refuses the old name: the application runs on version 1.
    bool isOnlyIn1 = false;
    std::function<void()> make;
};

using PydanticChanges = std::vector<PydanticChange>;

/// What the readers below share.
struct PydanticReader {
    MigrationContext& context;
    const ModelTypes& types;
    PydanticChanges& changes;

    /// Adds a place that has to be changed by hand.
    void stays(const Module& module, const Node& at, std::string subject, std::string obstacle, std::string hint = {}) const;
};

/// `class Config:` of models, see pydantic_config.cpp.
void readConfigs(const PydanticReader& reader, const Module& module);
/// `@validator` and `@root_validator`, see pydantic_validators.cpp.
void readValidators(const PydanticReader& reader, const Module& module);
/// `.dict()`, `parse_obj` and the other methods of models and their classes, see pydantic_calls.cpp.
void readCalls(const PydanticReader& reader, const Module& module);
/// `Field(regex=...)` and its like, see pydantic_fields.cpp.
void readFields(const PydanticReader& reader, const Module& module);
/// What only version 1 has: its settings, its generic models, and fields that are optional because their type is;
/// see pydantic_first.cpp.
void readFirstVersion(const PydanticReader& reader, const Module& module);
/// `a: Optional[int]` of models, which is no default in Pydantic 2.
void addMissingDefaults(const PydanticReader& reader, const Module& module);

} // namespace covet::rules::modern
