#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/validation/table_models.h"

namespace covet::rules::validation {

/// A field that code reads from a request body, with the columns that its value gets into.
struct BodyField {
    std::string key;
    std::vector<ColumnType> columns;
    bool isFree = false;   // code converts or checks the value itself: any type may come
    bool isTested = false; // code asks whether it is there, or true: None may come

    ColumnType type() const;
};

struct BodyShape {
    std::vector<BodyField> fields; // in the order in which code first reads them
    /// Code why the body has to stay a dict, and where; "" when all uses read fields.
    std::string obstacle;
    Node at;

    bool hasTypes() const;
};

/// Follows a request body through a function and the functions of the project that it is passed to.
class BodyReader {
public:
    BodyReader(const Project& project, const TableModels& tables) : project_(project), tables_(tables) {}

    /// The body is the value of these expressions, all in `function`.
    BodyShape read(const Module& module, const semantic::Function& function, const std::vector<Node>& bodies);
    /// The body is a variable.
    BodyShape readVariable(const Module& module, const semantic::Function& function, const std::string& name);

private:
    /// A function that is looked at.
    struct Place {
        const Module* module;
        const semantic::Function* function;
        std::set<const TableModel*> models;
    };

    Place placeOf(const Module& module, const semantic::Function& function) const;
    std::vector<Node> loadsOf(const Place& place, const std::string& name) const;
    void variable(const Place& place, const std::string& name);
    void body(const Place& place, const Node& expression);
    void bodyMethod(const Place& place, const Node& attribute);
    void bodyArgument(const Place& place, const Node& argument, const Node& call);
    void wholeBody(const Place& place, const Node& callee);
    void value(const Place& place, const Node& expression, const std::string& key);
    void valueIn(const Place& place, const Node& target, const std::string& key);
    void valueArgument(const Place& place, const Node& argument, const Node& call, const std::string& key);
    bool isStored(const Place& place, const Node& expression, int depth = 0) const;
    void column(const Place& place, const TableModel* model, const std::string& name, const std::string& key);
    const semantic::Function* calledFunction(const Place& place, const Node& callee, const Module*& home) const;
    void follow(const Place& place, const Node& argument, const Node& call, const semantic::Function& function, const Module& home,
                const std::string* key);
    BodyField& field(const std::string& key);
    void stop(const std::string& obstacle, const Node& at);

    const Project& project_;
    const TableModels& tables_;
    BodyShape shape_;
    std::set<std::pair<const void*, std::string>> seen_; // function and variable
};

/// Content of a plain string literal; "" for anything else.
std::string plainText(const Node& node);

} // namespace covet::rules::validation
