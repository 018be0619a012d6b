#include <algorithm>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {

/// collections.namedtuple(...)
Ref Interpreter::callNamedTuple(Arguments& arguments, const Node& node) {
    const Ref* name = arguments.get(0, "typename");
    const Ref* fields = arguments.get(1, "field_names");
    const Ref* defaults = arguments.keyword("defaults");
    if (!name || !fields || !name->isStr() || arguments.keyword("rename")) return opaque(node);
    std::vector<Ref> names;
    if (fields->isStr()) {
        std::string text = fields->value.text();
        std::replace(text.begin(), text.end(), ',', ' ');
        Arguments none;
        if (!iterate(callStrMethod(Value::string(text), "split", none, node), names))
            return opaque(node);
    } else if (!iterate(*fields, names)) {
        return opaque(node);
    }
    std::vector<Ref> values;
    if (defaults && !defaults->isNone() && !iterate(*defaults, values)) return opaque(node);
    if (values.size() > names.size()) return raise("TypeError");
    Box* type = make(Box::Kind::Class, name->value.text());
    type->detail = std::make_unique<ClassDetail>();
    type->detail->style = ClassDetail::Style::NamedTuple;
    for (size_t i = 0; i < names.size(); ++i) {
        if (!names[i].isStr()) return opaque(node);
        ClassField field;
        field.name = names[i].value.text();
        if (const size_t required = names.size() - values.size(); i >= required)
            field.defaultValue = values[i - required];
        type->detail->fields.push_back(std::move(field));
    }
    return type;
}

/// collections.Counter(...): a dict that answers 0 for what it does not hold.
Ref Interpreter::callCounter(Arguments& arguments, const Node& node) {
    Box* counter = make(Box::Kind::Dict, "Counter");
    const Ref* first = arguments.get(0, "");
    std::vector<Ref> items;
    if (first && first->box && first->box->kind == Box::Kind::Dict) {
        if (!first->box->taint.empty()) return opaque(node);
        for (const Box::Entry& entry : first->box->entries)
            if (!entry.dead) counter->assign(entry.key, entry.value);
    } else if (first && !first->isNone()) {
        if (!iterate(*first, items)) return opaque(node);
        for (const Ref& element : items) {
            if (isOpaque(element)) return opaque(node);
            if (!isHashable(element)) return raise("TypeError");
            const Box::Entry* entry = counter->lookup(element);
            const Ref one = Value::integer(1);
            counter->assign(element, entry ? binary("+", entry->value, one, node) : one);
        }
    }
    for (const auto& [key, value] : arguments.keywords)
        counter->assign(Value::string(key), value);
    return counter;
}

/// Counter.most_common([n])
Ref Interpreter::mostCommon(const Box& counter, const Arguments& arguments, const Node& node) {
    std::vector<const Box::Entry*> entries;
    for (const Box::Entry& entry : counter.entries)
        if (!entry.dead) entries.push_back(&entry);
    bool known = true;
    std::stable_sort(entries.begin(), entries.end(), [&](const auto* left, const auto* right) {
        const auto compared = order(left->value, right->value);
        if (!compared) known = false;
        return compared && *compared > 0;
    });
    int64_t count = static_cast<int64_t>(entries.size());
    if (const Ref* asked = arguments.get(0, "n");
        asked && !asked->isNone() && !asked->value.toInt64(count))
        return opaque(node);
    if (!known || count < 0) return opaque(node);
    std::vector<Ref> out;
    for (const Box::Entry* entry : entries)
        if (count-- > 0) out.push_back(makeList({entry->key, entry->value}, Box::Kind::Tuple));
    return makeList(std::move(out));
}

} // namespace covet::syntax::eval
