#include "syntax/literal_evaluator.h"

#include <map>

#include <gtest/gtest.h>

#include "python_oracle.h"

using covet::Value;
using covet::syntax::FileAnswer;
using covet::syntax::LiteralEvaluator;
using covet::syntax::SourceModule;
using covet::syntax::StoreState;
using covet::syntax::Tree;

namespace {

class MapHost : public covet::syntax::EvaluationHost {
public:
    void add(const std::string& name, const std::string& text, bool isPackage = false) {
        auto tree = Tree::parse(text);
        ASSERT_TRUE(tree.ok());
        std::string path = name;
        for (char& c : path)
            c = c == '.' ? '/' : c;
        modules_[name] =
            SourceModule{name, path + (isPackage ? "/__init__.py" : ".py"), *tree, isPackage};
    }
    const SourceModule* module(std::string_view dotted) override {
        auto found = modules_.find(std::string(dotted));
        return found == modules_.end() ? nullptr : &found->second;
    }
    FileAnswer file(std::string_view path, const SourceModule&) override {
        auto found = files.find(std::string(path));
        if (found == files.end()) return {FileAnswer::Kind::Missing, ""};
        return {FileAnswer::Kind::Known, found->second};
    }
    std::map<std::string, std::string> files;

private:
    std::map<std::string, SourceModule> modules_;
};

StoreState stateOf(const std::string& source, const std::string& path = "x") {
    MapHost host;
    host.add("m", source);
    covet::syntax::EvaluationLimits limits;
    limits.steps = 100000;
    LiteralEvaluator evaluator(host, limits);
    return evaluator.stateOf(*host.module("m"), path);
}

std::string quoted(const std::string& text) {
    return covet::toPython(Value::string(text));
}

/// Runs each source here and in Python, and compares type, content and order of `x`.
void expectAsPython(const std::vector<std::string>& sources) {
    std::string script = "import datetime, decimal, uuid\n";
    std::vector<std::string> asked;
    for (const std::string& source : sources) {
        const StoreState state = stateOf(source);
        if (!state.value) {
            ADD_FAILURE() << source << "\n-> " << state.opaqueReason;
            continue;
        }
        if (state.value->hasOpaque()) {
            ADD_FAILURE() << source << "\n-> opaque inside: " << covet::toPython(*state.value);
            continue;
        }
        asked.push_back(source + "\n-> " + covet::toPython(*state.value));
        script += "ns = {'__name__': 'm', '__file__': 'm.py'}\nexec(" + quoted(source) + ", ns)\n";
        script += "ours = eval(" + quoted(covet::toPython(*state.value)) +
                  ", {**ns, 'datetime': datetime, 'decimal': decimal, 'uuid': uuid})\n";
        script += "print('same' if repr(ns['x']) == repr(ours) or (isinstance(ours, set) and "
                  "ns['x'] == ours) else repr(ns['x']))\n";
    }
    const std::vector<std::string> answers = covet::testing::runPython(script);
    ASSERT_EQ(answers.size(), asked.size()) << (answers.empty() ? "" : answers.back());
    for (size_t i = 0; i < asked.size(); ++i)
        EXPECT_EQ(answers[i], "same") << asked[i];
}

} // namespace

TEST(LiteralEvaluator, KnowsWhatACounterGivesNext) {
    const StoreState state = stateOf("from itertools import count\nids = count(3)\nx = [next(ids), next(ids)]\n", "ids");
    ASSERT_TRUE(state.value.has_value()) << state.opaqueReason;
    EXPECT_EQ(covet::toPython(*state.value), "5");
    EXPECT_FALSE(stateOf("from itertools import count\nimport other\nids = count(other.first)\n", "ids").value);
}

TEST(LiteralEvaluator, LiteralsAreWhatPythonReads) {
    expectAsPython({
        R"(x = [0x1F, 0o17, 0b1_01, 1_000_000, 0xFFFF_FFFF_FFFF_FFFF_FFFF, 00, 1e3, 1_0.5, .5, 5., 1E-7])",
        R"(x = ['a' "b" '''c''' r'\d' u'\u00e9' '\x41\101\0' "\U0001F600" '\q', 'tab\t' 'nl\n'])",
        "x = 'line \\\ncontinued'",
        "x = '''two\r\nlines'''",
        R"(x = rb'\x00' b'\x00\377')",
        R"(x = Rb"\n")",
        R"(x = {'a': 1, 1: 'b', None: (), (1, 2): [], True: 'again'})",
        R"(x = {1, 2, 'x'})",
        R"(x = (1,))",
        R"(x = [-5, +5, ~5, -1.5, not 1, - - 3])",
        R"(x = [*range(3), *'ab'])",
        R"(x = {**{'a': 1}, 'b': 2, **dict(a=3)})",
        "x = [1,  # a comment\n  2,\n]",
        R"(x = 10**40 + 7)",
        R"(x = "it's" 'a "q"')",
    });
}

