#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <toml++/toml.h>

namespace covet::cli {

/// The same as JSON text, for readers that are in the core; `lines` says where each JSON pointer stands.
std::string jsonText(const toml::node& node, std::map<std::string, uint32_t>& lines);

} // namespace covet::cli
