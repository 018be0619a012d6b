#include "support/words.h"
#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {

bool Interpreter::runClauses(const std::vector<Node>& clauses, size_t at, Frame& frame,
                             const std::function<bool()>& body) {
    if (failed()) return false;
    if (at == clauses.size()) return body();
    const Node& clause = clauses[at];
    if (clause.is("if_clause")) {
        const auto value = truth(evaluate(clause.namedChild(0), frame));
        if (failed() || !value) return false;
        return !*value || runClauses(clauses, at + 1, frame, body);
    }
    std::vector<Ref> items;
    const Ref source = evaluate(clause.field("right"), frame);
    if (failed() || !iterate(source, items)) return false;
    for (const Ref& item : items) {
        assignTo(clause.field("left"), item, frame);
        if (!runClauses(clauses, at + 1, frame, body)) return false;
    }
    return !failed();
}

/// The large list or dict that a comprehension reads and does nothing else with: no call in it is one of the project.
Ref Interpreter::skimmable(const Node& comprehension, const std::vector<Node>& clauses, Frame& frame) {
    static constexpr Words kFunctions = {"int", "str", "float", "len", "bool", "abs", "round", "isinstance"};
    static constexpr Words kMethods = {"get",   "lower",   "upper",    "strip",      "startswith", "endswith",
                                       "split", "replace", "casefold", "removeprefix", "isdigit"};
    Node source = clauses.empty() ? Node() : clauses[0].field("right");
    const bool isValues = source.is("call") && source.field("function").field("attribute").text() == "values" &&
                          source.field("arguments").namedChildCount() == 0;
    if (isValues) source = source.field("function").field("object");
    if (!source.is("identifier") || !clauses[0].field("left").is("identifier")) return {};
    const Ref* found = lookUp(source.text(), frame);
    if (!found || !found->box || !found->box->deferred || !found->box->taint.empty()) return {};
    if (isValues && found->box->kind != Box::Kind::Dict) return {};
    bool onlyReads = true;
    walk(comprehension, [&](const Node& part) {
        if (part == clauses[0].field("right")) return false;
        if (part.is("call")) {
            const Node callee = part.field("function");
            onlyReads = onlyReads && (callee.is("identifier") ? kFunctions.count(callee.text()) > 0
                                                              : kMethods.count(callee.field("attribute").text()) > 0);
        }
        if (part.is("lambda") || part.is("named_expression") || part.is("await")) onlyReads = false;
        return onlyReads;
    });
    return onlyReads ? *found : Ref();
}

Ref Interpreter::evaluateComprehension(const Node& node, Frame& frame) {
    Frame* inner = makeFrame(&frame, frame.module);
    inner->isComprehension = true;
    inner->globals = frame.globals;
    std::vector<Node> clauses;
    const Node body = node.field("body");
    for (const Node& child : node.namedChildren())
        if (child.is("for_in_clause") || child.is("if_clause")) clauses.push_back(child);
    const bool isDict = node.is("dictionary_comprehension");
    const bool isSet = node.is("set_comprehension");
    Box* made = make(isDict                            ? Box::Kind::Dict
                     : isSet                           ? Box::Kind::Set
                     : node.is("generator_expression") ? Box::Kind::Iterator
                                                       : Box::Kind::List);
    bool isSkimming = false, escaped = false;
    const auto element = [&]() {
        if (isDict) {
            const Ref key = evaluate(body.field("key"), *inner);
            Ref value = evaluate(body.field("value"), *inner);
            if (failed() || !isHashable(key)) return false;
            escaped = isSkimming && (key.box || value.box);
            if (escaped) return false;
            made->assign(key, std::move(value));
        } else {
            Ref value = evaluate(body, *inner);
            if (failed() || (isSet && !isHashable(value))) return false;
            escaped = isSkimming && value.box;
            if (escaped) return false;
            if (!isSet)
                made->items.push_back(std::move(value));
            else if (!made->lookup(value))
                made->assign(value, Ref());
        }
        return made->items.size() + made->entries.size() <= limits_.items;
    };
    bool known = false;
    const Ref source = skimmable(node, clauses, frame);
    if (source.box) {
        // Each element is made for as long as it is looked at; nothing keeps a part of it.
        isSkimming = true;
        const bool values = clauses[0].field("right").is("call") || source.box->kind == Box::Kind::List;
        const Value whole = *source.box->deferred;
        const size_t steps = steps_, boxes = boxes_.size();
        ElementReader reader(whole);
        known = true;
        while (known && reader.next()) {
            assignTo(clauses[0].field("left"), fromValue(values ? reader.content() : *reader.key()), *inner);
            known = runClauses(clauses, 1, *inner, element);
            while (boxes_.size() > boxes)
                boxes_.pop_back();
            steps_ = steps;
        }
        inner->variables.clear();
        isSkimming = false;
        if (escaped) made->clear();
    }
    if (!source.box || escaped) known = runClauses(clauses, 0, *inner, element);
    if (failed()) return {};
    if (known) return made;
    // What is unknown about it is what it holds: elements of what it goes through.
    Ref unknown = opaque(node);
    for (const Node& clause : clauses)
        walk(clause.field("right"), [&](const Node& part) {
            if (part.is("identifier"))
                if (const Ref* named = lookUp(part.text(), frame)) unknown.box->items.push_back(*named);
            return true;
        });
    return unknown;
}

} // namespace covet::syntax::eval
