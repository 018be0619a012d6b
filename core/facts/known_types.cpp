#include "facts/known_types.h"

#include <map>
#include <set>

#include "facts/record_shape.h"
#include "semantic/module_index.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

using Types = std::map<std::string_view, std::string_view>;

/// What functions of Python and of libraries give.
const Types& functions() {
    static const Types kTypes = {
        {"int", "int"}, {"str", "str"}, {"float", "float"}, {"bool", "bool"}, {"list", "list"}, {"dict", "dict"}, {"set", "set"},
        {"tuple", "tuple"}, {"bytes", "bytes"}, {"len", "int"}, {"ord", "int"}, {"hash", "int"}, {"sorted", "list"},
        {"uuid.uuid4", "uuid"}, {"uuid.uuid1", "uuid"}, {"uuid4", "uuid"}, {"time.time", "float"},
        {"secrets.token_hex", "str"}, {"secrets.token_urlsafe", "str"}, {"secrets.token_bytes", "bytes"}, {"secrets.randbelow", "int"},
        {"random.randint", "int"}, {"random.randrange", "int"}, {"random.getrandbits", "int"}, {"random.random", "float"},
        {"random.uniform", "float"}, {"random.gauss", "float"}, {"time.time_ns", "int"}, {"time.monotonic", "float"},
        {"time.perf_counter", "float"}, {"time.strftime", "str"}, {"time.ctime", "str"}, {"json.dumps", "str"}, {"os.urandom", "bytes"},
        {"os.path.basename", "str"}, {"os.path.join", "str"}, {"os.path.dirname", "str"}, {"os.path.abspath", "str"},
        {"html.escape", "str"}, {"urllib.parse.quote", "str"}, {"urllib.parse.urljoin", "str"}, {"base64.b64encode", "bytes"},
        {"base64.urlsafe_b64encode", "bytes"}, {"datetime.datetime.fromtimestamp", "datetime"}, {"datetime.datetime.strptime", "datetime"},
        {"datetime.datetime.fromisoformat", "datetime"}, {"datetime.date.fromisoformat", "date"},
        {"werkzeug.security.generate_password_hash", "str"}, {"werkzeug.utils.secure_filename", "str"}, {"jwt.encode", "str"}};
    return kTypes;
}

/// What methods give, whatever object they are of.
const Types& methods() {
    static const Types kTypes = {
        {"isoformat", "str"}, {"strftime", "str"}, {"lower", "str"}, {"upper", "str"}, {"strip", "str"}, {"title", "str"}, {"hex", "str"},
        {"hexdigest", "str"}, {"format", "str"}, {"join", "str"}, {"replace", "str"}, {"capitalize", "str"}, {"decode", "str"},
        {"timestamp", "float"}, {"split", "list"}};
    return kTypes;
}

/// `datetime.now`, `dt.datetime.now`: classes are imported under many names.
std::string_view ofMoments(std::string_view name) {
    for (const char* ending : {"datetime.now", "datetime.utcnow", "datetime.today"})
        if (endsWith(name, ending)) return "datetime";
    return endsWith(name, "date.today") ? "date" : "";
}

/// What parts of a request give that is the same text whatever the client sends.
const std::set<std::string_view>& requestTexts() {
    static const std::set<std::string_view> kNames = {
        "method", "path", "full_path", "base_url", "url_root", "host", "host_url", "scheme", "remote_addr", "content_type", "mimetype",
        "referrer", "user_agent.string", "url.path", "client.host"};
    return kNames;
}

class TypeReader {
public:
    TypeReader(const Project& project, const Module& module) : project_(project), module_(module) {}

    std::string type(const Node& node) {
        if (node.is("call")) return ofCall(node);
        if (node.is("subscript")) return isTexts(node.field("value")) ? "str" : "";
        if (!node.is("attribute")) return "";
        const std::string part = partOfRequest(node);
        // Flask's is a text, Starlette's an object.
        if (requestTexts().count(part) || (part == "url" && isFlask(node))) return "str";
        const std::string_view name = node.field("attribute").text();
        if (isUploadPart(name) && isUpload(node.field("object"), 3)) return "str";
        return name == "hex" && typeOfExpression(project_, module_, node.field("object")) == "uuid" ? "str" : "";
    }

    bool isOptional(const Node& attribute) {
        static constexpr Words kParts = {"remote_addr", "content_type", "referrer"};
        return kParts.count(partOfRequest(attribute)) > 0 ||
               (isUploadPart(attribute.field("attribute").text()) && isUpload(attribute.field("object"), 3));
    }

private:
    static bool isUploadPart(std::string_view name) { return name == "filename" || name == "content_type" || name == "mimetype"; }

