/// Input that no application has: each file must end as a finding or be read, never as a crash.

#include <algorithm>

#include <gtest/gtest.h>

#include "covet/core.h"
#include "support/strings.h"

namespace covet {
namespace {

const char* const kApp = R"(import json
from typing import Dict

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


items: Dict[int, dict] = {1: {"id": 1, "name": "Lamp", "price": 2.5, "tags": ["a", "b"]}}
next_id = 2


@route("/items/{item_id}", method="PUT")
async def put_item(request):
    global next_id
    data = request["json"] or {}
    item = items.get(int(request["params"]["item_id"]))
    if item is None:
        next_id += 1
        return {"error": f"no {next_id!r:>10}"}, 404
    item.update(**{k: v for k, v in data.items() if k != "id"})
    return item


async def app(scope, receive, send):
    event = await receive()
    result = await routes[(scope["method"], scope["path"])]({"json": json.loads(event["body"])})
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(result).encode()})
)";

Analysis analysisOf(std::vector<InputFile> files) {
    Result<Analysis> analysis = analyze(files, {}, {});
    EXPECT_TRUE(analysis.ok()) << analysis.error().message;
    return analysis ? std::move(*analysis) : Analysis{};
}

/// Rule and reason of the only finding about a file.
std::string findingFor(const std::string& bytes) {
    Analysis analysis = analysisOf({{"app.py", bytes}});
    EXPECT_TRUE(analysis.changes.empty());
    std::string found;
    for (const rules::Finding& finding : analysis.findings)
        if (startsWith(finding.rule, "COV00")) found += finding.rule + " " + finding.safetyReason;
    return found;
}

TEST(HostileInput, EachFileGetsAFinding) {
    EXPECT_EQ(findingFor(std::string("x = 1\0\n", 7)), "COV002 nul-bytes");
    EXPECT_EQ(findingFor("x = '\xff\xfe'\n"), "COV002 undecodable");
    EXPECT_EQ(findingFor("# coding: klingon\nx = 1\n"), "COV002 unknown-encoding");
    EXPECT_EQ(findingFor("def f(:\n    pass\n"), "COV001 syntax-error");
    EXPECT_EQ(findingFor("x = " + std::string(10000, '[') + std::string(10000, ']') + "\n"), "COV003 too-deep");
    EXPECT_EQ(findingFor("x = " + std::string(10000, '(') + "\n"), "COV001 syntax-error");
    EXPECT_EQ(findingFor(std::string(50u << 20, '#')), "COV003 too-large");
}

TEST(HostileInput, Utf16WithAMarkIsRead) {
    std::string bytes = "\xFF\xFE";
    for (const char c : std::string("x = 1\n")) bytes += {c, '\0'};
    EXPECT_EQ(findingFor(bytes), "");
}

TEST(HostileInput, EmptyFilesAndOddNames) {
    Analysis analysis = analysisOf({{"", "x = 1\n"}, {".py", "x = 1\n"}, {"a/../b.py", ""}, {"a b.py", "\n"},
                                    {"__init__.py", "from . import x\n"}, {"d.py", "from ..... import x\n"},
                                    {"requirements.txt", std::string(3, '\0')}, {"pyproject.toml", "[[[\n='\"\n"},
                                    {"covetpy_config.json", "{"}});
    EXPECT_TRUE(analysis.changes.empty());
}

TEST(HostileInput, LongChainsDoNotExhaustTheStack) {
    std::string sum = "x = 1";
    for (int i = 0; i < 5000; ++i) sum += " + 1";
    std::string chain = "if a:\n    x = 1\n";
    for (int i = 0; i < 5000; ++i) chain += "elif a:\n    x = 1\n";
    std::string calls = "y = z";
    for (int i = 0; i < 5000; ++i) calls += ".f()";
    (void)analysisOf({{"sum.py", sum + "\n"}, {"chain.py", chain}, {"calls.py", calls + "\n"}});
}

TEST(HostileInput, TruncatedAnywhere) {
    const std::string whole = kApp;
    for (size_t length = 0; length < whole.size(); length += 7)
        (void)analysisOf({{"app.py", whole.substr(0, length)}});
}

TEST(HostileInput, MutatedAnywhere) {
    const std::vector<std::string> pieces = {"(", ")", "[", "{", "}", ":", "\n", "    ", "\"", "'''", "items", "def ",
                                             "@", "lambda: ", "=", ",", "async ", "del ", "\xC3\xA9", "\\", "#", "*"};
    uint64_t state = 42;
    auto random = [&](size_t below) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        return static_cast<size_t>(state >> 33) % below;
    };
    for (int round = 0; round < 400; ++round) {
        std::string text = kApp;
        for (size_t edits = 1 + random(4); edits > 0; --edits) {
            const size_t at = random(text.size());
            if (random(2)) text.insert(at, pieces[random(pieces.size())]);
            else text.erase(at, 1 + random(12));
        }
        Analysis analysis = analysisOf({{"app.py", text}});
        // Whatever was made of it must parse as well as it did before.
        for (const FileChange& change : analysis.changes)
            if (endsWith(change.path, ".py")) {
                Analysis again = analysisOf({{change.path, change.after}});
                EXPECT_TRUE(std::none_of(again.findings.begin(), again.findings.end(),
                                         [](const auto& finding) { return finding.rule == "COV001"; }))
                    << text << "\n----\n" << change.after;
            }
    }
}

} // namespace
} // namespace covet
