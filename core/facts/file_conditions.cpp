#include "facts/file_conditions.h"

#include <algorithm>
#include <optional>

#include "semantic/module_index.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

using Kind = FileAccess::Kind;

class Conditions {
public:
    explicit Conditions(const DataFile& file) : file_(file) {}

    /// Whether a condition holds where the file is there; nothing if it asks for more than that.
    std::optional<bool> holds(const Node& node) const {
        for (const FileAccess& access : file_.accesses) {
            if (!(access.node == node)) continue;
            if (access.kind == Kind::IsThere || access.kind == Kind::IsFilled) return true;
            if (access.kind == Kind::IsEmpty) return false;
        }
        if (node.is("parenthesized_expression")) return holds(node.namedChild(0));
        if (node.is("not_operator")) {
            const std::optional<bool> inner = holds(node.field("argument"));
            return inner ? std::optional<bool>(!*inner) : std::nullopt;
        }
        if (!node.is("boolean_operator")) return std::nullopt;
        const std::optional<bool> left = holds(node.field("left")), right = holds(node.field("right"));
        const bool all = node.field("operator").text() == "and";
        return left && right && *left == all && *right == all ? left : std::nullopt;
    }

private:
    const DataFile& file_;
};

Node conditionAround(Node node) {
    while (node.parent().isOneOf({"parenthesized_expression", "not_operator", "boolean_operator"})) node = node.parent();
    return node;
}

/// The part of a branch that runs for a file that is there; null if none does.
Node taken(const FileBranch& branch) {
    if (branch.node.is("conditional_expression")) return branch.node.namedChild(branch.takesFirst ? 0 : 2);
    return branch.takesFirst ? branch.node.field("consequence") : branch.node.field("alternative");
}

bool isWithin(const Node& outer, const Node& node) { return outer && outer.tree() == node.tree() && outer.contains(node); }

/// Whether the clause answers a failure of what reads or opens the file.
bool answersMissing(const DataFile& file, const Node& clause) {
    const Node body = clause.parent().field("body");
    auto inBody = [&](const Node& node) { return isWithin(body, node); };
    return std::any_of(file.accesses.begin(), file.accesses.end(), [&](const FileAccess& access) {
               return (access.kind == Kind::Read || access.kind == Kind::ReadText) && inBody(access.node);
           });
}

bool isInBranch(const std::vector<FileBranch>& branches, const Node& node) {
    return std::any_of(branches.begin(), branches.end(), [&](const FileBranch& branch) { return branch.takesFirst && isWithin(taken(branch), node); });
}

/// Whether a branch does the same for an empty file as for none: all that it does behind reading it is to look for
/// elements, `if code in urls: return ...`, `for one in urls: ...`.
bool onlyLooksForElements(const DataFile& file, const FileBranch& branch) {
    if (!branch.takesFirst || !branch.node.is("if_statement") || branch.node.field("alternative")) return false;
    std::string name;
    for (const Node& statement : taken(branch).namedChildren()) {
        if (statement.is("comment")) continue;
        if (name.empty()) {
            const Node block = statement.is("with_statement") ? statement.field("body") : Node();
            const Node only = !block ? statement : block.namedChildren().size() == 1 ? block.namedChild(0) : Node();
            const Node assignment = only.is("expression_statement") ? only.namedChild(0) : Node();
            const bool reads = assignment.is("assignment") && assignment.field("left").is("identifier") &&
                               std::any_of(file.accesses.begin(), file.accesses.end(), [&](const FileAccess& access) {
                                   return access.kind == Kind::Read && access.node == assignment.field("right");
                               });
            if (!reads) return false;
            name = std::string(assignment.field("left").text());
            continue;
        }
        const Node condition = statement.field("condition");
        const bool isIf = statement.is("if_statement") && condition.is("comparison_operator") && condition.namedChildren().size() == 2 &&
                          condition.namedChild(1).text() == name && condition.fields("operators").size() == 1 &&
                          condition.fields("operators")[0].text() == "in";
        const bool isFor = statement.is("for_statement") && (statement.field("right").text() == name || statement.field("right").text() == name + ".items()");
        if ((!isIf && !isFor) || statement.field("alternative")) return false;
    }
    return !name.empty();
}

