#pragma once

#include <map>
#include <string>
#include <string_view>

#include "equivalence/exchange.h"

namespace covet::equivalence {

/// Which random identifier of another application stands for which one of the legacy application.
class Counterparts {
public:
    /// Notes a pair; false when `ours` already stands for something else.
    bool note(std::string_view ours, std::string_view theirs);
    /// The request as the other application has to be asked: with its identifiers.
    Request translated(Request request) const;
    bool empty() const { return theirs_.empty(); }

private:
    std::string translated(const std::string& text) const;

    std::map<std::string, std::string, std::less<>> theirs_;
};

} // namespace covet::equivalence
