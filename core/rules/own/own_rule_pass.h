#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/module_rewrite.h"
#include "rules/own/own_rule.h"

namespace covet::rules {

/// Places where rules of the user apply, in one module, and the rewrite of those that are taken.
class OwnRulePass {
public:
    OwnRulePass(const semantic::Project& project, const semantic::Module& module, const std::vector<OwnRule>& rules);

    /// One for each place, without ids; in the order of the code.
    std::vector<Finding>& findings() { return findings_; }
    /// Makes the changes of the findings that are Fixed; those that another change is in the way of become
    /// Skipped. Error `output-does-not-parse`.
    Result<SharedText> apply();

private:
    struct Match {
        const OwnRule* rule = nullptr;
        Node node; // what is replaced
        Captures captures;
        std::string text; // instead of the node, for names
        std::vector<OwnImport> imports;
        std::string dropped; // local name whose import may go
        std::vector<Node> removed; // arguments
        std::vector<std::pair<Node, std::string>> renamed; // names of arguments
    };

    void find(const OwnRule& rule);
    void findPattern(const OwnRule& rule, const Node& node);
    void findName(const OwnRule& rule, const Node& node);
    bool prepareName(Match& match, std::string& problem) const;
    void prepareArguments(const Node& call, Match& match, std::string& problem) const;
    void add(Match match, const std::string& problem);
    bool make(Match& match);

    const semantic::Project& project_;
    const semantic::Module& module_;
    ModuleRewrite rewrite_;
    std::vector<Match> matches_; // in step with findings_
    std::vector<Finding> findings_;
};

} // namespace covet::rules