TEST(LiteralEvaluator, ConstantsFoldAsInPython) {
    expectAsPython({
        R"(x = [7 // 2, -7 // 2, 7 % -3, -7 % 3, 2 ** 100, 2 ** -1, 7 / 2, 1 << 70, -5 >> 1, 6 & 3, 6 | 3, 6 ^ 3])",
        R"(x = [7.5 // 2, -7.5 % 2, 1.1 + 2.2, 3 * 0.1, 1e308 * 10, 10**20 // 3, -10**20 % 7])",
        R"(x = ['ab' * 3, [0] * 3, (1, 2) + (3,), [1] + [2], 3 * 'x'])",
        R"(x = ['%s-%05d-%.2f' % ('a', 42, 3.14159), '%x %5s|%-5s|' % (255, 'r', 'l'), '100%%' % ()])",
        R"(x = ['{} {0!r}'.format('q') if False else '{0} {0!r} {n:>5}'.format('q', n=3)])",
        R"(n, p = 3, 2.5
x = [f'{n} {p:.2f} {n:03d} {n!r} {{}} {"a"!r:>5} {n + 1} {p:>8} {1234567:,}', f"{'nested'}" 'plain'])",
        R"(w = 10
x = f'{3.14159:{w}.{2}f}|')",
        R"(x = [1 < 2 < 3, 'a' in 'abc', 2 not in [1], None is None, 1 == 1.0, (1, 2) < (1, 3), 'a' if 0 else 'b'])",
        R"(x = [0 or 'd', 1 and [], '' or None])",
        R"(x = [len('h\u00e9'), 'h\u00e9llo'[1:3], [1, 2, 3][::-1], 'abc'[-1], (1, 2, 3)[:2]])",
        R"(x = ['A b'.lower(), 'ab'.upper(), ' a '.strip(), 'a,b,,c'.split(','), ' a  b '.split(), '-'.join(['a', 'b']),
 'Hello World'.title(), 'aXbX'.replace('X', 'yy'), 'abc'.find('c'), '7'.zfill(3), '-7'.zfill(4), 'a.b.c'.rsplit('.', 1)])",
        R"(x = [int('42'), int('-0'), int('ff', 16), float('1e3'), str(1.50), str([1, 'a']), bool([]), int(3.9), int(-3.9), float(3)])",
        R"(x = [round(2.5), round(2.675, 2), abs(-3), min(3, 1), max([1, 5, 2]), sum([1, 2, 3]), divmod(7, 2), chr(233), ord('a'), hex(255)])",
        R"(x = [sorted([3, 1, 2], reverse=True), sorted(['b', 'A'], key=str.lower) if False else sorted(['bb', 'a'], key=lambda s: len(s)), list(reversed([1, 2]))])",
        R"(x = [list(zip([1, 2], 'ab')), list(enumerate('ab', 1)), list(range(10, 0, -3)), dict(zip('ab', [1, 2])), tuple(map(lambda v: v * 2, [1, 2])), any([0, 1]), all([])])",
        R"(x = [{k: v for k, v in [('a', 1)]}, [i * j for i in range(3) if i for j in range(i)], {i % 2 for i in range(5)}])",
        R"(x = [max([{'id': 3}, {'id': 7}], key=lambda r: r['id']), next((i for i in [1, 2] if i > 1), None)])",
    });
}