/// `urls = {}` right before the branch whose only statement reads the file into the same variable.
Node valueBefore(const std::vector<FileBranch>& branches, const Node& read) {
    const Node assignment = read.parent();
    if (!assignment.is("assignment") || !(assignment.field("right") == read) || !assignment.field("left").is("identifier")) return {};
    for (const FileBranch& branch : branches) {
        if (!branch.takesFirst || !branch.node.is("if_statement") || !isWithin(taken(branch), read) || branch.node.field("alternative")) continue;
        Node before;
        for (const Node& statement : branch.node.parent().namedChildren()) {
            if (statement == branch.node) break;
            const Node bound = statement.is("expression_statement") ? statement.namedChild(0) : Node();
            if (bound.is("assignment") && bound.field("left").text() == assignment.field("left").text()) before = bound.field("right");
        }
        const bool isEmpty = (before.is("dictionary") || before.is("list")) && before.namedChildCount() == 0;
        if (isEmpty) return before;
    }
    return {};
}

} // namespace

std::vector<std::pair<const Module*, Node>> givenFor(const Project& project, const Module& home, const Function& function, const Node& value) {
    std::vector<std::pair<const Module*, Node>> values;
    std::vector<Node> parameters = function.node.field("parameters").namedChildren();
    if (!function.className.empty() && !parameters.empty()) parameters.erase(parameters.begin());
    size_t place = 0;
    while (place < parameters.size() && semantic::parameterName(parameters[place]) != value.text()) ++place;
    if (!value.is("identifier") || place == parameters.size()) return values;
    for (const auto& module : project.modules()) {
        const auto calls = module->calls.find(function.name);
        if (calls == module->calls.end() || semantic::isTestModule(*module)) continue;
        for (const Node& call : calls->second) {
            const std::vector<Node> given = call.field("arguments").namedChildren();
            for (size_t i = 0; i < given.size(); ++i) {
                const bool isNamed = given[i].is("keyword_argument");
                if (isNamed ? given[i].field("name").text() == value.text() : i == place)
                    values.emplace_back(module.get(), isNamed ? given[i].field("value") : given[i]);
            }
        }
    }
    if (const Node byDefault = parameters[place].field("value")) values.emplace_back(&home, byDefault);
    return values;
}

bool takesEmptyForNone(const DataFile& file, const std::vector<FileBranch>& branches) {
    const bool eachIsAsked = std::all_of(file.accesses.begin(), file.accesses.end(), [&](const FileAccess& access) {
        if (access.kind == Kind::Read || access.kind == Kind::ReadText) return isInBranch(branches, access.node);
        if (access.kind != Kind::IsThere && access.kind != Kind::IsFilled && access.kind != Kind::IsEmpty) return true;
        return std::any_of(branches.begin(), branches.end(), [&](const FileBranch& branch) {
            return branch.node.is("if_statement") && isWithin(branch.node.field("condition"), access.node);
        });
    });
    return eachIsAsked && std::all_of(branches.begin(), branches.end(), [&](const FileBranch& branch) { return onlyLooksForElements(file, branch); });
}

std::vector<FileBranch> branchesOf(const DataFile& file) {
    const Conditions conditions(file);
    std::vector<FileBranch> branches;
    for (const FileAccess& access : file.accesses) {
        if (access.kind != Kind::IsThere && access.kind != Kind::IsFilled && access.kind != Kind::IsEmpty) continue;
        const Node condition = conditionAround(access.node);
        const Node around = condition.parent();
        const bool decides = (around.is("if_statement") && around.field("condition") == condition) ||
                             (around.is("conditional_expression") && around.namedChild(1) == condition);
        const std::optional<bool> holds = decides ? conditions.holds(condition) : std::nullopt;
        // `elif` goes on with other questions.
        const bool goesOn = around.is("if_statement") && around.field("alternative").is("elif_clause");
        if (!holds || goesOn) continue;
        if (std::none_of(branches.begin(), branches.end(), [&](const FileBranch& known) { return known.node == around; }))
            branches.push_back({access.module, around, *holds});
    }
    return branches;
}

