#include "facts/missing_file.h"

#include <algorithm>
#include <set>

#include "facts/startup_functions.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using Kind = FileAccess::Kind;

bool isWithin(const Node& outer, const Node& node) { return outer && outer.tree() == node.tree() && outer.contains(node); }

bool isRead(const FileAccess& access) { return access.kind == Kind::Read || access.kind == Kind::ReadText; }

bool isWrite(const FileAccess& access) { return access.kind == Kind::Write || access.kind == Kind::WriteText; }

/// The part of a branch that runs where the file is missing; null if none does.
Node otherPart(const FileBranch& branch) {
    if (branch.node.is("conditional_expression")) return branch.node.namedChild(branch.takesFirst ? 2 : 0);
    return branch.takesFirst ? branch.node.field("alternative").field("body") : branch.node.field("consequence");
}

Node takenPart(const FileBranch& branch) {
    if (branch.node.is("conditional_expression")) return branch.node.namedChild(branch.takesFirst ? 0 : 2);
    return branch.takesFirst ? branch.node.field("consequence") : branch.node.field("alternative");
}

/// Statements that do something: no comments, no messages to whoever watches the server.
std::vector<Node> doing(const Node& block) {
    std::vector<Node> statements;
    for (const Node& statement : block.namedChildren()) {
        const Node call = statement.is("expression_statement") ? statement.namedChild(0) : Node();
        const std::string_view callee = call.is("call") ? call.field("function").text() : std::string_view();
        const bool tells = callee == "print" || startsWith(callee, "logging.") || startsWith(callee, "logger.") ||
                           startsWith(callee, "log.") || startsWith(callee, "app.logger.");
        if (!statement.is("comment") && !statement.is("pass_statement") && !tells && !call.is("string")) statements.push_back(statement);
    }
    return statements;
}

bool endsRun(const Node& block) {
    const std::vector<Node> statements = doing(block);
    return !statements.empty() && (statements.back().is("return_statement") || statements.back().is("raise_statement"));
}

/// The statement behind another one in its block; null behind the last.
Node nextOf(const Node& statement) {
    Node next;
    const std::vector<Node> all = doing(statement.parent());
    for (size_t i = 0; i + 1 < all.size(); ++i)
        if (all[i] == statement) next = all[i + 1];
    return next;
}

bool answersMissing(const Node& clause) {
    const Node caught = clause.namedChild(0);
    if (caught.is("block")) return true;
    bool answers = false;
    syntax::walk(caught, [&](const Node& node) {
        const std::string_view name = node.is("identifier") ? node.text() : std::string_view();
        answers = answers || name == "FileNotFoundError" || name == "OSError" || name == "IOError" || name == "EnvironmentError" ||
                  name == "Exception" || name == "BaseException";
        return !answers;
    });
    return answers;
}

/// Whether the file is known to be there where a node runs: an `if` has asked before.
bool isAskedBefore(const std::vector<FileBranch>& branches, const Node& node) {
    return std::any_of(branches.begin(), branches.end(), [&](const FileBranch& branch) {
        if (isWithin(takenPart(branch), node)) return true;
        const bool leaves = branch.node.is("if_statement") && otherPart(branch) && endsRun(otherPart(branch));
        return leaves && isWithin(branch.node.parent(), node) && branch.node.end() <= node.start();
    });
}

class Reader {
public:
    Reader(const Project& project, const DataFile& file, const std::vector<FileBranch>& branches)
        : project_(project), file_(file), branches_(branches) {}

    std::vector<MissingAnswer> read() {
        std::set<const void*> settled;
        for (const FileBranch& branch : branches_) {
            settled.insert(branch.node.id());
            ofBranch(branch);
        }
        for (const FileAccess& access : file_.accesses) {
            const bool asks = access.kind == Kind::IsThere || access.kind == Kind::IsFilled || access.kind == Kind::IsEmpty;
            if (asks && !isInCondition(access.node)) answer(*access.module, {});
            if (!isRead(access) || !access.function || runsWithoutFile(file_, branches_, access.node) || isAskedBefore(branches_, access.node)) continue;
            for (Node clause : clausesAround(access))
                if (settled.insert(clause.id()).second) ofBlock(*access.module, &access, clause.namedChildren().back(), clause.parent());
        }
        return std::move(answers_);
    }

private:
    void answer(const Module& module, const Node& value) { answers_.push_back({&module, value}); }

    bool isInCondition(const Node& node) const {
        return std::any_of(branches_.begin(), branches_.end(), [&](const FileBranch& branch) {
            return isWithin(branch.node.is("if_statement") ? branch.node.field("condition") : branch.node.namedChild(1), node);
        });
    }

