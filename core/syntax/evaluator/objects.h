#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "syntax/tree.h"
#include "syntax/value.h"

namespace covet::syntax::eval {

struct Box;
struct Frame;
struct ModuleRecord;

/// A Python reference: an immutable scalar held here, or a shared object.
struct Ref {
    Value value;
    Box* box = nullptr;

    Ref() = default;
    Ref(Value scalar) : value(std::move(scalar)) {}
    Ref(Box* object) : box(object) {}
    bool isScalar() const { return box == nullptr; }
    bool isNone() const { return box == nullptr && value.isNull(); }
    bool isStr() const { return box == nullptr && value.kind() == Value::Kind::Str; }
    bool isInt() const {
        return box == nullptr &&
               (value.kind() == Value::Kind::Int || value.kind() == Value::Kind::Bool);
    }
};

struct ClassDetail;

/// An object with identity. Boxes live as long as the interpreter.
struct Box {
    enum class Kind {
        List,
        Tuple,
        Set,
        Dict,
        Iterator,  // consumed by reading
        Function,  // of the project
        Class,     // of the project
        Instance,  // of a project class
        Module,    // of the project
        External,  // something of the standard library or another package, by dotted name
        Bound,     // method `name` of `self`, or a project function bound to `self`
        Coroutine, // call of an async function, not yet run
        Path,      // pathlib.Path; `name` is its text
        Opaque     // cannot be known; `name` is its source
    };
    struct Entry {
        Ref key;
        Ref value;
        bool dead = false;
    };

    Kind kind = Kind::Opaque;
    bool frozen = false; // frozenset
    bool isApplication = false; // of a web framework, which does nothing with what others hang on it
    bool isUnique = false;      // Opaque: no other value equals it, as with `uuid4()`
    std::string name;           // Tuple: what it is instead, such as "range"
    std::string taint;          // why the content cannot be known any more
    std::optional<Value> deferred; // List, Dict: elements that no code has touched yet
    SharedText content;         // Opaque: of an open file
    int64_t longest = -1;       // List: a deque drops what is more than that
    std::vector<Ref> items;     // List, Tuple, Iterator; Opaque: what it was given, or may be
    std::vector<Entry> entries; // Dict, Set
    size_t live = 0;
    std::unique_ptr<std::unordered_multimap<size_t, size_t>> index;
    std::map<std::string, Ref, std::less<>> attributes;
    ModuleRecord* module = nullptr;
    Frame* frame = nullptr; // closure
    Node node;
    Ref self;                // Opaque: what it is a part of
    Box* function = nullptr; // Iterator: generator function that has not begun
    Box* type = nullptr; // Instance: its class
    std::unique_ptr<ClassDetail> detail;

    bool isContainer() const {
        return kind == Kind::List || kind == Kind::Tuple || kind == Kind::Set || kind == Kind::Dict;
    }
    Entry* lookup(const Ref& key);
    void assign(const Ref& key, Ref value);
    bool erase(const Ref& key);
    void clear();
    /// What a bounded deque loses at its start when it got something at its end.
    void dropFirst() {
        if (longest >= 0 && static_cast<int64_t>(items.size()) > longest) items.erase(items.begin(), items.end() - longest);
    }
};

struct ClassField {
    std::string name;
    std::string annotation;
    std::optional<Ref> defaultValue;
    Node factory;     // default_factory expression
    Ref factoryValue; // and its value
    bool hasFactory = false;
    bool keywordOnly = false;
    bool noInit = false;
};

/// A validator of a Pydantic model.
struct FieldCheck {
    std::string field;      // "*": of each
    std::string method;
    bool isBefore = false;  // it sees the value as it was given
    bool isOfModel = false; // it takes the object when all fields are set
    bool isKnown = false;   // it can be called with nothing but the class and the value
};

struct ClassDetail {
    enum class Style { Plain, Dataclass, NamedTuple, TypedDict, Pydantic, Enum };
    Style style = Style::Plain;
    std::vector<Box*> bases;
    std::vector<std::string> externalBases; // dotted
    std::vector<ClassField> fields;         // own, in order
    std::vector<FieldCheck> checks;         // Pydantic: own validators, in order
    std::vector<std::string> members;       // Enum
};

struct Frame {
    std::unordered_map<std::string, Ref> variables;
    Frame* parent = nullptr; // enclosing function's frame; nullptr for a module
    ModuleRecord* module = nullptr;
    Node function; // whose call it is; null for others
    std::vector<std::string> globals;
    std::vector<std::string> nonlocals;
    bool isClass = false;
    bool isComprehension = false;
    std::vector<Ref>* yields = nullptr; // of the generator that runs here
    size_t mostYields = 0;
    Box* owner = nullptr; // class of the running method, for super()
    Ref self;
};

/// Hash and equality as Python's, with identity for objects that have none of their own.
size_t hashOf(const Ref& ref);
bool isHashable(const Ref& ref);
/// Nothing when it depends on something unknown.
std::optional<bool> equal(const Ref& left, const Ref& right, int depth = 0);
/// -1, 0, 1; nothing when unordered or unknown.
std::optional<int> order(const Ref& left, const Ref& right, int depth = 0);
std::optional<bool> truth(const Ref& ref);
/// Whether a class is another one or derives from it; `type` may be null.
bool derives(const Box* type, const Box* base);
bool isOpaque(const Ref& ref);

/// The value as data; opaque parts inside where unknown. Cycles become opaque.
Value toValue(const Ref& ref);

/// Python's repr() and str(); nothing when unknown.
std::optional<std::string> reprOf(const Ref& ref, int depth = 0);
std::optional<std::string> strOf(const Ref& ref);

} // namespace covet::syntax::eval
