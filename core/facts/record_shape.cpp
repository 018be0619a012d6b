#include "facts/record_shape.h"

#include <algorithm>
#include <map>

#include "facts/class_uses.h"
#include "facts/none_values.h"
#include "facts/object_class.h"
#include "facts/passed_values.h"
#include "facts/record_merge.h"
#include "facts/reference_context.h"
#include "facts/request_value.h"
#include "facts/store_finder.h"
#include "semantic/module_index.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

constexpr int kMaxSteps = 6;
/// Expressions that one question may look at: callers of callers multiply.
constexpr int kMaxExpressions = 100;

std::string evidenceAt(const semantic::Module& module, const Node& node, const char* what) {
    return module.path() + ":" + std::to_string(node.line()) + " " + what;
}

std::string stringKey(const Node& node) {
    if (!node.is("string")) return "";
    for (const Node& part : node.namedChildren())
        if (part.is("string_content")) return std::string(part.text());
    return "";
}

/// One walk through the code with a step limit, so that recursion in the program ends here.
class ShapeReader {
public:
    ShapeReader(const semantic::Project& project, const FoundStore& store)
        : project_(project), store_(store.made.isNull() ? nullptr : &store) {}

    RecordShape shape(const semantic::Module& module, const Node& node, int steps) {
        RecordShape result;
        if (node.isNull() || steps <= 0 || ++expressions_ > kMaxExpressions) return result;
        if (node.is("parenthesized_expression") || node.is("await"))
            return shape(module, node.namedChild(0), steps);
        if (node.is("dictionary")) return ofDictionary(module, node, steps);
        if (node.is("call")) return ofCall(module, node, steps);
        if (node.is("identifier")) return ofName(module, node, steps);
        if (node.is("list") || node.is("list_comprehension") || node.is("tuple") || node.is("set")) {
            result.element = Element::Sequence;
            return result;
        }
        if (node.is("boolean_operator")) return shape(module, node.field("left"), steps);
        if (node.is("conditional_expression")) {
            result = shape(module, node.namedChild(0), steps);
            result.merge(shape(module, node.namedChild(2), steps));
            return result;
        }
        if (node.is("named_expression")) return shape(module, node.field("value"), steps);
        if (node.is("dictionary_comprehension")) {
            result.element = Element::Record;
            result.open = true;
            return result;
        }
        std::string type = typeOfExpression(project_, module, node);
        if (type.empty() && node.is("binary_operator")) return ofArithmetic(module, node);
        if (!type.empty()) {
            result.element = Element::Scalar;
            result.scalarType = type;
            return result;
        }
        // A part of a body can be anything; only the body as a whole is a record for sure.
        const bool isPart = node.is("subscript") && looksLikeBody(node.field("value"));
        if (!isPart && looksLikeBody(node)) {
            result.element = Element::Record;
            result.open = true;
        }
        return result;
    }

private:
    static bool looksLikeBody(const Node& node) {
        std::string text = toLower(node.text());
        return text.find("json") != std::string::npos || text.find("body") != std::string::npos ||
               text.find("payload") != std::string::npos;
    }

    /// Numbers: `counts.get(key, 0) + 1`.
    RecordShape ofArithmetic(const semantic::Module& module, const Node& node) {
        auto typeOf = [&](const Node& side) {
            std::string type = typeOfExpression(project_, module, side);
            Node callee = side.field("function");
            const bool looksUp = type.empty() && callee.is("attribute") && callee.field("attribute").text() == "get" &&
                                 side.field("arguments").namedChildCount() == 2 && !isRequestValue(project_, module, side);
            return looksUp ? typeOfExpression(project_, module, side.field("arguments").namedChild(1)) : type;
        };
        const std::string left = typeOf(node.field("left")), right = typeOf(node.field("right"));
        auto isNumber = [](const std::string& type) { return type == "int" || type == "float"; };
        RecordShape result;
        if (!isNumber(left) && !isNumber(right)) return result;
        result.element = Element::Scalar;
        const bool whole = left == "int" && right == "int" && node.field("operator").text() != "/";
        if (isNumber(left) && isNumber(right)) result.scalarType = whole ? "int" : "float";
        return result;
    }

