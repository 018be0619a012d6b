#include "migration/preflight.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <set>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "project/file_io.h"

namespace covet::cli {
namespace {

bool isImmutable(const std::string& path) {
    Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
    int flags = 0;
    if (!file || ioctl(file.get(), FS_IOC_GETFLAGS, &flags) != 0) return false;
    return (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) != 0;
}

Error immutable(const std::string& path) {
    return {"read-only", "the path is marked immutable or append-only", path, 0,
            "lift the mark (chattr -i -a), or work on a copy of the project; nothing was changed"};
}

Status checkFolder(const std::string& path) {
    struct statvfs system = {};
    if (statvfs(path.c_str(), &system) == 0 && (system.f_flag & ST_RDONLY))
        return systemError(EROFS, "write to the folder", path);
    if (isImmutable(path)) return immutable(path);
    if (faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        return systemError(errno, "write to the folder", path);
    return Ok{};
}

Status checkFile(const std::string& path) {
    if (isImmutable(path)) return immutable(path);
    if (faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0)
        return systemError(errno, "write to the file", path);
    return Ok{};
}

} // namespace

Status checkWritable(const Plan& plan) {
    std::set<std::string> folders = {plan.project};
    std::set<std::string> toMake(plan.newFolders.begin(), plan.newFolders.end());
    for (const PlannedChange& change : plan.changes) {
        std::string folder = change.path;
        do {
            size_t slash = folder.rfind('/');
            folder = slash == std::string::npos ? "" : folder.substr(0, slash);
        } while (!folder.empty() && toMake.count(folder));
        folders.insert(folder.empty() ? plan.project : plan.project + "/" + folder);
        if (change.kind == ChangeKind::Create) continue;
        Status status = checkFile(plan.project + "/" + change.path);
        if (!status) return status;
    }
    for (const std::string& folder : folders) {
        Status status = checkFolder(folder);
        if (!status) return status;
    }
    return Ok{};
}

} // namespace covet::cli
