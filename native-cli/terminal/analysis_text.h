#pragma once

#include "project/analysis.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// The analysis for people: applications, routes, stores with tables and rows, what is left to do.
/// `all` lists fixed findings too.
void showAnalysis(Terminal& terminal, const ProjectAnalysis& project, bool all);

/// "12 findings: 9 fixed by `run`, ...": every finding is in one of the numbers.
std::string totalsText(const Analysis& analysis);

/// Findings by rule, open ones by reason, and seconds by step: for `--stats`.
std::string statisticsText(const ProjectAnalysis& project);

/// Tables with row and column counts.
void showTables(Terminal& terminal, const Analysis& analysis);

/// One line per changed file: "modify  app.py  +12 -30".
void showChanges(Terminal& terminal, const std::vector<FileChange>& changes);

/// A unified diff with colours, for terminals.
std::string paintedDiff(const Terminal& terminal, const std::string& patch);

} // namespace covet::cli
