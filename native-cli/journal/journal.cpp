#include "journal/journal.h"

#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "journal/crc32c.h"
#include "project/sha256.h"

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 6> kPhases = {"begin", "intent", "done", "undo-intent", "undone", "end"};
constexpr std::string_view kChecksumKey = ",\"crc\":\"";

std::string lineOf(const Record& record, const std::string& previous) {
    Json object = {{"seq", record.seq},
                   {"time", record.time},
                   {"step", record.step},
                   {"phase", kPhases[static_cast<size_t>(record.phase)]},
                   {"data", record.data},
                   {"previous", previous}};
    std::string body = object.dump(-1, ' ', false, Json::error_handler_t::replace);
    uint32_t checksum = crc32c(body);
    body.pop_back();
    return fmt::format("{}{}{:08x}\"}}\n", body, kChecksumKey, checksum);
}

/// The record of a line without its '\n'; false when checksum or form is wrong.
bool parseLine(std::string_view line, const std::string& previous, Record& record) {
    size_t at = line.rfind(kChecksumKey);
    if (at == std::string_view::npos || line.size() != at + kChecksumKey.size() + 8 + 2) return false;
    if (line.substr(line.size() - 2) != "\"}") return false;
    std::string body = std::string(line.substr(0, at)) + "}";
    if (line.substr(at + kChecksumKey.size(), 8) != fmt::format("{:08x}", crc32c(body))) return false;
    Json object = Json::parse(body, nullptr, false);
    if (!object.is_object() || object.value("previous", "") != previous) return false;
    record.seq = object.value("seq", uint64_t{0});
    record.time = object.value("time", "");
    record.step = object.value("step", "");
    record.data = object.value("data", Json::object());
    std::string phase = object.value("phase", "");
    for (size_t i = 0; i < kPhases.size(); ++i) {
        if (phase != kPhases[i]) continue;
        record.phase = static_cast<Phase>(i);
        return true;
    }
    return false;
}

struct Contents {
    std::vector<Record> records;
    std::string lastDigest;
    size_t validBytes = 0;
};

Result<Contents> parse(const std::string& path) {
    Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    Contents contents;
    uint32_t line = 0;
    for (size_t at = 0; at < bytes->size();) {
        ++line;
        size_t end = bytes->find('\n', at);
        bool isLast = end == std::string::npos || end + 1 == bytes->size();
        std::string_view text(bytes->data() + at, (end == std::string::npos ? bytes->size() : end) - at);
        Record record;
        bool valid = end != std::string::npos && parseLine(text, contents.lastDigest, record) &&
                     record.seq == contents.records.size() + 1;
        if (!valid) {
            if (isLast) break;
            return Error{"journal-damaged", "the journal of this run was changed or damaged", path, line,
                         "nothing was done; restore the project from the newest backup "
                         "(covetpy-migrate backup --list), then remove the folder of this journal"};
        }
        contents.lastDigest = sha256Hex(text);
        contents.records.push_back(std::move(record));
        at = end + 1;
        contents.validBytes = at;
    }
    return contents;
}

} // namespace

std::string utcNow() {
    char text[32];
    std::time_t now = std::time(nullptr);
    std::tm utc = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    return text;
}

Result<Journal> Journal::create(const std::string& path) {
    Journal journal;
    journal.path_ = path;
    journal.file_ = Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!journal.file_) return systemError(errno, "create the journal", path);
    Status synced = syncFolder(path.substr(0, path.rfind('/')));
    if (!synced) return synced.error();
    return journal;
}

Result<Journal> Journal::open(const std::string& path) {
    Result<Contents> contents = parse(path);
    if (!contents) return contents.error();
    Journal journal;
    journal.path_ = path;
    journal.records_ = std::move(contents->records);
    journal.lastDigest_ = contents->lastDigest;
    journal.file_ = Descriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (!journal.file_) return systemError(errno, "open the journal", path);
    if (ftruncate(journal.file_.get(), static_cast<off_t>(contents->validBytes)) != 0)
        return systemError(errno, "repair the journal", path);
    return journal;
}

Result<std::vector<Record>> Journal::read(const std::string& path) {
    Result<Contents> contents = parse(path);
    if (!contents) return contents.error();
    return std::move(contents->records);
}

Status Journal::append(const std::string& step, Phase phase, Json data) {
    Record record{records_.size() + 1, utcNow(), step, phase, std::move(data)};
    std::string line = lineOf(record, lastDigest_);
    struct stat info = {};
    if (fstat(file_.get(), &info) != 0) return systemError(errno, "write the journal", path_);
    for (size_t written = 0; written < line.size();) {
        ssize_t count = write(file_.get(), line.data() + written, line.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            int number = errno;
            // Half a line would make every later record unreadable.
            if (ftruncate(file_.get(), info.st_size) != 0) number = errno;
            return systemError(number, "write the journal", path_);
        }
        written += static_cast<size_t>(count);
    }
    if (fsync(file_.get()) != 0) return systemError(errno, "flush the journal", path_);
    lastDigest_ = sha256Hex(std::string_view(line).substr(0, line.size() - 1));
    records_.push_back(std::move(record));
    return Ok{};
}

} // namespace covet::cli
