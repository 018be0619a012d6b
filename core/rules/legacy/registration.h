#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/legacy/text_values.h"

namespace covet::rules::legacy {

/// One function put under one path and method.
struct Registration {
    enum class Site { Decorator, Call, Assignment, Entry };
    Site site = Site::Decorator;
    const Module* module = nullptr;      // of the site
    Node node;                           // call of the decorator, or statement, or entry of a literal
    std::string method;                  // "" = any
    std::string pattern;                 // as written
    std::string path;                    // in the target's syntax
    bool converted = false;              // the pattern asks for another type or form than a segment of text
    std::map<std::string, std::string> guards; // path parameter -> expression that it has to match
    const Module* handlerModule = nullptr;
    const Function* function = nullptr;  // handler; nullptr for a lambda
    Node lambda;
};

/// A table of functions and everything that fills it.
struct Registry {
    std::string id;                  // "module:name" or "module:Class.attribute"
    const Module* module = nullptr;
    std::string variable;
    std::string className;           // "" for a variable
    std::vector<Node> definitions;   // statements that create it
    std::set<const Function*> registrars;
    std::vector<Registration> registrations;
    std::vector<Node> uses;          // other references, with `useModules` beside them
    std::vector<const Module*> useModules;
    std::string keyForm;             // "method,path", "path,method", "method:path", "method path", "method/path", "path"
    /// Why it is not understood: reason code and where; empty when it is.
    std::string unclear;
    const Module* unclearModule = nullptr;
    Node unclearNode;
};

/// Registries of a project in order of file and line.
std::vector<Registry> findRegistries(const Project& project);

/// Identity of the container at the root of an expression (`routes`, `routes[m]`, `self.routes`);
/// "" when it is none that lives longer than a call.
std::string containerId(const Project& project, const Module& module, const Node& expression);

/// Function of the project that an expression names; nullptr if it names none.
const Function* namedFunction(const Project& project, const Module& module, const Node& expression,
                              const Module** definedIn = nullptr);

} // namespace covet::rules::legacy