    std::string external(const Node& node) const {
        const Symbol& symbol = project_.resolve(module_, node);
        return symbol.kind == Symbol::Kind::External ? symbol.name : "";
    }

    std::string ofCall(const Node& call) {
        const Node callee = call.field("function");
        const std::string outside = external(callee);
        const std::string_view name = outside.empty() ? callee.text() : std::string_view(outside);
        if (const auto found = functions().find(name); found != functions().end()) return std::string(found->second);
        if (const std::string_view moment = ofMoments(name); !moment.empty()) return std::string(moment);
        if (!callee.is("attribute")) return "";
        const std::string_view method = callee.field("attribute").text();
        // Of `.get(key, 0)` the default tells what the author expects, but the client decides.
        if (method == "get") return isTexts(callee.field("object")) ? ofLookUp(call) : "";
        const auto found = methods().find(method);
        return found == methods().end() ? "" : std::string(found->second);
    }

    /// `request.args.get("page", 1, type=int)`
    std::string ofLookUp(const Node& call) {
        std::string type = "str", otherwise = "None";
        int position = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            const std::string_view name = named ? argument.field("name").text() : position == 1 ? "default" : position == 2 ? "type" : "";
            const Node value = named ? argument.field("value") : argument;
            position += !named;
            if (name == "type") type = std::string(value.text());
            if (name == "default") otherwise = typeOfExpression(project_, module_, value);
        }
        static const std::set<std::string_view> kTypes = {"str", "int", "float"};
        return kTypes.count(type) && (otherwise == "None" || otherwise == type) ? type : "";
    }

    /// What all values of it are texts: `request.args`, `request.headers`.
    bool isTexts(const Node& node) {
        static const std::set<std::string_view> kFlask = {"args", "form", "values", "cookies", "headers"};
        static const std::set<std::string_view> kStarlette = {"query_params", "cookies", "headers"};
        const std::string part = partOfRequest(node);
        return !part.empty() && (isFlask(node) ? kFlask : kStarlette).count(part) > 0;
    }

    bool isFlask(const Node& node) const { return startsWith(external(node), "flask.request."); }

    /// "url.path" of `request.url.path`; "" of anything that is no part of a request.
    std::string partOfRequest(const Node& node) const {
        if (!node.is("attribute")) return "";
        const std::string name = external(node);
        if (startsWith(name, "flask.request.")) return name.substr(14);
        Node base = node;
        while (base.is("attribute")) base = base.field("object");
        if (!base.is("identifier") || !hasType(base, {"fastapi.Request", "starlette.requests.Request", "fastapi.requests.Request"})) return "";
        return std::string(node.text().substr(base.text().size() + 1));
    }

    /// Whether a name is a parameter of one of these types.
    bool hasType(const Node& name, const std::set<std::string_view>& types) const {
        const Function* function = module_.enclosingFunction(name);
        if (!function) return false;
        for (const Node& parameter : function->node.field("parameters").namedChildren())
            if (parameter.field("type") && semantic::parameterName(parameter) == name.text())
                return types.count(external(parameter.field("type").namedChild(0))) > 0;
        return false;
    }

    /// A file that a client sends.
    bool isUpload(const Node& node, int steps) {
        if (steps == 0) return false;
        if (node.is("subscript")) return external(node.field("value")) == "flask.request.files";
        if (node.is("call")) return external(node.field("function")) == "flask.request.files.get";
        if (!node.is("identifier")) return false;
        if (hasType(node, {"fastapi.UploadFile", "starlette.datastructures.UploadFile"})) return true;
        const Function* function = module_.enclosingFunction(node);
        bool all = function != nullptr, any = false;
        if (function)
            syntax::walk(function->node.field("body"), [&](const Node& inner) {
                if (!inner.is("assignment") || inner.field("left").text() != node.text()) return true;
                any = true;
                all = all && isUpload(inner.field("right"), steps - 1);
                return true;
            });
        return any && all;
    }

    const Project& project_;
    const Module& module_;
};

} // namespace

std::string knownType(const Project& project, const Module& module, const Node& node) { return TypeReader(project, module).type(node); }

bool isOptionalOfRequest(const Project& project, const Module& module, const Node& attribute) {
    return TypeReader(project, module).isOptional(attribute);
}

} // namespace covet::facts
