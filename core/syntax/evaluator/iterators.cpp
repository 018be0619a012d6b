#include <algorithm>
#include <functional>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

/// Picks of `length` positions below `count`, in the order of itertools.
void choose(size_t count, size_t length, bool ordered, std::vector<size_t>& picked,
            const std::function<void()>& found) {
    if (picked.size() == length) {
        found();
        return;
    }
    const size_t from = ordered || picked.empty() ? 0 : picked.back() + 1;
    for (size_t i = from; i < count; ++i) {
        if (ordered && std::find(picked.begin(), picked.end(), i) != picked.end()) continue;
        picked.push_back(i);
        choose(count, length, ordered, picked, found);
        picked.pop_back();
    }
}

constexpr size_t kMostPicks = 1000000;

double choices(size_t count, size_t length, bool ordered) {
    double total = 1;
    for (size_t i = 0; i < length; ++i)
        total *= static_cast<double>(count - std::min(i, count)) /
                 (ordered ? 1.0 : static_cast<double>(i + 1));
    return total;
}

} // namespace

/// The next element of an iterator that has one; `itertools.count` and `cycle` always have.
Ref Interpreter::nextOf(Box& iterator, const Node& node) {
    if (iterator.name == "count") {
        const Ref value = iterator.items[0];
        iterator.items[0] = binary("+", value, iterator.items[1], node);
        return value;
    }
    if (iterator.name == "cycle") return iterator.items[iterator.live++ % iterator.items.size()];
    const Ref value = iterator.items.front();
    iterator.items.erase(iterator.items.begin());
    return value;
}

/// What functools.partial and operator.itemgetter, attrgetter made: `items` are their arguments.
Ref Interpreter::callHeld(const Box& held, Arguments& arguments, const Node& node) {
    if (held.name == "(partial)") {
        Arguments all;
        all.positional.assign(held.items.begin() + 1, held.items.end());
        all.positional.insert(all.positional.end(), arguments.positional.begin(),
                              arguments.positional.end());
        all.keywords = arguments.keywords;
        for (const auto& [name, value] : held.attributes)
            if (!arguments.keyword(name)) all.keywords.emplace_back(name, value);
        return call(held.items[0], all, node);
    }
    if (arguments.positional.size() != 1) return raise("TypeError");
    std::vector<Ref> picked;
    for (const Ref& key : held.items) {
        picked.push_back(held.name == "(itemgetter)"
                             ? item(arguments.positional[0], key, node)
                             : attribute(arguments.positional[0], key.value.text(), node));
        if (failed()) return {};
    }
    return picked.size() == 1 ? picked[0] : makeList(std::move(picked), Box::Kind::Tuple);
}

/// The functions of `operator`, and functools.partial.
Ref Interpreter::callOperator(const std::string& name, Arguments& arguments, const Node& node) {
    const std::string last = name.substr(name.rfind('.') + 1);
    if (last == "partial" || last == "itemgetter" || last == "attrgetter") {
        Box* held = make(Box::Kind::Bound, "(" + last + ")");
        held->items = arguments.positional;
        for (const auto& [keyword, value] : arguments.keywords)
            held->attributes[keyword] = value;
        const bool dotted =
            last == "attrgetter" &&
            std::any_of(held->items.begin(), held->items.end(), [](const Ref& key) {
                return !key.isStr() || key.value.text().find('.') != std::string::npos;
            });
        return held->items.empty() || dotted ? opaque(node) : Ref(held);
    }
    static const std::map<std::string_view, std::string_view> operators = {
        {"add", "+"},    {"sub", "-"}, {"mul", "*"},  {"truediv", "/"}, {"floordiv", "//"},
        {"concat", "+"}, {"mod", "%"}, {"pow", "**"}, {"or_", "|"},     {"and_", "&"}};
    const auto found = operators.find(last);
    if (found == operators.end() || arguments.positional.size() != 2) return opaque(node);
    return binary(found->second, arguments.positional[0], arguments.positional[1], node);
}

