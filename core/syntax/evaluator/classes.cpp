#include <algorithm>

#include "support/strings.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {
namespace {

std::string lastPart(const std::string& dotted) {
    return dotted.substr(dotted.rfind('.') + 1);
}

using Style = ClassDetail::Style;

} // namespace

const Ref* Interpreter::classAttribute(const Box& type, std::string_view name,
                                       const Box** owner) const {
    auto found = type.attributes.find(name);
    if (found != type.attributes.end()) {
        if (owner) *owner = &type;
        return &found->second;
    }
    for (const Box* base : type.detail->bases)
        if (const Ref* inherited = classAttribute(*base, name, owner)) return inherited;
    return nullptr;
}

void Interpreter::fieldsOf(const Box& type, std::vector<ClassField>& out) const {
    for (const Box* base : type.detail->bases)
        fieldsOf(*base, out);
    for (const ClassField& field : type.detail->fields) {
        auto same = std::find_if(out.begin(), out.end(),
                                 [&](const ClassField& other) { return other.name == field.name; });
        if (same != out.end())
            *same = field;
        else
            out.push_back(field);
    }
}

namespace {

/// Whether a class derives from one of these of other packages.
bool hasBase(const ClassDetail& detail, std::initializer_list<std::string_view> names) {
    return std::any_of(detail.externalBases.begin(), detail.externalBases.end(), [&](const std::string& base) {
        return std::find(names.begin(), names.end(), lastPart(base)) != names.end();
    });
}

} // namespace

void Interpreter::defineClass(const Node& node, const std::vector<Node>& decorators, Frame& frame) {
    const std::string name(node.field("name").text());
    Box* type = make(Box::Kind::Class, name);
    type->detail = std::make_unique<ClassDetail>();
    type->module = frame.module;
    type->node = node;
    ClassDetail& detail = *type->detail;
    for (const Node& base : node.field("superclasses").namedChildren()) {
        if (base.is("keyword_argument")) continue;
        const Ref parent = evaluate(base, frame);
        if (failed()) return;
        if (parent.box && parent.box->kind == Box::Kind::Class) {
            detail.bases.push_back(parent.box);
            if (parent.box->detail->style != Style::Plain) detail.style = parent.box->detail->style;
            for (const std::string& outer : parent.box->detail->externalBases)
                detail.externalBases.push_back(outer);
            continue;
        }
        const std::string dotted = parent.box ? parent.box->name : std::string(base.text());
        detail.externalBases.push_back(dotted);
        const std::string last = lastPart(dotted);
        if (last == "NamedTuple")
            detail.style = Style::NamedTuple;
        else if (last == "TypedDict")
            detail.style = Style::TypedDict;
        else if (last == "BaseModel" || last == "SQLModel" || last == "BaseSettings")
            detail.style = Style::Pydantic;
        else if (last == "Enum" || last == "IntEnum" || last == "StrEnum")
            detail.style = Style::Enum;
    }
    std::vector<Node> others;
    for (const Node& decorator : decorators) {
        Node expression = decorator.namedChild(0);
        if (expression.is("call")) expression = expression.field("function");
        const std::string last = lastPart(std::string(expression.text()));
        if (last == "dataclass")
            detail.style = Style::Dataclass;
        else
            others.push_back(decorator);
    }
    Frame* body = makeFrame(&frame == frame.module->frame ? nullptr : &frame, frame.module);
    body->isClass = true;
    const Flow flow = runBlock(node.field("body"), *body);
    if (flow == Flow::Stuck || flow == Flow::Raise) return;
    for (auto& [attributeName, value] : body->variables) {
        if (value.box && value.box->kind == Box::Kind::Function && !value.box->type)
            value.box->type = type;
        type->attributes[attributeName] = value;
    }
    readFields(node.field("body"), *type, *body);
    if (detail.style == Style::Enum) {
        int64_t last = 0;
        for (const Node& statement : node.field("body").namedChildren()) {
            const Node assignment =
                statement.is("expression_statement") ? statement.namedChild(0) : Node();
            if (!assignment.is("assignment") || !assignment.field("left").is("identifier"))
                continue;
            const std::string member(assignment.field("left").text());
            if (member.empty() || member[0] == '_') continue;
            Ref value = type->attributes[member];
            const Node right = assignment.field("right");
            if (right.is("call") && lastPart(std::string(right.field("function").text())) == "auto") value = nextMember(*type, member, last);
            if (value.isInt()) value.value.toInt64(last);
            const auto same = std::find_if(detail.members.begin(), detail.members.end(), [&](const std::string& other) {
                return equal(type->attributes[other].box->attributes["value"], value).value_or(false);
            });
            if (same != detail.members.end()) { // another name of the member
                type->attributes[member] = type->attributes[*same];
                continue;
            }
            Box* made = make(Box::Kind::Instance, name + "." + member);
            made->type = type;
            made->attributes["name"] = Value::string(member);
            made->attributes["value"] = value;
            type->attributes[member] = made;
            detail.members.push_back(member);
        }
    }
    if (hasBase(detail, {"Flag", "IntFlag"})) // what `|` makes of them has no name
        for (auto& [attributeName, value] : type->attributes)
            if (attributeName[0] != '_' && !(value.box && value.box->kind == Box::Kind::Function)) value = opaqueText(name + "." + attributeName);
    bind(name, applyDecorators(type, others, frame), frame);
}