TEST(LiteralEvaluator, ModulesBuildTheirStores) {
    expectAsPython({
        R"(x = []
for n, (name, price) in enumerate([("Lamp", 24.5), ("Hub", 19.9)], start=1):
    x.append({"id": n, "name": name, "price": price, "tags": ["new"], "dims": {"w": n, "h": 2 * n}})
)",
        "x = {}\nx['a'] = {'n': 1}\nx['b'] = {}\nx['b']['n'] = 2\nx.update(c={'n': 3})\ndel "
        "x['a']\nx['a'] = 0\n",
        "x = []\nx.extend({'id': i} for i in range(3))\nx += [{'id': 9}]\nx.insert(0, "
        "'first')\nx.pop()\nfirst, *rest = x\nx = rest\n",
        "x = {}\ndef seed(n, *, step=2):\n    global counter\n    for i in range(0, n, step):\n    "
        "    x[i] = {'id': i, 'ok': i % 4 == 0}\n        counter += 1\ncounter = "
        "0\nseed(6)\nx['count'] = counter\n",
        "from dataclasses import dataclass, field\n@dataclass\nclass Item:\n    id: int\n    name: "
        "str = 'none'\n    tags: list = field(default_factory=list)\nx = [Item(1), Item(2, 'b', "
        "['t']), Item(id=3, tags=['z'])]\n",
        "from typing import NamedTuple\nclass P(NamedTuple):\n    a: int\n    b: str = 'q'\nx = "
        "[P(1), P(2, b='w')]\n",
        "from datetime import datetime, date, timedelta, timezone\nx = [datetime(2024, 1, 2), "
        "datetime(2024, 2, 28, 23, 0, 1, 5) + timedelta(days=1, hours=2), date(2024, 1, 31), "
        "date(2023, 12, 31) + timedelta(1), datetime(2024, 1, 1, tzinfo=timezone.utc), "
        "datetime(2024, 1, 1).isoformat(), datetime(2024, 1, 5).strftime('%Y/%m/%d'), "
        "datetime.fromisoformat('2024-01-01T10:00:00') - datetime(2023, 1, 1), date(2024, 3, 1) - "
        "date(2024, 2, 1)]\n",
        "from decimal import Decimal\nimport uuid\nx = [Decimal('1.50'), "
        "uuid.UUID('12345678123456781234567812345678')]\n",
        "import json\nx = json.loads('{\"a\": [1, 2.50, 1e400, null, "
        "\"\\\\u00e9\\\\ud83d\\\\ude00\"], \"n\": 123456789012345678901}')\n",
        "class Repo:\n    def __init__(self, start):\n        self.items = {}\n        self.next = "
        "start\n    def add(self, **kw):\n        self.items[self.next] = dict(id=self.next, "
        "**kw)\n        self.next += 1\n        return self\nr = "
        "Repo(5)\nr.add(name='a').add(name='b')\nx = r.items\n",
        "def gen():\n    for i in range(3):\n        yield {'id': i}\nx = list(gen())\n",
        "x = {}\ntry:\n    x['a'] = {}['missing']\nexcept KeyError:\n    x['a'] = "
        "'fallback'\nfinally:\n    x['done'] = True\n",
        "import hashlib\ndef h(p, salt='s'):\n    return hashlib.sha256((salt + p).encode()).hexdigest()\n"
        "x = [h('a'), h(''), h('\xc3\xbc' * 40), h('b' * 55), hashlib.sha256(b'c' * 200).hexdigest()]\n",
        "from itertools import count\nids = count(1)\nx = [{'id': next(ids), 'n': n} for n in "
        "'abc']\n",
        "from collections import defaultdict\nd = "
        "defaultdict(list)\nd['a'].append(1)\nd['b'].append(2)\nd['a'].append(3)\nx = dict(d)\n",
        "shared = {'k': 1}\nx = [shared, shared]\nshared['k'] = 2\n",
        "import copy\nbase = {'t': [1]}\nx = [copy.deepcopy(base) for _ in "
        "range(2)]\nx[0]['t'].append(2)\nx.append(base)\n",
        "i = 0\nx = []\nwhile True:\n    i += 1\n    if i == 2:\n        continue\n    if i > 4:\n "
        "       break\n    x.append(i)\nelse:\n    x.append('never')\n",
        "if __name__ == '__main__':\n    x = ['main']\nelse:\n    x = ['import']\n",
        "x = {}\ndef reg(k):\n    def deco(f):\n        x[k] = f.__name__ if False else k\n        "
        "return f\n    return deco\n@reg('a')\ndef f(): pass\n",
        "import asyncio\nx = []\nasync def fill():\n    x.append(1)\nasyncio.run(fill())\n",
    });
}

TEST(LiteralEvaluator, WhatDependsOnTheOutsideIsOpaque) {
    const char* sources[] = {
        "import os\nx = os.environ['A']\n",
        "import random\nx = random.choice([1, 2])\n",
        "x = []\nimport lib\nlib.fill(x)\n",
        "x = []\nimport lib\nif lib.flag:\n    x.append(1)\n",
        "x = []\nimport lib\nfor row in lib.rows():\n    x.append(row)\n",
        "x = []\ndef load():\n    import lib\n    for r in lib.rows():\n        x.append(r)\n      "
        "  return\nload()\n",
        "x = []\nclass C:\n    pass\nc = C()\nc.rows = x\nimport lib\nlib.fill(c)\n",
        "x = [1]\nimport lib\nstore = lib.Store(x)\nstore.fill()\n",
        "x = {}\nimport time\nwhile time.time() > 0:\n    x['a'] = 1\n    break\n",
        "x = [1]\nx[0:1] = [2, 3]\n",
        "x = 3 + 4j\n",
        "x = '\\N{BULLET}'\n",
        "x = [i for i in range(10**12)]\n",
        "x = {'a', 'b'}\nx = list(x)\n",
        "def f():\n    return f()\nx = f()\n",
        "x = 'a' * 10**12\n",
        "x = 2 ** 10**9\n",
    };
    for (const char* source : sources) {
        const StoreState state = stateOf(source);
        EXPECT_FALSE(state.value.has_value()) << source << covet::toPython(*state.value);
        EXPECT_FALSE(state.opaqueReason.empty()) << source;
    }
}

