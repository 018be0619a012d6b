#pragma once

#include <utility>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

/// Whether a call makes the same object whenever it runs, so that what the object holds lives as long as
/// the program. It runs once:
///
///     repo = Repo()                        at module level
///     app.state.repo = Repo()              in code that the application runs when it starts
///     def create_app(): repo = Repo()      in an application factory, or a function called at one place
///     self.repo = Repo()                   in `__init__` of a class with one object
///
/// or its first result is kept:
///
///     @lru_cache                           on a function without parameters
///     if _repo is None: _repo = Repo()     where nothing but the start sets the name to None; the same for
///                                          attributes of a class, of its one object, of an application
bool makesOneObject(const semantic::Project& project, const semantic::Module& module, const syntax::Node& call);

/// Whether all calls of a class give one object: its `__new__` keeps the first in an attribute of the class.
bool isSingleton(const semantic::Project& project, const semantic::Module& module, const std::string& className);

/// Whether the only object of a class is one that its own code makes once, `cls._instance = cls()`.
bool isMadeByItself(const semantic::Project& project, const semantic::Module& module, const std::string& className);

/// Whether of several calls, each of which makes one object, a running program makes one only: they stand in
/// different branches of a statement, or at the top of different modules that nothing imports.
bool areAlternatives(const semantic::Project& project,
                     const std::vector<std::pair<const semantic::Module*, syntax::Node>>& calls);

/// Whether a module makes the application or the server.
bool makesApplication(const semantic::Module& module);

} // namespace covet::facts
