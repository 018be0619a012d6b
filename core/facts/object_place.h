#pragma once

#include <optional>
#include <string>

#include "semantic/project.h"

namespace covet::facts {

/// Where an object keeps something: "state.users" of the application, "users" of a variable.
struct ObjectPlace {
    const semantic::Module* module = nullptr; // of the variable; nullptr: the application
    std::string root;                         // the variable
    std::string path;                         // ".state.users", ".config[USERS]"

    bool operator<(const ObjectPlace& other) const;
    bool operator==(const ObjectPlace& other) const { return module == other.module && root == other.root && path == other.path; }
};

/// `app.extensions["tasks"]`, `current_app.config["REPO"]`: an entry that lasts as long as the application does.
bool isApplicationEntry(const syntax::Node& target);

/// Reads names and attributes as places of lasting objects.
///
/// The application is one place, whatever the code calls it: `app`, `current_app`, `request.app`; that only
/// holds for a project that makes one.
class ObjectPlaces {
public:
    explicit ObjectPlaces(const semantic::Project& project);

    /// Nothing for what is local to a call, and for what is not understood.
    std::optional<ObjectPlace> of(const semantic::Module& module, const syntax::Node& expression, int steps = 4) const;

private:
    std::optional<ObjectPlace> ofName(const semantic::Module& module, const syntax::Node& name, int steps) const;
    std::optional<ObjectPlace> ofPassed(const semantic::Module& module, const semantic::Function& function, const std::string& parameter,
                                        int steps) const;
    bool isApplicationCall(const semantic::Module& module, const syntax::Node& value) const;

    const semantic::Project& project_;
    bool hasOneApplication_ = false;
};

} // namespace covet::facts
