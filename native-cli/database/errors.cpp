#include "database/errors.h"

#include <cstdio>
#include <utility>

namespace covet::database {

int exitStatus(const Error& error) {
    constexpr std::pair<const char*, int> kStatuses[] = {
        {code::kUrl, 1},    {code::kPreflight, 2},  {code::kConflict, 2},  {code::kVerify, 3},
        {code::kData, 4},   {code::kConnection, 5}, {code::kLogin, 5}, {code::kStatement, 5}, {code::kInputOutput, 6},
        {code::kLocked, 7}, {code::kCancelled, 8},
    };
    for (const auto& [name, status] : kStatuses)
        if (error.code == name) return status;
    return 9;
}

Error makeError(const char* errorCode, std::string message, std::string hint) {
    Error error;
    error.code = errorCode;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

std::string shown(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            char buffer[8];
            std::snprintf(buffer, sizeof buffer, "\\x%02x", byte);
            out += buffer;
        } else {
            out += c;
        }
    }
    return out + '"';
}

} // namespace covet::database
