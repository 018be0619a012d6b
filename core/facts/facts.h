#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "syntax/value.h"

namespace covet::facts {

struct Location {
    std::string file; // relative to the project, '/' separators
    uint32_t line = 0; // 1-based
};

/// A web application object or callable.
struct App {
    Location where;
    std::string module;    // dotted, "shop.app"
    std::string attribute; // "app"
    std::string framework; // "covetpy-0.1", "covetpy", "flask", "fastapi", "http.server", "asgi", ...
    bool isFactory = false;
};

struct Route {
    Location where;
    std::string method; // upper case
    std::string path;   // target syntax: "/items/{item_id}"
    std::string handler;
    std::string framework;
    bool isAsync = false;
};

/// What holds the elements.
enum class Container { List, Dict, Set, Scalar };
/// What one element is.
enum class Element { Record, Instance, Scalar, Sequence, Unknown };

/// What the code (not the rows) says about one field of a store's records.
struct FieldFact {
    std::string name;
    /// Python type as written or implied: "int", "str", "float", "number" (an int or a float), "bool", "datetime", "uuid",
    /// "list", "dict", "Decimal", "date", "bytes"; "json" for a value of a request that nobody
    /// checks; "" when unknown.
    std::string type;
    bool nullable = false; // None is stored at times
    bool optional = false; // some records lack the key
    std::optional<Value> defaultValue;
    std::string evidence; // "app.py:42 dict literal"
};

/// How a record's id comes to be.
enum class IdSource { None, Counter, MaxPlusOne, LenPlusOne, LastPlusOne, Uuid, Client, Position, Random };

/// A container of application data held in memory.
struct Store {
    std::string id;   // unique: "module:name", "module:Class.attribute"
    std::string name; // as in the code
    Location where;
    std::string module;
    Container container = Container::List;
    Element element = Element::Unknown;
    std::string elementClass; // qualified class of Instance elements: "models.Item"
    /// Rows known without running code. List: items; Dict: keys and values; absent when the initial
    /// content cannot be known (then `opaqueReason` says why).
    std::optional<Value> data;
    std::string opaqueReason;
    /// Where the running module has it: "items", "Shop.items"; with a key, an entry of that dict.
    std::string place, placeKey;
    bool extracted = false; // `data` comes from running the module
    bool madeAtStart = false; // some values are not known; the code makes them when it first runs
    std::vector<FieldFact> fields; // from the code, in order of first sight
    bool openShape = false;        // whole request bodies are stored
    bool mixedClasses = false;     // Record elements: plain dicts and objects, or objects of several classes
    std::string keyField;  // Dict: the record field that always equals the key; "" if none
    std::string keyName;   // Dict: name of the variable that indexes it ("user_id", "username")
    std::string keyType;   // Python type of the key: "int", "str", ""
    IdSource idSource = IdSource::None;
    std::string idField;   // field that carries the id, usually "id"
    /// Every insertion is an append of an id larger than all before it, so the id gives the order.
    bool idFollowsInsertion = false;
    std::vector<std::string> filteredFields; // compared with in handlers: index candidates
    std::vector<std::string> uniqueFields;   // the code checks for duplicates of these
    std::vector<std::string> sharedFields;   // several records get the same value of these
    bool changed = false; // code that runs in requests may add, remove or change elements
    std::string fileName;  // JSON file it is read from, relative to the project; "" if none
    /// The field whose values are passwords that are hashed when the rows are loaded; "" for the elements of a dict.
    std::optional<std::string> passwordField;
    std::string leftAlone; // reason code why it is not data ("runtime-object"), "" otherwise
    std::vector<std::string> evidence;
};

enum class Outcome { Exact, Bridged, Manual };

/// One reference to a store.
struct StoreUse {
    std::string store; // Store::id
    Location where;
    std::string function; // qualified name, "" at module level
    std::string op;       // StoreOp name: "All", "GetByKey", "Insert", ...
    Outcome outcome = Outcome::Manual;
    std::string reason;   // code, for Bridged and Manual
};

} // namespace covet::facts
