#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/legacy/sent_answers.h"

namespace covet::rules::legacy {

/// One answer that a dispatcher gives without a registered function.
struct Answer {
    Value body;
    Encoding encoding = Encoding::Json;
    Value status;
    std::vector<std::pair<std::string, std::string>> headers; // besides those of every answer
};

/// A branch of the dispatcher that is a route of its own.
struct InlineRoute {
    std::string method; // "" = any
    std::string path;   // exact, or the prefix
    bool isPrefix = false;
    bool isSuffix = false; // path is what it ends with
    bool everyPath = false;
    std::optional<Answer> answer; // constant in shape
    Value result;                 // else: what to hand to the response shape
    const Module* module = nullptr;     // of the function that is called for it
    const Function* function = nullptr;
    std::vector<Value> positional;      // its arguments
    std::vector<std::pair<std::string, Value>> keywords;
    Value parsed; // what the dispatcher parsed before, if it did
    Node node;
};

struct ExceptionAnswer {
    std::string types; // as written: "Exception", "(KeyError, ValueError)"
    std::string name;  // of the exception in the clause, "" if it has none
    Answer answer;
};

/// What a dispatcher does, as far as a migrated application has to do it again.
struct DispatchShape {
    // The call of a registered function.
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> keywords;
    bool spreadsParams = false; // **params
    std::vector<std::pair<std::string, Value>> spread; // what `**params` holds beside the path parameters
    std::map<std::string, Value> globals; // request state kept in module globals
    Value parsed;               // body that is parsed whether or not a function gets it
    bool inlineFirst = false;   // paths are compared before the registry is asked

    // What handlers return.
    enum class Returns { Plain, Tuple, TupleOrPlain, Dict };
    Returns returns = Returns::Plain;
    std::string bodyKey = "0", statusKey = "1", headersKey; // index, or key of Dict
    std::string statusDefault; // where the key of Dict is missing
    bool noneIsEmpty = false; // None is sent as no body
    bool bodyIsText = false;  // the body is a text already
    std::string defaultStatus = "200";
    std::string noneStatus;   // status of a plain None; "" = defaultStatus

    std::vector<std::pair<std::string, std::string>> headers; // of every answer, without the plain JSON type
    std::optional<Answer> notFound, wrongMethod;
    std::vector<ExceptionAnswer> exceptions;
    std::vector<InlineRoute> inlineRoutes;
    std::vector<Node> dropped;

    std::string unclear; // reason code; empty when everything is understood
    std::string detail;
};

DispatchShape shapeOf(const std::vector<DispatchPath>& paths);

} // namespace covet::rules::legacy
