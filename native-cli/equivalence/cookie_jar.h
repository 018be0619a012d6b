#pragma once

#include <map>
#include <string>

#include "equivalence/exchange.h"

namespace covet::cli {

/// The cookies that one application has set, so that sessions and logins go on. Names and values
/// only: all requests go to one host.
class CookieJar {
public:
    void take(const equivalence::Answer& answer);
    /// Adds the Cookie header, unless the request has one or there is nothing to say.
    void addTo(equivalence::Request& request) const;

private:
    std::map<std::string, std::string> cookies_;
};

} // namespace covet::cli
