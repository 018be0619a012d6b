#include "syntax/flow.h"

namespace covet::syntax {

bool leavesFunction(const Node& block) {
    const std::vector<Node> body = block.namedChildren();
    return !body.empty() && (body.back().is("return_statement") || body.back().is("raise_statement"));
}

bool leavesBlock(const Node& block) {
    const std::vector<Node> body = block.namedChildren();
    return leavesFunction(block) ||
           (!body.empty() && (body.back().is("continue_statement") || body.back().is("break_statement")));
}

} // namespace covet::syntax
