#include "rules/legacy/sent_answers.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

bool isConstant(const Value& value) {
    return value->is(Kind::None) || value->is(Kind::Const) || value->is(Kind::True) || value->is(Kind::False) ||
           isEmptyDict(value) || ((value->is(Kind::List) || value->is(Kind::Tuple)) && value->items.empty());
}

bool headerPairs(const Value& value, Sent& sent) {
    if (value->is(Kind::Header)) {
        sent.headerSource = value->items[0];
        return true;
    }
    if (!value->is(Kind::List) && !value->is(Kind::Tuple)) return false;
    for (const Value& pair : value->items) {
        if (pair->is(Kind::Header)) {
            sent.headerSource = pair->items[0];
            continue;
        }
        if (pair->items.size() != 2) return false;
        std::string name, content;
        if (!literalText(pair->items[0]->text, name)) return false;
        name = toLower(name);
        if (name == "content-length") continue;
        if (!pair->items[1]->is(Kind::Const) || !literalText(pair->items[1]->text, content)) return false;
        sent.headers.emplace_back(name, content);
    }
    return true;
}

} // namespace

bool sameValue(const Value& a, const Value& b) { return signatureOf(a) == signatureOf(b); }

bool isEmptyDict(const Value& value) { return value->is(Kind::Dict) && value->entries.empty(); }

bool isRouteMatch(const Value& value) { return value->is(Kind::RouteKey) && value->text == "match"; }

Value mergedValues(const Value& a, const Value& b) {
    if (sameValue(a, b)) return a;
    if (isRouteMatch(a)) return mergedValues(sym(Kind::Params, "match"), b);
    if (isRouteMatch(b)) return mergedValues(a, sym(Kind::Params, "match"));
    if (a->is(Kind::Params) && (isEmptyDict(b) || b->is(Kind::None))) return a;
    if (b->is(Kind::Params) && (isEmptyDict(a) || a->is(Kind::None))) return b;
    // `{"id": parts[2]}` against `{}` of an exact path.
    auto isParts = [](const Value& value) {
        return value->is(Kind::Dict) && !value->entries.empty() &&
               std::all_of(value->entries.begin(), value->entries.end(), [](const auto& e) { return e.second->is(Kind::Expr); });
    };
    if ((isParts(a) && (isEmptyDict(b) || b->is(Kind::Params))) || (isParts(b) && (isEmptyDict(a) || a->is(Kind::Params))))
        return sym(Kind::Params);
    if (b->is(Kind::Json) && !a->is(Kind::Json)) return mergedValues(b, a);
    if (a->is(Kind::Json) && isConstant(b)) {
        if (!a->items.empty() && !sameValue(a->items[0], b)) return nullptr;
        auto made = std::make_shared<Sym>(*a);
        made->items.assign(1, b);
        return made;
    }
    if (a->is(Kind::Json) && b->is(Kind::Json)) return a->items.empty() ? b : b->items.empty() ? a : nullptr;
    if (a->kind == b->kind && a->entries.size() == b->entries.size() && !a->entries.empty()) {
        auto made = std::make_shared<Sym>(*a);
        for (size_t i = 0; i < a->entries.size(); ++i) {
            if (a->entries[i].first != b->entries[i].first) return nullptr;
            Value part = mergedValues(a->entries[i].second, b->entries[i].second);
            if (!part) return nullptr;
            made->entries[i].second = part;
        }
        return made;
    }
    return nullptr;
}

Sent sentOn(const DispatchPath& path) {
    Sent sent;
    if (path.starts.size() != 1 || path.bodies.size() != 1) return sent;
    const Value* status = path.starts[0]->entry("status");
    const Value* headers = path.starts[0]->entry("headers");
    const Value* body = path.bodies[0]->entry("body");
    if (!status) return sent;
    sent.status = *status;
    if (headers && !headerPairs(*headers, sent)) return sent;
    Value content = body ? *body : sym(Kind::Const, "b\"\"");
    std::string text;
    if (content->is(Kind::Const) && literalText(content->text, text)) {
        sent.encoding = text.empty() ? Encoding::Empty : Encoding::Text;
        sent.body = content;
    } else if (content->is(Kind::Encoded) && content->items[0]->is(Kind::Json2Text)) {
        sent.body = content->items[0]->items[0];
    } else if (content->is(Kind::Encoded)) {
        sent.encoding = Encoding::Text;
        sent.body = content->items[0];
        if (sent.body->is(Kind::Json2Text)) {
            sent.encoding = Encoding::Json;
            sent.body = sent.body->items[0];
        }
    } else if (content->is(Kind::Item)) {
        sent.encoding = Encoding::Text;
        sent.body = content;
    } else {
        return sent;
    }
    // The text of JSON kept in a part of an answer: `{"status": 200, "body": json.dumps(x)}`.
    if (sent.encoding == Encoding::Text && sent.body->is(Kind::Json2Text)) {
        sent.encoding = Encoding::Json;
        sent.body = sent.body->items[0];
    }
    sent.understood = true;
    return sent;
}

} // namespace covet::rules::legacy
