#include "semantic/test_modules.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::semantic {

bool isTestModule(const Module& module) {
    const std::string& path = module.path();
    const std::string file = path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
    if (startsWith(file, "test_") || endsWith(file, "_test.py") || file == "conftest.py") return true;
    if (file == "test.py" || file == "tests.py")
        for (const char* name : {"pytest", "unittest"})
            for (const auto& entry : module.imports)
                if (entry.second.module == name) return true;
    std::vector<std::string> parts = split(path, '/');
    if (!parts.empty()) parts.pop_back();
    return std::any_of(parts.begin(), parts.end(),
                       [](const std::string& part) { return part == "tests" || part == "test"; });
}

} // namespace covet::semantic
