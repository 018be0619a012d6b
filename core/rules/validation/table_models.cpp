#include "rules/validation/table_models.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::validation {
namespace {

/// The last part of a dotted name: `sa.String` is `String`.
std::string lastName(const Node& expression) {
    return std::string(expression.is("attribute") ? expression.field("attribute").text() : expression.text());
}

/// Of `Optional[str]` and `str | None` the `str`, and whether None is allowed.
std::string plainAnnotation(std::string text, bool& isNullable) {
    std::string compact;
    for (const char c : text)
        if (c != ' ' && c != '"' && c != '\'') compact += c;
    for (const char* prefix : {"typing.Optional[", "Optional["})
        if (startsWith(compact, prefix) && endsWith(compact, "]")) {
            isNullable = true;
            return compact.substr(std::string(prefix).size(), compact.size() - std::string(prefix).size() - 1);
        }
    if (!endsWith(compact, "|None")) return compact;
    isNullable = true;
    return compact.substr(0, compact.rfind("|None"));
}

ColumnType::Kind kindOfAnnotation(const std::string& name) {
    using Kind = ColumnType::Kind;
    if (name == "int") return Kind::Integer;
    if (name == "str") return Kind::Text;
    if (name == "float") return Kind::Number;
    return name == "bool" ? Kind::Flag : Kind::Any;
}

/// Takes a type of SQLAlchemy over; false for a name that is none of the plain ones.
bool takeType(const std::string& name, ColumnType& type) {
    using Kind = ColumnType::Kind;
    if (name == "Integer" || name == "BigInteger" || name == "SmallInteger") {
        type.kind = Kind::Integer;
        type.isBig = name == "BigInteger";
    } else if (name == "String" || name == "Text" || name == "Unicode" || name == "UnicodeText") {
        type.kind = Kind::Text;
    } else if (name == "Float" || name == "Double") {
        type.kind = Kind::Number;
    } else if (name == "Boolean") {
        type.kind = Kind::Flag;
    } else {
        return false;
    }
    return true;
}

bool isColumnCall(const Node& call) {
    if (!call.is("call")) return false;
    const std::string name = lastName(call.field("function"));
    return name == "mapped_column" || name == "Column";
}

/// What the arguments of `mapped_column()` or `Column()` say. A type of another kind makes it Any.
void readArguments(const Node& call, bool isPlainColumn, ColumnType& type) {
    bool isPrimary = false, isStated = false;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (argument.is("keyword_argument")) {
            const std::string_view name = argument.field("name").text();
            const bool isTrue = argument.field("value").is("true");
            if (name == "nullable") {
                isStated = true;
                type.isNullable = isTrue;
            }
            isPrimary = isPrimary || (name == "primary_key" && isTrue);
            continue;
        }
        const Node named = argument.is("call") ? argument.field("function") : argument;
        const std::string name = lastName(named);
        if (argument.is("string") || name == "ForeignKey" || name == "Identity" || name == "Sequence") continue;
        if (!takeType(name, type)) {
            type.kind = ColumnType::Kind::Any;
            continue;
        }
        if (type.kind != ColumnType::Kind::Text || !argument.is("call")) continue;
        const std::vector<Node> given = argument.field("arguments").namedChildren();
        Node length = given.empty() ? Node() : given.front();
        if (length.is("keyword_argument")) length = length.field("name").text() == "length" ? length.field("value") : Node();
        if (length.is("integer")) type.maxLength = static_cast<unsigned>(std::stoul("0" + std::string(length.text().substr(0, 8))));
    }
    if (isPlainColumn && !isStated && !isPrimary) type.isNullable = true;
}

} // namespace

TableModels::TableModels(const Project& project) : project_(project) {
    for (const auto& module : project.modules())
        for (const semantic::Class& item : module->classes) add(*module, item);
}

void TableModels::add(const Module& module, const semantic::Class& item) {
    TableModel model;
    model.module = &module;
    model.className = item.name;
    bool isTable = false;
    for (const Node& statement : item.node.field("body").namedChildren()) {
        const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node();
        if (!assignment.is("assignment") || !assignment.field("left").is("identifier")) continue;
        const std::string name(assignment.field("left").text());
        const Node value = assignment.field("right"), annotation = assignment.field("type");
        isTable = isTable || name == "__tablename__";
        ColumnType type;
        const std::string written(annotation.text());
        const size_t inner = written.find("Mapped[");
        if (inner != std::string::npos && endsWith(written, "]")) {
            const size_t start = inner + std::string("Mapped[").size();
            type.kind = kindOfAnnotation(plainAnnotation(written.substr(start, written.size() - start - 1), type.isNullable));
            if (isColumnCall(value)) readArguments(value, false, type);
            else if (value) continue; // a relationship
        } else if (isColumnCall(value)) {
            readArguments(value, lastName(value.field("function")) == "Column", type);
        } else {
            continue;
        }
        if (model.columns.emplace(name, type).second) model.order.push_back(name);
    }
    if (isTable && !model.columns.empty()) models_.push_back(std::move(model));
}

const TableModel* TableModels::find(const Module* module, const std::string& className) const {
    for (const TableModel& model : models_)
        if (model.module == module && model.className == className) return &model;
    return nullptr;
}

const TableModel* TableModels::ofStore(const semantic::Symbol& symbol) const {
    const auto assigned = symbol.module->assignments.find(symbol.name);
    if (assigned == symbol.module->assignments.end()) return nullptr;
    for (const Node& statement : assigned->second) {
        const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : statement;
        const Node call = assignment.field("right");
        if (!call.is("call")) continue;
        const Node first = call.field("arguments").namedChild(0);
        if (const TableModel* model = named(*symbol.module, first)) return model;
    }
    return nullptr;
}

const TableModel* TableModels::named(const Module& module, const Node& expression) const {
    if (!expression.is("identifier") && !expression.is("attribute")) return nullptr;
    const semantic::Symbol& symbol = project_.resolve(module, expression);
    return symbol.kind == semantic::Symbol::Kind::Class ? find(symbol.module, symbol.name) : nullptr;
}

std::set<const TableModel*> TableModels::namedIn(const Module& module, const Node& code) const {
    std::set<const TableModel*> found;
    syntax::walk(code, [&](const Node& node) {
        if (!node.is("identifier")) return true;
        const semantic::Symbol& symbol = project_.resolve(module, node);
        const TableModel* model = symbol.kind == semantic::Symbol::Kind::Class      ? find(symbol.module, symbol.name)
                                  : symbol.kind == semantic::Symbol::Kind::Variable ? ofStore(symbol)
                                                                                    : nullptr;
        if (model) found.insert(model);
        return true;
    });
    return found;
}

} // namespace covet::rules::validation
