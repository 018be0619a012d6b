#include <gtest/gtest.h>

#include "equivalence/answer_reader.h"
#include "equivalence/application.h"
#include "equivalence/cookie_jar.h"

namespace covet::cli {
namespace {

/// The answer, fed byte by byte; "" after the body when it was complete.
equivalence::Answer readSlowly(const std::string& bytes, bool isHead, bool& complete) {
    AnswerReader reader(isHead);
    complete = false;
    for (char c : bytes) complete = reader.take(std::string_view(&c, 1));
    if (!complete) reader.close();
    return reader.answer();
}

TEST(AnswerReader, TakesLengthsChunksAndClosings) {
    bool complete = false;
    equivalence::Answer answer = readSlowly("HTTP/1.1 201 Created\r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\nabc", false, complete);
    EXPECT_TRUE(complete);
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.body, "abc");
    EXPECT_EQ(answer.header("x-a"), "1, 2");
    answer = readSlowly("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3;ext\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
                        false, complete);
    EXPECT_TRUE(complete);
    EXPECT_EQ(answer.body, "abc0123456789");
    EXPECT_EQ(answer.header("link"), "");
    answer = readSlowly("HTTP/1.0 200 OK\n\nuntil the end", false, complete);
    EXPECT_FALSE(complete);
    EXPECT_EQ(answer.body, "until the end");
    EXPECT_EQ(answer.problem, "");
}

TEST(AnswerReader, KnowsAnswersWithoutBodies) {
    bool complete = false;
    readSlowly("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, complete);
    EXPECT_TRUE(complete);
    readSlowly("HTTP/1.1 204 No Content\r\n\r\n", false, complete);
    EXPECT_TRUE(complete);
    readSlowly("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, complete);
    EXPECT_TRUE(complete);
}

TEST(AnswerReader, SaysWhatIsMissing) {
    bool complete = false;
    EXPECT_EQ(readSlowly("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", false, complete).problem, "closed");
    EXPECT_EQ(readSlowly("HTTP/1.1 200", false, complete).status, 0);
    EXPECT_EQ(readSlowly("SSH-2.0-OpenSSH\r\n\r\n", false, complete).problem, "not-http");
}

TEST(CookieJar, KeepsAndDropsCookies) {
    CookieJar jar;
    equivalence::Answer answer;
    answer.headers = {{"set-cookie", "sid=1; Path=/; HttpOnly"}, {"set-cookie", "theme=dark"}};
    jar.take(answer);
    equivalence::Request request;
    jar.addTo(request);
    ASSERT_EQ(request.headers.size(), 1u);
    EXPECT_EQ(request.headers[0].second, "sid=1; theme=dark");
    answer.headers = {{"set-cookie", "sid=; Max-Age=0"}, {"set-cookie", "theme=; expires=Thu, 01 Jan 1970 00:00:00 GMT"}};
    jar.take(answer);
    equivalence::Request later;
    jar.addTo(later);
    EXPECT_TRUE(later.headers.empty());
}

TEST(WordsOf, SplitsAsAShellDoes) {
    EXPECT_EQ(wordsOf("python3 -X 'a b'  \"c\\d\" e\\ f ''"), (std::vector<std::string>{"python3", "-X", "a b", "c\\d", "e f", ""}));
    EXPECT_TRUE(wordsOf("  ").empty());
}

} // namespace
} // namespace covet::cli
