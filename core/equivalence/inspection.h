#pragma once

#include <map>
#include <string>
#include <vector>

#include "covet/core.h"
#include "syntax/value.h"

namespace covet::equivalence {

/// What the code of a handler says about one value that a client sends.
struct FieldHint {
    std::string name;
    std::string type;             // Python type it is cast to, checked for or annotated with; "" unknown
    std::vector<Value> constants; // it is compared with; the first one is taken to be valid
    std::string keyOf;            // variable of a dict that it is looked up in
    std::string likeField;        // field of records that it is compared with
    bool isList = false;          // `parts` are those of its elements
    std::vector<FieldHint> parts;

    /// The part of this name, made when it is new.
    FieldHint& part(const std::string& partName);
    void addConstant(const Value& value);
};

/// A route and what its handler reads.
struct RouteHints {
    std::string method, path;
    bool isRead = false;    // the handler was found and read
    bool takesBody = false; // as far as the code tells
    FieldHint body, query, form, headers;

    std::string name() const { return method + " " + path; }
    /// It does something that no body and no id has a say in: reset, purge, reverse.
    bool isAction() const;
    /// Names in braces of the path.
    std::vector<std::string> parameters() const;
};

/// A container of application data with the records it starts with.
struct SampleStore {
    std::string name;
    std::vector<Value> keys;    // of a dict, parallel to `records`
    std::vector<Value> records; // Dict values
};

/// Everything that requests are made from.
struct Inspection {
    std::vector<RouteHints> routes;
    std::vector<SampleStore> stores;
    /// Values that the starting data has for a name: field, key, variable that indexes a dict.
    std::map<std::string, std::vector<Value>> values;
    /// The legacy form keeps data in files: of writes at the same time, it loses some.
    bool savesFiles = false;
};

/// Reads the legacy project. `routes` come from its analysis; `more` are those of the migrated one.
Inspection inspect(const std::vector<InputFile>& files, const Analysis& analysis,
                   const std::vector<facts::Route>& more);

} // namespace covet::equivalence
