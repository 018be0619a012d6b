#include "syntax/value.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>

#include <gtest/gtest.h>

#include "python_oracle.h"

using covet::Value;

namespace {

double fromBits(uint64_t bits) {
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

} // namespace

TEST(Value, FloatTextIsPythonRepr) {
    const std::pair<double, const char*> known[] = {
        {24.50, "24.5"},
        {1e16, "1e+16"},
        {1e15, "1000000000000000.0"},
        {1e22, "1e+22"},
        {-0.0, "-0.0"},
        {0.1, "0.1"},
        {1e-5, "1e-05"},
        {0.0001, "0.0001"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {2.0, "2.0"},
        {19.9, "19.9"}};
    for (const auto& [number, text] : known)
        EXPECT_EQ(Value::floating(number).text(), text);
    EXPECT_EQ(Value::floating(-INFINITY).text(), "-inf");
    EXPECT_EQ(Value::floating(NAN).text(), "nan");
}

TEST(Value, FloatTextMatchesPythonForEveryPowerOfTwoAndRandomBits) {
    std::vector<double> numbers;
    for (int power = -1074; power < 1024; ++power)
        numbers.push_back(std::ldexp(1.0, power));
    std::mt19937_64 random(20240101);
    while (numbers.size() < 20000) {
        const double number = fromBits(random());
        if (std::isfinite(number)) numbers.push_back(number);
    }
    for (int i = 0; i < 5000; ++i)
        numbers.push_back(static_cast<double>(random() % 100000000) / 100.0);
    std::string script = "import struct\nfor b in [";
    for (const double number : numbers) {
        uint64_t bits = 0;
        std::memcpy(&bits, &number, sizeof bits);
        script += std::to_string(bits) + ",";
    }
    script += "]: print(repr(struct.unpack('<d', struct.pack('<Q', b))[0]))\n";
    const std::vector<std::string> expected = covet::testing::runPython(script);
    ASSERT_EQ(expected.size(), numbers.size());
    for (size_t i = 0; i < numbers.size(); ++i)
        ASSERT_EQ(covet::floatRepr(numbers[i]), expected[i]) << "at " << i;
}

TEST(Value, EqualityIsPythons) {
    EXPECT_EQ(Value::integer(1), Value::boolean(true));
    EXPECT_EQ(Value::integer(1), Value::floating(1.0));
    EXPECT_FALSE(Value::integerText("9007199254740993") == Value::floating(9007199254740992.0));
    EXPECT_EQ(Value::scalar(Value::Kind::Decimal, "1.50"), Value::floating(1.5));
    EXPECT_FALSE(Value::scalar(Value::Kind::Decimal, "0.1") == Value::floating(0.1));
    EXPECT_FALSE(Value::floating(NAN) == Value::floating(NAN));
    EXPECT_EQ(Value::floating(-0.0), Value::floating(0.0));
    EXPECT_FALSE(Value::integer(1).identical(Value::boolean(true)));
    const Value left = Value::dict(
        {{Value::string("a"), Value::integer(1)}, {Value::string("b"), Value::integer(2)}});
    const Value right = Value::dict(
        {{Value::string("b"), Value::integer(2)}, {Value::string("a"), Value::floating(1)}});
    EXPECT_EQ(left, right);
    EXPECT_EQ(left.hash(), right.hash());
    EXPECT_FALSE(left.identical(right));
    EXPECT_FALSE(Value::list({}) == Value::list({}, Value::Kind::Tuple));
}

TEST(Value, SetKeepsThePositionOfAnExistingKey) {
    Value dict = Value::dict(
        {{Value::integer(1), Value::string("x")}, {Value::integer(2), Value::string("y")}});
    dict.set(Value::boolean(true), Value::string("z"));
    ASSERT_EQ(dict.entries().size(), 2u);
    EXPECT_EQ(dict.entries()[0].first.kind(), Value::Kind::Int);
    EXPECT_EQ(dict.entries()[0].second.text(), "z");
}

TEST(Value, JsonIsWhatPythonWrites) {
    const Value value = Value::dict(
        {{Value::string("a\"\n\x01"), Value::list({Value::null(), Value::boolean(false),
                                                   Value::floating(1e22), Value::integer(-3)})},
         {Value::integer(7), Value::string("h\xC3\xA9 \xF0\x9F\x98\x80")},
         {Value::boolean(true), Value::floating(INFINITY)},
         {Value::null(), Value::list({Value::integer(1)}, Value::Kind::Tuple)},
         {Value::floating(0.5), Value::scalar(Value::Kind::DateTime, "2024-01-02T03:04:05")},
         {Value::string("t"), Value::scalar(Value::Kind::Timedelta, "-1")}});
    const auto expected = covet::testing::runPython(
        "import json, datetime\n"
        "print(json.dumps({'a\"\\n\\x01': [None, False, 1e22, -3], 7: 'h\\u00e9 \\U0001F600', "
        "True: float('inf'), None: (1,), 0.5: datetime.datetime(2024, 1, 2, 3, 4, 5), "
        "'t': datetime.timedelta(microseconds=-1)}, default=str))\n");
    ASSERT_EQ(expected.size(), 1u);
    EXPECT_EQ(covet::toJson(value), expected[0]);
}

TEST(Value, PythonTextEvaluatesToTheValue) {
    const Value value = Value::dict(
        {{Value::string("q\"\\\t\x7F"), Value::list({Value::integer(1)}, Value::Kind::Tuple)},
         {Value::string("s"), Value::list({}, Value::Kind::Set)},
         {Value::string("b"), Value::scalar(Value::Kind::Bytes, std::string("\x00\"z", 3))},
         {Value::string("d"), Value::scalar(Value::Kind::Decimal, "1.50")},
         {Value::string("n"), Value::floating(-INFINITY)},
         {Value::string("when"),
          Value::scalar(Value::Kind::DateTime, "2024-01-02T03:04:05+00:00")}});
    const auto printed = covet::testing::runPython(
        "import datetime, decimal\nv = " + covet::toPython(value) +
        "\nprint(v == {'q\"\\\\\\t\\x7f': (1,), 's': set(), 'b': b'\\0\"z', 'd': "
        "decimal.Decimal('1.50'), 'n': float('-inf'), 'when': datetime.datetime(2024, 1, 2, 3, 4, "
        "5, tzinfo=datetime.timezone.utc)})\n");
    ASSERT_EQ(printed, std::vector<std::string>{"True"});
}

TEST(Value, LoneSurrogatesSurvive) {
    std::string text;
    covet::appendUtf8(text, 0xD800);
    EXPECT_EQ(covet::toJson(Value::string(text)), "\"\\ud800\"");
    EXPECT_EQ(covet::toPython(Value::string(text)), "\"\\ud800\"");
}
