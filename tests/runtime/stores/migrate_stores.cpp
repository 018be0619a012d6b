/// Runs the store engine alone over an application of the target framework that keeps its data in
/// memory: migrate_stores APPLICATION_FOLDER OUTPUT_FOLDER [bridge]. Writes the modules, models.py, rows.sql,
/// and prints one line per use: outcome, store, place, reason.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "unit/store_fixture.h"

namespace fs = std::filesystem;

int main(int count, char** arguments) {
    if (count < 3) return 2;
    const fs::path in = arguments[1], out = arguments[2];
    std::map<std::string, std::string> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(in)) {
        if (entry.path().extension() != ".py") continue;
        std::ostringstream text;
        text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        files[fs::relative(entry.path(), in).generic_string()] = text.str();
    }
    const covet::tests::StoreMigration migration = covet::tests::migrateStoresOf(files, count > 3);
    for (const auto& [path, text] : migration.files) {
        fs::create_directories((out / path).parent_path());
        std::ofstream(out / path, std::ios::binary) << text;
    }
    for (const covet::facts::StoreUse& use : migration.uses) {
        const char* outcomes[] = {"exact", "bridged", "manual"};
        std::cout << outcomes[static_cast<int>(use.outcome)] << " " << use.store << " " << use.where.file << ":"
                  << use.where.line << " " << use.op << " " << use.reason << "\n";
    }
    return 0;
}