TEST(LiteralEvaluator, OpaquePartsStayInTheirPlace) {
    const StoreState state =
        stateOf("import uuid, datetime\n"
                "x = [{'id': str(uuid.uuid4()), 'n': 1, 'at': datetime.datetime.now()}]\n");
    ASSERT_TRUE(state.value.has_value()) << state.opaqueReason;
    const Value& row = state.value->items()[0];
    EXPECT_TRUE(row.find("id")->isOpaque());
    EXPECT_EQ(row.find("id")->text(), "str(uuid.uuid4())");
    EXPECT_EQ(row.find("n")->text(), "1");
}

TEST(LiteralEvaluator, EndlessCodeStops) {
    const StoreState state = stateOf("x = []\nwhile True:\n    x.append(1)\n");
    EXPECT_FALSE(state.value.has_value());
}

TEST(LiteralEvaluator, ImportsAndFiles) {
    MapHost host;
    host.add("shop", "from .data import ITEMS as BASE\n", true);
    host.add(
        "shop.data",
        "import json, os\nfrom . import more\n"
        "here = os.path.dirname(__file__)\n"
        "with open(os.path.join(here, 'rows.json')) as f:\n    ROWS = json.load(f)\n"
        "try:\n    OLD = json.load(open('old.json'))\nexcept FileNotFoundError:\n    OLD = []\n"
        "ITEMS = {**more.EXTRA, 'a': 1}\n");
    host.add("shop.more", "EXTRA = {'z': 0}\n");
    host.add(
        "app",
        "from shop import BASE\nimport shop.data as d\nBASE['late'] = 2\nclass S:\n    rows = [1]\n"
        "    def __init__(self):\n        self.mine = {}\ns = S()\ns.mine['k'] = 'v'\n");
    host.files["shop/rows.json"] = "[{\"id\": 1}]";
    LiteralEvaluator evaluator(host);
    const SourceModule& app = *host.module("app");
    EXPECT_EQ(toPython(*evaluator.stateOf(app, "BASE").value), "{\"z\": 0, \"a\": 1, \"late\": 2}");
    EXPECT_EQ(toPython(*evaluator.stateOf(*host.module("shop.data"), "ROWS").value),
              "[{\"id\": 1}]");
    EXPECT_EQ(toPython(*evaluator.stateOf(*host.module("shop.data"), "OLD").value), "[]");
    EXPECT_EQ(toPython(*evaluator.stateOf(app, "S.rows").value), "[1]");
    EXPECT_EQ(toPython(*evaluator.stateOf(app, "S.mine").value), "{\"k\": \"v\"}");
    EXPECT_EQ(toPython(*evaluator.stateOf(app, "s.mine").value), "{\"k\": \"v\"}");
    EXPECT_FALSE(evaluator.stateOf(app, "nothing").value.has_value());
}

TEST(LiteralEvaluator, PydanticCoercesAsItWould) {
    const StoreState state = stateOf(
        "from pydantic import BaseModel, Field\nfrom typing import Optional\n"
        "class Item(BaseModel):\n    id: int\n    price: float\n    note: Optional[str] = None\n"
        "    tags: list[str] = Field(default_factory=list)\n"
        "x = {1: Item(id='1', price=25)}\n");
    ASSERT_TRUE(state.value.has_value()) << state.opaqueReason;
    EXPECT_EQ(toPython(*state.value), "{1: Item(id=1, price=25.0, note=None, tags=[])}");
}

TEST(LiteralEvaluator, ExpressionsSeeTheModuleAfterItsImport) {
    MapHost host;
    host.add("m", "LIMIT = 5\nrows = [1]\ndef f(a, data):\n    v = LIMIT\n    return data.get('k', "
                  "'Misc'), v, LIMIT + 1, rows.append(2)\n");
    LiteralEvaluator evaluator(host);
    const SourceModule& module = *host.module("m");
    std::map<std::string, std::string> seen;
    covet::syntax::walk(module.tree->root(), [&](const covet::syntax::Node& node) {
        if (node.is("identifier") || node.is("string") || node.is("binary_operator") ||
            node.is("call"))
            seen[std::string(node.text())] = toPython(evaluator.evaluate(module, node));
        return true;
    });
    EXPECT_EQ(seen["LIMIT"], "5");
    EXPECT_EQ(seen["'Misc'"], "\"Misc\"");
    EXPECT_EQ(seen["LIMIT + 1"], "6");
    EXPECT_EQ(toPython(*evaluator.stateOf(module, "rows").value), "[1]");
    EXPECT_EQ(seen["v"], "v");
}
