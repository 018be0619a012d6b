#include "commands/selection_options.h"

#include <cstdlib>

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

void declareExtractionOptions(OptionSet& options, ExtractionOptions& values) {
    options.flag("--extract-with-python", values.wanted,
                 "RUN the modules whose data cannot be read otherwise, in a guarded process, and take their data");
    options.text("--python", values.python, "CMD", "With what to run them (default: the project's environment, else python3)");
    options.text("--extract-timeout", values.seconds, "SECONDS", "How long they may take (default: 60)");
}

Result<Extraction> extractionOf(const ExtractionOptions& values) {
    Extraction extraction;
    extraction.wanted = values.wanted;
    extraction.python = values.python;
    if (!values.wanted && (!values.python.empty() || !values.seconds.empty()))
        return Error{"usage", "no code is run, so there is nothing to run it with", "", 0, "add --extract-with-python"};
    if (values.seconds.empty()) return extraction;
    const bool isNumber = values.seconds.size() < 6 && values.seconds.find_first_not_of("0123456789") == std::string::npos;
    extraction.seconds = isNumber ? static_cast<unsigned>(std::atoi(values.seconds.c_str())) : 0;
    if (extraction.seconds == 0)
        return Error{"usage", "--extract-timeout takes a number of seconds, not `" + values.seconds + "`", "", 0,
                     "for example --extract-timeout 120"};
    return extraction;
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
