#include "rules/store/data_file_rewrite.h"

#include <algorithm>
#include <set>

#include "facts/document_parts.h"
#include "facts/file_conditions.h"
#include "facts/missing_file.h"
#include "rules/store/data_file_names.h"
#include "rules/store/file_variables.h"
#include "rules/store/mirrored_file.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::DataFile;
using facts::FileAccess;
using facts::FileBranch;
using facts::FileOpening;
using semantic::Function;
using semantic::Module;
using Kind = FileAccess::Kind;

/// Bare name of the module with data that several modules load and save.
constexpr const char* kDataModule = "covet_data";

Node moduleStatement(Node node) {
    while (node && !node.parent().is("module")) node = node.parent();
    return node;
}

std::string moduleOfPath(const std::string& path) { return replaceAll(path.substr(0, path.size() - 3), "/", "."); }

class FileMove {
public:
    FileMove(MigrationContext& context, const DataFile& file, const Value& content, bool isThere, bool mayBeMissing)
        : context_(context), file_(file), content_(content), isThere_(isThere), mayBeMissing_(mayBeMissing), branches_(facts::branchesOf(file)) {}

    MovedFile run() {
        MovedFile moved;
        if (const auto mirrored = mirrorOf(context_.project(), file_)) {
            dropMirroredFile(context_, file_, *mirrored, content_, isThere_);
            dropFileNames(context_, file_);
            moved.stores = {mirrored->store()};
            return moved;
        }
        moved.refusal = refusal();
        if (!moved.refusal.empty()) return moved;
        nameParts();
        if (isShared_) share();
        else define();
        for (const FileAccess& access : file_.accesses)
            if (mayBeMissing_ || !facts::runsWithoutFile(file_, branches_, access.node)) rewrite(access);
        if (mayBeMissing_) {
            for (const auto& [module, statement] : facts::unaskedReads(file_, branches_))
                context_.rewrite(*module).insertBefore(statement, {"if not " + presence(*module) + ":", "    raise " + missingError()});
        } else {
            for (const FileBranch& branch : branches_) settle(branch);
            for (const FileAccess& access : file_.accesses) settleTry(access);
        }
        for (const FileOpening& opening : file_.openings) unwrap(opening);
        dropFileNames(context_, file_);
        for (const std::string& variable : variables_.names()) moved.stores.push_back((isShared_ ? moduleOfPath(dataPath()) : home_->name) + ":" + variable);
        return moved;
    }

private:
    std::string refusal() {
        for (const FileAccess& access : file_.accesses) {
            const bool counts = mayBeMissing_ ? access.kind != Kind::Idle : access.kind == Kind::Read || access.kind == Kind::Write || access.kind == Kind::ReadText || access.kind == Kind::WriteText;
            if (!counts || (!mayBeMissing_ && facts::runsWithoutFile(file_, branches_, access.node))) continue;
            if (!access.function) return "used-at-import";
            isShared_ = isShared_ || (home_ && home_ != access.module);
            home_ = access.module;
        }
        if (!home_) return "not-read";
        if (isShared_ && context_.project().moduleByPath(dataPath())) return "several-modules";
        for (const FileOpening& opening : file_.openings) {
            if (opening.creates && facts::creationAround(opening).isNull() && !facts::runsWithoutFile(file_, branches_, opening.statement))
                return "created-anew";
            // Its lines cannot move to the left without becoming other text.
            bool several = false;
            syntax::walk(opening.statement.is("with_statement") ? opening.statement.field("body") : Node(), [&](const Node& node) {
                several = several || (node.is("string") && node.line() != node.endLine());
                return !several;
            });
            if (several) return "text-over-lines";
        }
        return "";
    }

    // What the variables are called.

    bool isTaken(const std::string& name) const {
        if (isShared_) return takenInDataModule(name);
        if (std::any_of(variables_.parts.begin(), variables_.parts.end(), [&](const FileVariables::Part& part) { return part.variable == name; })) return true;
        return std::any_of(file_.accesses.begin(), file_.accesses.end(), [&](const FileAccess& access) { return isBoundIn(access, name); });
    }

    std::string freeName(const std::string& wanted, const std::string& further) const {
        if (!isTaken(wanted)) return wanted;
        for (const std::string& name : {wanted + "_db", further + "_" + wanted, wanted + "_store"})
            if (!isTaken(name)) return name;
        std::string name = wanted + "_db_";
        while (isTaken(name)) name += "_";
        return name;
    }

