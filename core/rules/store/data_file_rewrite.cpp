#include "rules/store/data_file_rewrite.h"

#include <algorithm>
#include <set>

#include "facts/document_parts.h"
#include "facts/file_conditions.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using facts::DataFile;
using facts::FileAccess;
using facts::FileBranch;
using facts::FileOpening;
using semantic::Function;
using semantic::Module;
using Kind = FileAccess::Kind;

/// A variable for the file, or for one collection of its document.
struct Part {
    std::string key; // "" for the whole file
    std::string variable, definition;
    bool isNumber = false;
};

Node moduleStatement(Node node) {
    while (node && !node.parent().is("module")) node = node.parent();
    return node;
}

/// Names of files that say nothing about what is in them.
bool saysNothing(const std::string& name) {
    static const std::set<std::string> kNames = {"data", "db", "database", "store", "storage", "json", "file", "state"};
    return kNames.count(name) > 0;
}

/// `load_users` -> "users"; "" for names that are not like that.
std::string namedByReader(const DataFile& file) {
    for (const FileAccess& access : file.accesses) {
        if (access.kind != Kind::Read || !access.function) continue;
        for (const char* verb : {"load_all_", "read_all_", "get_all_", "load_", "read_", "get_", "fetch_", "_load_", "_read_"})
            if (startsWith(access.function->name, verb)) return access.function->name.substr(std::string_view(verb).size());
    }
    return "";
}

std::string variableFor(const DataFile& file) {
    std::string stem = file.path.substr(file.path.rfind('/') == std::string::npos ? 0 : file.path.rfind('/') + 1);
    stem = snakeCase(replaceAll(stem.substr(0, stem.find('.', 1)), "-", "_"));
    const std::string read = namedByReader(file);
    if (saysNothing(stem) && !read.empty() && !saysNothing(read)) stem = read;
    return isPythonIdentifier(stem) && !isPythonKeyword(stem) ? stem : "records";
}

class FileMove {
public:
    FileMove(MigrationContext& context, const DataFile& file, const Value& content, bool isThere)
        : context_(context), file_(file), content_(content), isThere_(isThere), branches_(facts::branchesOf(file)) {}