/// What `auto()` gives the next member of an enumeration.
Ref Interpreter::nextMember(const Box& type, const std::string& name, int64_t last) {
    if (type.attributes.count("_generate_next_value_")) return opaqueText("auto()");
    if (hasBase(*type.detail, {"StrEnum"})) {
        const bool isPlain = std::all_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x80; });
        return isPlain ? Ref(Value::string(toLower(name))) : opaqueText("auto()");
    }
    return hasBase(*type.detail, {"str"}) ? opaqueText("auto()") : Ref(Value::integer(last + 1));
}

void Interpreter::readFields(const Node& body, Box& type, Frame& frame) {
    ClassDetail& detail = *type.detail;
    bool keywordOnly = false;
    for (const Node& statement : body.namedChildren()) {
        if (statement.is("decorated_definition")) readChecks(statement, type, frame);
        const Node assignment =
            statement.is("expression_statement") ? statement.namedChild(0) : Node();
        if (!assignment.is("assignment") || !assignment.field("type")) continue;
        ClassField field;
        field.name = std::string(assignment.field("left").text());
        field.annotation = std::string(assignment.field("type").text());
        if (field.annotation.find("ClassVar") != std::string::npos || field.name == "model_config")
            continue;
        if (lastPart(field.annotation) == "KW_ONLY") {
            keywordOnly = true;
            continue;
        }
        field.keywordOnly = keywordOnly;
        const Node value = assignment.field("right");
        if (value) {
            const std::string callee =
                value.is("call") ? lastPart(std::string(value.field("function").text())) : "";
            if (callee == "field" || callee == "Field" || callee == "PrivateAttr") {
                for (const Node& argument : value.field("arguments").namedChildren()) {
                    const std::string_view key = argument.field("name").text();
                    const Node given = argument.field("value");
                    if (!argument.is("keyword_argument")) {
                        if (!argument.is("ellipsis"))
                            field.defaultValue = evaluate(argument, frame);
                    } else if (key == "default") {
                        if (!given.is("ellipsis")) field.defaultValue = evaluate(given, frame);
                    } else if (key == "default_factory") {
                        field.hasFactory = true;
                        field.factory = given;
                        field.factoryValue = evaluate(given, frame);
                    } else if (key == "init" && given.is("false")) {
                        field.noInit = true;
                    } else if (key == "kw_only" && given.is("true")) {
                        field.keywordOnly = true;
                    } else if (key == "alias") {
                        detail.checks.push_back({"*", "", false, false, false});
                    }
                }
            } else if (!value.is("ellipsis")) {
                field.defaultValue = type.attributes[field.name];
                // Its own from now on, whatever happens to the class.
                std::map<const Box*, Box*> seen;
                if (detail.style == Style::Pydantic) field.defaultValue = copyOf(*field.defaultValue, true, seen);
            }
            if (flow_ == Flow::Raise) flow_ = Flow::Normal;
        }
        detail.fields.push_back(std::move(field));
    }
}

