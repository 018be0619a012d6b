#include "rules/legacy/dispatch_shape.h"

#include <algorithm>
#include <map>

#include "rules/legacy/sent_answers.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

class ShapeReader {
public:
    explicit ShapeReader(const std::vector<DispatchPath>& paths)
        : paths_(paths) {}

    DispatchShape read() {
        for (const DispatchPath& path : paths_) readPath(path);
        if (shape_.unclear.empty() && !called_ && shape_.inlineRoutes.empty()) fail("no-dispatch", "");
        settleHeaders();
        return std::move(shape_);
    }

private:
    void fail(const std::string& reason, const std::string& detail) {
        if (!shape_.unclear.empty()) return;
        shape_.unclear = reason;
        shape_.detail = detail;
    }

    static const Condition* raisedOn(const DispatchPath& path, const std::string& origin) {
        for (const Condition& condition : path.conditions)
            if (condition.kind == Condition::Kind::Raised && condition.subject &&
                condition.subject->is(Kind::Exception) == (origin != "other") &&
                (origin == "other" || condition.subject->text == origin))
                return &condition;
        return nullptr;
    }

    void readPath(const DispatchPath& path) {
        if (!path.unclear.empty()) return fail("dispatcher-not-understood", path.unclear[0]);
        for (const Node& node : path.dropped)
            if (std::find(shape_.dropped.begin(), shape_.dropped.end(), node) == shape_.dropped.end()) shape_.dropped.push_back(node);
        if (!path.calls.empty()) readCall(path);
        if (path.raised) return; // answered by the server, as before
        const Sent sent = sentOn(path);
        if (!sent.understood) return fail("response-not-understood", "");
        const Condition* failed = raisedOn(path, "handler");
        if (!failed && path.calls.empty()) failed = raisedOn(path, "json");
        if (failed) return readException(*failed, sent);
        if (raisedOn(path, "other")) return fail("raise-in-dispatcher", "");
        if (path.calls.size() > 1) return fail("several-handler-calls", "");
        if (!path.calls.empty()) return readReturn(path, sent);
        readOwn(path, sent);
    }

    void readCall(const DispatchPath& path) {
        const HandlerCall& call = path.calls.back();
        if (call.spread && !call.spread->is(Kind::Params) && !call.spread->is(Kind::Dict) && !isRouteMatch(call.spread))
            return fail("handler-arguments", "**");
        if (call.spread && !isRouteMatch(call.spread))
            for (const auto& entry : call.spread->entries) { // Clang 14 captures no bindings
                auto known = std::find_if(shape_.spread.begin(), shape_.spread.end(), [&](const auto& e) { return e.first == entry.first; });
                if (known == shape_.spread.end()) {
                    shape_.spread.push_back(entry);
                    continue;
                }
                Value both = mergedValues(known->second, entry.second);
                if (!both) return fail("handler-arguments", entry.first);
                known->second = both;
            }
        const bool spreads = static_cast<bool>(call.spread);
        for (const Condition& condition : path.conditions)
            shape_.inlineFirst = shape_.inlineFirst ||
                                 (!condition.positive && (condition.kind == Condition::Kind::Path || condition.kind == Condition::Kind::Prefix ||
                                                          condition.kind == Condition::Kind::Suffix));
        if (!called_) {
            shape_.positional = call.positional;
            shape_.keywords = call.keywords;
            shape_.globals = path.globals;
            shape_.spreadsParams = spreads;
            shape_.parsed = path.parsed;
            called_ = true;
            return;
        }
        if (!shape_.parsed) shape_.parsed = path.parsed;
        if (call.positional.size() != shape_.positional.size() || call.keywords.size() != shape_.keywords.size() ||
            spreads != shape_.spreadsParams)
            return fail("handler-arguments", std::string(call.node.text()));
        auto merge = [&](Value& into, const Value& other) {
            Value both = mergedValues(into, other);
            if (both) into = both;
            else fail("handler-arguments", std::string(call.node.text()));
        };
        for (size_t i = 0; i < call.positional.size(); ++i) merge(shape_.positional[i], call.positional[i]);
        for (size_t i = 0; i < call.keywords.size(); ++i) {
            if (call.keywords[i].first != shape_.keywords[i].first) return fail("handler-arguments", std::string(call.node.text()));
            merge(shape_.keywords[i].second, call.keywords[i].second);
        }
        for (const auto& [name, value] : path.globals) {
            Value& into = shape_.globals[name];
            if (!into) into = value;
            else merge(into, value);
        }
    }

    void takeHeaders(const Pairs& headers) { seenHeaders_.push_back(headers); }

    void readReturn(const DispatchPath& path, const Sent& sent) { readResult(path, sent, shape_); }

