#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/shared_text.h"
#include "syntax/tree.h"
#include "syntax/value.h"

namespace covet::syntax {

/// A module of the project, as the evaluator needs it.
struct SourceModule {
    std::string name; // dotted; "" for a top-level __init__
    std::string path; // relative to the project, '/' separators
    std::shared_ptr<const Tree> tree;
    bool isPackage = false;
};

/// What a data file is known to hold.
struct FileAnswer {
    enum class Kind { Known, Missing, Unknown };
    Kind kind = Kind::Unknown;
    SharedText bytes;
};

/// What the evaluator asks of its surroundings. The answers must not change between calls.
class EvaluationHost {
public:
    virtual ~EvaluationHost() = default;
    /// A module of the project by its absolute dotted name; nullptr if it is not one.
    virtual const SourceModule* module(std::string_view dotted) = 0;
    /// A file that code of `from` opens by `path` (as in the code, or relative to the project
    /// when it was built from `__file__`).
    virtual FileAnswer file(std::string_view path, const SourceModule& from) {
        (void)path;
        (void)from;
        return {};
    }
};

struct EvaluationLimits {
    size_t steps = 5'000'000;     // evaluated nodes, in all modules together
    unsigned callDepth = 60;      // nested calls of project functions
    size_t items = 5'000'000;     // elements of one container
    size_t textBytes = 64u << 20; // of one string
};

/// What a module-level container holds once its module has been imported.
struct StoreState {
    std::optional<Value> value;
    std::string opaqueReason; // for people; why there is no value
};

/// Reads values out of Python code by interpreting the part of the language that builds data.
/// No code of the project is run: what depends on the outside (environment, clock, random, network,
/// unknown libraries) is opaque, and so is everything that such code could have changed.
class LiteralEvaluator {
public:
    explicit LiteralEvaluator(EvaluationHost& host, EvaluationLimits limits = {});
    ~LiteralEvaluator();
    LiteralEvaluator(const LiteralEvaluator&) = delete;
    LiteralEvaluator& operator=(const LiteralEvaluator&) = delete;

    /// Imports a module for what it does to the containers of others.
    void import(const SourceModule& module);
    /// Calls a function of the module that takes no arguments, for the same.
    void call(const SourceModule& module, const Node& function);
    /// Runs some statements of a function that an application runs when it starts, for the same.
    void perform(const SourceModule& module, const Node& function, const std::vector<Node>& statements);
    /// Runs an expression for the same; names local to a function around it are opaque.
    void run(const SourceModule& module, const Node& expression);

    /// Value of an expression, with module-level names as they are after the import of `module`.
    /// Names local to a function around the expression are opaque.
    Value evaluate(const SourceModule& module, const Node& expression);

    /// State after import of a module-level name ("items_db"), of a class attribute ("Store.items")
    /// or of an attribute of an instance ("repo.items", also found as "Class.items" when the module
    /// makes exactly one instance of Class).
    StoreState stateOf(const SourceModule& module, std::string_view path);
    /// The same for a local name of a function, after its last call so far; without one, it is called.
    StoreState stateOfLocal(const SourceModule& module, const Node& function, std::string_view path);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// Value of an expression of constants; names are opaque. Fast path for large literals.
Value evaluateLiteral(const Node& expression);

} // namespace covet::syntax
