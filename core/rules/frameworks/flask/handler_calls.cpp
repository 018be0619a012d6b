// Before:  return not_found()
// After:   return await not_found(request)
// Safe: handlers are coroutines afterwards; the callee gets what it takes now. What the store engine adds
// to its parameters, it adds to the call.
#include "rules/frameworks/flask/flask_app.h"

namespace covet::rules::flask {
namespace {

class CallPlanner {
public:
    explicit CallPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules)
            for (const auto& entry : module->calls)
                for (const Node& call : entry.second) {
                    const Function* callee = functionOf(plan_.project(), *module, call.field("function"));
                    if (callee && (plan_.handlers.count(callee) || plan_.errorHandlers.count(callee))) add(*module, call, callee);
                }
        // A callee that reads the request makes its caller need it.
        for (bool changed = true; changed;) {
            changed = false;
            for (const Call& one : calls_)
                if (takesRequest(one.callee) && !takesRequest(one.caller)) {
                    plan_.requestUsers[one.caller].insert("request");
                    changed = true;
                }
        }
        for (const Call& one : calls_) rewrite(one);
    }

private:
    struct Call {
        const Module* module;
        Node node;
        const Function* callee;
        const Function* caller;
    };

    bool takesRequest(const Function* function) const {
        return plan_.requestUsers.count(function) > 0 || plan_.errorHandlers.count(function) > 0;
    }

    void add(const Module& module, const Node& call, const Function* callee) {
        const Function* caller = module.enclosingFunction(call);
        const bool handler = caller && (plan_.handlers.count(caller) || plan_.errorHandlers.count(caller));
        if (!handler || caller == callee || !mayAwait(module, call, *caller) || !callee->className.empty())
            return plan_.refuse(module, call, "handler-called", callee->name, "move what both need into a function of its own");
        calls_.push_back({&module, call, callee, caller});
    }

    void rewrite(const Call& one) {
        ModuleRewrite& rewrite = plan_.rewrite(*one.module);
        const Node node = one.node, arguments = one.node.field("arguments");
        if (takesRequest(one.callee)) {
            auto names = plan_.requestUsers.find(one.caller);
            const std::string request = names == plan_.requestUsers.end() ? "request" : *names->second.begin();
            plan_.later([&rewrite, arguments, request] {
                rewrite.replace(arguments, [arguments, request](const ModuleRewrite& r) {
                    std::string out = "(" + request;
                    for (const Node& argument : arguments.namedChildren()) out += ", " + r.render(argument);
                    return out + ")";
                });
            });
        }
        const Node parent = node.parent();
        const bool alone = parent.is("return_statement") || parent.is("assignment") || parent.is("expression_statement");
        MigrationContext& context = plan_.context;
        plan_.later([&rewrite, &context, node, alone] {
            rewrite.wrap(node, alone ? "await " : "(await ", alone ? "" : ")");
            context.awaitedCalls.insert(node.id());
        });
    }

    Plan& plan_;
    std::vector<Call> calls_;
};

} // namespace

void planCalls(Plan& plan) { CallPlanner(plan).run(); }

} // namespace covet::rules::flask
