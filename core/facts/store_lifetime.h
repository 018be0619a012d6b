#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "facts/store_finder.h"

namespace covet::facts {

/// Tells containers that hold no data of the running application from those that do.
class StoreLifetimes {
public:
    explicit StoreLifetimes(const Project& project);

    /// Why nothing of the application is lost with the container; "" if something may be:
    ///
    ///     not-imported      nothing imports its module, and running the module does nothing
    ///     never-made        no code makes an object of the class that has it
    ///     per-call          each request makes the object that has it, and drops it
    ///     instance-default  objects set an attribute of that name; the one of the class never changes
    std::string noDataReason(const FoundStore& store) const;

private:
    const Project& project_;
    std::set<const Module*> unused_; // what nothing imports
};

/// Games, console menus and scripts beside the application: they run code of their own, nothing that serves requests imports
/// them, and they import nothing that does.
std::set<const Module*> otherPrograms(const Project& project);

/// Whether the class of an attribute store makes one object only, which sets the attribute once.
bool isOfOneObject(const Project& project, const FoundStore& store);

/// Whether a reason why a container stays in memory is one of these, `never-changed`: the program makes
/// it when it starts, and no request reaches it, or `never-reached`: none of the requests and nothing at the
/// start reaches code that uses it.
bool isNoDataReason(std::string_view reason);

} // namespace covet::facts
