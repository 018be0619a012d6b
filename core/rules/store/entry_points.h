#pragma once

#include "semantic/project.h"

namespace covet::rules {

/// Calls whose function arguments run later or elsewhere, when no request is being answered: by the name called.
bool runsLater(std::string_view name);
bool isGenerator(const semantic::Module& module, const semantic::Function& function);
/// The only `yield` of a generator, if it is its last statement, so that `return` would give the same; null otherwise.
semantic::Node yieldAtEnd(const semantic::Module& module, const semantic::Function& function);
/// Whether a decorator that only Python itself knows, not a library: it calls nothing on its own.
bool isPlainDecorator(std::string_view text);
/// `application(environ, start_response)`: a WSGI server calls it, not a function of the project, and it cannot wait.
bool isWsgiCallable(const semantic::Function& function);
/// Whether a class has a base that is not of the project, which may call its methods.
bool hasForeignBase(const semantic::Project& project, const semantic::Module& module, const std::string& className);
/// A class of handlers (Resource, MethodView) that nothing registers or names otherwise: its methods are never called.
bool isNeverServed(const semantic::Project& project, const semantic::Module& module, const std::string& className);

} // namespace covet::rules
