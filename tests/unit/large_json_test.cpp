#include "syntax/literal_evaluator.h"

#include <map>

#include <gtest/gtest.h>

#include "map_host.h"

using covet::Value;
using covet::syntax::LiteralEvaluator;
using covet::syntax::StoreState;
using covet::tests::MapHost;

namespace {

/// A JSON array of records that is large enough to be left in its file.
std::string largeArray(size_t count) {
    std::string text = "[";
    for (size_t i = 0; i < count; ++i)
        text += (i ? ",\n " : "") + std::string("{\"id\": ") + std::to_string(i) + ", \"name\": \"row " + std::to_string(i) +
                "\", \"tags\": [\"a\", null]}";
    return text + "]";
}

Value valueOf(const std::map<std::string, std::string>& files, const std::string& source, size_t steps = 100000) {
    MapHost host;
    host.files = files;
    host.add("m", source);
    covet::syntax::EvaluationLimits limits;
    limits.steps = steps;
    LiteralEvaluator evaluator(host, limits);
    const StoreState state = evaluator.stateOf(*host.module("m"), "x");
    return state.value.value_or(Value::opaque(state.opaqueReason));
}

std::string textOf(const std::string& source) {
    return covet::toPython(valueOf({{"rows.json", largeArray(3000)}, {"parts.json", "{\"rows\": " + largeArray(3000) + ", \"few\": [1]}"}}, source));
}

} // namespace

TEST(LiteralEvaluator, LargeJsonFilesAreReadWhereTheyStand) {
    const std::string load = "import json\ndef read(name):\n    with open(name) as f:\n        return json.load(f)\n";
    const Value rows = valueOf({{"rows.json", largeArray(3000)}}, load + "y = read('rows.json')\nx = y\n");
    ASSERT_EQ(rows.kind(), Value::Kind::List);
    EXPECT_EQ(rows.size(), 3000u);
    covet::ElementReader reader(rows);
    size_t count = 0;
    while (reader.next()) {
        ASSERT_EQ(reader.content().find("id")->text(), std::to_string(count++));
        ASSERT_EQ(covet::toPython(*reader.content().find("tags")), "[\"a\", None]");
    }
    EXPECT_EQ(count, 3000u);
    EXPECT_EQ(rows.items().back().find("name")->text(), "row 2999");
}

TEST(LiteralEvaluator, RowsOfLargeJsonFilesMayDiffer) {
    std::string text = "[";
    for (int i = 0; i < 3000; ++i) {
        static const char* const kRows[] = {R"({"a": 1, "b": [1, 2]})", R"({"b": "x\u00e9\"y", "a": 2.50})", R"({"a": 3})",
                                            R"({"a": 4, "b": null, "a": 5})", R"({})", R"({"a": 1, "b": {"c": [{}], "a": -0}})", "7"};
        text += (i ? "," : "") + std::string(kRows[i % 7]);
    }
    const Value rows = valueOf({{"rows.json", text + "]"}}, "import json\nx = json.load(open('rows.json'))\n");
    ASSERT_EQ(rows.size(), 3000u);
    const std::string seven = R"([{"a": 1, "b": [1, 2]}, {"b": "xé\"y", "a": 2.5}, {"a": 3}, {"a": 5, "b": None}, {}, {"a": 1, "b": {"c": [{}], "a": 0}}, 7])";
    std::vector<Value> some;
    covet::ElementReader reader(rows);
    for (size_t i = 0; reader.next(); ++i) {
        some.push_back(reader.content());
        if (some.size() < 7) continue;
        ASSERT_EQ(covet::toPython(Value::list(some)), seven) << i;
        some.clear();
    }
}

TEST(LiteralEvaluator, LargeDataIsSkimmedForWhatIsReadOfIt) {
    std::string rows, entries;
    for (int i = 0; i < 40000; ++i) {
        rows += "    {'id': " + std::to_string(i) + ", 'active': " + (i % 2 ? "True" : "False") + ", 'tags': ['a']},\n";
        entries += "    " + std::to_string(i) + ": {'name': 'row " + std::to_string(i) + "'},\n";
    }
    const std::string source = "r = [\n" + rows + "]\nd = {\n" + entries + "}\n";
    const auto value = [&](const std::string& code, size_t steps = 100000) {
        return covet::toPython(valueOf({}, source + code, steps));
    };
    const size_t many = 5000000;
    // More elements than the steps that are allowed.
    EXPECT_EQ(value("x = max(o['id'] for o in r) + 1\n"), "40000");
    EXPECT_EQ(value("x = len([o['id'] for o in r if o['active'] and o['id'] > 9])\n"), "19995");
    EXPECT_EQ(value("x = max(len(v['name']) for v in d.values())\n"), "9");
    EXPECT_EQ(value("x = max(d.keys()) + max(d) + len(d)\n"), "119998");
    EXPECT_EQ(value("x = {o['id']: o['active'] for o in r}[3]\n"), "True");
    // A part of an element that is kept is the element's own.
    EXPECT_EQ(value("t = [o['tags'] for o in r if o['id'] < 3]\nt[1].append('b')\nx = r[1]\n", many), R"({"id": 1, "active": True, "tags": ["a", "b"]})");
    EXPECT_EQ(value("a = [o for o in r if o['active']]\na[0]['id'] = -1\nx = r[1]['id']\n", many), "-1");
    EXPECT_EQ(value("def f(o):\n    o['id'] = 0\n    return 1\nn = sum(f(o) for o in r[:5])\nx = r[4]['id']\n"), "0");
}

TEST(LiteralEvaluator, WhatIsDoneWithLargeJsonIsSeen) {
    const std::string load = "import json, copy\nr = json.load(open('rows.json'))\np = json.load(open('parts.json'))\n";
    EXPECT_EQ(textOf(load + "x = len(r)\n"), "3000");
    EXPECT_EQ(textOf(load + "x = len(p['rows']) + len(p)\n"), "3002");
    EXPECT_EQ(textOf(load + "r.append(1)\nx = [len(r), r[-1], r[0]['id'], r[2999]['name']]\n"), "[3001, 1, 0, \"row 2999\"]");
    EXPECT_EQ(textOf(load + "q = r\nq[5]['name'] = 'new'\nx = r[5]\n"), R"({"id": 5, "name": "new", "tags": ["a", None]})");
    EXPECT_EQ(textOf(load + "x = [r == p['rows'], p['rows'] == [], bool(r), r != r[1:], {'id': 7} in r]\n"),
              "[True, False, True, True, False]");
    EXPECT_EQ(textOf(load + "x = max(o['id'] for o in p['rows']) + 1\n"), "3000");
    EXPECT_EQ(textOf(load + "c = copy.deepcopy(p)\nc['rows'].clear()\nx = [len(c['rows']), len(p['rows'])]\n"), "[0, 3000]");
    EXPECT_EQ(textOf(load + "x = [len(v) for v in p.values()]\n"), "[3000, 1]");
    EXPECT_EQ(textOf(load + "x = len(r + p['rows'])\n"), "6000");
    EXPECT_EQ(textOf(load + "x = len(list(map(lambda n: n, r)))\n"), "3000");
    EXPECT_EQ(textOf(load + "class C:\n    def __init__(self):\n        self.rows = r\n    def last(self):\n"
                            "        return self.rows[-1]\nx = C().last()['id']\n"),
              "2999");
    EXPECT_EQ(textOf("import json\ntry:\n    x = json.loads('[1,')\nexcept ValueError:\n    x = 'no'\n"), "\"no\"");
}
