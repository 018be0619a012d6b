#include <algorithm>

#include "support/words.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {

Ref Interpreter::callMethod(Box& bound, Arguments& arguments, const Node& node) {
    const Ref& self = bound.self;
    if (bound.name == "(file read)") return Value::string(self.box->content.string());
    if (bound.name[0] == '(') return callHeld(bound, arguments, node);
    if (!self.box) {
        if (self.isStr()) return callStrMethod(self.value, bound.name, arguments, node);
        if (self.value.kind() == Value::Kind::Bytes)
            return callBytesMethod(self.value, bound.name, arguments, node);
        if (self.value.kind() == Value::Kind::Decimal)
            return callDecimalMethod(self.value, bound.name, arguments, node);
        if (momentOf(self.value) || self.value.kind() == Value::Kind::Time ||
            self.value.kind() == Value::Kind::Timedelta)
            return callTemporalMethod(self.value, bound.name, arguments, node);
        return opaque(node);
    }
    if (bound.name == "keys" && self.box->deferred && self.box->kind == Box::Kind::Dict) {
        std::vector<Ref> keys;
        iterate(self, keys);
        return makeView(std::move(keys));
    }
    touch(self);
    Box& box = *self.box;
    if (!box.taint.empty()) return opaque(node);
    if (bound.name == "copy" && box.isContainer()) {
        std::map<const Box*, Box*> seen;
        return copyOf(self, false, seen);
    }
    static constexpr Words reads = {
        "get", "keys", "values", "items", "index", "count", "union", "intersection", "difference"};
    if (readOnly && box.isContainer() && !reads.count(bound.name)) return opaque(node);
    switch (box.kind) {
    case Box::Kind::List:
    case Box::Kind::Tuple:
        return callListMethod(box, bound.name, arguments, node);
    case Box::Kind::Dict:
        return callDictMethod(box, bound.name, arguments, node);
    case Box::Kind::Set:
        return callSetMethod(box, bound.name, arguments, node);
    case Box::Kind::Path:
        return callPathMethod(box, bound.name, arguments, node);
    case Box::Kind::Iterator:
        if (bound.name == "__next__") {
            arguments.positional.insert(arguments.positional.begin(), self);
            return callBuiltin("builtins.next", arguments, node);
        }
        break;
    case Box::Kind::Class:
        if (bound.name == "model_validate" || bound.name == "parse_obj") {
            Arguments fields;
            const Ref* data = arguments.get(0, "obj");
            if (!data || !data->box || data->box->kind != Box::Kind::Dict ||
                !data->box->taint.empty())
                return opaque(node);
            for (const Box::Entry& entry : data->box->entries)
                if (!entry.dead && entry.key.isStr())
                    fields.keywords.emplace_back(entry.key.value.text(), entry.value);
            return instantiate(box, fields, node);
        }
        break;
    case Box::Kind::Instance:
        if (std::optional<Ref> made = callRecordMethod(self, bound.name, arguments, node)) return *made;
        break;
    default:
        break;
    }
    return callUnknown(Ref(&bound), arguments, node);
}

Ref Interpreter::callListMethod(Box& self, const std::string& name, Arguments& arguments,
                                const Node& node) {
    const Ref* first = arguments.get(0, "");
    const auto position = [&](int64_t& at) {
        return first && first->isInt() && first->value.toInt64(at);
    };
    auto& items = self.items;
    int64_t at = 0;
    if (name == "index" || name == "count") {
        int64_t count = 0;
        for (size_t i = 0; i < items.size(); ++i) {
            const auto same = first ? equal(items[i], *first) : std::nullopt;
            if (!same) return opaque(node);
            if (*same && name == "index") return Value::integer(static_cast<int64_t>(i));
            count += *same ? 1 : 0;
        }
        return name == "count" ? Ref(Value::integer(count)) : raise("ValueError");
    }
    if (self.kind == Box::Kind::Tuple) return opaque(node);
    if (items.size() > limits_.items) {
        taint(Ref(&self), "too many elements");
    } else if (name == "append" && first) {
        items.push_back(*first);
        self.dropFirst();
    } else if (name == "appendleft" && first) {
        items.insert(items.begin(), *first);
        if (self.longest >= 0 && static_cast<int64_t>(items.size()) > self.longest) items.pop_back();
    } else if ((name == "extend") && first) {
        std::vector<Ref> more;
        if (iterate(*first, more)) {
            items.insert(items.end(), more.begin(), more.end());
            self.dropFirst();
        } else
            taint(Ref(&self),
                  "extended by something unknown (line " + std::to_string(node.line()) + ")");
    } else if (name == "insert" && arguments.positional.size() == 2 && position(at)) {
        if (at < 0) at = std::max<int64_t>(0, at + static_cast<int64_t>(items.size()));
        items.insert(items.begin() + std::min<int64_t>(at, static_cast<int64_t>(items.size())),
                     arguments.positional[1]);
    } else if (name == "pop" || name == "popleft") {
        if (first && !position(at)) {
            taint(Ref(&self), "an unknown element is removed");
            return opaque(node);
        }
        if (!first) at = name == "pop" ? -1 : 0;
        if (at < 0) at += static_cast<int64_t>(items.size());
        if (at < 0 || at >= static_cast<int64_t>(items.size())) return raise("IndexError");
        const Ref value = items[static_cast<size_t>(at)];
        items.erase(items.begin() + at);
        return value;
    } else if (name == "remove" && first) {
        for (size_t i = 0; i < items.size(); ++i) {
            const auto same = equal(items[i], *first);
            if (!same) {
                taint(Ref(&self), "an unknown element is removed");
                return {};
            }
            if (*same) {
                items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
                return {};
            }
        }
        return raise("ValueError");
    } else if (name == "clear") {
        items.clear();
    } else if (name == "reverse") {
        std::reverse(items.begin(), items.end());
    } else if (name == "sort") {
        if (!sortRefs(items, arguments, node) && !failed())
            taint(Ref(&self), "sorted by something unknown");
    } else {
        taint(Ref(&self),
              "`" + name + "` is called on it (line " + std::to_string(node.line()) + ")");
        return opaque(node);
    }
    return {};
}

