#include "emit/synchronous.h"

#include <utility>

#include "support/strings.h"

namespace covet::emit {

std::string synchronousForm(std::string python) {
    // Longer texts first: a shorter one may be part of them.
    static constexpr std::pair<const char*, const char*> kTwins[] = {
        {"        self.waits = False  # for the handler whose dependency has opened it\n", ""},
        {"        self.release: Any = None  # gives back what a dependency has taken for the request\n", ""},
        {"asynccontextmanager", "contextmanager"},
        {"AsyncIterator", "Iterator"},
        {"AsyncSession", "Session"},
        {"except HTTPException", "except RefusedChange"},
        {"async with ", "with "},
        {"async def ", "def "},
        {"await ", ""},
        {"_async_url", "_driver_url"},
    };
    for (const auto& [awaiting, plain] : kTwins) python = replaceAll(std::move(python), awaiting, plain);
    return python;
}

} // namespace covet::emit