    RecordShape ofDictionary(const semantic::Module& module, const Node& node, int steps) {
        RecordShape result;
        result.element = Element::Record;
        for (const Node& entry : node.namedChildren()) {
            if (entry.is("dictionary_splat")) {
                RecordShape inner = shape(module, entry.namedChild(0), steps - 1);
                if (inner.element == Element::Unknown || inner.fields.empty()) result.open = true;
                inner.element = Element::Record;
                inner.elementClass.clear();
                inner.mixedClasses = false;
                addFields(result, inner);
                continue;
            }
            std::string key = stringKey(entry.field("key"));
            if (key.empty()) {
                result.open = true;
                continue;
            }
            addField(result, module, key, entry.field("value"), "dict literal");
        }
        return result;
    }

    void addField(RecordShape& result, const semantic::Module& module, const std::string& name,
                  const Node& value, const char* what) {
        std::string type = typeOfExpression(project_, module, value);
        if (type.empty() && isRequestValue(project_, module, value)) type = "json";
        const bool nullable = mayBeNone(project_, module, value);
        FieldFact* known = fieldNamed(result.fields, name);
        if (!known) {
            FieldFact field;
            field.name = name;
            field.type = type == "None" ? "" : type;
            field.nullable = nullable;
            field.evidence = evidenceAt(module, value, what);
            result.fields.push_back(std::move(field));
        } else {
            mergeType(*known, type);
            known->nullable = known->nullable || nullable;
        }
    }

    static void addFields(RecordShape& result, const RecordShape& inner) {
        result.open = result.open || inner.open;
        for (const FieldFact& field : inner.fields)
            if (FieldFact* known = fieldNamed(result.fields, field.name)) *known = field;
            else result.fields.push_back(field);
    }

    RecordShape ofClass(const semantic::Symbol& symbol, bool asRecord) {
        RecordShape result;
        result.element = asRecord ? Element::Record : Element::Instance;
        if (!asRecord) result.elementClass = symbol.module->name + ":" + symbol.name;
        result.fields = fieldsOfClass(project_, *symbol.module, symbol.name);
        return result;
    }

