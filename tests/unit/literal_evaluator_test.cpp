#include "syntax/literal_evaluator.h"

#include <map>

#include <gtest/gtest.h>

#include "evaluated_state.h"
#include "schema/document.h"
#include "map_host.h"
#include "python_oracle.h"

using covet::Value;
using covet::syntax::FileAnswer;
using covet::syntax::LiteralEvaluator;
using covet::syntax::SourceModule;
using covet::syntax::StoreState;
using covet::syntax::Tree;
using covet::tests::MapHost;
using covet::tests::stateOf;

namespace {

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
        "from decimal import Decimal\nimport uuid\nx = [Decimal('1.50'), -Decimal('0.00'), "
        "uuid.UUID('12345678123456781234567812345678')]\n",
        "import json\nx = json.loads('{\"a\": [1, 2.50, 1e400, null, "
        "\"\\\\u00e9\\\\ud83d\\\\ude00\"], \"n\": 123456789012345678901}')\n",
        "class Repo:\n    def __init__(self, start):\n        self.items = {}\n        self.next = "
        "start\n    def add(self, **kw):\n        self.items[self.next] = dict(id=self.next, "
        "**kw)\n        self.next += 1\n        return self\nr = "
        "Repo(5)\nr.add(name='a').add(name='b')\nx = r.items\n",
        "def gen():\n    for i in range(3):\n        yield {'id': i}\nx = list(gen())\n",
        "def ids():\n    i = 0\n    while True:\n        yield i\n        i += 1\nnew = ids()\nrest = ids()\n"
        "x = [{'id': next(new)} for n in 'ab']\nx.append({'id': next(new)})\n",
        "log = []\ndef gen():\n    log.append('began')\n    yield 1\n    yield 2\ng = gen()\nlog.append('made')\n"
        "x = [log, next(g), list(g), list(g), next(g, None)]\n",
        "from itertools import islice\ndef odd():\n    n = 1\n    while 1:\n        yield n\n        n += 2\n"
        "x = [list(islice(odd(), 4)), [a for a, b in zip([1, 2], [3, 4])]]\n",
        "def some():\n    while True:\n        yield 1\n        return\nx = [*some()]\n",
        "def pairs():\n    yield from [(1, 2), (3, 4)]\nx = {a: b for a, b in pairs()}\n",
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

TEST(LiteralEvaluator, TheStandardLibraryMakesDataAsInPython) {
    expectAsPython({
        R"PY(from datetime import datetime
x = [datetime.strptime('2024-01-02', '%Y-%m-%d'), datetime.strptime('02 Jan 2024 14:05', '%d %b %Y %H:%M'), datetime.strptime('March 5, 2023', '%B %d, %Y').date(), datetime.strptime('01:30 PM', '%I:%M %p').time(), datetime.strptime('2024-01-02T03:04:05.123Z', '%Y-%m-%dT%H:%M:%S.%fZ'), datetime.strptime('2024-01-02 +0530', '%Y-%m-%d %z'), datetime.strptime('24-1-2', '%y-%m-%d'), datetime.strptime('2024-060', '%Y-%j')]
)PY",
        R"PY(import datetime as dt
x = [dt.datetime.strptime('12/31/99', '%m/%d/%y'), dt.date.fromisoformat('2024-02-29'), dt.time.fromisoformat('04:05:06')]
)PY",
        R"PY(from datetime import *
x = [date(2024, 1, 1) - timedelta(days=3), datetime(2024, 1, 1, tzinfo=timezone.utc)]
)PY",
        R"PY(from datetime import datetime, date, time, timezone, timedelta
x = [datetime.combine(date(2024, 1, 2), time(3, 4)), datetime(2024, 1, 2).replace(hour=5), date(2024, 1, 31).replace(day=1), datetime(2024, 1, 2).replace(tzinfo=timezone.utc), datetime.fromtimestamp(1700000000, tz=timezone.utc), datetime(2024, 1, 2, tzinfo=timezone.utc).timestamp(), datetime.utcfromtimestamp(0), date(2024, 1, 2).isoweekday(), date.fromordinal(738887), date(2024, 1, 2).toordinal(), timedelta(hours=36).total_seconds(), datetime(2024, 1, 2, 3, 4).time(), datetime(2024, 1, 2, 3, 4, 5).strftime('%A %a %B %b %j %I %p %d'), datetime(2024, 1, 2).isoformat(sep=' '), datetime(2024, 1, 2, 3, 4, 5, 600).isoformat(timespec='seconds'), str(datetime(2024, 1, 2)), str(date(2024, 1, 2)), f"{date(2024, 1, 2)}", f"{datetime(2024, 1, 2):%d/%m/%Y}", datetime.min, date.max, datetime(2024, 1, 2) > datetime(2023, 1, 1), date(2024, 1, 31).strftime('%-d/%-m'), time(14, 5).strftime('%H.%M'), time(1, 2).replace(hour=3), datetime(2024, 1, 1, 12, tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=-5)))]
)PY",
        R"PY(x = [bytes([1, 2, 255]), bytes(3), bytes.fromhex('00ff 10'), 'é'.encode(), 'ab'.encode('ascii'), b'caf\xc3\xa9'.decode(), b'ab'.decode('utf-8'), b'\x01\xff'.hex(), bytes('é', 'utf-8'), b'ab' + b'cd', b'ab' * 2, b'abc'[1], b'abc'[0:2], len(b'abc'), b'\xe9'.decode('latin-1'), 'x'.encode(encoding='utf-8'), bytes(b'q')]
)PY",
        R"PY(import base64
