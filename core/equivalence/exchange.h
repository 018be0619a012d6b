#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace covet::equivalence {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One request of the script, as it goes over the wire.
struct Request {
    std::string route;  // "GET /items/{item_id}", "GET (no route)"
    std::string method;
    std::string path;   // percent-encoded, with the query
    std::optional<std::string> body;
    Headers headers;
    std::string about;  // what it tries: "missing id", "without price"
};

/// What came back.
struct Answer {
    int status = 0;      // 0: no answer, see `problem`
    std::string problem; // "timeout", "closed", "refused", "not-http"; also when a body does not end
    Headers headers;     // names in lower case
    std::string body;
    bool truncated = false; // the body is longer than what was kept

    /// Value of a header; several of one name are joined with ", ". Empty if absent.
    std::string header(const std::string& name) const;
};

/// The command line that sends the same request by hand. A body larger than `largestBody` bytes is
/// left to a file named BODY.
std::string curlCommand(const Request& request, const std::string& host, size_t largestBody);

/// Text for people: control characters and bytes that are not UTF-8 are escaped, and what is longer
/// than `limit` bytes is cut.
std::string excerpt(const std::string& text, size_t limit);

} // namespace covet::equivalence