    void nameParts() {
        const std::string base = variableFor(file_);
        const std::string loaded = "json.load(open(" + pythonQuote(file_.path) + "))";
        if (!facts::hasParts(context_.project(), file_, content_)) {
            variables_.parts.push_back({"", freeName(base, "stored"), isThere_ ? loaded : toPython(content_), false});
            return namePresence(variables_.parts[0].variable);
        }
        for (const auto& [key, value] : content_.entries()) {
            const bool isNumber = value.kind() == Value::Kind::Int || value.kind() == Value::Kind::Float;
            const std::string definition = isThere_ && !isNumber ? loaded + "[" + pythonQuote(key.text()) + "]" : toPython(value);
            variables_.parts.push_back({key.text(), freeName(key.text(), base), definition, isNumber});
        }
        namePresence(base);
    }

    void namePresence(const std::string& base) {
        if (mayBeMissing_) variables_.saved = freeName(base + "_saved", "file");
    }

    /// Expression that tells whether the file would be there.
    std::string presence(const Module& module) {
        if (!isShared_) return variables_.saved;
        context_.rewrite(module).requireImport(context_.importPath(module, kDataModule), "has_" + loader_.substr(5));
        return "has_" + loader_.substr(5) + "()";
    }

    std::string missingError() const {
        return "FileNotFoundError(2, \"No such file or directory\", " + pythonQuote(file_.path) + ")";
    }

    void define() {
        Node first;
        for (const FileAccess& access : file_.accesses) {
            const Node statement = access.module == home_ && access.function ? moduleStatement(access.node) : Node();
            if (statement && (first.isNull() || statement.start() < first.start())) first = statement;
        }
        std::vector<std::string> lines;
        for (const FileVariables::Part& part : variables_.parts) lines.push_back(part.variable + " = " + part.definition);
        if (mayBeMissing_) lines.push_back(variables_.saved + " = False");
        if (!first.is("expression_statement")) lines.insert(lines.end(), {"", ""});
        context_.rewrite(*home_).insertBefore(first, std::move(lines));
        context_.rewrite(*home_).requireImport("json", "");
    }

    // A module of its own for what several modules work on.

    std::string dataPath() const { return context_.generatedPath(kDataModule); }

    bool takenInDataModule(const std::string& name) const {
        const auto text = context_.generatedFiles.find(dataPath());
        return name == "json" || name == "deepcopy" || name == "document" ||
               std::any_of(variables_.parts.begin(), variables_.parts.end(), [&](const FileVariables::Part& part) { return part.variable == name; }) ||
               (text != context_.generatedFiles.end() && (text->second.find("\n" + name + " = ") != std::string::npos ||
                                                          text->second.find("_" + name + "(") != std::string::npos));
    }

    static bool isBoundIn(const FileAccess& access, const std::string& name) {
        return access.module->assignments.count(name) || access.module->imports.count(name) || access.module->function(name) ||
               access.module->classNamed(name) || (access.function && access.function->locals.count(name));
    }

    void share() {
        std::string& text = context_.generatedFiles[dataPath()];
        if (text.empty()) text = "\"\"\"Data that several modules load and save.\"\"\"\n\nimport json\nfrom copy import deepcopy\n";
        const std::string name = variables_.parts[0].key.empty() ? variables_.parts[0].variable : variableFor(file_);
        std::string suffix = name;
        // The code may have functions of these names.
        while (std::any_of(file_.accesses.begin(), file_.accesses.end(), [&](const FileAccess& access) {
            return isBoundIn(access, "load_" + suffix) || isBoundIn(access, "save_" + suffix) || isBoundIn(access, "has_" + suffix);
        }))
            suffix = "stored_" + suffix;
        loader_ = "load_" + suffix;
        saver_ = "save_" + suffix;
        text += "\n";
        for (const FileVariables::Part& part : variables_.parts) text += part.variable + " = " + part.definition + "\n";
        if (mayBeMissing_) text += variables_.saved + " = False\n\n\ndef has_" + suffix + "():\n    return " + variables_.saved + "\n";
        text += "\n\ndef " + loader_ + "():\n    return " + variables_.copies() + "\n";
        text += "\n\ndef " + saver_ + "(content):\n    global " + join(variables_.names(), ", ") + "\n    " +
                variables_.assignments("json.loads(json.dumps(content))", "document", "    ") + "\n";
    }

