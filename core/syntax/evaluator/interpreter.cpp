#include "syntax/evaluator/interpreter.h"

#include <algorithm>

namespace covet::syntax::eval {

const Ref* Arguments::keyword(std::string_view name) const {
    for (const auto& [key, value] : keywords)
        if (key == name) return &value;
    return nullptr;
}

const Ref* Arguments::get(size_t position, std::string_view name) const {
    if (position < positional.size()) return &positional[position];
    return keyword(name);
}

Interpreter::Interpreter(EvaluationHost& host, const EvaluationLimits& limits)
    : host_(host), limits_(limits) {}

Box* Interpreter::make(Box::Kind kind, std::string name) {
    boxes_.emplace_back();
    Box& box = boxes_.back();
    box.kind = kind;
    box.name = std::move(name);
    return &box;
}

Frame* Interpreter::makeFrame(Frame* parent, ModuleRecord* module) {
    frames_.emplace_back();
    frames_.back().parent = parent;
    frames_.back().module = module;
    return &frames_.back();
}

Ref Interpreter::opaqueText(std::string source) {
    if (source.size() > 200) source = source.substr(0, 200) + "...";
    return make(Box::Kind::Opaque, std::move(source));
}

Ref Interpreter::opaque(const Node& node) {
    return opaqueText(std::string(node.text().substr(0, 201)));
}

Ref Interpreter::opaquePart(const Ref& whole, const Node& node) {
    Ref part = opaque(node);
    part.box->self = whole;
    return part;
}

Ref Interpreter::uniquePart(const Ref& whole, const std::string& name, const Node& node) {
    Ref& part = whole.box->attributes[name];
    if (!part.box) {
        part = opaque(node);
        part.box->isUnique = true;
    }
    return part;
}

Ref Interpreter::makeList(std::vector<Ref> items, Box::Kind kind) {
    Box* box = make(kind);
    box->items = std::move(items);
    return box;
}

Ref Interpreter::makeView(std::vector<Ref> items, const char* what) {
    const Ref view = makeList(std::move(items), Box::Kind::Tuple);
    view.box->name = what;
    return view;
}

Ref Interpreter::external(std::string dotted) {
    if (const auto constant = libraryConstant(dotted)) return *constant;
    return make(Box::Kind::External, std::move(dotted));
}

Ref Interpreter::fromValue(const Value& value) {
    switch (value.kind()) {
    case Value::Kind::List:
    case Value::Kind::Tuple: {
        std::vector<Ref> items;
        for (const Value& item : value.items())
            items.push_back(fromValue(item));
        return makeList(std::move(items),
                        value.kind() == Value::Kind::List ? Box::Kind::List : Box::Kind::Tuple);
    }
    case Value::Kind::Set: {
        Box* box = make(Box::Kind::Set);
        for (const Value& item : value.items())
            box->assign(fromValue(item), Ref());
        return box;
    }
    case Value::Kind::Dict: {
        Box* box = make(Box::Kind::Dict);
        for (const auto& [key, entry] : value.entries())
            box->assign(fromValue(key), fromValue(entry));
        return box;
    }
    case Value::Kind::Opaque:
    case Value::Kind::Object:
        return opaqueText(value.text());
    default:
        return value;
    }
}

Ref Interpreter::raise(std::string type, std::string message) {
    flow_ = Flow::Raise;
    raisedType_ = std::move(type);
    raised_ = Ref(Value::string(std::move(message)));
    return {};
}

void Interpreter::resetFlow() {
    flow_ = Flow::Normal;
}

bool Interpreter::step(const Node& node) {
    (void)node;
    if (++steps_ <= limits_.steps) return true;
    flow_ = Flow::Stuck;
    stuck_ = "too many steps";
    return false;
}

std::string Interpreter::where(const Node& node, const Frame& frame) const {
    return frame.module->source->path + ":" + std::to_string(node.line());
}

ModuleRecord* Interpreter::load(const SourceModule& source) {
    auto known = modules_.find(source.name);
    if (known != modules_.end()) return known->second;
    records_.emplace_back();
    ModuleRecord* record = &records_.back();
    modules_[source.name] = record;
    record->source = &source;
    record->frame = makeFrame(nullptr, record);
    record->box = make(Box::Kind::Module, source.name);
    record->box->module = record;
    record->frame->variables["__name__"] = Value::string(source.name);
    record->frame->variables["__file__"] = Value::string(source.path);
    record->running = true;
    if (source.tree) runToTheEnd(source.tree->root(), *record->frame);
    record->running = false;
    return record;
}

void Interpreter::runFunction(ModuleRecord& module, const Node& function) {
    Frame* frame = makeFrame(nullptr, &module);
    frame->function = function;
    runToTheEnd(function.field("body"), *frame);
}

void Interpreter::runStatements(ModuleRecord& module, const Node& function, const std::vector<Node>& statements) {
    Frame* frame = makeFrame(nullptr, &module);
    frame->function = function;
    for (const Node& parameter : function.field("parameters").namedChildren()) {
        const Node name = parameter.is("typed_parameter") ? parameter.namedChild(0) : parameter;
        Ref application = opaqueText(std::string(name.text()));
        application.box->isApplication = true;
        frame->variables[std::string(name.text())] = application;
    }
    runToTheEnd(statements, *frame);
}

void Interpreter::runToTheEnd(const Node& block, Frame& frame) { runToTheEnd(block.namedChildren(), frame); }

void Interpreter::runToTheEnd(const std::vector<Node>& statements, Frame& frame) {
    const Flow outer = flow_;
    flow_ = Flow::Normal;
    for (const Node& statement : statements) {
        const Flow flow = run(statement, frame);
        if (flow == Flow::Normal) continue;
        if (flow == Flow::Return) break;
        // The program goes on past here, so what this statement did cannot be known.
        const std::string reason =
            flow == Flow::Raise ? "an error that static reading runs into" : stuck_;
        flow_ = Flow::Normal;
        distrust(statement, frame, reason + " (" + where(statement, frame) + ")");
    }
    flow_ = outer;
}

bool Interpreter::iterate(const Ref& ref, std::vector<Ref>& out, bool anyOrder) {
    if (!ref.box) {
        if (ref.value.kind() == Value::Kind::Bytes) {
            for (const char c : ref.value.text())
                out.push_back(Value::integer(static_cast<unsigned char>(c)));
            return true;
        }
        if (!ref.isStr()) return false;
        const std::string& text = ref.value.text();
        for (size_t i = 0; i < text.size();) {
            const size_t start = i;
            nextCodePoint(text, i);
            out.push_back(Value::string(text.substr(start, i - start)));
        }
        return true;
    }
    if (ref.box->deferred && ref.box->kind == Box::Kind::Dict) { // its keys need no values
        ElementReader reader(*ref.box->deferred);
        while (reader.next())
            out.push_back(fromValue(*reader.key()));
        return true;
    }
    touch(ref);
    Box& box = *ref.box;
    if (!box.taint.empty()) return false;
    switch (box.kind) {
    case Box::Kind::List:
    case Box::Kind::Tuple:
        out.insert(out.end(), box.items.begin(), box.items.end());
        return true;
    case Box::Kind::Iterator:
        if (!start(box) || box.name == "count" || box.name == "cycle" || box.name == "(endless)") return false;
        out.insert(out.end(), box.items.begin(), box.items.end());
        box.items.clear();
        return true;
    case Box::Kind::Set:
        if (!anyOrder && box.live > 1) return false; // the order depends on hashing
        [[fallthrough]];
    case Box::Kind::Dict:
        for (const Box::Entry& entry : box.entries)
            if (!entry.dead) out.push_back(entry.key);
        return true;
    case Box::Kind::Class:
        if (!box.detail || box.detail->style != ClassDetail::Style::Enum) return false;
        for (const std::string& member : box.detail->members)
            out.push_back(box.attributes[member]);
        return true;
    case Box::Kind::Instance:
        if (!box.type || box.type->detail->style != ClassDetail::Style::NamedTuple) return false;
        for (const Box::Entry& entry : box.entries)
            out.push_back(box.attributes[entry.key.value.text()]);
        return true;
    default:
        return false;
    }
}

Ref* Interpreter::lookUp(std::string_view name, Frame& frame) {
    const std::string key(name);
    const bool isGlobal =
        std::find(frame.globals.begin(), frame.globals.end(), key) != frame.globals.end();
    if (!isGlobal) {
        for (Frame* at = &frame; at; at = at->parent) {
            if (at != &frame && at->isClass) continue;
            auto found = at->variables.find(key);
            if (found != at->variables.end()) return &found->second;
        }
    }
    auto found = frame.module->frame->variables.find(key);
    return found == frame.module->frame->variables.end() ? nullptr : &found->second;
}

void Interpreter::bind(const std::string& name, Ref value, Frame& frame) {
    if (std::find(frame.globals.begin(), frame.globals.end(), name) != frame.globals.end()) {
        frame.module->frame->variables[name] = std::move(value);
        return;
    }
    if (std::find(frame.nonlocals.begin(), frame.nonlocals.end(), name) != frame.nonlocals.end()) {
        for (Frame* at = frame.parent; at; at = at->parent) {
            auto found = at->variables.find(name);
            if (found != at->variables.end()) {
                found->second = std::move(value);
                return;
            }
        }
    }
    frame.variables[name] = std::move(value);
}

void Interpreter::taint(const Ref& ref, const std::string& reason) {
    if (!ref.box || ref.box->isApplication || !tainting_.insert(ref.box).second) return;
    Box& box = *ref.box;
    box.deferred.reset(); // nobody will read it
    if (box.isContainer() || box.kind == Box::Kind::Instance || box.kind == Box::Kind::Iterator) {
        // An immutable tuple keeps its items; they may change.
        if (box.kind != Box::Kind::Tuple && !box.frozen && box.taint.empty()) box.taint = reason;
    }
    if (box.kind == Box::Kind::External || box.kind == Box::Kind::Function) {
        tainting_.erase(&box);
        return;
    }
    for (const Ref& element : box.items)
        taint(element, reason);
    for (const Box::Entry& entry : box.entries)
        taint(entry.value, reason);
    for (const auto& [name, value] : box.attributes)
        taint(value, reason);
    if (box.kind == Box::Kind::Bound || box.kind == Box::Kind::Opaque) taint(box.self, reason);
    if (box.kind == Box::Kind::Module && box.module)
        for (auto& [name, value] : box.module->frame->variables)
            if (value.box && (value.box->isContainer() || value.box->kind == Box::Kind::Instance))
                taint(value, reason);
    tainting_.erase(&box);
}

void Interpreter::distrust(const Node& node, Frame& frame, const std::string& reason) {
    walk(node, [&](const Node& part) {
        distrustPart(part, frame, reason);
        return true;
    });
}

void Interpreter::distrustPart(const Node& part, Frame& frame, const std::string& reason) {
    const syntax::NodeType type = part.type();
    if (type == "assignment" || type == "augmented_assignment" || type == "for_statement") {
        walk(part.field("left"), [&](const Node& target) {
            if (target.is("attribute") || target.is("subscript")) {
                if (Ref* base = lookUp(target.namedChild(0).text(), frame)) taint(*base, reason);
                return false;
            }
            if (target.is("identifier")) {
                if (Ref* old = lookUp(target.text(), frame)) taint(*old, reason);
                bind(std::string(target.text()), opaqueText(reason), frame);
            }
            return true;
        });
        return;
    }
    if (type == "import_from_statement" || type == "import_statement") {
        const Flow outer = flow_;
        flow_ = Flow::Normal;
        if (type == "import_statement")
            runImport(part, frame);
        else
            runImportFrom(part, frame);
        flow_ = outer;
        return;
    }
    if (type == "function_definition" || type == "class_definition") {
        const std::string name(part.field("name").text());
        if (!lookUp(name, frame)) bind(name, opaqueText(reason), frame);
        return;
    }
    if (type != "identifier") return;
    const Node parent = part.parent();
    if (parent.is("keyword_argument") && parent.field("name") == part) return;
    if (parent.is("attribute") && parent.field("attribute") == part) return;
    Ref* found = lookUp(part.text(), frame);
    if (!found || !found->box) return;
    Ref target = *found;
    if (target.box->kind == Box::Kind::Function) {
        Box& function = *target.box;
        if (!distrusted_.insert(function.node.id()).second) return;
        const Node body =
            function.node.is("lambda") ? function.node.field("body") : function.node.field("body");
        Frame* inner = makeFrame(function.frame, function.module);
        walk(body, [&](const Node& statement) { // names it rebinds in the module
            if (statement.is("global_statement"))
                for (const Node& name : statement.namedChildren())
                    inner->globals.emplace_back(name.text());
            return true;
        });
        distrust(body, *inner, reason);
        return;
    }
    if (target.box->kind == Box::Kind::Module || target.box->kind == Box::Kind::Class) {
        const Node attribute = parent.is("attribute") ? parent.field("attribute") : Node();
        if (attribute && target.box->kind == Box::Kind::Module) {
            auto& variables = target.box->module->frame->variables;
            auto member = variables.find(std::string(attribute.text()));
            if (member != variables.end()) taint(member->second, reason);
            return;
        }
        taint(target, reason);
        return;
    }
    taint(target, reason);
}

} // namespace covet::syntax::eval
