#include <algorithm>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

using Style = ClassDetail::Style;

std::string lastPart(std::string_view dotted) {
    return std::string(dotted.substr(dotted.rfind('.') == dotted.npos ? 0 : dotted.rfind('.') + 1));
}

/// Whether a function takes its class or object and the value, and nothing that only Pydantic has.
bool takesOnly(const Node& function, size_t wanted) {
    const std::vector<Node> parameters = function.field("parameters").namedChildren();
    return parameters.size() == wanted &&
           std::all_of(parameters.begin(), parameters.end(), [](const Node& parameter) {
               return parameter.is("identifier") || (parameter.is("typed_parameter") && parameter.namedChild(0).is("identifier"));
           });
}

} // namespace

/// The functions that check fields: `@field_validator("name")` over `def check(cls, value)`.
void Interpreter::readChecks(const Node& definition, Box& type, Frame& frame) {
    const Node function = definition.field("definition");
    const std::string method(function.field("name").text());
    for (const Node& decorator : definition.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        const Node called = decorator.namedChild(0);
        const std::string last = lastPart(called.is("call") ? called.field("function").text() : called.text());
        if (last.find("validator") == std::string::npos) continue;
        FieldCheck check;
        check.method = method;
        const bool ofModel = last == "model_validator";
        check.isKnown = (ofModel || last == "field_validator" || last == "validator") && takesOnly(function, ofModel ? 1 : 2);
        bool after = !ofModel;
        std::vector<std::string> fields;
        for (const Node& argument : called.is("call") ? called.field("arguments").namedChildren() : std::vector<Node>()) {
            const std::string_view key = argument.field("name").text();
            const std::string value(argument.field("value").text());
            if (!argument.is("keyword_argument")) {
                const Ref field = argument.is("string") && !ofModel ? evaluate(argument, frame) : Ref();
                if (field.isStr()) fields.push_back(field.value.text());
            } else if (key == "mode" || key == "pre") {
                check.isBefore = value.find("before") != std::string::npos || value == "True";
                after = value.find("after") != std::string::npos;
                check.isKnown = check.isKnown && (after || value == "False" || (check.isBefore && !ofModel));
            } else if (key != "check_fields" && key != "allow_reuse") {
                check.isKnown = false;
            }
        }
        if (ofModel) check.isKnown = check.isKnown && after;
        check.isOfModel = ofModel && check.isKnown;
        if (fields.empty()) fields.emplace_back("*");
        for (const std::string& field : fields) {
            check.field = field;
            type.detail->checks.push_back(check);
        }
    }
}

void Interpreter::checksOf(const Box& type, std::vector<FieldCheck>& out) const {
    for (const Box* base : type.detail->bases) checksOf(*base, out);
    for (const FieldCheck& check : type.detail->checks) {
        // One that a class defines again takes the place of that of its base.
        out.erase(std::remove_if(out.begin(), out.end(),
                                 [&](const FieldCheck& other) { return other.method == check.method && other.field == check.field; }),
                  out.end());
        out.push_back(check);
    }
}

Ref Interpreter::checked(Box& type, const FieldCheck& check, const std::string& field, Ref value, const Node& node) {
    if (isOpaque(value)) return value;
    const Ref* function = check.isKnown ? classAttribute(type, check.method) : nullptr;
    if (!function || !function->box || function->box->kind != Box::Kind::Function)
        return opaqueText(type.name + "." + field + " has a validator");
    Arguments given;
    given.positional.push_back(std::move(value));
    const Ref ownClass(&type);
    const bool isStatic = function->box->taint == "builtins.staticmethod";
    return callFunction(*function->box, given, isStatic ? nullptr : &ownClass, node);
}

/// What Pydantic makes of a value that a field is given.
Ref Interpreter::validated(Box& type, const std::string& field, const std::string& annotation, Ref value, const Node& node) {
    std::vector<FieldCheck> checks;
    checksOf(type, checks);
    auto concerns = [&](const FieldCheck& check) { return !check.isOfModel && (check.field == "*" || check.field == field); };
    for (auto check = checks.rbegin(); check != checks.rend(); ++check) {
        if (!check->isBefore || !concerns(*check)) continue;
        value = checked(type, *check, field, std::move(value), node);
        if (failed()) return {};
    }
    value = coerce(annotation, std::move(value), type, node);
    for (const FieldCheck& check : checks) {
        if (failed()) return {};
        if (!check.isBefore && concerns(check)) value = checked(type, check, field, std::move(value), node);
    }
    return value;
}

