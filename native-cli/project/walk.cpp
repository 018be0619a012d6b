#include "project/walk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "project/file_io.h"
#include "project/ignore_rules.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

constexpr std::array<std::string_view, 20> kForeignFolders = {
    ".git",          ".hg",        ".svn",         ".bzr",  "node_modules",  "__pycache__",   ".tox",
    ".nox",          ".mypy_cache", ".pytest_cache", ".ruff_cache", ".eggs", "site-packages", ".venv",
    ".covetpy-migrate", ".idea",   ".vscode",      ".ipynb_checkpoints", "__pypackages__", ".hypothesis",
};

struct Names {
    std::vector<std::string> all;
    bool has(std::string_view name) const { return std::binary_search(all.begin(), all.end(), name); }
};

bool isForeignFolder(std::string_view name) {
    return std::find(kForeignFolders.begin(), kForeignFolders.end(), name) != kForeignFolders.end() ||
           endsWith(name, ".egg-info");
}

/// Told by what is in the folder: virtual and conda environments.
bool isEnvironment(const Names& names) { return names.has("pyvenv.cfg") || names.has("conda-meta"); }

class Walker {
public:
    explicit Walker(std::string root) : root_(std::move(root)) {}

    Result<WalkResult> run() {
        char resolved[PATH_MAX];
        if (!realpath(root_.c_str(), resolved)) return systemError(errno, "open the folder", root_);
        realRoot_ = resolved;
        pushOuterRules();
        Descriptor folder(open(realRoot_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder) return systemError(errno, "open the project", root_);
        Names names;
        if (int number = list(folder.get(), names)) return systemError(number, "list the project", root_);
        visit(folder.get(), "", names);
        auto byPath = [](const auto& a, const auto& b) { return a.path < b.path; };
        std::sort(result_.files.begin(), result_.files.end(), byPath);
        std::sort(result_.links.begin(), result_.links.end(), byPath);
        std::sort(result_.skipped.begin(), result_.skipped.end(), byPath);
        return std::move(result_);
    }

    std::vector<FoundFile> runIgnored(const std::string& below) {
        realRoot_ = root_;
        inIgnored_ = true;
        Descriptor folder(open((root_ + "/" + below).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        Names names;
        if (folder && list(folder.get(), names) == 0 && !isEnvironment(names)) visit(folder.get(), below + "/", names);
        return std::move(result_.ignoredFiles);
    }

private:
    /// Patterns of the repository around the project; not used when they ignore the project itself,
    /// since the user named it.
    void pushOuterRules() {
        std::string top = realRoot_;
        struct stat info = {};
        while (stat((top + "/.git").c_str(), &info) != 0) {
            size_t slash = top.rfind('/');
            if (slash == std::string::npos || slash == 0) return;
            top.resize(slash);
        }
        prefix_ = realRoot_ == top ? "" : realRoot_.substr(top.size() + 1) + "/";
        IgnoreRules rules;
        auto add = [&](const std::string& path, const std::string& base) {
            Result<std::string> text = readWhole(path);
            if (text) rules.push(IgnoreFile(base, *text));
        };
        add(top + "/.git/info/exclude", "");
        for (size_t from = 0; from < prefix_.size();) {
            add(top + "/" + prefix_.substr(0, from) + ".gitignore", prefix_.substr(0, from));
            from = prefix_.find('/', from) + 1;
            if (rules.ignores(prefix_.substr(0, from - 1), true)) return;
        }
        rules_ = std::move(rules);
    }

    static int list(int folder, Names& names) {
        int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR* stream = copy >= 0 ? fdopendir(copy) : nullptr;
        if (!stream) return errno;
        errno = 0;
        while (dirent* entry = readdir(stream)) {
            std::string name = entry->d_name;
            if (name != "." && name != "..") names.all.push_back(std::move(name));
        }
        int number = errno;
        closedir(stream);
        std::sort(names.all.begin(), names.all.end());
        return number;
    }

    void visit(int folder, const std::string& path, const Names& names) {
        bool pushed = false;
        if (names.has(".gitignore")) {
            Result<std::string> text = readBelow(folder, ".gitignore");
            if (text) {
                rules_.push(IgnoreFile(prefix_ + path, *text));
                pushed = true;
            }
        }
        for (const std::string& name : names.all) entry(folder, path, name);
        if (pushed) rules_.pop();
    }

    void entry(int folder, const std::string& parent, const std::string& name) {
        std::string path = parent + name;
        struct stat info = {};
        if (fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
            skip(path, "unreadable", std::strerror(errno));
        } else if (S_ISLNK(info.st_mode)) {
            link(folder, path, name);
        } else if (S_ISDIR(info.st_mode)) {
            if (isForeignFolder(name)) return;
            if (!inIgnored_ && rules_.ignores(prefix_ + path, true)) {
                result_.ignoredFolders.push_back(path);
                return;
            }
            descend(folder, path, name);
        } else if (S_ISREG(info.st_mode)) {
            bool ignored = inIgnored_ || inRuntime_ || rules_.ignores(prefix_ + path, false);
            bool listed = !ignored || (!inIgnored_ && (endsWith(name, ".json") || endsWith(name, ".py")));
            (listed ? result_.files : result_.ignoredFiles)
                .push_back({path, static_cast<uint64_t>(info.st_size), static_cast<uint32_t>(info.st_mode & 07777), ignored});
        }
    }

    void descend(int folder, const std::string& path, const std::string& name) {
        if (std::count(path.begin(), path.end(), '/') > 200) {
            skip(path, "unreadable", "the folders are nested more than 200 deep");
            return;
        }
        Descriptor child(openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        Names names;
        int number = child ? list(child.get(), names) : errno;
        if (number) {
            skip(path, "unreadable", std::strerror(number));
            return;
        }
        if (isEnvironment(names) || isBuildOutput(name, names)) return;
        bool entersRuntime = !inRuntime_ && isVendoredRuntime(child.get(), name);
        if (entersRuntime) inRuntime_ = true;
        visit(child.get(), path + "/", names);
        if (entersRuntime) inRuntime_ = false;
    }

    /// setuptools copies the package's modules to build/lib.
    static bool isBuildOutput(const std::string& name, const Names& names) {
        if (name != "build") return false;
        return std::any_of(names.all.begin(), names.all.end(), [](const std::string& entry) {
            return entry == "lib" || startsWith(entry, "bdist.") || startsWith(entry, "lib.");
        });
    }

    static bool isVendoredRuntime(int folder, const std::string& name) {
        if (name != "covetpy") return false;
        Result<std::string> text = readBelow(folder, "__init__.py");
        return text && text->substr(0, 4096).find("covetpy-migrate") != std::string::npos;
    }

    void link(int folder, const std::string& path, const std::string& name) {
        char target[PATH_MAX];
        ssize_t size = readlinkat(folder, name.c_str(), target, sizeof target);
        if (size < 0) return;
        if (rules_.ignores(prefix_ + path, false)) return;
        result_.links.push_back({path, std::string(target, static_cast<size_t>(size))});
        char resolved[PATH_MAX];
        if (!realpath((realRoot_ + "/" + path).c_str(), resolved)) {
            if (errno == ELOOP) skip(path, "symlink-loop", "the link leads to itself");
            return;
        }
        std::string real = resolved;
        std::string full = realRoot_ + "/" + path;
        if (real == realRoot_ || startsWith(full, real + "/"))
            skip(path, "symlink-loop", "the link leads to a folder that contains it");
        else if (!startsWith(real, realRoot_ + "/") && matters(name, real))
            skip(path, "symlink-outside", fmt::format("the link leads out of the project, to {}", real));
    }

    static bool matters(const std::string& name, const std::string& real) {
        struct stat info = {};
        if (isForeignFolder(name) || stat(real.c_str(), &info) != 0) return false;
        return S_ISDIR(info.st_mode) || endsWith(name, ".py");
    }

    void skip(const std::string& path, const char* reason, std::string message) {
        result_.skipped.push_back({path, reason, std::move(message)});
    }

    std::string root_, realRoot_;
    std::string prefix_; // path of the project inside its repository, "" or ending with '/'
    IgnoreRules rules_;
    bool inIgnored_ = false; // below a folder that a rule ignores
    bool inRuntime_ = false; // below the runtime that an earlier run copied in
    WalkResult result_;
};

} // namespace

Result<WalkResult> walk(const std::string& root) { return Walker(root).run(); }

std::vector<FoundFile> filesOfIgnored(const std::string& root, const std::string& folder) {
    return Walker(root).runIgnored(folder);
}

} // namespace covet::cli
