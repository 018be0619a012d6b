#pragma once

#include <map>
#include <optional>
#include <string>

#include "semantic/project.h"

namespace covet::rules::modern {

using semantic::Class;
using semantic::Module;
using semantic::Project;
using syntax::Node;

/// A class of Pydantic models, and whether an expression is one of its objects or a sequence of them.
struct ModelType {
    const Module* module = nullptr;
    const Class* type = nullptr;
    bool isSequence = false;

    explicit operator bool() const { return type != nullptr; }
};

/// Which classes are models of Pydantic, and which expressions are objects of them, as far as annotations and the
/// code around say.
class ModelTypes {
public:
    explicit ModelTypes(const Project& project) : project_(project) {}

    /// Whether a class of the project has `pydantic.BaseModel` or its like among its bases.
    bool isModel(const Module& module, const Class& type) const;
    /// Whether it is one of settings, which are read from the environment.
    bool isSettings(const Module& module, const Class& type) const;
    /// The model that an expression names; nothing if it names no model of the project.
    ModelType named(const Module& module, const Node& expression) const;
    /// The model that an expression is an object of.
    ModelType of(const Module& module, const Node& expression) const;
    /// The model's classes from itself to its last base in the project that has this name in its body as a function,
    /// a class or a field.
    Node memberOf(const ModelType& type, std::string_view name) const;
    const Project& project() const { return project_; }
    /// The full name of what an expression of a library refers to; "" if it is none of one.
    std::string libraryName(const Module& module, const Node& expression) const;

private:
    ModelType ofName(const Module& module, const Node& name, int depth) const;
    ModelType ofType(const Module& module, const Node& type, int depth) const;
    ModelType ofValue(const Module& module, const Node& expression, int depth) const;
    ModelType elementOf(const Module& module, const Node& sequence, int depth) const;
    ModelType ofCall(const Module& module, const Node& call, int depth) const;
    Node memberOf(const ModelType& type, std::string_view name, int depth, const Module*& home) const;
    bool hasBase(const Module& module, const Class& type, bool (*isBase)(const std::string&), int depth) const;

    const Project& project_;
};

/// `Name` and the arguments of `Name[...]`; the arguments are empty for other expressions.
struct Subscripted {
    Node name;
    std::vector<Node> arguments;
};
Subscripted subscripted(const Node& type);
/// What stands inside of the node of an annotation.
Node bareType(const Node& type);

} // namespace covet::rules::modern