/// `@model_validator(mode="after")` over `def check(self)`.
void Interpreter::checkModel(const Ref& self, const Node& node) {
    std::vector<FieldCheck> checks;
    checksOf(*self.box->type, checks);
    for (const FieldCheck& check : checks) {
        if (!check.isOfModel || failed()) continue;
        const Ref* function = classAttribute(*self.box->type, check.method);
        if (!function || !function->box || function->box->kind != Box::Kind::Function) {
            taint(self, check.method + " may change it");
            continue;
        }
        Arguments none;
        callFunction(*function->box, none, &self, node);
    }
}

/// A record as the dict that `model_dump()` gives; false where that cannot be known.
bool Interpreter::dump(const Ref& ref, Ref& out) {
    if (isOpaque(ref) || (ref.box && !ref.box->taint.empty())) {
        out = ref;
        return true;
    }
    touch(ref);
    const bool isRecord = ref.box && ref.box->kind == Box::Kind::Instance;
    if (isRecord && ref.box->type && ref.box->type->detail && ref.box->type->detail->style == Style::Enum) {
        out = ref;
        return true;
    }
    if (isRecord) {
        Box* made = make(Box::Kind::Dict);
        for (const Box::Entry& entry : ref.box->entries) {
            Ref value;
            if (entry.dead || !dump(ref.box->attributes[entry.key.value.text()], value)) return false;
            made->assign(entry.key, value);
        }
        out = made;
        return true;
    }
    if (!ref.box || !ref.box->isContainer()) {
        out = ref;
        return !ref.box || ref.box->kind == Box::Kind::Path;
    }
    if (ref.box->kind == Box::Kind::Set) {
        std::map<const Box*, Box*> seen;
        out = copyOf(ref, true, seen);
        return true;
    }
    Box* made = make(ref.box->kind, ref.box->name);
    for (const Ref& item : ref.box->items) {
        Ref value;
        if (!dump(item, value)) return false;
        made->items.push_back(value);
    }
    for (const Box::Entry& entry : ref.box->entries) {
        Ref value;
        if (entry.dead) continue;
        if (!dump(entry.value, value)) return false;
        made->assign(entry.key, value);
    }
    out = made;
    return true;
}

/// Methods that Pydantic models and named tuples have: what makes a copy or a dict of one.
std::optional<Ref> Interpreter::callRecordMethod(const Ref& self, const std::string& name, Arguments& arguments, const Node& node) {
    const bool isModel = self.box->type && self.box->type->detail && self.box->type->detail->style == Style::Pydantic;
    if (isModel && (name == "model_copy" || name == "copy")) {
        const Ref* update = arguments.keyword("update");
        const Ref* deep = arguments.keyword("deep");
        const bool isDeep = deep && truth(*deep).value_or(false);
        const size_t known = (update ? 1 : 0) + (deep ? 1 : 0);
        if (!arguments.positional.empty() || arguments.keywords.size() != known || (deep && !truth(*deep))) return opaque(node);
        const bool given = update && !update->isNone();
        if (given) touch(*update);
        if (given && (!update->box || update->box->kind != Box::Kind::Dict || !update->box->taint.empty())) return opaque(node);
        std::map<const Box*, Box*> seen;
        const Ref made = copyOf(self, isDeep, seen);
        if (!given) return made;
        for (const Box::Entry& entry : update->box->entries) {
            if (entry.dead) continue;
            if (!entry.key.isStr()) return opaque(node);
            setAttribute(made, entry.key.value.text(), entry.value);
        }
        return made;
    }
    if (name != "model_dump" && name != "dict" && name != "_asdict") return std::nullopt;
    std::set<std::string> left, kept;
    bool withoutNone = false, onlyKept = false;
    for (const auto& [key, value] : arguments.keywords) {
        const bool names = key == "exclude" || key == "include";
        std::vector<Ref> given;
        if (names && value.isNone()) continue;
        if (names && (!iterate(value, given, true) || std::any_of(given.begin(), given.end(), [](const Ref& one) { return !one.isStr(); })))
            return opaque(node);
        if (names && value.box && value.box->kind == Box::Kind::Dict) return opaque(node); // it tells about fields of fields
        if (key == "include") onlyKept = true;
        for (const Ref& one : given) (key == "include" ? kept : left).insert(one.value.text());
        if (key == "exclude_none" && truth(value)) withoutNone = *truth(value);
        else if (!names && !(key == "mode" && value.isStr() && value.value.text() == "python")) return opaque(node);
    }
    if (!arguments.positional.empty()) return opaque(node);
    Ref dict;
    if (!dump(self, dict) || isOpaque(dict) || !dict.box || dict.box->kind != Box::Kind::Dict) return opaque(node);
    Box* made = make(Box::Kind::Dict);
    for (const Box::Entry& entry : dict.box->entries) {
        const std::string& field = entry.key.value.text();
        if (left.count(field) || (onlyKept && !kept.count(field)) || (withoutNone && entry.value.isNone())) continue;
        made->assign(entry.key, entry.value);
    }
    return Ref(made);
}

} // namespace covet::syntax::eval
