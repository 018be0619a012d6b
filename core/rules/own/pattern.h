#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::rules {

using syntax::Node;

/// What the variables of a pattern stand for at one place.
using Captures = std::map<std::string, std::vector<Node>>;

/// Python code with variables: `$X` stands for one expression, `$$$XS` for any number of arguments or
/// elements, `$_` for one that is not looked at. A variable that occurs twice stands for the same text.
///
/// Dotted names match what they mean, not how they are written: `acme.get($URL)` also finds `get(url)` under
/// `from acme import get`, and does not find the method `acme.get` of something local.
class Pattern {
public:
    /// Errors `pattern`: it does not parse, or is more than one statement.
    static Result<Pattern> parse(const std::string& text);

    /// Type of the nodes that can match, for looking at no others.
    syntax::NodeType rootType() const { return root_.type(); }
    bool matches(const semantic::Project& project, const semantic::Module& module, const Node& node,
                 Captures& captures) const;
    const std::map<std::string, bool>& variables() const { return variables_; }

private:
    std::shared_ptr<const syntax::Tree> tree_;
    Node root_;
    std::map<std::string, bool> variables_; // name -> stands for several
};

/// What takes the place of a match.
class Template {
public:
    /// Errors `pattern`: it does not parse, or has a variable that the pattern does not have.
    static Result<Template> parse(const std::string& text, const Pattern& pattern);

    /// The text for one place; `render` gives the text of a captured node. Parentheses are put where the
    /// new surroundings bind stronger.
    std::string fill(const Captures& captures, const Node& place,
                     const std::function<std::string(const Node&)>& render) const;

private:
    std::shared_ptr<const syntax::Tree> tree_;
    Node root_;
};

/// Full dotted name of what an expression refers to: "acme.http.get", "shop.models.User"; "" if unknown.
std::string dottedNameOf(const semantic::Project& project, const semantic::Module& module, const Node& expression);

/// The message with the variables' texts.
std::string filledMessage(const std::string& message, const Captures& captures);

} // namespace covet::rules
