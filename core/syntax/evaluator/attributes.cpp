#include <algorithm>

#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {

Ref Interpreter::attribute(const Ref& object, const std::string& name, const Node& node) {
    if (!object.box) {
        if (const auto part = temporalAttribute(object.value, name)) return *part;
        Box* bound = make(Box::Kind::Bound, name);
        bound->self = object;
        return bound;
    }
    Box& box = *object.box;
    switch (box.kind) {
    case Box::Kind::Module: {
        auto found = box.module->frame->variables.find(name);
        if (found != box.module->frame->variables.end()) return found->second;
        if (const SourceModule* inner = host_.module(box.name + "." + name))
            return load(*inner)->box;
        return opaque(node);
    }
    case Box::Kind::External: {
        if (box.name == "super") {
            for (Box* base : box.type->detail->bases) {
                const Ref* found = classAttribute(*base, name);
                if (!found || !found->box || found->box->kind != Box::Kind::Function) continue;
                Box* bound = make(Box::Kind::Bound, name);
                bound->self = box.self;
                bound->function = found->box;
                return bound;
            }
            return external("super." + name);
        }
        if (name == "__name__" && box.name.compare(0, 9, "builtins.") == 0)
            return Value::string(box.name.substr(9));
        return external(box.name + "." + name);
    }
    case Box::Kind::Opaque: {
        auto found = box.attributes.find(name);
        if (found != box.attributes.end()) return found->second;
        Ref child = opaqueText(box.name.substr(0, 120) + "." + name);
        child.box->self = object; // what it was given belongs to the whole
        child.box->isApplication = box.isApplication;
        child.box->isUnique = box.isUnique && name == "hex";
        box.attributes[name] = child;
        return child;
    }
    case Box::Kind::Instance: {
        if (!box.taint.empty()) return opaque(node);
        auto found = box.attributes.find(name);
        if (found != box.attributes.end()) return found->second;
        const Ref* member = box.type ? classAttribute(*box.type, name) : nullptr;
        if (!member) break;
        if (!member->box || member->box->kind != Box::Kind::Function) return *member;
        Box& function = *member->box;
        if (function.taint == "builtins.staticmethod") return *member;
        if (function.taint == "builtins.property" ||
            function.taint == "functools.cached_property") {
            Arguments none;
            return callFunction(function, none, &object, node);
        }
        Box* bound = make(Box::Kind::Bound, name);
        bound->self = function.taint == "builtins.classmethod" ? Ref(box.type) : object;
        bound->function = &function;
        return bound;
    }
    case Box::Kind::Class: {
        if (name == "__name__") return Value::string(box.name);
        const Ref* member = classAttribute(box, name);
        if (!member) break;
        if (member->box && member->box->kind == Box::Kind::Function &&
            member->box->taint == "builtins.classmethod") {
            Box* bound = make(Box::Kind::Bound, name);
            bound->self = object;
            bound->function = member->box;
            return bound;
        }
        return *member;
    }
    case Box::Kind::Path:
        if (name == "parent") {
            const size_t cut = box.name.rfind('/');
            return make(Box::Kind::Path, cut == std::string::npos ? "" : box.name.substr(0, cut));
        }
        if (name == "name") return Value::string(box.name.substr(box.name.rfind('/') + 1));
        break;
    default:
        break;
    }
    Box* bound = make(Box::Kind::Bound, name);
    bound->self = object;
    return bound;
}

void Interpreter::setAttribute(const Ref& object, const std::string& name, Ref value) {
    if (!object.box) return;
    Box& box = *object.box;
    if (box.kind == Box::Kind::Module) {
        box.module->frame->variables[name] = std::move(value);
        return;
    }
    if (box.kind == Box::Kind::Instance && !box.attributes.count(name))
        box.assign(Value::string(name), Ref());
    if (box.kind == Box::Kind::Opaque) {
        taint(object, "`" + name + "` of an unknown element is set");
        box.items.push_back(value);
    }
    box.attributes[name] = std::move(value);
}

} // namespace covet::syntax::eval
