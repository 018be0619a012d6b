#pragma once

#include <string>
#include <string_view>

#include "catalog/target_profile.h"
#include "support/result.h"

namespace covet::emit {

/// A database URL that may be written to a file: without its password.
struct PublicUrl {
    std::string url;
    bool passwordLeftOut = false;
};
PublicUrl withoutPassword(std::string_view url);

/// Text of the configuration file. `existing` is what is there already ("" = nothing): all of its keys
/// are kept, and its layout as far as JSON text has one. A URL that is given takes the place of an
/// older one. Error `not-a-json-object` when `existing` is something else; it must then be left alone.
Result<std::string> configText(std::string_view existing, const catalog::TargetProfile& target,
                               const std::string& databaseUrl);

} // namespace covet::emit
