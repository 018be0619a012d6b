#include "rules/frameworks/star_imports.h"

#include <algorithm>

#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::ImportBinding;
using semantic::Module;
using semantic::Symbol;

/// Whether a star import of the module gives the name. Those of submodules are left out: `from flask import *` gives
/// `config` and `app` as well, and whoever uses one of them is not understood.
bool gives(std::string_view library, std::string_view name) {
    static constexpr Words kFlask = {
        "Flask", "Blueprint", "Config", "Markup", "Request", "Response", "abort", "after_this_request", "copy_current_request_context",
        "current_app", "escape", "flash", "g", "get_flashed_messages", "get_template_attribute", "has_app_context",
        "has_request_context", "json", "jsonify", "make_response", "redirect", "render_template", "render_template_string",
        "request", "safe_join", "send_file", "send_from_directory", "session", "stream_template", "stream_template_string",
        "stream_with_context", "url_for"};
    static constexpr Words kFastApi = {
        "APIRouter", "BackgroundTasks", "Body", "Cookie", "Depends", "FastAPI", "File", "Form", "HTTPException", "Header", "Path",
        "Query", "Request", "Response", "Security", "UploadFile", "WebSocket", "WebSocketDisconnect", "WebSocketException", "status"};
    static constexpr Words kServer = {"BaseHTTPRequestHandler", "CGIHTTPRequestHandler", "HTTPServer", "SimpleHTTPRequestHandler",
                                      "ThreadingHTTPServer"};
    if (library == "flask") return kFlask.count(name) > 0;
    if (library == "fastapi") return kFastApi.count(name) > 0;
    return library == "http.server" && kServer.count(name) > 0;
}

bool isKnown(std::string_view library) { return library == "flask" || library == "fastapi" || library == "http.server"; }

bool isReference(const Node& node) {
    const Node parent = node.parent();
    if (parent.is("attribute")) return parent.field("object") == node;
    if (parent.isOneOf({"function_definition", "class_definition"}) && parent.field("name") == node) return false;
    if (parent.is("assignment") && parent.field("left") == node) return false;
    return !parent.is("keyword_argument") || parent.field("value") == node;
}

class StarImports {
public:
    StarImports(MigrationContext& context, const Module& module) : context_(context), project_(context.project()), module_(module) {}

    bool name() {
        const auto isLibrary = [&](const ImportBinding& star) { return !project_.module(star.module); };
        const auto own = std::find_if(module_.starImports.begin(), module_.starImports.end(), isLibrary);
        if (own == module_.starImports.end() || !isKnown(own->module)) return false;
        // With a second library a name may be of either: the later one wins, and what it gives is not known.
        if (std::count_if(module_.starImports.begin(), module_.starImports.end(), isLibrary) != 1) return false;
        library_ = own->module;
        if (!takenByOthers() || !usedHere() || names_.empty()) return false;
        std::string listed;
        for (const std::string& one : names_) listed += (listed.empty() ? "" : ", ") + one;
        return context_.rewrite(module_).replace(own->statement, "from " + library_ + " import " + listed);
    }

private:
    /// Names that other modules import from this one; false if one takes all of them.
    bool takenByOthers() {
        for (const auto& other : project_.modules()) {
            for (const ImportBinding& star : other->starImports)
                if (project_.module(star.module) == &module_) return false;
            for (const auto& [local, binding] : other->imports)
                if (project_.module(binding.module) == &module_ && gives(library_, binding.name)) names_.insert(binding.name);
        }
        return true;
    }

    /// Names that are bound nowhere else; false if one of them is not known to come from the library.
    bool usedHere() {
        bool understood = true;
        std::set<std::string_view> inner; // names of lambdas, `with` and `except`, and in classes
        syntax::walk(module_.tree->root(), [&](const Node& node) {
            const Node around = node.ancestor({"function_definition", "class_definition"});
            if (node.is("assignment") && around.is("class_definition")) inner.insert(node.field("left").text());
            if (node.is("function_definition") && around.is("class_definition")) inner.insert(node.field("name").text());
            if (node.isOneOf({"lambda_parameters", "as_pattern_target"}))
                syntax::walk(node, [&](const Node& bound) { return bound.is("identifier") ? inner.insert(bound.text()).second : true; });
            return true;
        });
        syntax::walk(module_.tree->root(), [&](const Node& node) {
            if (node.isOneOf({"import_statement", "import_from_statement", "future_import_statement"})) return false;
            if (!node.is("identifier") || !isReference(node) || project_.resolve(module_, node).kind != Symbol::Kind::Unknown) return understood;
            const std::string name(node.text());
            if (gives(library_, name)) names_.insert(name);
            else if (!isBuiltin(name) && !inner.count(node.text())) understood = false;
            return understood;
        });
        return understood;
    }

    static bool isBuiltin(const std::string& name) {
        static constexpr Words kNames = {
            "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "ConnectionError", "Exception", "FileExistsError",
            "FileNotFoundError", "IOError", "ImportError", "IndexError", "KeyError", "KeyboardInterrupt", "LookupError", "NameError",
            "NotImplemented", "NotImplementedError", "OSError", "OverflowError", "PermissionError", "RuntimeError", "StopIteration",
            "SyntaxError", "SystemExit", "TimeoutError", "TypeError", "UnicodeDecodeError", "ValueError", "ZeroDivisionError",
            "__file__", "__name__", "abs", "all", "any", "bin", "bool", "bytearray", "bytes", "callable", "chr", "classmethod",
            "complex", "delattr", "dict", "dir", "divmod", "enumerate", "exit", "filter", "float", "format", "frozenset", "getattr",
            "globals", "hasattr", "hash", "hex", "id", "input", "int", "isinstance", "issubclass", "iter", "len", "list", "locals",
            "map", "max", "min", "next", "object", "oct", "open", "ord", "pow", "print", "property", "quit", "range", "repr",
            "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type",
            "vars", "zip"};
        return kNames.count(name) > 0;
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    const Module& module_;
    std::string library_;
    std::set<std::string> names_;
};

} // namespace

bool nameStarImports(MigrationContext& context) {
    bool changed = false;
    for (const auto& module : context.project().modules())
        if (!module->starImports.empty()) changed = StarImports(context, *module).name() || changed;
    return changed;
}

} // namespace covet::rules
