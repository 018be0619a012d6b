#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/legacy/symbols.h"

namespace covet::rules::legacy {

/// The function through which the branches of a dispatcher answer: `await send_json(send, 200, data)`.
class ChainAnswers {
public:
    /// `send` is the name of the third parameter of the callable.
    ChainAnswers(const Project& project, const Module& module, const Function& function, const std::string& send);

    /// Whether branches answer so, and all of them through one function with one or two values.
    bool understood() const { return understood_; }
    bool used() const { return !calls_.empty(); }
    /// The call in a statement that answers; null for any other statement.
    Node callOf(const Node& statement) const;
    /// Texts of the values of one answer, in the order of outputs().
    std::vector<std::string> valuesOf(const Node& call) const;
    /// The nodes of these values that are written there.
    std::vector<Node> valueNodes(const Node& call) const;
    const std::vector<std::string>& outputs() const { return outputs_; }
    /// The answer with other values: `await send_json(send=send, status=a, data=b)`.
    std::string answer(const std::vector<std::string>& values) const;

private:
    void collect();
    std::optional<std::vector<std::pair<std::string, Node>>> bound(const Node& call) const;

    const Project& project_;
    const Module& module_;
    const Function& function_;
    std::string send_;
    std::string callee_;
    const Function* answering_ = nullptr;
    std::vector<Node> calls_;
    std::vector<std::string> outputs_;
    std::vector<std::pair<std::string, std::string>> passed_; // what is the same for all: send, scope
    bool understood_ = false;
};

} // namespace covet::rules::legacy
