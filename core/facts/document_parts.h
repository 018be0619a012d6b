#pragma once

#include "facts/data_files.h"
#include "syntax/value.h"

namespace covet::facts {

/// Whether a document holds collections of its own (`{"notes": [...], "next_id": 3}`), of which code names each by a
/// constant key and never adds or removes one: then each can be kept by itself. `content` is what the file holds first.
bool hasParts(const Project& project, const DataFile& file, const Value& content);

} // namespace covet::facts
