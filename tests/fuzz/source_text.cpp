// Any bytes: either an error, or a text that encodes back to the same bytes.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "text/source_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::string bytes(reinterpret_cast<const char*>(data), size);
    covet::Result<covet::text::SourceText> source = covet::text::SourceText::fromBytes("a.py", bytes);
    if (!source) return 0;
    covet::Result<covet::SharedText> again = source->encode(source->sharedText());
    if (!again || again->string() != bytes) std::abort();
    return 0;
}