    /// What an answer says about how results become answers.
    void readResult(const DispatchPath& path, const Sent& sent, DispatchShape& shape) {
        using Returns = DispatchShape::Returns;
        if (!sent.headerSource) takeHeaders(sent.headers);
        std::optional<bool> isTuple, isNone;
        for (const Condition& condition : path.conditions) {
            if (condition.kind == Condition::Kind::TupleResult) isTuple = condition.positive;
            else if (condition.kind == Condition::Kind::None) isNone = condition.positive;
            else if (condition.kind == Condition::Kind::Length) return fail("tuple-lengths", std::string(condition.node.text()));
            else if (condition.kind == Condition::Kind::Type && sent.encoding != Encoding::Json)
                return fail("response-by-type", std::string(condition.node.text()));
            else if (condition.kind == Condition::Kind::Truth && condition.subject &&
                     (condition.subject->is(Kind::Result) || condition.subject->is(Kind::Item)))
                return fail("response-by-truth", std::string(condition.node.text()));
        }
        const Value& body = sent.body;
        if (sent.encoding == Encoding::Empty) {
            if (isNone != true) return fail("response-not-understood", "empty body");
            shape.noneIsEmpty = true;
            if (sent.status->is(Kind::Const) && isTuple != true) noneStatus(sent.status->text);
            return;
        }
        if (isNone == true && sent.status->is(Kind::Const) && isTuple != true) noneStatus(sent.status->text);
        if (body->is(Kind::None)) return;
        if (body->is(Kind::Result)) {
            if (!sent.status->is(Kind::Const)) return fail("response-not-understood", "status");
            if (shape.returns == Returns::Tuple && sawTuple_) shape.returns = Returns::TupleOrPlain;
            else if (shape.returns != Returns::TupleOrPlain) shape.returns = isTuple ? Returns::TupleOrPlain : Returns::Plain;
            if (isNone != true) shape.defaultStatus = sent.status->text;
            shape.bodyIsText = sent.encoding == Encoding::Text;
            if (shape.bodyIsText) fail("text-responses", "");
            return;
        }
        if (!body->is(Kind::Item) || !body->items[0]->is(Kind::Result)) return fail("response-not-understood", signatureOf(body));
        const bool number = !body->text.empty() && body->text.find_first_not_of("0123456789") == std::string::npos;
        shape.bodyKey = body->text;
        if (sent.status->is(Kind::Item) && sent.status->items[0]->is(Kind::Result)) shape.statusKey = sent.status->text;
        else return fail("response-not-understood", "status of a tuple");
        shape.bodyIsText = sent.encoding == Encoding::Text;
        if (number) {
            if (shape.bodyIsText) return fail("text-responses", "");
            sawTuple_ = true;
            shape.returns = isTuple ? Returns::TupleOrPlain : Returns::Tuple;
            if (sent.headerSource) return fail("response-headers", "");
            return;
        }
        shape.returns = Returns::Dict;
        if (sent.status->items.size() > 1) {
            if (!sent.status->items[1]->is(Kind::Const)) return fail("response-not-understood", "status of a dict");
            shape.statusDefault = sent.status->items[1]->text;
        }
        if (sent.headerSource && sent.headerSource->is(Kind::Item)) shape.headersKey = sent.headerSource->text;
    }

    /// The result of a function that a value is or is a part of; null if none.
    static Value resultIn(const Value& value) {
        Value current = value;
        while (current->is(Kind::Item)) current = current->items[0];
        return current->is(Kind::Result) ? current : nullptr;
    }

    void noneStatus(const std::string& status) { shape_.noneStatus = status; }

    Answer answerOf(const Sent& sent) {
        Answer answer;
        answer.body = sent.body;
        answer.encoding = sent.encoding;
        answer.status = sent.status;
        answer.headers = sent.headers;
        return answer;
    }

    void readException(const Condition& failed, const Sent& sent) {
        for (const ExceptionAnswer& known : shape_.exceptions)
            if (known.types == failed.text) {
                if (!sameValue(known.answer.body, sent.body) || !sameValue(known.answer.status, sent.status))
                    fail("exception-answer", failed.text);
                return;
            }
        takeHeaders(sent.headers);
        ExceptionAnswer made;
        made.types = failed.text;
        Node clause = failed.node;
        for (const Node& child : clause.namedChildren())
            if (child.is("as_pattern")) made.name = std::string(child.namedChild(1).text());
        made.answer = answerOf(sent);
        shape_.exceptions.push_back(std::move(made));
    }