    static std::vector<Node> clausesAround(const FileAccess& access) {
        std::vector<Node> clauses;
        for (Node at = access.node; at && !(at == access.function->node); at = at.parent()) {
            if (!at.is("try_statement") || !isWithin(at.field("body"), access.node)) continue;
            for (const Node& clause : at.namedChildren())
                if (clause.is("except_clause") && answersMissing(clause)) clauses.push_back(clause);
        }
        return clauses;
    }

    /// The access that gives the content in the function of a node; null if none does.
    const FileAccess* readIn(const Module& module, const Node& node) const {
        const Function* function = module.enclosingFunction(node);
        for (const FileAccess& access : file_.accesses)
            if (isRead(access) && function && access.function == function && !runsWithoutFile(file_, branches_, access.node)) return &access;
        return nullptr;
    }

    /// The variable that gets the content; "" where it is returned at once, or something else becomes of it.
    static std::string variableOf(const FileAccess& access) {
        const Node assignment = access.node.parent();
        const bool assigns = assignment.is("assignment") && assignment.field("right") == access.node && assignment.field("left").is("identifier");
        return assigns ? std::string(assignment.field("left").text()) : "";
    }

    /// Whether the function gives its caller the content as it is.
    static bool givesContent(const FileAccess& access) {
        if (access.node.parent().is("return_statement")) return true;
        const std::string variable = variableOf(access);
        bool gives = false;
        syntax::walk(variable.empty() ? Node() : access.function->node.field("body"), [&](const Node& node) {
            gives = gives || (node.is("return_statement") && node.namedChild(0).text() == variable && node.start() > access.node.end());
            return !gives;
        });
        return gives;
    }

    void ofBranch(const FileBranch& branch) {
        const Module& module = *branch.module;
        const Node without = otherPart(branch);
        if (branch.node.is("conditional_expression")) {
            const bool reads = std::any_of(file_.accesses.begin(), file_.accesses.end(), [&](const FileAccess& access) {
                return isRead(access) && access.node == takenPart(branch);
            });
            return answer(module, reads ? without : Node());
        }
        if (!module.enclosingFunction(branch.node)) return;
        const FileAccess* access = readIn(module, branch.node);
        // `elif` asks for more.
        if (branch.node.field("alternative").is("elif_clause")) return answer(module, {});
        if (without) return ofBlock(module, access, without, branch.node);
        if (access) return behind(module, *access, branch.node);
        // `if os.path.exists(path): users = load()`
        answer(module, {});
    }

    /// What a block does that runs where the file is missing: of the branch or the `try` that `around` is.
    void ofBlock(const Module& module, const FileAccess* access, const Node& block, const Node& around) {
        const std::vector<Node> statements = doing(block);
        bool writes = false;
        for (const FileAccess& write : file_.accesses) {
            if (!isWithin(block, write.node) || !isWrite(write)) continue;
            writes = true;
            answer(module, write.kind == Kind::Write ? write.value : Node());
        }
        for (const Node& statement : statements) {
            const Node call = statement.is("expression_statement") ? statement.namedChild(0) : Node();
            const Node given = call.is("call") ? call.field("arguments").namedChild(0) : Node();
            if (!given || !isWriter(module, call.field("function"))) continue;
            writes = true;
            answer(module, given.is("keyword_argument") ? given.field("value") : given);
        }
        if (statements.empty() && access) return behind(module, *access, around);
        const Node last = statements.empty() ? Node() : statements.back();
        const Node bound = last.is("expression_statement") ? last.namedChild(0) : Node();
        const bool assigns = access && bound.is("assignment") && !variableOf(*access).empty() && bound.field("left").text() == variableOf(*access);
        if (last.is("return_statement")) {
            // A function that makes the file and says nothing.
            if (writes && last.namedChild(0).isNull()) return;
            if (!writes && statements.size() > 1) return answer(module, {});
            return ofValue(module, access && givesContent(*access) ? access : nullptr, last.namedChild(0));
        }
        if (assigns && (writes || statements.size() == 1)) return ofValue(module, access, bound.field("right"));
        if (!writes) answer(module, {});
    }