    // What the code does with the file.

    std::string content(const Module& module) {
        ModuleRewrite& rewrite = context_.rewrite(module);
        if (isShared_) {
            rewrite.requireImport(context_.importPath(module, kDataModule), loader_);
            return loader_ + "()";
        }
        if (std::any_of(variables_.parts.begin(), variables_.parts.end(), [](const FileVariables::Part& part) { return !part.isNumber; })) rewrite.requireImport("copy", "deepcopy");
        return variables_.copies();
    }

    void rewrite(const FileAccess& access) {
        ModuleRewrite& rewrite = context_.rewrite(*access.module);
        switch (access.kind) {
        case Kind::Read:
            rewrite.replace(access.node, content(*access.module));
            break;
        case Kind::ReadText:
            rewrite.requireImport("json", "");
            rewrite.replace(access.node, "json.dumps(" + content(*access.module) + ")");
            break;
        case Kind::Write:
        case Kind::WriteText:
            write(rewrite, access);
            break;
        case Kind::Idle:
            rewrite.remove(access.node.parent());
            idle_.insert(access.node.parent().id());
            break;
        case Kind::IsThere:
        case Kind::IsFilled:
        case Kind::IsEmpty:
            if (mayBeMissing_) rewrite.replace(access.node, (access.kind == Kind::IsEmpty ? "not " : "") + presence(*access.module));
            else if (!isSettled(access.node)) rewrite.replace(access.node, access.kind == Kind::IsEmpty ? "False" : "True");
            break;
        }
    }

    void write(ModuleRewrite& rewrite, const FileAccess& access) {
        const Node statement = access.node.parent();
        const std::string options = access.options.empty() ? "" : ", " + join(access.options, ", ");
        auto decoded = [options, isText = access.kind == Kind::WriteText](const std::string& given) {
            return "json.loads(" + (isText ? given : "json.dumps(" + given + options + ")") + ")";
        };
        if (isShared_) {
            const bool isPlain = access.kind == Kind::Write && options.empty(); // the function decodes it
            rewrite.requireImport(context_.importPath(*access.module, kDataModule), saver_);
            if (!isPlain) rewrite.requireImport("json", "");
            rewrite.replace(statement, [decoded, isPlain, saver = saver_, value = access.value](const ModuleRewrite& inner) {
                return saver + "(" + (isPlain ? inner.render(value) : decoded(inner.render(value))) + ")";
            });
            return;
        }
        if (writers_.insert(access.function).second) {
            rewrite.insertAtBodyStart(access.function->node, {"global " + join(variables_.names(), ", ")});
        }
        std::string document = "document";
        while (access.function->locals.count(document)) document += "_";
        rewrite.replace(statement, [=, variables = variables_, indent = rewrite.indentOf(statement), value = access.value](const ModuleRewrite& inner) {
            return variables.assignments(decoded(inner.render(value)), document, indent);
        });
    }

    // Statements around that have nothing to ask or to open any more.

    bool isSettled(const Node& question) const {
        return std::any_of(branches_.begin(), branches_.end(), [&](const FileBranch& branch) {
            const Node condition = branch.node.is("if_statement") ? branch.node.field("condition") : branch.node.namedChild(1);
            return condition.tree() == question.tree() && condition.contains(question);
        });
    }

    void settle(const FileBranch& branch) {
        ModuleRewrite& rewrite = context_.rewrite(*branch.module);
        if (branch.node.is("conditional_expression")) {
            const Node kept = branch.node.namedChild(branch.takesFirst ? 0 : 2);
            rewrite.replace(branch.node, [kept](const ModuleRewrite& inner) { return inner.render(kept); });
            return;
        }
        const Node other = branch.node.field("alternative");
        const Node kept = branch.takesFirst ? branch.node.field("consequence") : other.field("body");
        if (kept) replaceByBlock(rewrite, branch.node, kept);
        else rewrite.remove(branch.node);
    }

    void unwrap(const FileOpening& opening) {
        ModuleRewrite& rewrite = context_.rewrite(*opening.module);
        if (const Node creation = facts::creationAround(opening)) return rewrite.remove(creation);
        if (opening.statement.is("with_statement")) replaceByBlock(rewrite, opening.statement, opening.statement.field("body"));
        else rewrite.remove(opening.statement);
    }

