#include <gtest/gtest.h>

#include "equivalence/comparison.h"
#include "equivalence/text_pieces.h"

namespace covet::equivalence {
namespace {

constexpr double kNow = 1767225600; // 2026-01-01T00:00:00Z

Answer json(const std::string& body, int status = 200) {
    return {status, "", {{"content-type", "application/json"}}, body, false};
}

Request request(const std::string& path = "/x") { return {"GET /x", "GET", path, {}, {}, ""}; }

/// Places that differ, as one text.
std::string places(Comparison& comparison, const Answer& legacy, const Answer& twin, const Answer& migrated) {
    std::string text;
    for (const Detail& detail : comparison.differences(request(), legacy, &twin, migrated, kNow))
        text += (text.empty() ? "" : " ") + detail.where;
    return text;
}

std::string places(const std::string& legacy, const std::string& migrated) {
    Comparison comparison;
    return places(comparison, json(legacy), json(legacy), json(migrated));
}

TEST(EquivalenceComparison, FindsWhatDiffers) {
    const std::pair<const char*, const char*> kPairs[] = {
        {R"({"a": 1, "b": 2})", R"({"b": 2, "a": 1})"}, {R"({"a": 1.0})", R"({"a": 1})"},
        {R"({"a": 1})", R"({"a": 1.5})"},               {R"({"a": 1})", R"({"a": true})"},
        {R"({"a": null})", "{}"},                       {"[1, 2]", "[2, 1]"},
        {"[1]", "[1, 1]"},                              {R"("a")", R"("b")"},
        {"null", ""},                                   {"{}", "[]"},
        {R"("2020-01-01T10:00:00")", R"("2020-01-01T10:00:01")"},
        {R"("2026-01-01T00:00:00")", R"("2026-01-01 00:00:00")"},
        {"1.5", "1.25"},                                {"{", "[]"}};
    for (const auto& [before, after] : kPairs) EXPECT_NE(places(before, after), "") << before << " " << after;
    EXPECT_EQ(places(R"({"a": [1, {"b": 2}]})", R"({"a": [1, {"b": 3}]})"), "$.a[1].b");
}

TEST(EquivalenceComparison, FindsOtherStatusesAndHeaders) {
    Comparison comparison;
    EXPECT_EQ(places(comparison, json("1"), json("1"), json("1", 201)), "status");
    Answer text = json("1");
    text.headers = {{"content-type", "text/plain"}};
    EXPECT_EQ(places(comparison, json("1"), json("1"), text), "content-type");
    Answer allowed = json("1"), shuffled = json("1");
    allowed.headers.emplace_back("allow", "GET, POST");
    shuffled.headers.emplace_back("allow", "POST, GET");
    EXPECT_EQ(places(comparison, allowed, allowed, shuffled), "");
    EXPECT_EQ(places(comparison, allowed, allowed, json("1")), "allow");
}

TEST(EquivalenceComparison, TakesAnErrorForAClosedConnection) {
    Comparison comparison;
    Answer closed;
    closed.problem = "closed";
    EXPECT_EQ(places(comparison, closed, closed, json("{}", 500)), "");
    EXPECT_EQ(places(comparison, closed, closed, json("{}", 200)), "status");
    EXPECT_EQ(places(comparison, closed, closed, json("{}", 404)), "status");
    Answer late;
    late.problem = "timeout";
    EXPECT_EQ(places(comparison, late, late, json("{}", 500)), "status");
}

TEST(EquivalenceComparison, AcceptsTheSameInOtherWords) {
    EXPECT_EQ(places(R"({"a": 1, "b": [true, null, 0.5]})", R"({"a":1,"b":[true,null,0.5]})"), "");
    EXPECT_EQ(places("NaN", "NaN"), "");
    Comparison comparison;
    EXPECT_EQ(places(comparison, json(R"({"a": [1, 2.0]})"), json(R"({"a": [1, 2.0]})"), json(R"({"a": [1.0, 2.0]})")), "");
    EXPECT_EQ(comparison.widened(), 1u);
}

TEST(EquivalenceComparison, AcceptsTheMomentOfTheRequest) {
    EXPECT_EQ(places(R"("2026-01-01T00:00:00.123456")", R"("2026-01-01T00:00:01.654321")"), "");
    EXPECT_EQ(places("1767225600.5", "1767225601.25"), "");
    EXPECT_NE(places(R"("2026-01-01T00:00:00.5")", R"("2026-01-01T00:00:00")"), "");
    EXPECT_NE(places("1600000000.5", "1600000001.5"), "");
}

TEST(EquivalenceComparison, MasksWhatTheTwinGivesDifferently) {
    Comparison comparison;
    EXPECT_EQ(places(comparison, json(R"({"n": 3, "m": 4})"), json(R"({"n": 5, "m": 4})"), json(R"({"n": 9, "m": 4})")), "");
    EXPECT_EQ(places(comparison, json(R"({"n": 3, "m": 4})"), json(R"({"n": 5, "m": 4})"), json(R"({"n": "x", "m": 5})")), "$.n $.m");
    ASSERT_EQ(comparison.masked().size(), 1u);
    EXPECT_EQ(comparison.masked().begin()->first.second, "$.n");
}

TEST(EquivalenceComparison, ExcusesLaterWhatHappenedToBeEqual) {
    Comparison comparison;
    const std::vector<Detail> found = comparison.differences(request(), json("[3]"), nullptr, json("[4]"), kNow);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_FALSE(comparison.isExcused(request(), found[0]));
    const Answer twin = json("[6]");
    comparison.differences(request(), json("[2]"), &twin, json("[1]"), kNow);
    EXPECT_TRUE(comparison.isExcused(request(), found[0]));
}

TEST(EquivalenceComparison, KeepsRandomIdentifiersApart) {
    const std::string a = "11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa", b = "22222222-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
                      m = "33333333-aaaa-4aaa-8aaa-aaaaaaaaaaaa", n = "44444444-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
    const auto pair = [](const std::string& one, const std::string& two) {
        return json("[\"" + one + "\", \"" + two + "\"]");
    };
    Comparison comparison;
    EXPECT_EQ(places(comparison, pair(a, a), pair(b, b), pair(m, m)), "");
    EXPECT_EQ(places(comparison, pair(a, a), pair(b, b), pair(m, n)), "$[1]");
    Request asked = request("/x/" + a + "?q=" + a);
    asked.body = "{\"id\": \"" + a + "\"}";
    EXPECT_EQ(comparison.forMigrated(asked).path, "/x/" + m + "?q=" + m);
    EXPECT_EQ(*comparison.forTwin(asked).body, "{\"id\": \"" + b + "\"}");
}

TEST(EquivalenceComparison, MasksOrderThatOnlyHashesDecide) {
    Comparison comparison;
    EXPECT_EQ(places(comparison, json(R"(["a", "b", "c"])"), json(R"(["c", "a", "b"])"), json(R"(["b", "c", "a"])")), "");
    EXPECT_NE(places(comparison, json(R"(["a", "b", "c"])"), json(R"(["c", "a", "b"])"), json(R"(["b", "c", "d"])")), "");
}

TEST(EquivalenceComparison, LooksAtTheContentOfSignedCookies) {
    auto answer = [](const std::string& cookie) { return Answer{200, "", {{"set-cookie", "session=" + cookie + "; HttpOnly"}}, "", false}; };
    const Answer before = answer("eyJhIjoxfQ.awmRUA.AmRJBfwhlx3Dr5R2owoxUZGLul4");
    Comparison comparison;
    EXPECT_EQ(places(comparison, before, before, answer("eyJhIjoxfQ.awmRUw.gIqHihwsHctbGhZaAfK21ZOFkeU")), "");
    EXPECT_NE(places(comparison, before, before, answer("eyJhIjoyfQ.awmRUw.gIqHihwsHctbGhZaAfK21ZOFkeU")), "");
}

TEST(EquivalenceComparison, SaysWhereTextsPart) {
    Comparison comparison;
    const Answer before{200, "", {{"content-type", "text/html"}}, "<p>one</p>", false};
    Answer after = before;
    after.body = "<p>two</p>";
    EXPECT_EQ(places(comparison, before, before, after), "byte 3");
}

TEST(TextPieces, MakeUpTheWholeText) {
    const std::string text = "at 2026-01-31T10:20:30.5+01:00, 10:20:30 id=0f8fad5b-d9cb-469f-a165-70867728950e";
    std::string joined;
    std::vector<TextPiece::Kind> kinds;
    for (const TextPiece& piece : piecesOf(text)) {
        joined += piece.text;
        if (piece.kind != TextPiece::Kind::Other) kinds.push_back(piece.kind);
    }
    EXPECT_EQ(joined, text);
    using Kind = TextPiece::Kind;
    EXPECT_EQ(kinds, (std::vector<Kind>{Kind::Word, Kind::Moment, Kind::Clock, Kind::Word, Kind::Word}));
    EXPECT_EQ(piecesOf("1970-01-02T00:00:01Z")[0].seconds, 86401);
}

} // namespace
} // namespace covet::equivalence
