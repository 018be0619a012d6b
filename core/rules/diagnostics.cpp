#include "rules/diagnostics.h"

#include "support/strings.h"

namespace covet::rules {

const std::vector<Diagnostic>& diagnostics() {
    static const std::vector<Diagnostic> kAll = {
#define DIAGNOSTIC(id, name, safety, message) {#id, name, Safety::safety, message},
#include "rules/diagnostics.def"
    };
    return kAll;
}

const Diagnostic* diagnostic(std::string_view id) {
    for (const Diagnostic& entry : diagnostics())
        if (entry.id == id) return &entry;
    return nullptr;
}

std::string messageOf(std::string_view id, std::string_view subject) {
    const Diagnostic* entry = diagnostic(id);
    return entry ? replaceAll(std::string(entry->message), "{}", subject) : std::string(subject);
}

} // namespace covet::rules
