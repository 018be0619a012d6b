#pragma once

#include <string>

#include "project/file_io.h"
#include "support/result.h"

namespace covet::cli {

/// The right to change a project: an flock on its folder, so that no file is made for it.
/// Given back when the process ends, however it ends.
class ProjectLock {
public:
    /// Error `locked` names the process that holds it, as far as the system tells.
    static Result<ProjectLock> acquire(const std::string& root);
    int folder() const { return folder_.get(); }

private:
    Descriptor folder_;
};

} // namespace covet::cli