    /// Goes on behind a statement as if nothing had been read.
    void behind(const Module& module, const FileAccess& access, const Node& statement) {
        const std::string variable = variableOf(access);
        const Node next = nextOf(statement);
        if (variable.empty() && next.is("return_statement")) return ofValue(module, givesContent(access) ? &access : nullptr, next.namedChild(0));
        if (!variable.empty() && access.function->globals.count(variable)) {
            const auto assigned = access.module->assignments.find(variable);
            if (assigned != access.module->assignments.end()) return answer(module, assigned->second.front().namedChild(0).field("right"));
        }
        Node before;
        for (const Node& one : statement.parent().namedChildren()) {
            if (one == statement) break;
            const Node bound = one.is("expression_statement") ? one.namedChild(0) : Node();
            if (!variable.empty() && bound.is("assignment") && bound.field("left").text() == variable) before = bound.field("right");
        }
        ofValue(module, before ? &access : nullptr, before);
    }

    void ofValue(const Module& module, const FileAccess* access, const Node& value) {
        if (!access || !value) return answer(module, {});
        const std::vector<std::pair<const Module*, Node>> given = givenFor(project_, *access->module, *access->function, value);
        if (given.empty()) answer(module, value);
        for (const auto& [home, one] : given) answer(*home, one);
    }

    /// Whether a call is for a function that writes its argument.
    bool isWriter(const Module& module, const Node& callee) const {
        const std::string_view name = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
        return std::any_of(file_.accesses.begin(), file_.accesses.end(), [&](const FileAccess& access) {
            return isWrite(access) && access.function && access.function->name == name && (access.module == &module || module.imports.count(std::string(name)));
        });
    }

    const Project& project_;
    const DataFile& file_;
    const std::vector<FileBranch>& branches_;
    std::vector<MissingAnswer> answers_;
};

/// Whether importing the modules runs the function, or the class around it makes an object then.
bool runsAtStart(const Project& project, const Function& function) {
    for (const auto& [module, known] : startupFunctions(project))
        if (known == &function) return true;
    for (const LifespanStatement& part : lifespanStatements(project))
        if (part.statement.text().find(function.name + "(") != std::string_view::npos) return true;
    const std::string name = function.name == "__init__" ? function.className : function.name;
    for (const auto& module : project.modules()) {
        const auto calls = module->calls.find(name);
        if (calls == module->calls.end() || semantic::isTestModule(*module)) continue;
        for (const Node& call : calls->second)
            if (!module->enclosingFunction(call)) return true;
    }
    return false;
}

} // namespace

std::vector<MissingAnswer> missingAnswers(const Project& project, const DataFile& file, const std::vector<FileBranch>& branches) {
    std::vector<MissingAnswer> answers = Reader(project, file, branches).read();
    // What looks for elements alone finds none either way.
    if (std::any_of(answers.begin(), answers.end(), [](const MissingAnswer& one) { return !one.value; }) && takesEmptyForNone(file, branches)) return {};
    return answers;
}

bool isMadeAtStart(const Project& project, const DataFile& file, const std::vector<FileBranch>& branches) {
    for (const FileOpening& opening : file.openings)
        if (opening.creates) return true;
    for (const FileBranch& branch : branches) {
        const Node without = otherPart(branch);
        bool writes = std::any_of(file.accesses.begin(), file.accesses.end(),
                                  [&](const FileAccess& access) { return isWrite(access) && isWithin(without, access.node); });
        for (const FileAccess& access : file.accesses) {
            if (!isWrite(access) || !access.function || writes) continue;
            const auto calls = branch.module->calls.find(access.function->name);
            if (calls == branch.module->calls.end()) continue;
            writes = std::any_of(calls->second.begin(), calls->second.end(), [&](const Node& call) { return isWithin(without, call); });
        }
        const Function* function = branch.module->enclosingFunction(branch.node);
        if (writes && (!function || runsAtStart(project, *function))) return true;
    }
    return false;
}

std::vector<std::pair<const Module*, Node>> unaskedReads(const DataFile& file, const std::vector<FileBranch>& branches) {
    std::vector<std::pair<const Module*, Node>> statements;
    for (const FileAccess& access : file.accesses) {
        if (!isRead(access) || !access.function || isAskedBefore(branches, access.node)) continue;
        Node statement = access.node;
        while (statement && !statement.parent().is("block")) statement = statement.parent();
        // Of the statements that open it, the last one before.
        for (const FileOpening& opening : file.openings)
            if (opening.module == access.module && opening.statement.start() <= access.node.start() && isWithin(access.function->node, opening.statement) &&
                (opening.statement.is("with_statement") ? isWithin(opening.statement, access.node) : true))
                statement = opening.statement;
        const bool isKnown = std::any_of(statements.begin(), statements.end(), [&](const auto& one) { return one.second == statement; });
        if (statement && !isKnown) statements.emplace_back(access.module, statement);
    }
    return statements;
}

} // namespace covet::facts
