#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "facts/store_finder.h"
#include "rules/security/password_store.h"

namespace covet::rules::security {

/// Follows the records of a store through the code and collects what happens to one of their fields.
///
/// Whatever a record or the field flows into is followed: variables, loops, comprehensions, parameters and results
/// of the project's own functions. The first place that is not understood ends it as the obstacle.
class PasswordFlow {
public:
    PasswordFlow(const semantic::Project& project, const facts::FoundStore& store, PasswordField field);

    PasswordUses follow();

private:
    /// What an expression holds.
    enum class Kind { Rows, Pairs, Row, Secret };
    struct Place {
        const Module* module;
        Node node;
        Kind kind;
    };

    void useOfStore(const facts::StoreReference& reference);
    void useOfScalars(const facts::StoreReference& reference);
    void take(const Place& place);
    void inSubscript(const Place& place, const Node& subscript);
    void inAttribute(const Place& place, const Node& attribute);
    void methodOfRow(const Place& place, const Node& call, const std::string& name);
    void methodOfRows(const Place& place, const Node& call, const std::string& name);
    void inArguments(const Place& place, const Node& argument, const Node& call);
    void inComparison(const Place& place, const Node& comparison);
    void inAssignment(const Place& place, const Node& assignment);
    void bindLoop(const Place& place, const Node& clause);
    void returned(const Place& place);
    void secretAt(const Module& module, const Node& access);

    void push(const Module& module, const Node& node, Kind kind);
    void taintName(const Module& module, const Node& scope, std::string_view name, Kind kind, size_t from = 0);
    void taintParameter(const Module& module, const Function& function, const Node& argument, const Node& call, Kind kind);
    void taintLambdas(const Module& module, const Node& call);

    /// Writes: the values that a record gets for the field are to be hashed.
    void stored(const Module& module, const Node& value);
    void storedName(const Module& module, const Node& name);
    void storedCall(const Module& module, const Node& call);
    void storedDisplay(const Module& module, const Node& display);
    void hashed(const Module& module, const Node& value);

    bool isField(const Node& key) const;
    bool isReference(const Node& node) const { return references_.count(node.id()) > 0; }
    std::vector<std::pair<const Module*, Node>> callsOf(const Module& module, const Function& function) const;
    bool answersWithout(const Module& module, const Function& function) const;
    void obstacle(const Module& module, const Node& node, const char* reason);

    const semantic::Project& project_;
    const facts::FoundStore& store_;
    const PasswordField field_;
    std::set<const void*> references_;
    std::deque<Place> queue_;
    std::set<std::pair<const void*, Kind>> seen_;
    std::set<const void*> secrets_, storedNames_;
    std::vector<std::pair<const Module*, Node>> rowsExpected_; // what is stored has to turn out to be rows
    PasswordUses uses_;
};

} // namespace covet::rules::security
