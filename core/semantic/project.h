#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "syntax/tree.h"
#include "text/source_text.h"

namespace covet::semantic {

using syntax::Node;

/// What an import binds: `module` and, for `from module import name`, `name` ("" = the module itself).
struct ImportBinding {
    std::string module; // absolute dotted name; relative imports are resolved
    std::string name;
    Node statement;
};

/// A function or method definition.
struct Function {
    std::string name;
    std::string qualified; // "Class.method", "outer.<locals>.inner"
    Node node;             // function_definition
    Node decorated;        // decorated_definition, or the node itself
    std::string className; // "" for plain functions
    bool isAsync = false;
    bool isNested = false; // defined inside another function
    /// Names bound inside (parameters, assignments, for targets, imports), without `global` ones.
    std::set<std::string> locals;
    std::set<std::string> globals; // named in a `global` statement
    /// Locals that an import statement binds, and nothing else does.
    std::map<std::string, ImportBinding> imports;
};

struct Class {
    std::string name;
    Node node; // class_definition
    std::vector<std::string> bases;      // as written
    std::vector<std::string> decorators; // as written, without '@' and arguments
};

struct Module;

/// Where a name comes from.
struct Symbol {
    enum class Kind { Unknown, Local, Variable, Function, Class, Module, External };
    Kind kind = Kind::Unknown;
    const Module* module = nullptr; // defining module of the project
    std::string name;               // name there; External: full dotted name, "flask.Flask"
};

/// What the expressions of a module refer to, as far as somebody has asked: rules ask the same again and again.
class KnownSymbols {
public:
    /// nullptr if nobody has asked of the node at this place of the tree.
    const Symbol* at(uint32_t place) const { return place < places_.size() ? places_[place] : nullptr; }
    void put(uint32_t place, uint32_t nodes, const Symbol& symbol) {
        if (places_.empty()) places_.resize(nodes);
        places_[place] = &symbol;
    }
    /// Lasts as long as this.
    const Symbol& keep(Symbol symbol) { return *symbols_.insert(std::move(symbol)).first; }

    std::unordered_map<std::string_view, const Symbol*> globals; // by name, a part of the module's text

private:
    struct Before {
        bool operator()(const Symbol& one, const Symbol& other) const;
    };
    std::vector<const Symbol*> places_;
    std::set<Symbol, Before> symbols_; // never gone through
};

/// One parsed Python file and what it binds at its top level.
struct Module {
    std::string name; // dotted; "" for a top-level __init__
    text::SourceText source;
    std::shared_ptr<const syntax::Tree> tree;
    bool isPackage = false;
    std::map<std::string, ImportBinding> imports;
    std::vector<ImportBinding> starImports; // `from module import *`; what they bind is among `imports`
    std::set<std::string> importsOfOthers;  // imports that others use by way of a star import of this module
    std::map<std::string, std::vector<Node>> assignments; // name -> statements that assign it
    std::vector<Function> functions;
    std::vector<Class> classes;
    std::unordered_map<const void*, size_t> functionAt; // identity of a definition -> place in `functions`
    std::vector<uint32_t> functionAround; // by the place of a node: one more than that of the innermost function around it
    std::unordered_map<std::string_view, size_t> functionNamed, classAt; // by `qualified` and `name`
    /// Calls by the last part of what is called: `f` of `f(...)` and of `a.b.f(...)`, in order.
    std::map<std::string_view, std::vector<Node>> calls;
    mutable KnownSymbols symbols; // of Project::resolve()

    const std::string& path() const { return source.path(); }
    const Function* function(std::string_view qualified) const;
    const Class* classNamed(std::string_view className) const;
    /// Innermost function that contains the node; nullptr at module level.
    const Function* enclosingFunction(const Node& node) const;
};

/// All modules of a project, with name resolution across them. Immutable once built.
class Project {
public:
    /// Sources that parsed. Trees are shared; order does not matter.
    static Project build(std::vector<std::pair<text::SourceText, std::shared_ptr<const syntax::Tree>>> files);

    /// The same modules, of which only some are gone through; names still resolve in all.
    Project part(const std::set<const Module*>& modules) const;

    const std::vector<std::shared_ptr<const Module>>& modules() const { return modules_; }
    const Module* module(std::string_view dotted) const;
    const Module* moduleByPath(std::string_view path) const;
    /// What `name` refers to at module level of `module`, following imports to the definition.
    Symbol resolveGlobal(const Module& module, std::string_view name) const;
    /// What an identifier or a dotted attribute chain refers to where it stands. Lasts as long as the module.
    const Symbol& resolve(const Module& module, const Node& expression) const;

private:
    const Symbol& find(const Module& module, const Node& expression) const;
    /// Binds what `from storage import *` brings, also through other modules that do the same.
    void bindStarImports(const std::vector<std::shared_ptr<Module>>& modules);
    Symbol resolveBinding(const ImportBinding& binding) const;

    std::vector<std::shared_ptr<const Module>> modules_; // sorted by path
    std::map<std::string, const Module*, std::less<>> byName_;
    /// Tails of dotted names ("app.store" of "src.app.store"); nullptr where several modules share one.
    std::map<std::string, const Module*, std::less<>> byTail_;
};

} // namespace covet::semantic