x = [base64.b64encode(b'hello?>'), base64.b64decode('aGVsbG8='), base64.b64encode('ü'.encode()).decode(), base64.urlsafe_b64encode(b'\xff\xfe'), base64.b64decode(b'AA==')]
)PY",
        R"PY(from decimal import Decimal
x = [Decimal('1.10') + Decimal('2.2'), Decimal('19.99') * 3, Decimal('10') - Decimal('0.01'), Decimal('2.675').quantize(Decimal('0.01')), Decimal(' 7_0.50 '), f"{Decimal('1234.565'):,.2f}", -Decimal('1.50'), Decimal(0.5), Decimal('19.990').normalize(), abs(Decimal('-2.0')), Decimal('1.1') < Decimal('1.2'), sum([Decimal('0.1'), Decimal('0.2')]), Decimal('2.5') > 2, float(Decimal('1.25')), int(Decimal('7.9')), str(Decimal('1.50')), round(Decimal('2.675'), 2), Decimal('NaN').is_nan() if False else 0, Decimal('10') / Decimal('4')]
)PY",
        R"PY(import itertools
x = [list(itertools.islice(itertools.count(5), 3)), list(itertools.islice(itertools.cycle('ab'), 5)), list(itertools.repeat(0, 3)), list(itertools.combinations('abc', 2)), list(itertools.permutations([1, 2, 3], 2)), list(itertools.chain.from_iterable([[1], [2, 3]])), list(itertools.zip_longest([1, 2], 'a', fillvalue='-')), list(itertools.product('ab', repeat=2)), list(itertools.accumulate([1, 2, 3])), list(itertools.starmap(lambda a, b: a + b, [(1, 2), (3, 4)])), list(itertools.product([1, 2], 'xy'))]
)PY",
        R"PY(from itertools import cycle
c = cycle(['red', 'blue'])
x = [{'id': i, 'color': next(c)} for i in range(5)]
)PY",
        R"PY(import functools, operator
add = functools.partial(lambda a, b: a + b, 1)
x = [add(2), functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(operator.add, [1, 2], 10), sorted([{'n': 2}, {'n': 1}], key=operator.itemgetter('n')), list(map(operator.itemgetter(1), ['ab', 'cd'])), operator.mul(3, 4)]
)PY",
        R"PY(from collections import Counter, OrderedDict, namedtuple, deque, ChainMap
P = namedtuple('P', 'a b')
Q = namedtuple('Q', ['c', 'd'], defaults=[7])
x = [dict(Counter('abca')), Counter('aab').most_common(1), [tuple(P(1, 2))], P(1, b=2).b, P(a=1, b=2)._asdict(), Q(1).d, list(deque([1, 2, 3])), list(deque([1, 2, 3], maxlen=2)), Counter(['a', 'b', 'a'])['a'], Counter('a')['zz']]
)PY",
        R"PY(from collections import deque
d, left, e = deque(maxlen=2), deque([1, 2], maxlen=2), deque(maxlen=0)
for i in range(4):
    d.append(i)
    e.append(i)
left.appendleft(9)
d.extend([7, 8, 9])
x = [list(d), list(left), list(e), len(d)]
)PY",
        R"PY(import string, math
