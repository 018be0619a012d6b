#include "python_oracle.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

namespace covet::testing {

std::vector<std::string> runPython(const std::string& script) {
    std::string pattern = (std::filesystem::temp_directory_path() / "oracle-XXXXXX").string();
    const int handle = mkstemp(pattern.data());
    if (handle < 0) return {"no temporary file"};
    close(handle);
    std::ofstream(pattern, std::ios::binary) << script;
    const std::string command = "python3 -I -X utf8 '" + pattern + "' 2>&1";
    std::vector<std::string> lines;
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe) return {"python3 could not be started"};
    std::string text;
    char buffer[1 << 16];
    size_t got = 0;
    while ((got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0)
        text.append(buffer, got);
    const int status = pclose(pipe);
    std::filesystem::remove(pattern);
    if (status != 0) lines.push_back("exit " + std::to_string(WEXITSTATUS(status)));
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

} // namespace covet::testing
