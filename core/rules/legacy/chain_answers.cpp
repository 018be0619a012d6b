#include "rules/legacy/chain_answers.h"

#include <algorithm>

#include "rules/legacy/registration.h"
#include "rules/signature_edits.h"

namespace covet::rules::legacy {

ChainAnswers::ChainAnswers(const Project& project, const Module& module, const Function& function, const std::string& send)
    : project_(project)
    , module_(module)
    , function_(function)
    , send_(send) {
    if (!send_.empty()) collect();
    else understood_ = true;
}

Node ChainAnswers::callOf(const Node& statement) const {
    Node inner = statement.is("expression_statement") || statement.is("return_statement") ? statement.namedChild(0) : Node{};
    if (inner.is("await")) inner = inner.namedChild(0);
    if (!inner.is("call")) return {};
    for (const Node& call : calls_)
        if (call == inner) return call;
    return {};
}

void ChainAnswers::collect() {
    understood_ = true;
    syntax::walk(function_.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("lambda")) return false;
        if (!node.is("call")) return true;
        const Function* callee = namedFunction(project_, module_, node.field("function"));
        if (!callee || !callee->className.empty()) return true;
        bool sends = false;
        for (const Node& argument : node.field("arguments").namedChildren())
            sends = sends || (argument.is("keyword_argument") ? argument.field("value") : argument).text() == send_;
        if (callee->isNested)
            syntax::walk(callee->node.field("body"), [&](const Node& inner) {
                sends = sends || (inner.is("identifier") && inner.text() == send_);
                return !sends;
            });
        if (!sends) return true;
        if (answering_ && answering_ != callee) understood_ = false;
        answering_ = callee;
        callee_ = std::string(node.field("function").text());
        calls_.push_back(node);
        return true;
    });
    if (calls_.empty() || !understood_) return;
    std::set<std::string> given;
    for (const Node& call : calls_) {
        auto arguments = bound(call);
        if (!arguments) {
            understood_ = false;
            return;
        }
        for (const auto& [name, node] : *arguments) {
            const std::string text(node.text());
            if (text == send_ || text == "scope" || text == "receive") {
                if (std::find(passed_.begin(), passed_.end(), std::make_pair(name, text)) == passed_.end()) passed_.emplace_back(name, text);
            } else {
                given.insert(name);
            }
        }
    }
    for (const Node& parameter : answering_->node.field("parameters").namedChildren())
        if (given.count(parameterName(parameter))) outputs_.push_back(parameterName(parameter));
    understood_ = !outputs_.empty() && outputs_.size() <= 2;
    // What one call leaves out has to have a plain default.
    for (const Node& call : calls_) understood_ = understood_ && valuesOf(call).size() == outputs_.size();
}

std::optional<std::vector<std::pair<std::string, Node>>> ChainAnswers::bound(const Node& call) const {
    std::vector<std::string> names;
    for (const Node& parameter : answering_->node.field("parameters").namedChildren()) {
        if (parameter.is("list_splat_pattern") || parameter.is("dictionary_splat_pattern")) return std::nullopt;
        if (!parameterName(parameter).empty()) names.push_back(parameterName(parameter));
    }
    std::vector<std::pair<std::string, Node>> out;
    size_t next = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (argument.is("list_splat") || argument.is("dictionary_splat")) return std::nullopt;
        if (argument.is("comment")) continue;
        if (argument.is("keyword_argument")) out.emplace_back(argument.field("name").text(), argument.field("value"));
        else if (next < names.size()) out.emplace_back(names[next++], argument);
        else return std::nullopt;
    }
    return out;
}

std::vector<Node> ChainAnswers::valueNodes(const Node& call) const {
    std::vector<Node> nodes;
    const auto arguments = *bound(call);
    for (const std::string& output : outputs_)
        for (const auto& [name, node] : arguments)
            if (name == output) nodes.push_back(node);
    return nodes;
}

std::vector<std::string> ChainAnswers::valuesOf(const Node& call) const {
    std::vector<std::string> values;
    const auto arguments = *bound(call);
    for (const std::string& output : outputs_) {
        auto given = std::find_if(arguments.begin(), arguments.end(), [&](const auto& a) { return a.first == output; });
        if (given != arguments.end()) {
            const bool splits = given->second.is("generator_expression");
            values.push_back(splits ? "(" + std::string(given->second.text()) + ")" : std::string(given->second.text()));
            continue;
        }
        for (const Node& parameter : answering_->node.field("parameters").namedChildren()) {
            const Node value = parameterName(parameter) == output ? parameter.field("value") : Node{};
            if (value.is("integer") || value.is("string") || value.is("none") || value.is("true") || value.is("false"))
                values.emplace_back(value.text());
        }
    }
    return values;
}

std::string ChainAnswers::answer(const std::vector<std::string>& values) const {
    std::string text = callee_ + "(";
    for (const auto& [name, value] : passed_) text += name + "=" + value + ", ";
    for (size_t i = 0; i < outputs_.size(); ++i) text += (i ? ", " : "") + outputs_[i] + "=" + values[i];
    return (answering_->isAsync ? "await " : "") + text + ")";
}

} // namespace covet::rules::legacy
