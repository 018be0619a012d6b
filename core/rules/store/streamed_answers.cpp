// Before:  return Response(generate(), mimetype="text/csv")
// After:   return Response(iter(list(generate())), mimetype="text/csv")
// Safe: for generators that only go through what there is. One that waits, or that goes on for ever, stays what it is.
#include "rules/store/streamed_answers.h"

#include <algorithm>

#include "rules/store/entry_points.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;

std::string_view calledName(const Node& call) {
    const Node callee = call.field("function");
    return callee.is("attribute") ? callee.field("attribute").text() : callee.text();
}

bool endsByItself(const Module& module, const Function& generator) {
    static constexpr Words kWaiting = {"sleep",  "wait", "wait_for", "count",  "cycle",     "repeat",      "listen", "get_message", "accept",
                                       "recv", "read", "readline", "select", "subscribe", "is_disconnected", "join_thread", "get_nowait"};
    bool ends = true;
    syntax::walk(generator.node.field("body"), [&](const Node& node) {
        if (node.is("while_statement") || node.is("global_statement") || node.is("nonlocal_statement")) ends = false;
        if (node.is("call") && (kWaiting.count(calledName(node)) || calledName(node) == generator.name)) ends = false;
        if (node.is("with_statement") && node.child(0).is("async")) ends = false;
        // What it sends back into the generator, or awaits, comes from elsewhere.
        const bool isYield = node.is("yield") && !node.parent().is("yield") && module.enclosingFunction(node) == &generator;
        if (isYield && !node.parent().is("expression_statement")) ends = false;
        return ends;
    });
    return ends;
}

} // namespace

bool mayCall(const Module& module, const Node& call, const Module& home, const Function& function) {
    if (!function.isNested) return true;
    const Function* outer = home.enclosingFunction(function.decorated);
    return &module == &home && outer && outer->node.contains(call);
}

bool isStreamedCall(const Module& module, const Node& call, const Function& generator) {
    static constexpr Words kResponses = {"Response", "StreamingResponse", "response_class"};
    if (!endsByItself(module, generator)) return false;
    const Function* around = module.enclosingFunction(call);
    if (!around || (generator.isAsync && !around->isAsync)) return false;
    Node value = call;
    if (value.parent().is("argument_list") && calledName(value.parent().parent()) == "stream_with_context") value = value.parent().parent();
    Node list = value.parent();
    if (list.is("keyword_argument")) {
        if (list.field("name").text() != "response" && list.field("name").text() != "content") return false;
        list = list.parent();
    } else if (!list.is("argument_list") || !(list.namedChild(0) == value)) {
        return false;
    }
    return list.is("argument_list") && list.parent().is("call") && kResponses.count(calledName(list.parent())) > 0;
}

void makePiecesFirst(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                     const std::vector<const facts::FoundStore*>& stores) {
    for (const auto& [function, home] : graph.functions()) {
        const Function& generator = *function;
        if (!access.touches(generator) || !isGenerator(*home, generator)) continue;
        const std::vector<const facts::FoundStore*> own = access.storesOf(generator);
        if (std::none_of(own.begin(), own.end(), [&](const facts::FoundStore* store) { return std::count(stores.begin(), stores.end(), store) > 0; })) continue;
        for (const auto& module : context.project().modules()) {
            const auto named = module->calls.find(generator.name);
            if (named == module->calls.end() || isTestModule(*module)) continue;
            for (const Node& call : named->second) {
                if (!mayCall(*module, call, *home, generator) || !isStreamedCall(*module, call, generator)) continue;
                if (generator.isAsync) context.rewrite(*module).wrap(call, "[piece async for piece in ", "]");
                else context.rewrite(*module).wrap(call, "iter(list(", "))");
            }
        }
    }
}

} // namespace covet::rules
