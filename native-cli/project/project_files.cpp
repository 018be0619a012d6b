#include "project/project_files.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <set>
#include <sys/stat.h>

#include <fmt/format.h>

#include "catalog/target_profile.h"
#include "project/file_io.h"
#include "project/sha256.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

std::string_view baseName(std::string_view path) {
    size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// A name with the bytes that are not UTF-8 written as \xNN.
std::string printable(std::string_view name) {
    std::string result;
    for (char c : name) {
        unsigned char byte = static_cast<unsigned char>(c);
        result += byte < 0x80 && byte >= 0x20 ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
    }
    return result;
}

bool isNameByte(char c) {
    return c == '_' || c == '-' || c == '.' || c == ' ' || (c & 0x80) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/// What strings of the modules mention: the last parts of paths (`"data/books.json"`: "books.json"), and the folders in them.
struct Mentioned {
    std::set<std::string, std::less<>> names, folders;
    bool computesJson = false; // the name of a JSON file is made at run time: f"{user}.json"
    bool readsJson = false;
};

void collectMentions(std::string_view text, Mentioned& mentioned) {
    mentioned.readsJson = mentioned.readsJson || text.find("json") != std::string_view::npos;
    for (size_t at = text.find_first_of("\"'/"); at != std::string_view::npos; at = text.find_first_of("\"'/", at + 1)) {
        size_t start = at;
        while (start > 0 && isNameByte(text[start - 1])) --start;
        const std::string_view name = text.substr(start, at - start);
        if (name.empty()) continue;
        if (text[at] == '/') {
            mentioned.folders.emplace(name);
        } else if (name == ".json") {
            mentioned.computesJson = true;
        } else {
            mentioned.names.emplace(name);
            mentioned.folders.emplace(name);
        }
    }
}

/// Whether a file of this name may hold an application's data as JSON, whatever its name ends with.
bool mayHoldData(std::string_view name) {
    static constexpr std::string_view kOthers[] = {".py", ".pyc", ".html", ".htm", ".css", ".js", ".ts", ".vue", ".md", ".rst", ".svg", ".png",
                                                   ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".pdf", ".zip", ".gz", ".log", ".sql", ".sqlite",
                                                   ".sqlite3", ".env", ".pem", ".key", ".crt", ".toml", ".ini", ".cfg", ".sh", ".mp3", ".mp4"};
    return !startsWith(name, ".") && std::none_of(std::begin(kOthers), std::end(kOthers), [&](std::string_view end) { return endsWith(name, end); });
}

class Reader {
public:
    Reader(ProjectFiles& files, int root) : files_(files), root_(root) {}

    void readModules() {
        for (const FoundFile& file : files_.found.files) {
            bool isPython = endsWith(file.path, ".py");
            if (!isPython && !isDependencyFile(file.path)) continue;
            if (file.ignored) {
                files_.skipped.push_back({file.path, "ignored", "left out by .gitignore"});
                continue;
            }
            files_.pythonFiles += isPython;
            const SharedText* bytes = take(file);
            if (bytes && isPython) collectMentions(*bytes, mentioned_);
        }
    }

    void readDataFiles() {
        listIgnored();
        for (const FoundFile& file : files_.found.files) {
            bool named = mentioned_.names.count(baseName(file.path)) > 0;
            if (!endsWith(file.path, ".json")) {
                if (named && mentioned_.readsJson && mayHoldData(baseName(file.path)) && !files_.digests.count(file.path)) takeText(file);
                continue;
            }
            for (const catalog::TargetProfile& target : catalog::targetProfiles())
                named = named || baseName(file.path) == target.configFile ||
                        baseName(file.path) == target.routesManifest;
            if (named)
                take(file, kLargestData);
            else if (mentioned_.computesJson && !file.ignored)
                take(file);
        }
    }

    void readEnvironment() {
        for (const FoundFile& file : files_.found.files)
            if (baseName(file.path) == ".env" || file.path == ".gitignore") take(file);
    }

private:
    /// Adds the ignored files that modules name to those found.
    void listIgnored() {
        auto add = [&](std::vector<FoundFile>& ignored) {
            for (FoundFile& file : ignored)
                if (mentioned_.names.count(baseName(file.path)) && (endsWith(file.path, ".json") || (mentioned_.readsJson && mayHoldData(baseName(file.path)))))
                    files_.found.files.push_back(std::move(file));
        };
        add(files_.found.ignoredFiles);
        for (const std::string& folder : files_.found.ignoredFolders) {
            if (!mentioned_.folders.count(baseName(folder))) continue;
            std::vector<FoundFile> inside = filesOfIgnored(files_.root, folder);
            add(inside);
        }
        std::sort(files_.found.files.begin(), files_.found.files.end(), [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; });
    }

    /// A document of another kind than JSON by its name. Where it is no text, nothing of it is data as JSON is.
    void takeText(const FoundFile& file) {
        const SharedText* bytes = take(file, kLargestDocument);
        if (!bytes || bytes->view().find('\0') == std::string_view::npos) return;
        files_.digests.erase(file.path);
        files_.modes.erase(file.path);
        files_.inputs.pop_back();
    }

    const SharedText* take(const FoundFile& file) {
        return take(file, endsWith(file.path, ".py") ? kLargestData : kLargestDocument);
    }

    const SharedText* take(const FoundFile& file, uint64_t largest) {
        if (!isUtf8(file.path)) {
            files_.skipped.push_back({printable(file.path), "unreadable", "the file's name is not UTF-8"});
            return nullptr;
        }
        if (file.size > largest) {
            files_.skipped.push_back({file.path, "too-large",
                                      fmt::format("{} MB; files over {} MB are left out", file.size >> 20,
                                                  largest >> 20)});
            return nullptr;
        }
        Result<SharedText> bytes = readSharedBelow(root_, file.path);
        if (!bytes) {
            files_.skipped.push_back({file.path, "unreadable", bytes.error().message});
            return nullptr;
        }
        files_.digests[file.path] = sha256Hex(*bytes);
        files_.modes[file.path] = file.mode;
        files_.inputs.push_back({file.path, std::move(*bytes)});
        return &files_.inputs.back().bytes;
    }

    ProjectFiles& files_;
    int root_;
    Mentioned mentioned_;
};

void sortByPath(ProjectFiles& files) {
    auto byPath = [](const auto& a, const auto& b) { return a.path < b.path; };
    std::sort(files.inputs.begin(), files.inputs.end(), byPath);
    std::sort(files.skipped.begin(), files.skipped.end(), byPath);
}

} // namespace

bool isUtf8(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        unsigned char c = static_cast<unsigned char>(text[i]);
        size_t size = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
        if (size == 0 || i + size > text.size()) return false;
        for (size_t k = 1; k < size; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        i += size;
    }
    return true;
}

bool isDependencyFile(std::string_view path) {
    std::string_view name = baseName(path);
    bool inRequirements = path.find("requirements/") != std::string_view::npos;
    return name == "pyproject.toml" || name == "setup.cfg" || name == "Pipfile" ||
           ((endsWith(name, ".txt") || endsWith(name, ".in")) &&
            (startsWith(name, "requirements") || inRequirements));
}

Result<std::string> resolveProject(const std::string& path) {
    struct stat info = {};
    if (stat(path.c_str(), &info) != 0) {
        if (errno == ENOENT)
            return Error{"no-such-path", fmt::format("there is no folder {}", path), path, 0,
                         "give the folder that holds the application, for example: covetpy-migrate analyze ./shop"};
        return systemError(errno, "open the project", path);
    }
    if (!S_ISDIR(info.st_mode)) {
        size_t slash = path.rfind('/');
        std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
        return Error{"not-a-folder", fmt::format("{} is a file, not a project folder", path), path, 0,
                     fmt::format("give the folder that holds it: {}", folder)};
    }
    char resolved[PATH_MAX];
    if (!realpath(path.c_str(), resolved)) return systemError(errno, "open the project", path);
    return std::string(resolved);
}

Result<ProjectFiles> readProject(const std::string& path) {
    ProjectFiles files;
    files.shownRoot = path;
    Result<std::string> root = resolveProject(path);
    if (!root) return root.error();
    files.root = *root;
    Result<WalkResult> found = walk(files.root);
    if (!found) {
        Error error = found.error();
        error.file = path;
        return error;
    }
    files.found = std::move(*found);
    files.skipped = files.found.skipped;
    Result<Descriptor> folder = openFolder(files.root);
    if (!folder) return folder.error();
    Reader reader(files, folder->get());
    reader.readModules();
    if (files.pythonFiles == 0)
        return Error{"empty-project", fmt::format("there are no Python files in {}", path), path, 0,
                     "give the folder that holds the application's .py files; files that .gitignore names, "
                     "virtual environments and hidden caches are not looked at"};
    reader.readDataFiles();
    sortByPath(files);
    return files;
}

Status readEnvironmentFiles(ProjectFiles& files) {
    Result<Descriptor> folder = openFolder(files.root);
    if (!folder) return folder.error();
    Reader(files, folder->get()).readEnvironment();
    sortByPath(files);
    return Ok{};
}

} // namespace covet::cli
