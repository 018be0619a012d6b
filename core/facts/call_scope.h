#pragma once

#include <set>
#include <string>

#include "semantic/project.h"

namespace covet::facts {

/// Follows an object that a function makes: whether it is gone when the request has ended that ran the
/// function. What is not understood counts as kept.
class CallScope {
public:
    explicit CallScope(const semantic::Project& project) : project_(project) {}

    /// The object that `value` stands for.
    bool endsWithCall(const semantic::Module& module, const syntax::Node& value);

    /// Whether a framework makes one object of the class for each request: `class ItemView(MethodView)`.
    bool isMadePerRequest(const semantic::Module& module, const std::string& className, int depth = 0) const;

private:
    static constexpr size_t kSteps = 400;
    static constexpr int kBases = 10;

    bool endsInAttribute(const semantic::Module& module, const syntax::Node& attribute);
    bool endsInCall(const semantic::Module& module, const syntax::Node& argument, const syntax::Node& call);
    bool endsInTarget(const semantic::Module& module, const syntax::Node& target);
    bool endsInNames(const semantic::Module& module, const semantic::Function& function, const std::string& name,
                     const syntax::Node& except);
    bool objectsEnd(const semantic::Module& module, const std::string& className);
    bool resultsEnd(const semantic::Module& module, const semantic::Function& function);
    bool functionResultsEnd(const semantic::Module& module, const semantic::Function& function);
    bool methodResultsEnd(const semantic::Module& module, const semantic::Function& method);

    const semantic::Project& project_;
    std::set<const void*> seen_;
};

} // namespace covet::facts
