#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::rules::legacy {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using syntax::Node;

/// What a parameter of a registering function stands for at one call.
struct Bound {
    const Module* module = nullptr;
    Node node;                           // expression at the call, or the default
    std::map<std::string, Bound> outer;  // bindings where that expression stands
};
using Bindings = std::map<std::string, Bound>;

/// Binds the arguments of a call to the parameters of a function (`self` and `cls` left out).
/// Nothing when they do not fit, or when the call spreads a list or dict.
std::optional<Bindings> bindArguments(const Module& definingModule, const Node& parameters, bool skipFirst,
                                      const Module& callModule, const Node& argumentList,
                                      const Bindings& atCall);

/// Texts that an expression can stand for; one for a string, several for a list of strings.
/// Understands literals, names, `+`, `%`, f-strings, `upper()` and its kin, and `re.compile`.
std::optional<std::vector<std::string>> textsOf(const Project& project, const Module& module,
                                                const Node& expression, const Bindings& bindings,
                                                int depth = 0);
std::optional<std::string> textOf(const Project& project, const Module& module, const Node& expression,
                                  const Bindings& bindings);

/// Whether a text is an HTTP method in capitals.
bool isMethod(std::string_view text);

/// `/items/{item_id}` for the spellings of a path template: `{id}`, `<id>`, `<int:id>`, `:id`, and
/// regular expressions whose groups match one segment. Nothing when it means something else.
/// `converted` is set when the spelling asks for another type than str; `guards` gets the expressions
/// that values of regular expressions have to match.
std::optional<std::string> targetPath(const std::string& pattern, bool isRegex, bool& converted,
                                      std::map<std::string, std::string>& guards);
/// Names in braces.
std::vector<std::string> pathParameters(const std::string& targetPath);

} // namespace covet::rules::legacy
