#include "project/mapped_text.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "project/file_io.h"

namespace covet::cli {
namespace {

constexpr std::chrono::milliseconds kLookEvery(5);
constexpr size_t kResidentBytes = size_t{32} << 20; // of all copies, beside the program and its libraries

/// All mapped copies. Lives as long as the process, as its thread does.
class Mappings {
public:
    static Mappings& all() {
        static Mappings* const kAll = new Mappings;
        return *kAll;
    }

    void add(void* at, size_t size) {
        const std::lock_guard<std::mutex> lock(mutex_);
        sizes_[at] = size;
        if (watching_) return;
        watching_ = true;
        most_ = resident() + kResidentBytes;
        // Signals are for other threads.
        sigset_t every;
        sigset_t before;
        sigfillset(&every);
        pthread_sigmask(SIG_SETMASK, &every, &before);
        std::thread([this] { watch(); }).detach();
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    void remove(void* at) {
        const std::lock_guard<std::mutex> lock(mutex_);
        munmap(at, sizes_[at]);
        sizes_.erase(at);
    }

private:
    void watch() {
        for (;; std::this_thread::sleep_for(kLookEvery)) {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (sizes_.empty() || resident() <= most_) continue;
            // The pages stay in the system's cache; who reads them again finds them there.
            for (const auto& [at, size] : sizes_) madvise(at, size, MADV_DONTNEED);
        }
    }

    /// Bytes of files that are in the process' memory.
    static size_t resident() {
        const Descriptor file(open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
        char text[128] = {};
        unsigned long long whole = 0, held = 0, shared = 0;
        if (!file || read(file.get(), text, sizeof text - 1) <= 0 ||
            std::sscanf(text, "%llu %llu %llu", &whole, &held, &shared) != 3)
            return 0;
        return static_cast<size_t>(shared) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
    }

    std::mutex mutex_;
    std::map<void*, size_t> sizes_;
    size_t most_ = 0; // bytes
    bool watching_ = false;
};

Descriptor namelessFile() {
    const char* const chosen = std::getenv("TMPDIR");
    // What is in /tmp is in memory on some systems.
    for (const char* folder : {chosen, "/var/tmp", "/tmp"}) {
        if (!folder || !*folder) continue;
        Descriptor made(open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
        if (made) return made;
        std::string name = std::string(folder) + "/covetpy-XXXXXX";
        made = Descriptor(mkostemp(name.data(), O_CLOEXEC));
        if (!made) continue;
        unlink(name.c_str());
        return made;
    }
    return Descriptor();
}

bool copyAll(int from, int to, size_t& size) {
    std::vector<char> buffer(size_t{1} << 18);
    size = 0;
    for (;;) {
        const ssize_t got = read(from, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        for (ssize_t put = 0; put < got;) {
            const ssize_t written = write(to, buffer.data() + put, static_cast<size_t>(got - put));
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return false;
            put += written;
        }
        size += static_cast<size_t>(got);
    }
}

} // namespace

std::optional<SharedText> mapCopy(int file) {
    const Descriptor copy = namelessFile();
    size_t size = 0;
    if (copy && copyAll(file, copy.get(), size) && size > 0) {
        void* const at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, copy.get(), 0);
        if (at != MAP_FAILED) {
            Mappings::all().add(at, size);
            return SharedText(std::shared_ptr<const void>(at, [](void* mapped) { Mappings::all().remove(mapped); }),
                              std::string_view(static_cast<const char*>(at), size));
        }
    }
    lseek(file, 0, SEEK_SET);
    return std::nullopt;
}

} // namespace covet::cli
