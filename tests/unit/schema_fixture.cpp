#include "schema_fixture.h"

namespace covet::testing {
namespace {

class NoHost : public syntax::EvaluationHost {
public:
    const syntax::SourceModule* module(std::string_view) override { return nullptr; }
};

} // namespace

Value python(const std::string& statements, const std::string& name) {
    auto tree = syntax::Tree::parse(statements);
    if (!tree) return Value::opaque("does not parse");
    NoHost host;
    syntax::SourceModule module{"app", "app.py", *tree, false};
    syntax::LiteralEvaluator evaluator(host);
    const syntax::StoreState state = evaluator.stateOf(module, name);
    return state.value ? *state.value : Value::opaque(state.opaqueReason);
}

Value python(const std::string& expression) {
    return python("import datetime, decimal, uuid\nvalue = " + expression + "\n", "value");
}

} // namespace covet::testing
