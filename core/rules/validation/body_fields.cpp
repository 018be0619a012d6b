#include "rules/validation/body_fields.h"

#include <algorithm>

#include "semantic/module_index.h"

namespace covet::rules::validation {
namespace {

using Names = std::set<std::string_view>;

/// The outermost parentheses around an expression.
Node bare(Node node) {
    while (node.parent().is("parenthesized_expression")) node = node.parent();
    return node;
}

bool isOneOf(std::string_view name, const Names& names) { return names.count(name) > 0; }

std::string_view calledName(const Node& callee) {
    return callee.is("attribute") ? callee.field("attribute").text() : callee.text();
}

/// The condition of a statement or of a conditional expression.
bool isCondition(const Node& node) {
    const Node parent = node.parent();
    if (parent.is("if_statement") || parent.is("elif_clause") || parent.is("while_statement"))
        return parent.field("condition") == node;
    if (parent.is("conditional_expression")) return parent.namedChild(1) == node;
    return parent.is("if_clause") || parent.is("assert_statement") || parent.is("not_operator");
}

bool isPresenceTest(const Node& comparison) {
    for (const Node& part : comparison.children())
        if (part.is("in") || part.is("not in")) return true;
    return false;
}

bool comparesWithNone(const Node& comparison) {
    for (const Node& part : comparison.namedChildren())
        if (part.is("none")) return true;
    return false;
}

/// The call whose argument a node is, by position, keyword or splat; null if it is none.
Node callAround(const Node& node) {
    Node parent = node.parent();
    if (parent.is("keyword_argument")) parent = parent.parent();
    return parent.is("argument_list") ? parent.parent() : Node();
}

} // namespace

std::string plainText(const Node& node) {
    if (!node.is("string")) return "";
    std::string content;
    for (const Node& child : node.namedChildren()) {
        if (child.is("interpolation") || child.is("escape_sequence")) return "";
        if (child.is("string_content")) content += child.text();
        if (child.is("string_start") && child.text().find_first_of("bBfF") != std::string_view::npos) return "";
    }
    return content;
}

ColumnType BodyField::type() const {
    ColumnType type;
    if (!isFree && !columns.empty() &&
        std::all_of(columns.begin(), columns.end(), [&](const ColumnType& other) { return other.sameValues(columns.front()); }))
        type = columns.front();
    type.isNullable = isTested || std::any_of(columns.begin(), columns.end(), [](const ColumnType& column) { return column.isNullable; });
    return type;
}

bool BodyShape::hasTypes() const {
    return std::any_of(fields.begin(), fields.end(),
                       [](const BodyField& field) { return field.type().kind != ColumnType::Kind::Any; });
}

BodyField& BodyReader::field(const std::string& key) {
    for (BodyField& known : shape_.fields)
        if (known.key == key) return known;
    shape_.fields.emplace_back();
    shape_.fields.back().key = key;
    return shape_.fields.back();
}

void BodyReader::stop(const std::string& obstacle, const Node& at) {
    if (!shape_.obstacle.empty()) return;
    shape_.obstacle = obstacle;
    shape_.at = at;
}

BodyReader::Place BodyReader::placeOf(const Module& module, const semantic::Function& function) const {
    Node code = function.decorated;
    if (!function.className.empty())
        if (const semantic::Class* owner = module.classNamed(function.className)) code = owner->node;
    return {&module, &function, tables_.namedIn(module, code)};
}

BodyShape BodyReader::read(const Module& module, const semantic::Function& function, const std::vector<Node>& bodies) {
    shape_ = {};
    seen_.clear();
    const Place place = placeOf(module, function);
    for (const Node& expression : bodies) body(place, expression);
    return shape_;
}

BodyShape BodyReader::readVariable(const Module& module, const semantic::Function& function, const std::string& name) {
    shape_ = {};
    seen_.clear();
    variable(placeOf(module, function), name);
    return shape_;
}

std::vector<Node> BodyReader::loadsOf(const Place& place, const std::string& name) const {
    std::vector<Node> loads;
    for (const Node& identifier : place.module->tree->identifiers(name)) {
        if (!place.function->node.field("body").contains(identifier)) continue;
        const Node parent = identifier.parent();
        const bool isName = (parent.is("attribute") && parent.field("attribute") == identifier) ||
                            (parent.is("keyword_argument") && parent.field("name") == identifier);
        const bool isTarget = parent.is("assignment") && parent.field("left") == identifier;
        const semantic::Symbol& symbol = project_.resolve(*place.module, identifier);
        if (!isName && !isTarget && symbol.kind == semantic::Symbol::Kind::Local && !semantic::boundByComprehension(identifier))
            loads.push_back(identifier);
    }
    return loads;
}

void BodyReader::variable(const Place& place, const std::string& name) {
    if (!seen_.insert({place.function, name}).second) return;
    for (const Node& load : loadsOf(place, name)) body(place, load);
}

void BodyReader::body(const Place& place, const Node& expression) {
    const Node node = bare(expression), parent = node.parent();
    if (parent.is("subscript") && parent.field("value") == node) {
        const Node around = parent.parent();
        const bool isTarget = ((around.is("assignment") || around.is("augmented_assignment")) && around.field("left") == parent) ||
                              around.is("delete_statement");
        if (isTarget) return stop("body-changed", parent);
        const std::string key = plainText(parent.field("subscript"));
        if (!key.empty()) value(place, parent, key);
        return;
    }
    if (parent.is("attribute") && parent.field("object") == node) return bodyMethod(place, parent);
    if (parent.is("comparison_operator")) {
        if (isPresenceTest(parent) && parent.namedChildren().back() == node) {
            const std::string key = plainText(parent.namedChild(0));
            if (!key.empty()) field(key);
            return;
        }
        return comparesWithNone(parent) ? void() : stop("body-compared", parent);
    }
    if (isCondition(node)) return;
    if (parent.is("boolean_operator")) {
        Node outer = bare(parent);
        while (outer.parent().is("boolean_operator")) outer = bare(outer.parent());
        return isCondition(outer) ? void() : body(place, parent);
    }
    if (parent.is("conditional_expression")) return body(place, parent);
    if (parent.is("assignment") && parent.field("right") == node) {
        if (!parent.field("left").is("identifier")) return stop("body-kept", parent);
        return variable(place, std::string(parent.field("left").text()));
    }
    if (parent.is("dictionary_splat")) {
        const Node around = parent.parent();
        if (around.is("dictionary")) {
            if (isStored(place, around)) wholeBody(place, Node());
            return;
        }
        return wholeBody(place, around.parent().field("function"));
    }
    if ((parent.is("for_statement") || parent.is("for_in_clause")) && parent.field("right") == node) return;
    if (const Node call = callAround(node)) return bodyArgument(place, node, call);
    if (parent.is("expression_statement")) return;
    stop("body-passed-on", node);
}

void BodyReader::bodyMethod(const Place& place, const Node& attribute) {
    static const Names kReads = {"items", "keys", "values", "copy"};
    const Node call = attribute.parent();
    const std::string_view name = attribute.field("attribute").text();
    if (!call.is("call") || call.field("function") != attribute) return stop("body-passed-on", attribute);
    if (isOneOf(name, kReads)) return;
    if (name != "get") return stop("body-changed", call);
    const std::string key = plainText(call.field("arguments").namedChild(0));
    if (!key.empty()) value(place, call, key);
}

void BodyReader::bodyArgument(const Place& place, const Node& argument, const Node& call) {
    static const Names kReads = {"len", "dict", "list", "set", "sorted", "tuple", "bool", "any", "all", "iter", "enumerate"};
    static const Names kTakers = {"update", "apply", "replace", "from_dict"};
    const Node callee = call.field("function");
    const Module* home = nullptr;
    if (const semantic::Function* function = calledFunction(place, callee, home))
        return follow(place, argument, call, *function, *home, nullptr);
    if (callee.is("identifier") && isOneOf(callee.text(), kReads)) return;
    if (callee.is("attribute") && isOneOf(calledName(callee), kTakers)) {
        // What a store of the module takes are entries, not the fields of a record.
        const semantic::Symbol& owner = project_.resolve(*place.module, callee.field("object"));
        return owner.kind == semantic::Symbol::Kind::Variable ? void() : wholeBody(place, callee);
    }
    stop("body-passed-on", argument);
}

/// All fields of the body get into a record: of the model that is called, or of the only one around.
void BodyReader::wholeBody(const Place& place, const Node& callee) {
    const TableModel* model = tables_.named(*place.module, callee);
    if (!model && callee.is("attribute")) model = tables_.named(*place.module, callee.field("object"));
    if (!model && place.models.size() == 1) model = *place.models.begin();
    if (!model) return;
    for (const std::string& name : model->order) {
        if (name == "position" || name == "row_id") continue; // the generated models' own
        field(name).columns.push_back(model->columns.at(name));
    }
}

void BodyReader::value(const Place& place, const Node& expression, const std::string& key) {
    static const Names kTextMethods = {"strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize"};
    const Node node = bare(expression), parent = node.parent();
    field(key);
    if (parent.is("pair") && parent.field("value") == node) {
        const std::string name = plainText(parent.field("key"));
        if (!name.empty() && isStored(place, parent.parent())) column(place, nullptr, name, key);
        return;
    }
    if ((parent.is("assignment") || parent.is("augmented_assignment")) && parent.field("right") == node)
        return valueIn(place, parent.field("left"), key);
    if (parent.is("expression_list") && parent.parent().is("assignment")) {
        const std::vector<Node> values = parent.namedChildren(), targets = parent.parent().field("left").namedChildren();
        const auto index = static_cast<size_t>(std::find(values.begin(), values.end(), node) - values.begin());
        if (values.size() != targets.size() || index >= targets.size()) field(key).isFree = true;
        else valueIn(place, targets[index], key);
        return;
    }
    if (parent.is("named_expression")) {
        valueIn(place, parent.field("name"), key);
        return value(place, parent, key);
    }
    if (parent.is("comparison_operator")) {
        field(key).isTested = field(key).isTested || comparesWithNone(parent);
        return;
    }
    if (parent.is("boolean_operator") || isCondition(node)) {
        field(key).isTested = true;
        return parent.is("boolean_operator") ? value(place, parent, key) : void();
    }
    if (parent.is("conditional_expression")) return value(place, parent, key);
    if (parent.is("attribute") && parent.field("object") == node) {
        const Node call = parent.parent();
        if (!call.is("call") || !isOneOf(parent.field("attribute").text(), kTextMethods)) field(key).isFree = true;
        else value(place, call, key);
        return;
    }
    if (const Node call = callAround(node)) return valueArgument(place, node, call, key);
    static const Names kNeutral = {"binary_operator", "interpolation", "list", "tuple", "subscript", "return_statement",
                                   "expression_statement", "set", "lambda", "block", "elif_clause", "if_statement"};
    if (!isOneOf(parent.typeName(), kNeutral)) field(key).isFree = true;
}

/// The value is assigned to `target`.
void BodyReader::valueIn(const Place& place, const Node& target, const std::string& key) {
    if (target.is("attribute")) return column(place, nullptr, std::string(target.field("attribute").text()), key);
    if (target.is("subscript")) {
        const std::string name = plainText(target.field("subscript"));
        if (!name.empty()) column(place, nullptr, name, key);
        return;
    }
    if (!target.is("identifier")) {
        field(key).isFree = true;
        return;
    }
    const std::string name(target.text());
    if (!seen_.insert({place.function, key + "=" + name}).second) return;
    for (const Node& load : loadsOf(place, name)) value(place, load, key);
}

void BodyReader::valueArgument(const Place& place, const Node& argument, const Node& call, const std::string& key) {
    const Node callee = call.field("function");
    if (const TableModel* model = tables_.named(*place.module, callee)) {
        const Node named = argument.parent();
        if (named.is("keyword_argument")) column(place, model, std::string(named.field("name").text()), key);
        return;
    }
    const Module* home = nullptr;
    if (const semantic::Function* function = calledFunction(place, callee, home))
        return follow(place, argument, call, *function, *home, &key);
    const std::string_view name = calledName(callee);
    const Node first = call.field("arguments").namedChild(0);
    if (name == "equals" && first.is("attribute"))
        return column(place, tables_.named(*place.module, first.field("object")), std::string(first.field("attribute").text()), key);
    const semantic::Symbol& symbol = project_.resolve(*place.module, callee);
    if (argument.parent().is("keyword_argument") && symbol.kind == semantic::Symbol::Kind::Class) {
        // An object of the application, which the models take apart.
        return column(place, nullptr, std::string(argument.parent().field("name").text()), key);
    }
    static const Names kNeutral = {"append", "add", "insert", "find", "lookup", "require", "get", "len", "print", "discard", "remove"};
    if (name == "bool") field(key).isTested = true;
    else if (!isOneOf(name, kNeutral)) field(key).isFree = true;
}

bool BodyReader::isStored(const Place& place, const Node& expression, int depth) const {
    const Node node = bare(expression), parent = node.parent();
    if (depth > 4) return false;
    if (parent.is("list") || parent.is("tuple")) return isStored(place, parent, depth + 1);
    if (parent.is("dictionary_splat") && parent.parent().is("dictionary")) return isStored(place, parent.parent(), depth + 1);
    if (parent.is("dictionary_splat") || parent.is("keyword_argument") || parent.is("argument_list")) {
        const Node call = parent.is("argument_list") ? parent.parent() : parent.parent().parent();
        if (!call.is("call")) return false;
        static const Names kTakers = {"append", "insert", "add", "extend", "update", "apply", "replace", "from_dict", "put", "setdefault"};
        const Module* home = nullptr;
        const Node callee = call.field("function");
        return tables_.named(*place.module, callee) || isOneOf(calledName(callee), kTakers) || calledFunction(place, callee, home);
    }
    if (!parent.is("assignment") || parent.field("right") != node) return false;
    const Node left = parent.field("left");
    if (left.is("subscript")) return true;
    if (!left.is("identifier")) return false;
    for (const Node& load : loadsOf(place, std::string(left.text())))
        if (isStored(place, load, depth + 1)) return true;
    return false;
}

/// The value gets into the column of this name: of `model`, or of the models around, if they agree.
void BodyReader::column(const Place& place, const TableModel* model, const std::string& name, const std::string& key) {
    if (model) {
        const auto found = model->columns.find(name);
        if (found != model->columns.end()) field(key).columns.push_back(found->second);
        return;
    }
    for (const TableModel* each : place.models) {
        const auto found = each->columns.find(name);
        if (found != each->columns.end()) field(key).columns.push_back(found->second);
    }
}

const semantic::Function* BodyReader::calledFunction(const Place& place, const Node& callee, const Module*& home) const {
    const semantic::Symbol& symbol = project_.resolve(*place.module, callee);
    if (symbol.kind == semantic::Symbol::Kind::Function) {
        home = symbol.module;
        return symbol.module->function(symbol.name);
    }
    if (!callee.is("attribute")) return nullptr;
    // A method: of the class that is named, or of the only class that has one of this name.
    const std::string name(callee.field("attribute").text());
    if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module)
        if (const semantic::Function* method = symbol.module->function(symbol.name)) {
            home = symbol.module;
            return method;
        }
    const semantic::Function* only = nullptr;
    for (const auto& module : project_.modules())
        for (const semantic::Function& function : module->functions) {
            if (function.className.empty() || function.name != name || function.isNested) continue;
            if (only) return nullptr;
            only = &function;
            home = module.get();
        }
    return only;
}

void BodyReader::follow(const Place& place, const Node& argument, const Node& call, const semantic::Function& function,
                        const Module& home, const std::string* key) {
    std::vector<std::string> names;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        const std::string name = semantic::parameterName(parameter);
        if (!name.empty() && name != "self" && name != "cls") names.push_back(name);
    }
    std::string name;
    if (argument.parent().is("keyword_argument")) {
        name = std::string(argument.parent().field("name").text());
    } else {
        const std::vector<Node> given = call.field("arguments").namedChildren();
        const auto index = static_cast<size_t>(std::find(given.begin(), given.end(), argument) - given.begin());
        if (index < names.size()) name = names[index];
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        if (key) field(*key).isFree = true;
        else stop("body-passed-on", argument);
        return;
    }
    Place inside = placeOf(home, function);
    inside.models.insert(place.models.begin(), place.models.end());
    if (!key) return variable(inside, name);
    if (!seen_.insert({&function, *key + "=" + name}).second) return;
    for (const Node& load : loadsOf(inside, name)) value(inside, load, *key);
}

} // namespace covet::rules::validation