x = [string.ascii_lowercase[:3], string.digits, string.ascii_uppercase[-1], math.pi, math.floor(2.7), math.ceil(2.1), math.sqrt(16), math.e, math.inf, string.ascii_letters[26], string.hexdigits, math.floor(-0.5), math.trunc(3.9), math.gcd(12, 18), math.prod([2, 3])]
)PY",
        R"PY(x = ['a:b:c'.partition(':'), 'a:b:c'.rpartition(':'), 'ab'.center(5, '*'), 'ab'.ljust(4, '.'), 'ab'.rjust(4, '0'), 'file.txt'.removesuffix('.txt'), 'x'.isspace(), 'Abc'.islower(), 'ABC'.isupper(), 'ab'.startswith(('a', 'b')), 'a,b'.split(sep=','), 'a b c'.split(None, 1), 'abab'.rfind('b'), 'abab'.rindex('a'), 'abc'.center(6, '*'), 'abc'.center(8, '*'), 'aXbX'.replace('X', '', 1), 'ab'.index('b'), '-'.join(str(i) for i in range(3))]
)PY",
        R"PY(x = ['École'.lower(), 'éa'.upper(), ' é '.strip(), 'é b ü'.split(), 'élan vital'.title(), 'ñandú'.capitalize(), 'zürich'.replace('ü', 'u'), 'über'.startswith('ü'), 'línea1\nlínea2'.splitlines(), 'niño'[2:], 'ÀÉ'.casefold(), 'ДОМ'.lower(), 'łódź'.title(), '日本 語'.upper()]
)PY",
        R"PY(x = [isinstance(1, (int, str)), isinstance('a', (int, float)), isinstance([], list), isinstance((1,), tuple), isinstance(None, str), isinstance({1}, set), type(1).__name__, type('a') is str, isinstance(b'', bytes), isinstance({}, (list, dict)), type([]) == list, isinstance(True, int)]
)PY",
        R"PY(x = [{'a': 1} | {'b': 2}, {1, 2} & {2, 3}, {1} <= {1, 2}, sum([[1], [2]], []), [1, 2, 3, 4][1:3], dict.fromkeys(['a', 'b'], 0), list({'a': 1}), max({'a': 1, 'b': 3}.items(), key=lambda kv: kv[1]), min('b', 'a'), sorted({'b': 1, 'a': 2}.items()), [*range(3)], [*{'k': 1}.values()], {**{'a': 1}}, (lambda *a, **k: (a, k))(1, b=2), [x for x in (1, 2)][-1], round(3.14159, 2), [*'ab'.split()], {*range(2)} <= {0, 1, 2}, list(filter(None, [0, 1, ''])), all(x > 0 for x in [1, 2]), dict(a=1, **{'b': 2}), list(zip('ab', [1, 2], strict=True)), sorted('bca', reverse=True), sorted([3, 1], key=lambda v: -v), 0.1 + 0.2, 10 ** -2, 7 // 2.0, bool('False'), int('1_000'), int(' 12 '), float('nan') != float('nan'), -7 // 2, float('1e5')]
)PY",
        R"PY(import json
x = json.loads('''[{"a": 1}]''')
)PY",
        R"PY(x = {}; x |= {'a': 1}; x.setdefault('b', []).append(2); x['c'] = x.pop('a') + 1
)PY",
        R"PY(x = [i for i in range(100) if i % 2 == 0 and (y := i * 2) > 150]
)PY",
        R"PY(x = [f"{'a'!r}", f"{3.14159:.2f}", f"{42:>8}", f"{1000000:,}", f"{0.256:.1%}", f"{255:#x}", f"{'x':^5}|", f"{5:03}", f"{1e10}", f"{-5:+d}", f"{True}", f"{None}", f"{[1, 'a']}", f"{3:b}", f"{12345.678:,.2f}", f"{2/3:g}"]
)PY",
        R"PY(x = ["%d items" % 3, "%s" % [1], "%(a)s-%(b)03d" % {'a': 'x', 'b': 7}, "%r" % 'q', "%5.1f%%" % 12.34, "{:.2f} {:>5} {a}".format(1.5, 'r', a=1), "{0[k]} {1.real}".format({'k': 1}, 2) if False else '']
)PY",
        R"PY(import textwrap