Ref Interpreter::coerce(const std::string& annotation, Ref value, const Box& type,
                        const Node& node) {
    std::string wanted = annotation;
    const auto strip = [&](const std::string& prefix, const std::string& suffix) {
        if (wanted.size() > prefix.size() + suffix.size() &&
            wanted.compare(0, prefix.size(), prefix) == 0 &&
            wanted.compare(wanted.size() - suffix.size(), suffix.size(), suffix) == 0)
            wanted = wanted.substr(prefix.size(), wanted.size() - prefix.size() - suffix.size());
    };
    strip("typing.", "");
    strip("Optional[", "]");
    strip("", " | None");
    strip("None | ", "");
    if (value.isNone() || isOpaque(value)) return value;
    touch(value);
    const bool isInt = !value.box && value.value.kind() == Value::Kind::Int;
    const bool isStr = value.isStr();
    if (wanted == "float" && isInt) return Value::floating(value.value.toDouble());
    if ((wanted == "int" || wanted == "float") && isStr) {
        Arguments one;
        one.positional.push_back(value);
        return callBuiltin("builtins." + wanted, one, node);
    }
    if (wanted == "int" && !value.box && value.value.kind() == Value::Kind::Float) {
        Arguments one;
        one.positional.push_back(value);
        return callBuiltin("builtins.int", one, node);
    }
    if (lastPart(wanted) == "UUID" && isStr) {
        Arguments one;
        one.positional.push_back(value);
        return callLibrary("uuid.UUID", one, node);
    }
    if (lastPart(wanted) == "Decimal" && (isInt || isStr))
        return Value::scalar(Value::Kind::Decimal, value.value.text());
    if (lastPart(wanted) == "Decimal" && !value.box && value.value.kind() == Value::Kind::Float)
        return Value::scalar(Value::Kind::Decimal, value.value.text());
    if ((lastPart(wanted) == "datetime" || lastPart(wanted) == "date") && isStr) {
        const auto moment = parseIso(value.value.text());
        if (!moment) return opaque(node);
        return lastPart(wanted) == "date"
                   ? Value::scalar(Value::Kind::Date, isoDate(*moment))
                   : Value::scalar(Value::Kind::DateTime, isoDateTime(*moment));
    }
    if (wanted == "HttpUrl" || wanted == "AnyUrl" || wanted == "SecretStr") return opaque(node);
    Ref* named = type.module ? lookUp(wanted, *type.module->frame) : nullptr;
    if (named && named->box && named->box->kind == Box::Kind::Class) {
        Box& inner = *named->box;
        if (inner.detail->style == Style::Enum && !value.box) {
            for (const std::string& member : inner.detail->members) {
                const Ref& candidate = inner.attributes[member];
                if (equal(candidate.box->attributes["value"], value).value_or(false))
                    return candidate;
            }
        }
        if (inner.detail->style == Style::Pydantic && value.box &&
            value.box->kind == Box::Kind::Dict) {
            Arguments fields;
            for (const Box::Entry& entry : value.box->entries)
                if (!entry.dead && entry.key.isStr())
                    fields.keywords.emplace_back(entry.key.value.text(), entry.value);
            return instantiate(inner, fields, node);
        }
    }
    if ((wanted.compare(0, 5, "list[") == 0 || wanted.compare(0, 5, "List[") == 0) && value.box &&
        (value.box->kind == Box::Kind::List || value.box->kind == Box::Kind::Tuple)) {
        std::vector<Ref> items;
        const std::string inner = wanted.substr(5, wanted.size() - 6);
        for (const Ref& item : value.box->items)
            items.push_back(coerce(inner, item, type, node));
        return makeList(std::move(items));
    }
    return value;
}

