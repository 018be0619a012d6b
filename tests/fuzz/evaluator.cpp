// Any text as a module: its values are read without crash, hang or unbounded memory.

#include <cstdint>
#include <string>

#include "syntax/literal_evaluator.h"
#include "syntax/tree.h"

namespace {

class OneModule : public covet::syntax::EvaluationHost {
public:
    explicit OneModule(covet::syntax::SourceModule module) : module_(std::move(module)) {}
    const covet::syntax::SourceModule* module(std::string_view dotted) override {
        return dotted == module_.name ? &module_ : nullptr;
    }
    const covet::syntax::SourceModule& only() const { return module_; }

private:
    covet::syntax::SourceModule module_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    auto tree = covet::syntax::Tree::parse(std::string(reinterpret_cast<const char*>(data), size));
    if (!tree) return 0;
    OneModule host({"m", "m.py", *tree, false});
    covet::syntax::EvaluationLimits limits;
    limits.steps = 20'000;
    limits.items = 20'000;
    limits.textBytes = 1u << 20;
    covet::syntax::LiteralEvaluator evaluator(host, limits);
    covet::syntax::StoreState state = evaluator.stateOf(host.only(), "items");
    if (state.value) covet::toJson(*state.value);
    return 0;
}
