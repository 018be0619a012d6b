#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "project/file_io.h"
#include "support/result.h"

namespace covet::cli {

/// What a record says about its step.
enum class Phase {
    Begin,      // of the run
    Intent,     // the effect is about to happen
    Done,       // the effect has happened and is on disk
    UndoIntent, // the effect is about to be taken back
    Undone,     // it has been taken back
    End         // of the run; data.status is "complete" or "undone"
};

struct Record {
    uint64_t seq = 0;
    std::string time; // UTC, "2026-01-31T12:00:00Z"
    std::string step; // "run", "backup", "plan", "database", "code", "report"
    Phase phase = Phase::Begin;
    nlohmann::ordered_json data;
};

/// The append-only diary of one run: a line of JSON per record, on disk before `append` returns.
///
/// Every line ends with the CRC-32C of its other members and names the SHA-256 of the line before,
/// so that a torn last line (power loss) is told from an edited file: the first is dropped, the
/// second is the Error `journal-damaged`.
class Journal {
public:
    /// A new journal; the file must not exist.
    static Result<Journal> create(const std::string& path);
    /// Continues one that exists. A torn last line is cut off.
    static Result<Journal> open(const std::string& path);
    /// Reads without changing anything.
    static Result<std::vector<Record>> read(const std::string& path);

    Status append(const std::string& step, Phase phase, nlohmann::ordered_json data = nlohmann::ordered_json::object());
    const std::vector<Record>& records() const { return records_; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
    Descriptor file_;
    std::vector<Record> records_;
    std::string lastDigest_;
};

/// The time now as records spell it.
std::string utcNow();

} // namespace covet::cli
