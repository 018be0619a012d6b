#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "covet/core.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// A store of the application whose data, all or a part of it, does not get into the database.
struct LeftStore {
    const rules::Finding* finding = nullptr;
    bool hasTable = false;   // there is a table, without the rows that are not known
    bool isRuntime = false;  // sockets, locks: nothing that a table could hold
    bool isAccepted = false; // the user has suppressed the finding, or has it in the baseline

    /// Whether somebody may miss the data.
    bool counts() const { return !isRuntime && !isAccepted; }
};

/// In the order of the ledger. `codeStays`: the code that makes first rows does not come along.
std::vector<LeftStore> leftStores(const Analysis& analysis, bool codeStays);
size_t countOf(const std::vector<LeftStore>& stores);

/// Which stores, why and what next, on standard output; nothing without any.
void showLeft(Terminal& terminal, const std::vector<LeftStore>& stores);
nlohmann::ordered_json leftJson(const std::vector<LeftStore>& stores);

/// The error of a command that had data to move and moves none of it.
Error nothingMoved(const std::vector<LeftStore>& stores, int phase);
/// On standard error, when a part was moved.
void warnOfLeft(Terminal& terminal, const std::vector<LeftStore>& stores);

} // namespace covet::cli