    /// An answer of the dispatcher itself: an inline route, or that nothing was found.
    void readOwn(const DispatchPath& path, const Sent& sent) {
        InlineRoute route;
        bool positive = false, opaque = false;
        for (const Condition& condition : path.conditions) {
            if (condition.kind == Condition::Kind::Opaque && condition.positive && condition.text != "registered") opaque = true;
            if (!condition.positive) continue;
            if (condition.kind == Condition::Kind::Method) route.method = condition.text;
            else if (condition.kind == Condition::Kind::Path) {
                route.path = condition.text;
                route.isPrefix = route.isSuffix = false;
            } else if (condition.kind == Condition::Kind::Prefix && route.path.empty()) {
                route.path = condition.text;
                route.isPrefix = true;
            } else if (condition.kind == Condition::Kind::Suffix && route.path.empty()) {
                route.path = condition.text;
                route.isSuffix = true;
            } else if ((condition.kind == Condition::Kind::Prefix || condition.kind == Condition::Kind::Suffix) &&
                       (route.isPrefix || route.isSuffix)) {
                opaque = true; // one more condition on a path that is known in part
            } else continue;
            route.node = condition.node;
            positive = true;
        }
        Value result = resultIn(sent.body);
        if (!result) result = resultIn(sent.status);
        for (const Condition& condition : path.conditions)
            if (!result && condition.subject) result = resultIn(condition.subject);
        const bool ofResult = static_cast<bool>(result);
        if (!positive) {
            if (ofResult) return fail("response-not-understood", "answer without a route");
            return readNotFound(sent);
        }
        // Other methods of a path that is known.
        bool otherMethod = false;
        for (const Condition& condition : path.conditions)
            otherMethod = otherMethod || (condition.kind == Condition::Kind::Method && !condition.positive);
        if (route.method.empty() && otherMethod && !ofResult && (sent.status->text == "404" || sent.status->text == "405")) return readNotFound(sent);
        if (route.isSuffix && !ofResult && (sent.status->text == "404" || sent.status->text == "405")) return readNotFound(sent);
        if (!route.path.empty() && route.path[0] != '/') return fail("inline-route", route.path);
        if (route.path.empty()) {
            // Only the method was compared: an answer to it wherever it comes.
            const bool asNotFound = shape_.notFound && sameValue(shape_.notFound->body, sent.body) && sameValue(shape_.notFound->status, sent.status);
            std::string status = sent.status->text;
            if (asNotFound || status == "404" || status == "405") return readNotFound(sent);
            route.everyPath = true;
        }
        if (route.isPrefix && (sent.status->text == "404" || sent.status->text == "405") && !ofResult) return readNotFound(sent);
        if (!route.isPrefix && !route.path.empty() && sent.status->text == "405" && !ofResult) return readNotFound(sent);
        if (opaque || (route.isSuffix && !ofResult)) return fail("inline-branch", std::string(route.node.text()));
        if (ofResult) {
            if (result->items.empty()) return fail("inline-branch", std::string(route.node.text()));
            readResult(path, sent, inlineShape_);
            hasInlineShape_ = true;
            route.result = result->items[0];
            route.module = result->module;
            route.function = result->module ? result->module->function(result->env.at("function")->text) : nullptr;
            route.positional.assign(result->items.begin() + 1, result->items.end());
            route.keywords = result->entries;
            route.parsed = path.parsed;
            for (InlineRoute& known : shape_.inlineRoutes)
                if (known.method == route.method && known.path == route.path && known.isSuffix == route.isSuffix) {
                    if (!known.parsed) known.parsed = route.parsed;
                    return;
                }
        } else {
            route.answer = answerOf(sent);
            for (const InlineRoute& known : shape_.inlineRoutes)
                if (known.method == route.method && known.path == route.path && known.isSuffix == route.isSuffix) {
                    if (!known.answer || !sameValue(known.answer->body, sent.body) || !sameValue(known.answer->status, sent.status))
                        fail("inline-branch", std::string(route.node.text()));
                    return;
                }
        }
        shape_.inlineRoutes.push_back(std::move(route));
    }

    void readNotFound(const Sent& sent) {
        std::string status = sent.status->text;
        if (!sent.status->is(Kind::Const)) return fail("not-found-answer", "");
        std::optional<Answer>& slot = status == "405" ? shape_.wrongMethod : shape_.notFound;
        if (slot) {
            if (!sameValue(slot->body, sent.body) || !sameValue(slot->status, sent.status)) fail("not-found-answer", "several answers");
            return;
        }
        takeHeaders(sent.headers);
        slot = answerOf(sent);
    }

    /// Headers that every answer has; the type of plain JSON goes without saying.
    void settleHeaders() {
        if (hasInlineShape_ && !called_) {
            shape_.returns = inlineShape_.returns;
            shape_.bodyKey = inlineShape_.bodyKey;
            shape_.statusKey = inlineShape_.statusKey;
            shape_.noneIsEmpty = inlineShape_.noneIsEmpty;
        }
        if (seenHeaders_.empty()) return;
        for (const Pairs& pairs : seenHeaders_)
            if (pairs != seenHeaders_[0]) return fail("response-headers", "not the same for every answer");
        for (const auto& [name, content] : seenHeaders_[0])
            if (name != "content-type" || content != "application/json") shape_.headers.emplace_back(name, content);
    }

    const std::vector<DispatchPath>& paths_;
    DispatchShape shape_, inlineShape_;
    bool hasInlineShape_ = false;
    bool called_ = false;
    bool sawTuple_ = false;
    std::vector<Pairs> seenHeaders_;
};

} // namespace

DispatchShape shapeOf(const std::vector<DispatchPath>& paths) { return ShapeReader(paths).read(); }

} // namespace covet::rules::legacy