bool Interpreter::fillFields(Box& instance, Arguments& arguments, const Node& node) {
    std::vector<ClassField> fields;
    fieldsOf(*instance.type, fields);
    const Style style = instance.type->detail->style;
    size_t next = 0;
    std::set<std::string> known;
    for (const ClassField& field : fields) {
        known.insert(field.name);
        const bool byPosition = style != Style::Pydantic && !field.keywordOnly && !field.noInit;
        Ref value;
        if (byPosition && next < arguments.positional.size()) {
            value = arguments.positional[next++];
        } else if (const Ref* given = field.noInit ? nullptr : arguments.keyword(field.name)) {
            value = *given;
        } else if (field.hasFactory) {
            Arguments none;
            value = call(field.factoryValue, none, node);
            if (failed()) return false;
            // What the call of a library will give is told by the name of the factory.
            if (isOpaque(value) && value.box->name == node.text().substr(0, 201)) value = opaqueText(std::string(field.factory.text()) + "()");
            instance.assign(Value::string(field.name), Ref());
            instance.attributes[field.name] = value;
            continue;
        } else if (field.defaultValue) {
            value = *field.defaultValue;
            if (style == Style::Pydantic) { // defaults are copied, and not validated
                std::map<const Box*, Box*> seen;
                value = copyOf(value, true, seen);
            }
            instance.assign(Value::string(field.name), Ref());
            instance.attributes[field.name] = value;
            continue;
        } else if (field.noInit ||
                   (style == Style::Pydantic && field.annotation.find("Optional") == 0)) {
            continue;
        } else {
            return false;
        }
        if (style == Style::Pydantic) value = validated(*instance.type, field.name, field.annotation, value, node);
        if (failed()) return false;
        instance.assign(Value::string(field.name), Ref());
        instance.attributes[field.name] = value;
    }
    if (style != Style::Pydantic && next < arguments.positional.size()) return false;
    if (style != Style::Pydantic)
        for (const auto& [name, value] : arguments.keywords)
            if (!known.count(name)) return false;
    return true;
}

Box* Interpreter::newObject(Box& type) {
    Box* instance = make(Box::Kind::Instance, type.name);
    instance->type = &type;
    return instance;
}

Ref Interpreter::instantiate(Box& type, Arguments& arguments, const Node& node) {
    const Style style = type.detail->style;
    if (style == Style::Enum) {
        if (arguments.positional.size() != 1) return opaque(node);
        for (const std::string& member : type.detail->members) {
            const Ref& candidate = type.attributes[member];
            if (equal(candidate.box->attributes["value"], arguments.positional[0]).value_or(false))
                return candidate;
        }
        return isOpaque(arguments.positional[0]) ? opaque(node) : raise("ValueError");
    }
    if (style == Style::TypedDict) {
        Box* made = make(Box::Kind::Dict);
        for (const Ref& given : arguments.positional)
            if (given.box && given.box->kind == Box::Kind::Dict)
                for (const Box::Entry& entry : given.box->entries)
                    if (!entry.dead) made->assign(entry.key, entry.value);
        for (const auto& [name, value] : arguments.keywords)
            made->assign(Value::string(name), value);
        return made;
    }
    Ref self;
    const Ref* maker = classAttribute(type, "__new__");
    const bool makesItself = maker && maker->box && maker->box->kind == Box::Kind::Function;
    if (makesItself) {
        Arguments given = arguments;
        const Ref ownClass(&type);
        self = callFunction(*maker->box, given, &ownClass, node);
        if (failed()) return {};
        if (!self.box || self.box->kind != Box::Kind::Instance || !derives(self.box->type, &type)) return self;
    } else {
        self = newObject(type);
    }
    Box* instance = self.box;
    const Box* owner = nullptr;
    const Ref* init = classAttribute(type, "__init__", &owner);
    if (init && init->box && init->box->kind == Box::Kind::Function) {
        callFunction(*init->box, arguments, &self, node);
        return failed() ? Ref() : self;
    }
    if (style == Style::Plain) {
        for (const std::string& base : type.detail->externalBases)
            if (lastPart(base) != "object" && lastPart(base) != "ABC" &&
                lastPart(base) != "Generic" && lastPart(base) != "Protocol")
                return callUnknown(Ref(&type), arguments, node);
        // Whoever has a `__new__` may leave its arguments to it.
        const bool given = !arguments.positional.empty() || !arguments.keywords.empty();
        return given && !makesItself ? raise("TypeError") : self;
    }
    if (!fillFields(*instance, arguments, node)) return failed() ? Ref() : raise("TypeError");
    if (const Ref* post = classAttribute(type, "__post_init__"); post && post->box) {
        Arguments none;
        callFunction(*post->box, none, &self, node);
        if (failed()) return {};
    }
    if (style == Style::Pydantic) checkModel(self, node);
    if (failed()) return {};
    if (classAttribute(type, "model_post_init")) taint(self, "model_post_init changes it");
    return self;
}

} // namespace covet::syntax::eval
