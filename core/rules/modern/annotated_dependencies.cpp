// before  def list_items(q: str = "", store: Store = Depends(get_store)):
// after   def list_items(store: Annotated[Store, Depends(get_store)], q: str = ""):
//
// Safe for functions that only the framework calls, which gives arguments by name. A dependency that follows a default
// moves in front of it; dependencies keep their order among themselves. Annotations that are text are evaluated where
// the names of the code around are not known, so modules that postpone theirs stay as they are.

#include "rules/modern/annotated_dependencies.h"

#include "rules/diagnostics.h"
#include "rules/frameworks/router_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::modern {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

class Dependencies {
public:
    Dependencies(MigrationContext& context, const Module& module) : context_(context), project_(context.project()), module_(module) {}

    void read(std::vector<Proposal>& found) {
        bool any = false;
        for (const char* name : {"Depends", "Security"}) any = any || module_.calls.count(name) > 0;
        if (!any || postpones()) return;
        for (const Function& function : module_.functions) read(function, found);
    }

private:
    bool postpones() const {
        for (const Node& name : module_.tree->identifiers("annotations"))
            if (name.ancestor({"future_import_statement"})) return true;
        return false;
    }

    bool isDependency(const Node& parameter) const {
        static constexpr Words kNames = {"fastapi.Depends", "fastapi.Security", "fastapi.params.Depends", "fastapi.params.Security",
                                         "fastapi.param_functions.Depends", "fastapi.param_functions.Security"};
        const Node value = parameter.field("value");
        if (!parameter.is("typed_default_parameter") || !value.is("call")) return false;
        const Symbol& symbol = project_.resolve(module_, value.field("function"));
        return symbol.kind == Symbol::Kind::External && kNames.count(symbol.name) > 0;
    }

    /// Whether the code calls it by this name, with arguments of its own.
    bool isCalled(const Function& function) const {
        const std::string& name = function.name == "__init__" ? function.className : function.name;
        for (const auto& module : project_.modules())
            if (module->calls.count(name)) return true;
        return false;
    }

    void read(const Function& function, std::vector<Proposal>& found) {
        const Node list = function.node.field("parameters");
        std::vector<Node> inPlace, slots, moved, others; // slots: from the first default to the last that moves
        bool afterStar = false, comments = false;
        std::vector<Node> pending;
        syntax::walk(list, [&](const Node& node) {
            comments = comments || node.is("comment");
            return true;
        });
        for (const Node& parameter : list.namedChildren()) {
            if (parameter.isOneOf({"keyword_separator", "list_splat_pattern"}) || (parameter.is("typed_parameter") && !parameter.namedChild(0).is("identifier"))) afterStar = true;
            if (parameter.is("positional_separator")) return;
            const bool hasDefault = parameter.isOneOf({"default_parameter", "typed_default_parameter"});
            if (isDependency(parameter)) {
                if (containsText(parameter.field("type"))) return;
                if (afterStar || (others.empty() && pending.empty())) {
                    inPlace.push_back(parameter);
                } else {
                    others.insert(others.end(), pending.begin(), pending.end());
                    pending.clear();
                    moved.push_back(parameter);
                }
            } else if (hasDefault && !afterStar) {
                pending.push_back(parameter);
            }
        }
        if ((inPlace.empty() && moved.empty()) || (comments && !moved.empty()) || isCalled(function)) return;
        for (const Node& parameter : list.namedChildren())
            for (const std::vector<Node>* group : {&moved, &others})
                for (const Node& member : *group)
                    if (member == parameter) slots.push_back(parameter);
        std::vector<Node> order = moved;
        order.insert(order.end(), others.begin(), others.end());

        Proposal proposal;
        Finding& finding = proposal.finding;
        const Node at = inPlace.empty() ? moved.front() : inPlace.front();
        finding.rule = "COV118";
        finding.file = module_.path();
        finding.start = {module_.source.lineOf(at.start()), module_.source.columnOf(at.start())};
        finding.end = {module_.source.lineOf(at.end()), module_.source.columnOf(at.end())};
        finding.message = messageOf(finding.rule, function.qualified);
        finding.safety = diagnostic(finding.rule)->safety;
        finding.outcome = Outcome::Fixed;
        finding.safetyReason = "called-by-framework";
        proposal.make = [&context = context_, module = &module_, inPlace, slots, order, moved] {
            ModuleRewrite& rewrite = context.rewrite(*module);
            const catalog::TargetName& annotated = context.target().annotated;
            rewrite.requireImport(annotated.module, annotated.name);
            for (const Node& parameter : inPlace)
                rewrite.replace(parameter, [=](const ModuleRewrite& inner) { return text(inner, parameter, annotated.name); });
            for (size_t i = 0; i < slots.size(); ++i)
                rewrite.replace(slots[i], [=, parameter = order[i], isMoved = i < moved.size()](const ModuleRewrite& inner) {
                    return text(inner, parameter, isMoved ? annotated.name : "");
                });
        };
        found.push_back(std::move(proposal));
    }

    static bool containsText(const Node& type) {
        bool found = false;
        syntax::walk(type, [&](const Node& node) {
            found = found || node.is("string");
            return !found;
        });
        return found;
    }

    /// A parameter with a default; with the default in its annotation where `annotated` says with which name.
    static std::string text(const ModuleRewrite& inner, const Node& parameter, const std::string& annotated) {
        const std::string name(parameter.field("name").text());
        const Node type = parameter.field("type");
        if (type.isNull()) return name + "=" + inner.render(parameter.field("value"));
        if (annotated.empty()) return name + ": " + inner.render(type) + " = " + inner.render(parameter.field("value"));
        return name + ": " + annotated + "[" + inner.render(type) + ", " + inner.render(parameter.field("value")) + "]";
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    const Module& module_;
};

} // namespace

std::vector<Proposal> annotatedDependencies(MigrationContext& context, const std::set<std::string>& paths) {
    std::vector<Proposal> found;
    for (const auto& module : context.project().modules())
        if (paths.count(module->path())) Dependencies(context, *module).read(found);
    return found;
}

} // namespace covet::rules::modern