Node creationAround(const FileOpening& opening) {
    const Node block = opening.statement.parent(), around = block.parent();
    const bool isAlone = opening.creates && around.is("try_statement") && around.field("body") == block && block.namedChildren().size() == 1;
    return isAlone ? around : Node();
}

bool runsWithoutFile(const DataFile& file, const std::vector<FileBranch>& branches, const Node& node) {
    for (const FileBranch& branch : branches) {
        const Node condition = branch.node.is("if_statement") ? branch.node.field("condition") : branch.node.namedChild(1);
        if (isWithin(branch.node, node) && !isWithin(taken(branch), node) && !isWithin(condition, node)) return true;
    }
    return std::any_of(file.openings.begin(), file.openings.end(),
                       [&](const FileOpening& opening) { return isWithin(creationAround(opening), node); });
}

std::vector<std::pair<const Module*, Node>> valuesWithoutFile(const Project& project, const DataFile& file,
                                                              const std::vector<FileBranch>& branches) {
    std::vector<std::pair<const Module*, Node>> values;
    for (const FileAccess& access : file.accesses)
        if (access.kind == Kind::Write && runsWithoutFile(file, branches, access.node)) values.emplace_back(access.module, access.value);
    // `if not path.exists(): self.save([])`
    for (const FileAccess& access : file.accesses) {
        const auto calls = access.function ? access.module->calls.find(access.function->name) : access.module->calls.end();
        if (access.kind != Kind::Write || calls == access.module->calls.end()) continue;
        for (const Node& call : calls->second)
            for (const Node& argument : call.field("arguments").namedChildren())
                if (runsWithoutFile(file, branches, call))
                    values.emplace_back(access.module, argument.is("keyword_argument") ? argument.field("value") : argument);
    }
    for (const FileAccess& access : file.accesses) {
        if ((access.kind != Kind::Read && access.kind != Kind::ReadText) || !access.function) continue;
        syntax::walk(access.function->node.field("body"), [&](const Node& node) {
            const Node value = node.is("return_statement") ? node.namedChild(0) : node.is("assignment") ? node.field("right") : Node();
            if (!value) return true;
            const Node clause = node.ancestor({"except_clause"});
            const bool isInstead = runsWithoutFile(file, branches, node) || (clause && answersMissing(file, clause));
            // `if os.path.exists(path): ... return json.load(f)`, and `return []` below.
            const bool isBelow = node.is("return_statement") && isInBranch(branches, access.node) && node.start() > access.node.end();
            if (!isInstead && !isBelow) return true;
            values.emplace_back(access.module, value);
            for (const auto& given : givenFor(project, *access.module, *access.function, value)) values.push_back(given);
            return true;
        });
    }
    const bool samePath = takesEmptyForNone(file, branches);
    for (const FileAccess& access : file.accesses)
        if (const Node value = samePath && access.kind == Kind::Read ? valueBefore(branches, access.node) : Node()) values.emplace_back(access.module, value);
    // `global users; users = json.load(f)`: what the variable starts with.
    for (const FileAccess& access : file.accesses) {
        const Node assignment = access.node.parent();
        const std::string name(assignment.is("assignment") ? assignment.field("left").text() : std::string_view());
        if (access.kind != Kind::Read || !access.function || !access.function->globals.count(name)) continue;
        const auto assigned = access.module->assignments.find(name);
        if (assigned != access.module->assignments.end())
            values.emplace_back(access.module, assigned->second.front().namedChild(0).field("right"));
    }
    for (const FileBranch& branch : branches)
        if (branch.node.is("conditional_expression"))
            values.emplace_back(branch.module, branch.node.namedChild(branch.takesFirst ? 2 : 0));
    return values;
}

} // namespace covet::facts