    /// The statements of a block in the place of the statement around it.
    void replaceByBlock(ModuleRewrite& rewrite, const Node& statement, const Node& block) {
        std::vector<Node> kept;
        std::set<size_t> leftOut; // places in `kept` above which a statement is left out
        for (const Node& inside : block.namedChildren()) {
            if (idle_.count(inside.id())) leftOut.insert(kept.size());
            else kept.push_back(inside);
        }
        if (kept.empty()) return rewrite.remove(statement);
        const std::string outer = rewrite.indentOf(statement);
        const std::string indent = rewrite.indentOf(kept[0]);
        const std::string comments = commentsAbove(rewrite.module(), statement, kept[0], outer);
        rewrite.replace(statement, [kept, leftOut, outer, indent, comments](const ModuleRewrite& inner) {
            const std::string_view source = inner.module().tree->text();
            std::string text;
            for (size_t i = 0; i < kept.size(); ++i) {
                const std::string_view between = i == 0 ? "" : source.substr(kept[i - 1].end(), kept[i].start() - kept[i - 1].end());
                // What stood between may have gone.
                const bool isPlain = between.find_first_not_of(" \t\r\n") == std::string_view::npos || between.find('#') != std::string_view::npos;
                const bool isNext = i > 0 && !leftOut.count(i);
                text += i == 0 ? "" : isPlain && isNext ? std::string(between) : "\n" + indent;
                text += inner.render(kept[i]);
            }
            std::vector<std::string> lines = split(text, '\n');
            const bool moves = indent.size() > outer.size();
            for (size_t i = 1; i < lines.size(); ++i)
                if (moves && startsWith(lines[i], indent)) lines[i] = outer + lines[i].substr(indent.size());
            return comments + join(lines, "\n");
        });
    }

    /// Lines of comments between the head of a statement and what is kept of it.
    static std::string commentsAbove(const Module& module, const Node& statement, const Node& first, const std::string& indent) {
        std::string comments;
        std::vector<std::string> lines = split(std::string(module.tree->text().substr(statement.start(), first.start() - statement.start())), '\n');
        for (size_t i = 1; i < lines.size(); ++i)
            if (startsWith(trim(lines[i]), "#")) comments += std::string(trim(lines[i])) + "\n" + indent;
        return comments;
    }

    /// `try: return json.load(f)`, which cannot fail any more in the ways that its clauses name.
    void settleTry(const FileAccess& access) {
        if (access.kind != Kind::Read || facts::runsWithoutFile(file_, branches_, access.node)) return;
        Node statement = access.node.parent();
        if (statement.is("assignment")) statement = statement.parent();
        if (!statement.isOneOf({"return_statement", "expression_statement"})) return;
        auto isAlone = [&](const Node& node) {
            const std::vector<Node> all = node.parent().namedChildren();
            return std::count_if(all.begin(), all.end(), [&](const Node& one) { return !idle_.count(one.id()); }) == 1;
        };
        auto isOpening = [&](const Node& node) {
            return std::any_of(file_.openings.begin(), file_.openings.end(), [&](const FileOpening& one) { return one.statement == node; });
        };
        if (!isAlone(statement)) return;
        if (isOpening(statement.parent().parent())) statement = statement.parent().parent();
        const Node around = statement.parent().parent();
        if (!around.is("try_statement") || !(around.field("body") == statement.parent()) || !isAlone(statement)) return;
        for (const Node& clause : around.namedChildren())
            if (clause.is("finally_clause") || clause.is("else_clause")) return;
        replaceByBlock(context_.rewrite(*access.module), around, around.field("body"));
    }

    MigrationContext& context_;
    const DataFile& file_;
    const Value& content_;
    const bool isThere_, mayBeMissing_;
    const std::vector<FileBranch> branches_;
    const Module* home_ = nullptr;
    bool isShared_ = false;        // by several modules
    std::string loader_, saver_;   // functions of the module for those
    FileVariables variables_;
    std::set<const Function*> writers_;
    std::set<const void*> idle_; // statements
};

} // namespace

MovedFile moveDataFile(MigrationContext& context, const DataFile& file, const Value& content, bool isThere, bool mayBeMissing) {
    return FileMove(context, file, content, isThere, mayBeMissing).run();
}

} // namespace covet::rules
