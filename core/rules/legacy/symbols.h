#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "semantic/project.h"

namespace covet::rules::legacy {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using syntax::Node;

struct Sym;
/// A value while a dispatcher is executed symbolically; never null.
using Value = std::shared_ptr<const Sym>;

/// What is known about a value: which part of the request it is, or how it was made from such parts.
struct Sym {
    enum class Kind {
        Unknown,
        Scope,
        Receive,
        Send,
        Event,      // a message from receive()
        Chunks,     // list of body parts
        ScopeItem,  // scope[text]
        Body,       // the whole body, bytes
        BodyText,   // the same, decoded
        Json,       // parsed body; items[0]: value for an empty body (absent: parsing it fails)
        QueryText,  // decoded query string
        QueryLists, // parse_qs
        QueryFirst, // first value of each name; text "blank" when blank values are kept
        QueryLast,  // last value of each name
        Headers,    // dict of the headers by lower-case name
        Params,     // dict of path parameters
        Registry,   // the table of functions, or a part of it
        Handler,    // a function out of the table
        RouteKey,   // method or pattern out of the table
        Result,     // what the handler returned
        Item,       // items[0][text]
        Exception,  // text: name that the except clause gives it
        None,
        True,
        False,
        Const,     // literal: text is its Python text
        Tuple,     // items
        List,      // items
        Dict,      // entries by key text, in order; open when it has more
        Instance,  // entries by attribute; text is "module:Class"
        Json2Text, // json.dumps(items[0], text)
        Encoded,   // items[0] as bytes
        Header,    // header pairs made from the dict items[0]
        PathTail,  // what follows the prefix `text` of the path
        Function,  // project function `name` of `module`
        Class,     // project class
        Self,      // instance of the class whose method runs
        External,  // text: dotted name
        Expr       // any other expression: node, over `env`
    };
    Kind kind = Kind::Unknown;
    std::string text;
    std::vector<Value> items;
    std::vector<std::pair<std::string, Value>> entries;
    bool open = false;
    const Module* module = nullptr;
    Node node;
    std::map<std::string, Value> env; // Expr: the locals that its node names

    bool is(Kind wanted) const { return kind == wanted; }
    const Value* entry(const std::string& key) const {
        for (const auto& [name, value] : entries)
            if (name == key) return &value;
        return nullptr;
    }
};

Value sym(Sym::Kind kind, std::string text = "");
Value sym(Sym::Kind kind, Value item, std::string text = "");
Value exprSym(const Module& module, const Node& node, const std::map<std::string, Value>& env);
/// Text that is equal for values that are equal.
std::string signatureOf(const Value& value);
/// Content of a plain string or bytes literal's Python text; false when it is none.
bool literalText(const std::string& text, std::string& out);

/// One decision on the way through a dispatcher.
struct Condition {
    enum class Kind { Truth, None, TupleResult, Length, Type, Method, Path, Prefix, Suffix, Raised, Opaque };
    Kind kind = Kind::Opaque;
    bool positive = true;
    Value subject;
    std::string text; // compared value, exception classes, type
    Node node;

    bool sameQuestion(const Condition& other) const;
};

/// How a function out of the registry is called.
struct HandlerCall {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> keywords;
    Value spread; // **params
    Node node;
};

/// One way through the ASGI callable, with what it sends.
struct DispatchPath {
    std::vector<Condition> conditions;
    std::vector<HandlerCall> calls;
    std::map<std::string, Value> globals; // "module:name[key]" -> what is kept there for the handlers
    std::vector<Value> starts, bodies;    // http.response.start and .body messages
    std::vector<Node> dropped;            // print and logging calls
    Value parsed;                         // the body, where json.loads has read it
    std::vector<std::string> unclear;     // what was not understood
    bool raised = false;                  // an exception leaves the callable
};

} // namespace covet::rules::legacy
