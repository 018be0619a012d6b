#pragma once

#include <functional>
#include <string>

#include "equivalence/exchange.h"

namespace covet::cli {

/// Where an application listens on the loopback interface, and how long it may take to answer.
struct HttpTarget {
    unsigned port = 0;
    double seconds = 10; // for the whole answer
    /// Asked several times a second; true gives up.
    std::function<bool()> stopped;
};

/// Sends one request as it is (no normalising, no redirects, HTTP/1.1, a connection of its own) and
/// reads the answer. Never fails: what went wrong is in `problem`.
equivalence::Answer sendRequest(const HttpTarget& target, const equivalence::Request& request);

/// Whether something accepts connections on the port.
bool isListening(unsigned port);

/// A port of the loopback interface that nothing listens on; 0 if there is none.
unsigned freePort();

} // namespace covet::cli