Ref Interpreter::callDictMethod(Box& self, const std::string& name, Arguments& arguments,
                                const Node& node) {
    const Ref* first = arguments.get(0, "");
    const Ref fallback = arguments.positional.size() > 1 ? arguments.positional[1] : Ref();
    const auto maybeThere = [&](const Ref& key) {
        if (isOpaque(key) && !key.box->isUnique) return true;
        return std::any_of(self.entries.begin(), self.entries.end(), [](const Box::Entry& entry) {
            return !entry.dead && isOpaque(entry.key) && !entry.key.box->isUnique;
        });
    };
    if (name == "keys" || name == "values" || name == "items") {
        std::vector<Ref> out;
        for (size_t i = 0; i < self.entries.size(); ++i) {
            const Box::Entry& entry = self.entries[i];
            if (entry.dead) continue;
            if (name == "items")
                out.push_back(makeList({entry.key, entry.value}, Box::Kind::Tuple));
            else
                out.push_back(name == "keys" ? entry.key : entry.value);
        }
        return makeView(std::move(out));
    }
    if ((name == "get" || name == "setdefault" || name == "pop" || name == "__getitem__") &&
        first) {
        if (Box::Entry* found = self.lookup(*first)) {
            const Ref value = found->value;
            if (name == "pop") self.erase(*first);
            return value;
        }
        if (maybeThere(*first)) {
            if (name != "get")
                taint(Ref(&self),
                      "depends on an unknown key (line " + std::to_string(node.line()) + ")");
            return opaquePart(Ref(&self), node);
        }
        if (name == "setdefault") self.assign(*first, fallback);
        if (name == "pop" && arguments.positional.size() < 2) return raise("KeyError");
        return fallback;
    }
    if (self.name == "Counter" && name == "most_common") return mostCommon(self, arguments, node);
    if (name == "update" && self.name != "Counter") {
        Ref more = callBuiltin("builtins.dict", arguments, node);
        if (failed()) return {};
        if (isOpaque(more)) {
            taint(Ref(&self),
                  "updated with something unknown (line " + std::to_string(node.line()) + ")");
            return {};
        }
        for (const Box::Entry& entry : more.box->entries)
            if (!entry.dead) self.assign(entry.key, entry.value);
        return {};
    }
    if (name == "clear") {
        self.clear();
        return {};
    }
    if (name == "popitem" && self.live != 0) {
        for (size_t i = self.entries.size(); i-- > 0;) {
            if (self.entries[i].dead) continue;
            const Ref key = self.entries[i].key;
            const Ref value = self.entries[i].value;
            self.erase(key);
            return makeList({key, value}, Box::Kind::Tuple);
        }
    }
    taint(Ref(&self), "`" + name + "` is called on it (line " + std::to_string(node.line()) + ")");
    return opaque(node);
}

Ref Interpreter::callSetMethod(Box& self, const std::string& name, Arguments& arguments,
                               const Node& node) {
    const Ref* first = arguments.get(0, "");
    if (name == "add" && first) {
        if (!isHashable(*first)) return raise("TypeError");
        if (!self.lookup(*first)) self.assign(*first, Ref());
        return {};
    }
    if ((name == "discard" || name == "remove") && first && !isOpaque(*first)) {
        if (!self.erase(*first) && name == "remove") return raise("KeyError");
        return {};
    }
    if (name == "clear") {
        self.clear();
        return {};
    }
    const bool pure = name == "union" || name == "intersection" || name == "difference";
    if ((name == "update" || pure) && arguments.positional.size() == 1) {
        Arguments one;
        one.positional = arguments.positional;
        const Ref other = callBuiltin("builtins.set", one, node);
        if (failed()) return {};
        if (!isOpaque(other)) {
            if (pure)
                return binary(name == "union"          ? "|"
                              : name == "intersection" ? "&"
                                                       : "-",
                              Ref(&self), other, node);
            for (const Box::Entry& entry : other.box->entries)
                if (!entry.dead && !self.lookup(entry.key)) self.assign(entry.key, Ref());
            return {};
        }
        if (pure) return opaque(node);
    }
    taint(Ref(&self), "`" + name + "` is called on it (line " + std::to_string(node.line()) + ")");
    return opaque(node);
}

Ref Interpreter::callPathMethod(Box& self, const std::string& name, Arguments& arguments,
                                const Node& node) {
    Arguments with;
    with.positional.push_back(Ref(&self));
    if (name == "resolve" || name == "absolute" || name == "expanduser") return Ref(&self);
    if (name == "joinpath") {
        Ref path(&self);
        for (const Ref& part : arguments.positional)
            path = binary("/", path, part, node);
        return path;
    }
    if (name == "read_text") return callFile("read_text", with, node);
    if (name == "exists" || name == "is_file") return callFile("exists", with, node);
    if (name == "open") {
        for (const Ref& argument : arguments.positional)
            with.positional.push_back(argument);
        return callFile("builtins.open", with, node);
    }
    return opaque(node);
}

} // namespace covet::syntax::eval