Ref Interpreter::callIterators(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* first = arguments.get(0, "");
    const std::string last = name.substr(name.rfind('.') + 1);
    std::vector<Ref> out;
    const auto iterator = [&] { return makeList(std::move(out), Box::Kind::Iterator); };
    if (last == "count") {
        Box* counter = make(Box::Kind::Iterator, "count");
        const Ref* start = arguments.get(0, "start");
        const Ref* step = arguments.get(1, "step");
        counter->items = {start ? *start : Ref(Value::integer(0)),
                          step ? *step : Ref(Value::integer(1))};
        return counter;
    }
    if (!first) return opaque(node);
    if (last == "islice") {
        int64_t bounds[3] = {0, 0, 1};
        const size_t count = arguments.positional.size();
        if (count < 2 || count > 4 || !arguments.keywords.empty()) return opaque(node);
        for (size_t i = 1; i < count; ++i) {
            const Ref& bound = arguments.positional[i];
            if (!bound.isInt() || !bound.value.toInt64(bounds[count == 2 ? 1 : i - 1]))
                return opaque(node);
        }
        if (bounds[0] < 0 || bounds[1] > static_cast<int64_t>(limits_.items) || bounds[2] < 1)
            return opaque(node);
        Ref source = *first;
        if (!source.box || source.box->kind != Box::Kind::Iterator) {
            std::vector<Ref> items;
            if (!iterate(source, items)) return opaque(node);
            source = makeList(std::move(items), Box::Kind::Iterator);
        }
        if (!start(*source.box)) return opaque(node);
        for (int64_t i = 0; i < bounds[1] && !source.box->items.empty(); ++i) {
            const Ref element = nextOf(*source.box, node);
            if (i >= bounds[0] && (i - bounds[0]) % bounds[2] == 0) out.push_back(element);
        }
        return iterator();
    }
    if (last == "repeat") {
        int64_t times = 0;
        const Ref* asked = arguments.get(1, "times");
        if (!asked || !asked->value.toInt64(times) || times > static_cast<int64_t>(limits_.items))
            return opaque(node);
        out.assign(static_cast<size_t>(std::max<int64_t>(times, 0)), *first);
        return iterator();
    }
    if (last == "chain" || last == "zip_longest" || last == "product") {
        std::vector<std::vector<Ref>> parts(arguments.positional.size());
        size_t longest = 0;
        for (size_t i = 0; i < parts.size(); ++i) {
            if (!iterate(arguments.positional[i], parts[i])) return opaque(node);
            longest = std::max(longest, parts[i].size());
        }
        if (last == "chain") {
            for (const auto& part : parts)
                out.insert(out.end(), part.begin(), part.end());
            return iterator();
        }
        if (last == "zip_longest") {
            const Ref* fill = arguments.keyword("fillvalue");
            for (size_t row = 0; row < longest; ++row) {
                std::vector<Ref> items;
                for (const auto& part : parts)
                    items.push_back(row < part.size() ? part[row] : fill ? *fill : Ref());
                out.push_back(makeList(std::move(items), Box::Kind::Tuple));
            }
            return iterator();
        }
        int64_t repeats = 1;
        if (const Ref* asked = arguments.keyword("repeat"); asked && !asked->value.toInt64(repeats))
            return opaque(node);
        if (repeats < 1 || repeats > 20) return opaque(node);
        const std::vector<std::vector<Ref>> once = parts;
        for (int64_t i = 1; i < repeats; ++i)
            parts.insert(parts.end(), once.begin(), once.end());
        std::vector<std::vector<Ref>> rows = {{}};
        for (const auto& part : parts) {
            std::vector<std::vector<Ref>> next;
            for (const auto& row : rows)
                for (const Ref& element : part) {
                    next.push_back(row);
                    next.back().push_back(element);
                    if (next.size() > kMostPicks) return opaque(node);
                }
            rows = std::move(next);
        }
        for (auto& row : rows)
            out.push_back(makeList(std::move(row), Box::Kind::Tuple));
        return iterator();
    }
    const bool takesFunction = last == "starmap" || last == "reduce";
    const Ref* given = takesFunction ? arguments.get(1, "") : first;
    std::vector<Ref> items;
    if (!given || !iterate(*given, items)) return opaque(node);
    if (last == "cycle") {
        if (items.empty()) return iterator();
        Box* endless = make(Box::Kind::Iterator, "cycle");
        endless->items = std::move(items);
        return endless;
    }
    if (last == "from_iterable") {
        for (const Ref& part : items)
            if (!iterate(part, out)) return opaque(node);
        return iterator();
    }
    if (last == "combinations" || last == "permutations") {
        const bool ordered = last == "permutations";
        int64_t length = static_cast<int64_t>(items.size());
        if (const Ref* asked = arguments.get(1, "r"); asked && !asked->value.toInt64(length))
            return opaque(node);
        if (length < 0 || length > 1000 ||
            choices(items.size(), static_cast<size_t>(length), ordered) > kMostPicks)
            return opaque(node);
        std::vector<size_t> picked;
        choose(items.size(), static_cast<size_t>(length), ordered, picked, [&] {
            std::vector<Ref> row;
            for (const size_t at : picked)
                row.push_back(items[at]);
            out.push_back(makeList(std::move(row), Box::Kind::Tuple));
        });
        return iterator();
    }
    if (last == "starmap") {
        for (const Ref& row : items) {
            Arguments one;
            if (!iterate(row, one.positional)) return opaque(node);
            out.push_back(call(*first, one, node));
            if (failed()) return {};
        }
        return iterator();
    }
    if (last == "accumulate" || last == "reduce") {
        const bool keeps = last == "accumulate";
        const Ref* function = keeps ? arguments.get(1, "func") : first;
        const Ref* start = keeps ? arguments.keyword("initial") : arguments.get(2, "initial");
        if (start) items.insert(items.begin(), *start);
        if (items.empty()) return keeps ? iterator() : raise("TypeError");
        Ref total = items[0];
        out.push_back(total);
        for (size_t i = 1; i < items.size(); ++i) {
            Arguments two;
            two.positional = {total, items[i]};
            total = function ? call(*function, two, node) : binary("+", total, items[i], node);
            if (failed() || isOpaque(total)) return total;
            out.push_back(total);
        }
        return keeps ? iterator() : total;
    }
    return opaque(node);
}

} // namespace covet::syntax::eval