    RecordShape ofCall(const semantic::Module& module, const Node& node, int steps) {
        RecordShape result;
        Node callee = node.field("function");
        const semantic::Symbol& symbol = project_.resolve(module, callee);
        if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module) {
            const bool asRecord = isTypedDict(symbol);
            RecordShape made = ofClass(symbol, asRecord);
            if (asRecord) keepGiven(made.fields, node.field("arguments"));
            return made;
        }
        if (symbol.kind == semantic::Symbol::Kind::Function && symbol.module)
            return ofReturns(*symbol.module, symbol.name, steps - 1);
        std::string_view text = callee.text();
        if (text == "dict") {
            result.element = Element::Record;
            for (const Node& argument : node.field("arguments").namedChildren()) {
                if (argument.is("keyword_argument"))
                    addField(result, module, std::string(argument.field("name").text()),
                             argument.field("value"), "dict()");
                else
                    addFields(result, shape(module, argument.is("dictionary_splat") ? argument.namedChild(0) : argument,
                                            steps - 1));
            }
            return result;
        }
        std::string_view method = callee.is("attribute") ? callee.field("attribute").text() : text;
        if (method == "dict" || method == "model_dump" || method == "asdict" || method == "vars" ||
            method == "jsonable_encoder" || method == "to_dict") {
            Node source = callee.is("attribute") ? callee.field("object") : node.field("arguments").namedChild(0);
            if (callee.is("attribute") && (method == "asdict")) source = node.field("arguments").namedChild(0);
            RecordShape inner = shape(module, source, steps - 1);
            inner.element = Element::Record;
            inner.elementClass.clear();
            inner.mixedClasses = false;
            if (inner.fields.empty()) inner.open = true;
            applyDumpOptions(inner.fields, node.field("arguments"), method == "jsonable_encoder");
            return inner;
        }
        if (method == "copy" || method == "deepcopy" || method == "model_copy") {
            bool plain = callee.is("attribute") && node.field("arguments").namedChildCount() == 0;
            Node source = plain || method == "model_copy" ? callee.field("object")
                                                          : node.field("arguments").namedChild(0);
            return shape(module, source, steps - 1);
        }
        if (method == "get_json" || method == "json" || method == "loads" || method == "load") {
            result.element = Element::Record;
            result.open = true;
            return result;
        }
        if (callee.is("attribute")) {
            std::string owner = ownerClass(project_, module, callee.field("object"));
            // `self.build(data)` is the method of the class that the object is of.
            if (store_ && callee.field("object").text() == "self" && derives(store_->madeClass, owner)) owner = store_->madeClass;
            const auto [home, name] = methodOf(owner, std::string(method));
            if (home) return ofReturns(*home, name, steps - 1);
        }
        std::string type = typeOfExpression(project_, module, node);
        if (type == "list" || type == "set" || type == "tuple") result.element = Element::Sequence;
        else if (type == "dict") result.element = Element::Record, result.open = true;
        else if (!type.empty()) result.element = Element::Scalar, result.scalarType = type;
        return result;
    }

    bool derives(const std::string& classId, const std::string& baseId) const {
        const semantic::Module* module = project_.module(classId.substr(0, classId.find(':')));
        return module && !baseId.empty() && derivesFrom(project_, *module, classId.substr(classId.find(':') + 1), baseId);
    }

    /// The method of a class or of the nearest base that has it.
    std::pair<const semantic::Module*, std::string> methodOf(const std::string& classId, const std::string& method) const {
        const semantic::Module* module = project_.module(classId.substr(0, classId.find(':')));
        std::string name = classId.find(':') == std::string::npos ? "" : classId.substr(classId.find(':') + 1);
        for (int step = 0; module && step < kMaxSteps; ++step) {
            if (module->function(name + "." + method)) return {module, name + "." + method};
            const semantic::Class* owner = module->classNamed(name);
            if (!owner || owner->bases.empty()) break;
            const semantic::Symbol base = project_.resolveGlobal(*module, owner->bases[0].substr(0, owner->bases[0].find('[')));
            if (base.kind != semantic::Symbol::Kind::Class) break;
            module = base.module;
            name = base.name;
        }
        return {};
    }

    /// Whether a call gives the argument to another object than the one that has the store.
    bool isForAnother(const semantic::Module& module, const Node& argument) const {
        Node list = argument.parent();
        if (list.is("keyword_argument")) list = list.parent();
        const Node callee = list.parent().field("function");
        if (!store_ || !callee.is("attribute")) return false;
        const Node object = callee.field("object");
        if (object.text() == "self") return !derives(store_->madeClass, ownerClass(project_, module, object));
        const GivenValue given = givenValue(project_, module, object);
        if (!given.module || !given.value.is("call")) return false;
        const std::string other = ownerClass(project_, *given.module, given.value);
        return derives(other, store_->classId) && !(given.value == store_->made);
    }

    RecordShape ofReturns(const semantic::Module& module, const std::string& qualified, int steps) {
        RecordShape result;
        const semantic::Function* function = module.function(qualified);
        if (!function || steps <= 0) return result;
        bool first = true;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("function_definition") || node.is("lambda")) return false;
            if (node.is("return_statement") && node.namedChildCount() > 0 && !node.namedChild(0).is("none")) {
                RecordShape one = shape(module, node.namedChild(0), steps);
                if (first) result = one;
                else result.merge(one);
                first = false;
            }
            return true;
        });
        return result;
    }

    RecordShape ofName(const semantic::Module& module, const Node& node, int steps) {
        const semantic::Symbol& symbol = project_.resolve(module, node);
        if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module) {
            auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned == symbol.module->assignments.end()) return {};
            return shape(*symbol.module, assigned->second.front().namedChild(0).field("right"), steps - 1);
        }
        const semantic::Function* function = module.enclosingFunction(node);
        if (symbol.kind != semantic::Symbol::Kind::Local || !function) return {};
        std::string name(node.text());
        RecordShape result;
        bool first = true;
        auto take = [&](const RecordShape& one) {
            if (first) result = one;
            else result.merge(one);
            first = false;
        };
        syntax::walk(function->node.field("body"), [&](const Node& inner) {
            if (inner.is("function_definition") || inner.is("lambda") || expressions_ > kMaxExpressions)
                return false;
            if (inner.is("assignment") && inner.field("left").text() == name && inner.field("right"))
                take(shape(module, inner.field("right"), steps - 1));
            if (inner.is("named_expression") && inner.field("name").text() == name)
                take(shape(module, inner.field("value"), steps - 1));
            return true;
        });
        if (first) take(ofParameter(module, *function, name, steps));
        if (result.element == Element::Record) addLaterKeys(module, *function, name, result, steps);
        return result;
    }

    /// `x["f"] = v` and `x.update({...})` on a local record add fields that some records may lack.
    void addLaterKeys(const semantic::Module& module, const semantic::Function& function,
                      const std::string& name, RecordShape& result, int steps) {
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.field("left").is("subscript") &&
                node.field("left").field("value").text() == name) {
                std::string key = stringKey(node.field("left").field("subscript"));
                if (key.empty()) result.open = true;
                else addField(result, module, key, node.field("right"), "key assignment");
            }
            if (node.is("call") && node.field("function").text() == name + ".update") {
                RecordShape more = shape(module, node.field("arguments").namedChild(0), steps - 1);
                if (more.fields.empty()) result.open = true;
                addFields(result, more);
            }
            return true;
        });
    }

    RecordShape ofParameter(const semantic::Module& module, const semantic::Function& function,
                            const std::string& name, int steps) {
        for (const Node& parameter : function.node.field("parameters").namedChildren()) {
            if (semantic::parameterName(parameter) != name) continue;
            RecordShape annotated = ofAnnotation(module, parameter.field("type"));
            return annotated.element != Element::Unknown ? annotated : ofArguments(module, function, name, steps - 1);
        }
        return {};
    }

    RecordShape ofAnnotation(const semantic::Module& module, const Node& type) {
        RecordShape result;
        if (type.isNull()) return result;
        Node inner = type.namedChild(0);
        if (inner.is("generic_type") && inner.namedChildCount() > 1)
            inner = inner.namedChild(1).namedChild(0).namedChild(0);
        const semantic::Symbol& symbol = project_.resolve(module, inner);
        if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module)
            return ofClass(symbol, isTypedDict(symbol));
        std::string_view text = type.text();
        static constexpr Words kScalars = {"int", "str", "float", "bool", "UUID", "datetime"};
        if (kScalars.count(text)) {
            result.element = Element::Scalar;
            result.scalarType = text == "UUID" ? "uuid" : std::string(text);
        } else if (startsWith(toLower(text), "dict")) {
            result.element = Element::Record;
            result.open = true;
        }
        return result;
    }

    static bool isTypedDict(const semantic::Symbol& symbol) {
        const semantic::Class* found = symbol.module->classNamed(symbol.name);
        return found && std::any_of(found->bases.begin(), found->bases.end(),
                                    [](const auto& base) { return endsWith(base, "TypedDict"); });
    }

    RecordShape ofArguments(const semantic::Module& home, const semantic::Function& function,
                            const std::string& name, int steps) {
        RecordShape result;
        if (steps <= 0) return result;
        bool first = true;
        for (const PassedValue& passed : valuesPassedTo(project_, home, function, name)) {
            if (isForAnother(*passed.module, passed.value)) continue;
            RecordShape one = shape(*passed.module, passed.value, steps);
            if (first) result = one;
            else result.merge(one);
            first = false;
        }
        return result;
    }

    const semantic::Project& project_;
    const FoundStore* store_; // of one of several objects of a class; nullptr for others
    int expressions_ = 0;
};

} // namespace

RecordShape shapeOfStored(const semantic::Project& project, const FoundStore& store, const semantic::Module& module,
                          const Node& expression) {
    return ShapeReader(project, store).shape(module, expression, kMaxSteps);
}

} // namespace covet::facts
