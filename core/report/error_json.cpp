#include <nlohmann/json.hpp>

#include "covet/core.h"

namespace covet {

std::string errorJson(const Error& error) {
    nlohmann::ordered_json body;
    body["code"] = error.code;
    body["message"] = error.message;
    body["file"] = error.file;
    body["line"] = error.line;
    body["hint"] = error.hint;
    nlohmann::ordered_json document;
    document["error"] = std::move(body);
    return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace covet
