#include "rules/own/own_rule.h"

#include <algorithm>

#include "catalog/json_access.h"
#include "rules/diagnostics.h"
#include "support/strings.h"
#include "support/suggest.h"

namespace covet::rules {
namespace {

using catalog::Json;

/// Reads one file; the first problem stops it.
class Reader {
public:
    Reader(const std::string& path, const std::map<std::string, uint32_t>& lines) : path_(path), lines_(lines) {}

    Result<std::vector<OwnRule>> file(const Json& document) {
        if (!document.is_object()) return problem("", "it must be an object with `rules`");
        Status known = knownKeys("", document, {"rules"});
        if (!known) return known.error();
        if (!document.contains("rules") || !document["rules"].is_array()) return problem("", "it has no list `rules`");
        std::vector<OwnRule> rules;
        for (size_t i = 0; i < document["rules"].size(); ++i) {
            Result<OwnRule> made = rule("/rules/" + std::to_string(i), document["rules"][i]);
            if (!made) return made.error();
            for (const OwnRule& other : rules)
                if (other.id == made->id) return problem("/rules/" + std::to_string(i) + "/id", "`" + made->id + "` is there twice");
            rules.push_back(std::move(*made));
        }
        return rules;
    }

private:
    Error problem(const std::string& pointer, const std::string& message) const {
        uint32_t line = 0;
        // The nearest place that is known.
        for (std::string at = pointer; line == 0; at = at.substr(0, at.rfind('/'))) {
            auto found = lines_.find(at);
            if (found != lines_.end()) line = found->second;
            if (at.empty()) break;
        }
        return {"rule-file", (pointer.empty() ? "" : pointer.substr(1) + ": ") + message, path_, line,
                "correct the rule; docs: own rules"};
    }

    Status knownKeys(const std::string& at, const Json& object, const std::vector<std::string>& keys) const {
        for (const auto& item : object.items()) {
            if (std::find(keys.begin(), keys.end(), item.key()) != keys.end()) continue;
            const std::string near = closest(item.key(), keys);
            return problem(at + "/" + item.key(), "`" + item.key() + "` is no key here" +
                                                      (near.empty() ? "; known: " + join(keys, ", ") : "; did you mean " + near + "?"));
        }
        return Ok{};
    }

    Status text(const std::string& at, const Json& object, const char* key, std::string& into) const {
        if (!object.contains(key)) return Ok{};
        if (!object[key].is_string()) return problem(at + "/" + key, "it must be a text");
        into = object[key].get<std::string>();
        return Ok{};
    }

    Result<OwnRule> rule(const std::string& at, const Json& json) const {
        if (!json.is_object()) return problem(at, "a rule must be an object");
        Status status = knownKeys(at, json, {"id", "message", "safety", "reason", "hint", "from", "to", "arguments",
                                             "decorators", "pattern", "replace", "imports", "package", "versions", "tests"});
        OwnRule made;
        std::string safety, pattern, replace;
        const std::pair<const char*, std::string*> texts[] = {
            {"id", &made.id}, {"message", &made.message}, {"safety", &safety}, {"reason", &made.reason},
            {"hint", &made.hint}, {"from", &made.from}, {"to", &made.to}, {"pattern", &pattern}, {"replace", &replace},
            {"package", &made.package}, {"versions", &made.versions}};
        for (const auto& [key, into] : texts)
            if (status) status = text(at, json, key, *into);
        if (!status) return status.error();
        status = identity(at, made);
        if (status) status = safetyOf(at, safety, made);
        if (status) status = arguments(at, json, made);
        if (status) status = importsOf(at, json, made);
        if (status) status = testsOf(at, json, made);
        if (!status) return status.error();
        if (json.contains("decorators")) {
            if (!json["decorators"].is_boolean()) return problem(at + "/decorators", "it must be true or false");
            made.decorators = json["decorators"].get<bool>();
        }
        if (pattern.empty() == made.from.empty()) return problem(at, "a rule has either `from` or `pattern`");
        if (pattern.empty()) return made;
        Result<Pattern> parsed = Pattern::parse(pattern);
        if (!parsed) return problem(at + "/pattern", parsed.error().message);
        made.pattern = *parsed;
        if (!json.contains("replace")) return made;
        Result<Template> filled = Template::parse(replace, *parsed);
        if (!filled) return problem(at + "/replace", filled.error().message);
        made.replacement = *filled;
        return made;
    }

