#include "commands/selection_options.h"

namespace covet::cli {

void declareSelectionOptions(OptionSet& options, SelectionOptions& values) {
    options.list("--select", values.select, "RULE[,...]",
                 "Only these rules: id, name, or the start of ids (COV202, store-use, COV2)");
    options.list("--ignore", values.ignore, "RULE[,...]", "Not these rules; what they would change stays");
    options.list("--accept", values.accept, "ID[,...]", "Only the changes of these findings, and what belongs to them");
    options.list("--reject", values.reject, "ID[,...]", "Not the changes of these findings, nor what belongs to them");
    options.list("--rules", values.rules, "FILE[,...]", "Your own rules: files or folders (TOML or JSON)");
    options.flag("--unsafe", values.unsafe, "Also make the changes that are only offered");
}

void addSelection(const SelectionOptions& values, Options& options) {
    for (const std::string& path : values.rules) options.ruleFiles.push_back({path, "", {}});
    Selection& selection = options.selection;
    if (!values.select.empty()) selection.select = values.select;
    selection.ignore.insert(selection.ignore.end(), values.ignore.begin(), values.ignore.end());
    selection.accept.insert(values.accept.begin(), values.accept.end());
    selection.reject.insert(values.reject.begin(), values.reject.end());
    selection.unsafe = selection.unsafe || values.unsafe;
}

} // namespace covet::cli