x = [textwrap.dedent('''\
    a
      b

    c
'''), textwrap.dedent('  x\n \n    y')]
)PY",
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
        "import datetime\nx = datetime.datetime.fromtimestamp(0)\n",
        "import datetime\nx = datetime.datetime(2024, 1, 1).timestamp()\n",
        "import datetime\nx = datetime.datetime.strptime('2024 CET', '%Y %Z')\n",
        "from decimal import Decimal\nx = Decimal(1) / Decimal(3)\n",
        "from decimal import Decimal\nx = Decimal('1.1') * Decimal('1234567890.1234567890123456789')\n",
        "import itertools\nx = list(itertools.cycle([1]))\n",
        "x = 'stra\xc3\x9f' 'e'.upper() + '\xc3\x9f'.upper()\n",
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

TEST(LiteralEvaluator, MembersOfEnumerationsStayMembers) {
    const std::string start = "from enum import Enum, IntEnum, IntFlag, StrEnum, auto\nfrom dataclasses import dataclass\n"
                              "class Color(Enum):\n    RED = 1\n    CRIMSON = 1\n    BLUE = 'b'\n"
                              "class Level(IntEnum):\n    LOW = auto()\n    HIGH = auto()\n"
                              "class Word(StrEnum):\n    ONE = auto()\n"
                              "class Flags(IntFlag):\n    A = 1\n    B = 2\n"
                              "@dataclass\nclass Task:\n    level: Level\n    color: 'Color'\n    word: Word = Word.ONE\n";
    const auto documentOf = [&](const std::string& source) {
        const StoreState state = stateOf(start + source);
        return state.value ? covet::toJson(covet::schema::toDocument(*state.value, "other")) : state.opaqueReason;
    };
    EXPECT_NE(documentOf("x = {'a': Color.RED}").find(":Color\", \"RED\"]}}"), std::string::npos) << documentOf("x = {'a': Color.RED}");
    EXPECT_EQ(documentOf("x = {'a': Color.CRIMSON}"), documentOf("x = {'a': Color.RED}"));
    EXPECT_NE(documentOf("x = [Level.HIGH]").find("\"$enum\""), std::string::npos);
    EXPECT_EQ(documentOf("x = [Color.RED.value, Level.HIGH.value, Word.ONE.value]"), "[1, 2, \"one\"]");
    // Columns of fields that are annotated with the enumeration hold the values, which are of one type.
    EXPECT_NE(documentOf("x = [Task(Level.HIGH, Color.BLUE)]").find("{\"level\": 2, \"color\": {\"$enum\": ["), std::string::npos)
        << documentOf("x = [Task(Level.HIGH, Color.BLUE)]");
    EXPECT_NE(documentOf("x = [Task(Level.HIGH, Color.BLUE)]").find("\"word\": \"one\""), std::string::npos);
    for (const char* unknown : {"x = [Flags.A]", "x = [Flags.A | Flags.B]"})
        EXPECT_TRUE(stateOf(start + unknown).value->hasOpaque()) << unknown;
}

TEST(LiteralEvaluator, WhatValuesCannotSayIsOpaque) {
    for (const char* source : {"x = [range(3)]", "x = [{'a': range(2, 8, 3)}]", "x = [{'a': 1}.keys()]", "x = [{1: 2}.items()]",
                               "import datetime\nx = [datetime.datetime(2020, 1, 1, fold=1)]", "import datetime\nx = [datetime.time(1, fold=1)]",
                               "import datetime\nx = [datetime.datetime(2020, 1, 1).replace(fold=1)]",
                               "from datetime import *\nx = [datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=1), 'CET'))]",
                               "from datetime import *\nx = [datetime(2020, 1, 1, tzinfo=timezone(timedelta(microseconds=1)))]"}) {
        const StoreState state = stateOf(source);
        ASSERT_TRUE(state.value) << source;
        EXPECT_TRUE(state.value->hasOpaque()) << source;
    }
    expectAsPython({"x = [list(range(3)), tuple(range(2)), sorted({2: 1}.keys()), [*range(2)], 2 in range(3), range(5)[1]]",
                    "import datetime\nx = [datetime.datetime(2020, 1, 1, fold=0), datetime.time(1, fold=0)]",
                    "x = [frozenset({1}), {1}, [frozenset()]]", "x = {frozenset({1}): 2}"});
    EXPECT_EQ(covet::toJson(covet::schema::toDocument(*stateOf("x = [frozenset({1}), {1}]").value, "m")), "[{\"$frozenset\": [1]}, {\"$set\": [1]}]");
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
