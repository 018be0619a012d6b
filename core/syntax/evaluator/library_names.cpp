#include <map>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

using Names = std::vector<std::string>;

} // namespace

std::optional<Value> libraryConstant(std::string_view dotted) {
    static const std::string lower = "abcdefghijklmnopqrstuvwxyz";
    static const std::string upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const std::string digits = "0123456789";
    static const std::string marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    static const std::string spaces = " \t\n\r\x0b\x0c";
    static const std::map<std::string_view, Value> constants = {
        {"string.ascii_lowercase", Value::string(lower)},
        {"string.ascii_uppercase", Value::string(upper)},
        {"string.ascii_letters", Value::string(lower + upper)},
        {"string.digits", Value::string(digits)},
        {"string.hexdigits", Value::string(digits + "abcdefABCDEF")},
        {"string.octdigits", Value::string("01234567")},
        {"string.punctuation", Value::string(marks)},
        {"string.whitespace", Value::string(spaces)},
        {"string.printable", Value::string(digits + lower + upper + marks + spaces)},
        {"math.pi", Value::floating(3.141592653589793)},
        {"math.e", Value::floating(2.718281828459045)},
        {"math.tau", Value::floating(6.283185307179586)},
        {"math.inf", Value::floatingText("inf")},
        {"math.nan", Value::floatingText("nan")},
        {"datetime.date.min", Value::scalar(Value::Kind::Date, "0001-01-01")},
        {"datetime.date.max", Value::scalar(Value::Kind::Date, "9999-12-31")},
        {"datetime.datetime.min", Value::scalar(Value::Kind::DateTime, "0001-01-01T00:00:00")},
        {"datetime.datetime.max",
         Value::scalar(Value::Kind::DateTime, "9999-12-31T23:59:59.999999")},
    };
    const auto found = constants.find(dotted);
    if (found == constants.end()) return std::nullopt;
    return found->second;
}

const std::vector<std::string>* namesOfLibrary(std::string_view module) {
    static const std::map<std::string_view, Names> modules = {
        {"datetime", {"date", "datetime", "time", "timedelta", "timezone", "tzinfo", "UTC"}},
        {"decimal",
         {"Decimal", "ROUND_DOWN", "ROUND_HALF_UP", "ROUND_HALF_EVEN", "ROUND_CEILING",
          "ROUND_FLOOR", "ROUND_UP", "ROUND_HALF_DOWN", "getcontext", "Context"}},
        {"uuid", {"UUID", "uuid1", "uuid3", "uuid4", "uuid5"}},
        {"collections",
         {"deque", "defaultdict", "namedtuple", "UserDict", "UserList", "Counter", "OrderedDict",
          "ChainMap"}},
        {"dataclasses", {"dataclass", "field", "asdict", "astuple", "replace"}},
        {"enum", {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "auto", "unique"}},
        {"itertools",
         {"accumulate", "chain", "combinations", "count", "cycle", "islice", "permutations",
          "product", "repeat", "starmap", "zip_longest"}},
        {"math", {"pi", "e", "tau", "inf", "nan", "ceil", "floor", "sqrt", "trunc", "gcd", "prod"}},
        {"copy", {"copy", "deepcopy"}},
        {"json", {"load", "loads", "dump", "dumps"}},
        {"pathlib", {"Path", "PurePath"}},
        {"string",
         {"ascii_lowercase", "ascii_uppercase", "ascii_letters", "digits", "hexdigits",
          "punctuation", "printable", "whitespace"}},
        {"typing", {"NamedTuple", "TypedDict", "cast", "NewType", "Protocol", "Generic"}},
    };
    const auto found = modules.find(module);
    return found == modules.end() ? nullptr : &found->second;
}

} // namespace covet::syntax::eval
