#include "backup/backup_store.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "backup/manifest.h"
#include "journal/journal.h"
#include "project/atomic_file.h"
#include "project/file_io.h"
#include "project/sha256.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

namespace fs = std::filesystem;

Error damaged(std::string message, const std::string& path) {
    return {"backup-damaged", std::move(message), path, 0,
            "use an older backup (covetpy-migrate backup --list); nothing was changed"};
}

/// Copies a file of the project; fills size, digest, mode and time.
Status copyFile(int root, const std::string& to, BackedUpFile& file) {
    std::string name;
    Result<Descriptor> parent = openParent(root, file.path, name);
    if (!parent) return parent.error();
    Descriptor in(openat(parent->get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    struct stat info = {};
    if (!in || fstat(in.get(), &info) != 0) return systemError(errno, "read the file", file.path);
    Descriptor out(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!out) return systemError(errno, "write the backup", to);
    Sha256 digest;
    file.size = 0;
    std::vector<char> buffer(1 << 18);
    for (;;) {
        ssize_t count = read(in.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return systemError(errno, "read the file", file.path);
        if (count == 0) break;
        digest.add({buffer.data(), static_cast<size_t>(count)});
        file.size += static_cast<uint64_t>(count);
        for (ssize_t written = 0; written < count;) {
            ssize_t now = write(out.get(), buffer.data() + written, static_cast<size_t>(count - written));
            if (now < 0 && errno == EINTR) continue;
            if (now < 0) return systemError(errno, "write the backup", to);
            written += now;
        }
    }
    file.sha256 = digest.hex();
    file.mode = info.st_mode & 07777;
    file.modifiedSeconds = info.st_mtim.tv_sec;
    file.modifiedNanoseconds = info.st_mtim.tv_nsec;
    return Ok{};
}

/// Everything that was written must be on disk before the backup counts. One call for the file
/// system is far cheaper than one per file.
Status syncAll(const std::string& folder) {
    Result<Descriptor> opened = openFolder(folder);
    if (!opened) return opened.error();
    if (syncfs(opened->get()) != 0) return systemError(errno, "flush the backup", folder);
    return Ok{};
}

} // namespace

std::string BackupStore::pathOf(unsigned number) const { return fmt::format("{}/{:04}", folder_, number); }

Result<BackupInfo> BackupStore::create(const std::string& root, const WalkResult& found,
                                       const std::map<std::string, std::string>& digests,
                                       const Progress& progress) {
    Status made = makeFolders(folder_, 0700);
    if (!made) return made.error();
    unsigned number = 1;
    for (const BackupInfo& earlier : list()) number = std::max(number, earlier.number + 1);
    std::string partial = fmt::format("{}/.{:04}.partial", folder_, number);
    std::error_code ignored;
    fs::remove_all(partial, ignored);
    auto giveUp = [&](Error error) -> Result<BackupInfo> {
        fs::remove_all(partial, ignored);
        fs::remove(folder_, ignored); // only if this made it and it is empty
        return error;
    };
    if (made = makeFolders(partial + "/files", 0700); !made) return giveUp(made.error());
    Result<Descriptor> folder = openFolder(root);
    if (!folder) return giveUp(folder.error());

    Manifest manifest;
    manifest.created = utcNow();
    manifest.project = root;
    BackupInfo info{number, pathOf(number), manifest.created, root, 0, 0, ""};
    for (const FoundFile& entry : found.files) {
        if (progress && !progress(info.files, found.files.size()))
            return giveUp({"interrupted", "the backup was stopped", "", 0, ""});
        BackedUpFile file;
        file.path = entry.path;
        std::string to = partial + "/files/" + entry.path;
        if (made = makeFolders(to.substr(0, to.rfind('/')), 0700); !made) return giveUp(made.error());
        Status copied = copyFile(folder->get(), to, file);
        if (!copied) return giveUp(copied.error());
        auto expected = digests.find(entry.path);
        if (expected != digests.end() && expected->second != file.sha256)
            return giveUp({"edited-since", "the file was edited while the migration was running", entry.path, 0,
                           "nothing was changed; run the same command again"});
        ++info.files;
        info.bytes += file.size;
        manifest.files.push_back(std::move(file));
    }
    for (const LinkEntry& link : found.links) manifest.links.push_back({link.path, link.target});
    std::string text = manifestText(manifest);
    info.manifestDigest = sha256Hex(text);
    Status written = writePrivateFile(partial + "/manifest.json", text);
    if (written) written = writePrivateFile(partial + "/manifest.sha256", info.manifestDigest + "\n");
    if (written) written = syncAll(partial);
    if (!written) return giveUp(written.error());
    if (rename(partial.c_str(), info.path.c_str()) != 0)
        return giveUp(systemError(errno, "put the backup in place", info.path));
    written = syncFolder(folder_);
    if (!written) return written.error();
    return info;
}

std::vector<BackupInfo> BackupStore::list() const {
    std::vector<BackupInfo> backups;
    std::error_code problem;
    for (fs::directory_iterator it(folder_, problem), end; !problem && it != end; it.increment(problem)) {
        std::string name = it->path().filename().string();
        if (name.size() < 4 || name.find_first_not_of("0123456789") != std::string::npos) continue;
        Result<BackupInfo> info = find(static_cast<unsigned>(std::strtoul(name.c_str(), nullptr, 10)));
        if (info) backups.push_back(std::move(*info));
    }
    std::sort(backups.begin(), backups.end(),
              [](const BackupInfo& a, const BackupInfo& b) { return a.number < b.number; });
    return backups;
}

namespace {

/// The manifest of the backup at `path`, checked against its digest.
Result<Manifest> readManifest(const std::string& path, std::string& digest) {
    Result<std::string> text = readWhole(path + "/manifest.json");
    Result<std::string> recorded = readWhole(path + "/manifest.sha256");
    if (!text) return damaged("the manifest cannot be read", path + "/manifest.json");
    if (!recorded) return damaged("the manifest's digest cannot be read", path + "/manifest.sha256");
    digest = sha256Hex(*text);
    if (trim(*recorded) != digest) return damaged("the manifest was changed", path + "/manifest.json");
    return parseManifest(*text, path + "/manifest.json");
}

} // namespace

Result<BackupInfo> BackupStore::find(unsigned number) const {
    BackupInfo info;
    info.number = number;
    info.path = pathOf(number);
    std::error_code problem;
    if (!fs::is_directory(info.path, problem))
        return Error{"no-backup", fmt::format("there is no backup {:04}", number), folder_, 0,
                     "covetpy-migrate backup --list shows those there are"};
    Result<Manifest> manifest = readManifest(info.path, info.manifestDigest);
    if (!manifest) return info; // listed all the same; verify() tells what is wrong
    info.created = manifest->created;
    info.project = manifest->project;
    info.files = manifest->files.size();
    for (const BackedUpFile& file : manifest->files) info.bytes += file.size;
    return info;
}

Status BackupStore::verify(unsigned number) const {
    Result<BackupInfo> info = find(number);
    if (!info) return info.error();
    std::string digest;
    Result<Manifest> manifest = readManifest(info->path, digest);
    if (!manifest) return manifest.error();
    for (const BackedUpFile& file : manifest->files) {
        std::string path = info->path + "/files/" + file.path;
        Result<std::string> bytes = readWhole(path);
        if (!bytes) return damaged("a file of the backup cannot be read", path);
        if (sha256Hex(*bytes) != file.sha256) return damaged("a file of the backup was changed", path);
    }
    return Ok{};
}

Result<std::string> BackupStore::read(unsigned number, const std::string& path) const {
    std::string digest;
    Result<Manifest> manifest = readManifest(pathOf(number), digest);
    if (!manifest) return manifest.error();
    const BackedUpFile* file = manifest->file(path);
    std::string full = pathOf(number) + "/files/" + path;
    if (!file) return damaged("the file is not in the backup", full);
    Result<std::string> bytes = readWhole(full);
    if (!bytes || sha256Hex(*bytes) != file->sha256) return damaged("a file of the backup was changed", full);
    return bytes;
}

} // namespace covet::cli