    MovedFile run() {
        MovedFile moved;
        moved.refusal = refusal();
        if (!moved.refusal.empty()) return moved;
        nameParts();
        define();
        for (const FileAccess& access : file_.accesses)
            if (!facts::runsWithoutFile(file_, branches_, access.node)) rewrite(access);
        for (const FileBranch& branch : branches_) settle(branch);
        for (const FileOpening& opening : file_.openings) unwrap(opening);
        for (const Part& part : parts_) moved.stores.push_back(home_->name + ":" + part.variable);
        return moved;
    }

private:
    std::string refusal() {
        for (const FileAccess& access : file_.accesses) {
            const bool counts = access.kind == Kind::Read || access.kind == Kind::Write || access.kind == Kind::ReadText || access.kind == Kind::WriteText;
            if (!counts || facts::runsWithoutFile(file_, branches_, access.node)) continue;
            if (!access.function) return "used-at-import";
            if (home_ && home_ != access.module) return "several-modules";
            home_ = access.module;
        }
        if (!home_) return "not-read";
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
        if (home_->assignments.count(name) || home_->imports.count(name) || home_->function(name) || home_->classNamed(name)) return true;
        if (std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) { return part.variable == name; })) return true;
        return std::any_of(file_.accesses.begin(), file_.accesses.end(), [&](const FileAccess& access) {
            return access.function && access.function->locals.count(name) > 0;
        });
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
            parts_.push_back({"", freeName(base, "stored"), isThere_ ? loaded : toPython(content_), false});
            return;
        }
        for (const auto& [key, value] : content_.entries()) {
            const bool isNumber = value.kind() == Value::Kind::Int || value.kind() == Value::Kind::Float;
            const std::string definition = isThere_ && !isNumber ? loaded + "[" + pythonQuote(key.text()) + "]" : toPython(value);
            parts_.push_back({key.text(), freeName(key.text(), base), definition, isNumber});
        }
    }

    void define() {
        Node first;
        for (const FileAccess& access : file_.accesses) {
            const Node statement = access.module == home_ && access.function ? moduleStatement(access.node) : Node();
            if (statement && (first.isNull() || statement.start() < first.start())) first = statement;
        }
        std::vector<std::string> lines;
        for (const Part& part : parts_) lines.push_back(part.variable + " = " + part.definition);
        if (!first.is("expression_statement")) lines.insert(lines.end(), {"", ""});
        context_.rewrite(*home_).insertBefore(first, std::move(lines));
        context_.rewrite(*home_).requireImport("json", "");
    }

    // What the code does with the file.

    std::string content() {
        auto copied = [&](const Part& part) {
            if (part.isNumber) return part.variable;
            context_.rewrite(*home_).requireImport("copy", "deepcopy");
            return "deepcopy(" + part.variable + ")";
        };
        if (parts_.size() == 1 && parts_[0].key.empty()) return copied(parts_[0]);
        std::vector<std::string> entries;
        for (const Part& part : parts_) entries.push_back(pythonQuote(part.key) + ": " + copied(part));
        return "{" + join(entries, ", ") + "}";
    }

    void rewrite(const FileAccess& access) {
        ModuleRewrite& rewrite = context_.rewrite(*access.module);
        switch (access.kind) {
        case Kind::Read:
            rewrite.replace(access.node, content());
            break;
        case Kind::ReadText:
            rewrite.replace(access.node, "json.dumps(" + content() + ")");
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
            if (!isSettled(access.node)) rewrite.replace(access.node, access.kind == Kind::IsEmpty ? "False" : "True");
            break;
        }
    }

    void write(ModuleRewrite& rewrite, const FileAccess& access) {
        if (writers_.insert(access.function).second) {
            std::vector<std::string> names;
            for (const Part& part : parts_) names.push_back(part.variable);
            rewrite.insertAtBodyStart(access.function->node, {"global " + join(names, ", ")});
        }
        const Node statement = access.node.parent();
        const std::string indent = rewrite.indentOf(statement);
        const std::vector<Part> parts = parts_;
        std::string document = "document";
        while (access.function->locals.count(document)) document += "_";
        const bool isText = access.kind == Kind::WriteText;
        const std::string options = access.options.empty() ? "" : ", " + join(access.options, ", ");
        rewrite.replace(statement, [=, value = access.value](const ModuleRewrite& inner) {
            const std::string given = inner.render(value);
            const std::string decoded = "json.loads(" + (isText ? given : "json.dumps(" + given + options + ")") + ")";
            if (parts.size() == 1 && parts[0].key.empty()) return parts[0].variable + " = " + decoded;
            std::string text = document + " = " + decoded;
            for (const Part& part : parts) text += "\n" + indent + part.variable + " = " + document + "[" + pythonQuote(part.key) + "]";
            return text;
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
        for (const Node& inside : block.namedChildren())
            if (!idle_.count(inside.id())) kept.push_back(inside);
        if (kept.empty()) return rewrite.remove(statement);
        const std::string outer = rewrite.indentOf(statement);
        rewrite.replace(statement, [kept, outer](const ModuleRewrite& inner) {
            std::string text;
            for (const Node& inside : kept) {
                const std::string indent = inner.indentOf(inside);
                const bool moves = indent.size() > outer.size();
                std::vector<std::string> lines = split(inner.render(inside), '\n');
                for (size_t i = 1; i < lines.size(); ++i)
                    if (moves && startsWith(lines[i], indent)) lines[i] = outer + lines[i].substr(indent.size());
                text += (text.empty() ? "" : "\n" + outer) + join(lines, "\n");
            }
            return text;
        });
    }

    MigrationContext& context_;
    const DataFile& file_;
    const Value& content_;
    const bool isThere_;
    const std::vector<FileBranch> branches_;
    const Module* home_ = nullptr;
    std::vector<Part> parts_;
    std::set<const Function*> writers_;
    std::set<const void*> idle_; // statements
};

} // namespace

MovedFile moveDataFile(MigrationContext& context, const DataFile& file, const Value& content, bool isThere) {
    return FileMove(context, file, content, isThere).run();
}

} // namespace covet::rules