    Status identity(const std::string& at, const OwnRule& made) const {
        const bool isKebab = !made.id.empty() && made.id[0] >= 'a' && made.id[0] <= 'z' &&
                             made.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
        if (!isKebab) return problem(at + "/id", "an id is made of small letters, digits and `-`");
        for (const Diagnostic& entry : diagnostics())
            if (entry.name == made.id) return problem(at + "/id", "`" + made.id + "` is a rule of the tool");
        if (made.message.empty()) return problem(at + "/message", "a rule says what it is about");
        return Ok{};
    }

    Status safetyOf(const std::string& at, const std::string& word, OwnRule& made) const {
        // Who does not say that a change is safe gets it offered.
        made.safety = word == "safe" ? Safety::Safe : word == "manual" ? Safety::Manual : Safety::Unsafe;
        if (!word.empty() && word != "safe" && word != "unsafe" && word != "manual")
            return problem(at + "/safety", "it must be safe, unsafe or manual");
        if (made.reason.empty() && made.safety != Safety::Safe) made.reason = "own-rule";
        return Ok{};
    }

    Status arguments(const std::string& at, const Json& json, OwnRule& made) const {
        if (!json.contains("arguments")) return Ok{};
        if (!json["arguments"].is_object()) return problem(at + "/arguments", "it must be a table of argument names");
        for (const auto& item : json["arguments"].items()) {
            const bool goes = item.value().is_null() || item.value() == false;
            if (!goes && !item.value().is_string())
                return problem(at + "/arguments/" + item.key(), "it must be the new name, or false to leave it out");
            made.arguments[item.key()] = goes ? std::optional<std::string>() : item.value().get<std::string>();
        }
        return Ok{};
    }

    Status importsOf(const std::string& at, const Json& json, OwnRule& made) const {
        if (!json.contains("imports")) return Ok{};
        if (!json["imports"].is_array()) return problem(at + "/imports", "it must be a list of import statements");
        for (const Json& item : json["imports"]) {
            const std::string line = item.is_string() ? item.get<std::string>() : "";
            const std::vector<std::string> words = split(line, ' ');
            if (words.size() == 4 && words[0] == "from" && words[2] == "import") made.imports.push_back({words[1], words[3]});
            else if (words.size() == 2 && words[0] == "import") made.imports.push_back({words[1], ""});
            else return problem(at + "/imports", "`" + line + "` is neither `import a` nor `from a import b`");
        }
        return Ok{};
    }

    Status testsOf(const std::string& at, const Json& json, OwnRule& made) const {
        if (!json.contains("tests")) return Ok{};
        if (!json["tests"].is_array()) return problem(at + "/tests", "it must be a list");
        for (size_t i = 0; i < json["tests"].size(); ++i) {
            const std::string here = at + "/tests/" + std::to_string(i);
            const Json& item = json["tests"][i];
            if (!item.is_object() || !item.contains("input")) return problem(here, "a test has an `input`");
            OwnTest test;
            Status status = knownKeys(here, item, {"name", "input", "expected"});
            if (status) status = text(here, item, "name", test.name);
            if (status) status = text(here, item, "input", test.input);
            test.expected = test.input; // nothing is to change
            if (status) status = text(here, item, "expected", test.expected);
            if (!status) return status;
            if (test.name.empty()) test.name = std::to_string(i + 1);
            made.tests.push_back(std::move(test));
        }
        return Ok{};
    }

    const std::string& path_;
    const std::map<std::string, uint32_t>& lines_;
};

} // namespace

Result<std::vector<OwnRule>> parseOwnRules(const std::string& path, const std::string& json,
                                           const std::map<std::string, uint32_t>& lines) {
    const Json document = Json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (document.is_discarded()) return Error{"rule-file", "it is no JSON", path, 0, "check it with `python3 -m json.tool`"};
    return Reader(path, lines).file(document);
}

} // namespace covet::rules
