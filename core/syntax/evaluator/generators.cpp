// Generator functions: a call makes an iterator whose body runs when somebody asks for its first element.
// It then runs to its end, or, where it has none, as far ahead as any import looks.


#include "support/words.h"
#include "syntax/counting_generator.h"
#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

constexpr size_t kMostAhead = 4096;

/// Whether nobody can tell how far ahead of its reader the generator has run.
bool keepsToItself(const Node& body) {
    static constexpr Words kPure = {"range", "len", "str", "int",       "float", "min",  "max",
                                    "abs",   "chr", "ord", "enumerate", "zip",   "round"};
    bool alone = true;
    walk(body, [&](const Node& node) {
        if (node.is("global_statement") || node.is("nonlocal_statement") || node.is("await") || node.is("with_statement"))
            alone = false;
        else if (node.is("assignment") || node.is("augmented_assignment"))
            alone = alone && !node.field("left").is("attribute") && !node.field("left").is("subscript");
        else if (node.is("call"))
            alone = alone && kPure.count(node.field("function").text()) > 0;
        return alone;
    });
    return alone;
}

} // namespace

bool Interpreter::generates(const Node& body) {
    bool found = false;
    walk(body, [&](const Node& part) {
        if (part.is("function_definition") || part.is("lambda")) return false;
        found = found || part.is("yield");
        return !found;
    });
    return found;
}

Ref Interpreter::makeGenerator(Box& function, Frame& frame) {
    Box* generator = make(Box::Kind::Iterator, "(generator)");
    generator->function = &function;
    generator->frame = &frame;
    return generator;
}

bool Interpreter::start(Box& iterator) {
    if (!iterator.function || iterator.kind != Box::Kind::Iterator) return iterator.taint.empty();
    Box& function = *iterator.function;
    Frame& frame = *iterator.frame;
    iterator.function = nullptr;
    iterator.frame = nullptr;
    const Node body = function.node.field("body");
    std::vector<Ref> yields;
    frame.yields = &yields;
    frame.mostYields = yieldsForEver(function.node) ? kMostAhead : limits_.items;
    ++calls_;
    const unsigned outerDepth = depth_;
    depth_ = 0;
    const Flow flow = runBlock(body, frame);
    depth_ = outerDepth;
    --calls_;
    frame.yields = nullptr;
    if (flow == Flow::Return) flow_ = Flow::Normal;
    if (flow_ == Flow::Stuck && frame.mostYields == kMostAhead && yields.size() == kMostAhead && keepsToItself(body)) {
        flow_ = Flow::Normal;
        iterator.name = "(endless)";
    } else if (flow_ == Flow::Stuck && !exhausted()) {
        flow_ = Flow::Normal;
        distrust(body, frame, stuck_);
        for (const auto& [name, value] : frame.variables)
            taint(value, stuck_);
        iterator.taint = stuck_;
        return false;
    }
    iterator.items = std::move(yields);
    return flow_ == Flow::Normal;
}

void Interpreter::yielded(Frame& frame, Ref value) {
    frame.yields->push_back(std::move(value));
    if (frame.yields->size() < frame.mostYields) return;
    flow_ = Flow::Stuck;
    stuck_ = "a generator has more elements than static reading looks at";
}

} // namespace covet::syntax::eval
