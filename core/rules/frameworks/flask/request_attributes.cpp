// Before:  request.user = find(token)          getattr(request, "user", None)
// After:   current_request.user = find(token)  getattr(current_request, "user", None)
// Safe: only names that Flask's request does not have, which the helper keeps as long as the request.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

/// What a request of Flask has of its own.
bool isOfFlask(std::string_view name) {
    static constexpr Words kNames = {
        "accept_charsets", "accept_encodings", "accept_languages", "accept_mimetypes", "access_control_request_headers",
        "access_control_request_method", "access_route", "application", "args", "authorization", "base_url", "blueprint", "blueprints",
        "cache_control", "charset", "close", "content_encoding", "content_length", "content_md5", "content_type", "cookies", "data", "date",
        "dict_storage_class", "encoding_errors", "endpoint", "environ", "files", "form", "form_data_parser_class", "from_values", "full_path",
        "get_data", "get_json", "headers", "host", "host_url", "if_match", "if_modified_since", "if_none_match", "if_range",
        "if_unmodified_since", "input_stream", "is_json", "is_multiprocess", "is_multithread", "is_run_once", "is_secure", "is_xhr", "json",
        "json_module", "list_storage_class", "make_form_data_parser", "max_content_length", "max_form_memory_size", "max_form_parts",
        "max_forwards", "method", "mimetype", "mimetype_params", "on_json_loading_failed", "origin", "parameter_storage_class", "path",
        "pragma", "query_string", "range", "referrer", "remote_addr", "remote_user", "root_path", "root_url", "routing_exception", "scheme",
        "script_root", "server", "shallow", "stream", "trusted_hosts", "url", "url_charset", "url_root", "url_rule", "user_agent",
        "user_agent_class", "values", "view_args", "want_form_data_parsed"};
    return kNames.count(name) > 0 || startsWith(name, "_");
}

} // namespace

bool isOwnRequestAttribute(std::string_view name) { return !isOfFlask(name) && name != "body" && name != "scope" && name != "kept"; }

bool isAskedByName(const Node& object) {
    const Node list = object.parent(), call = list.parent();
    if (!list.is("argument_list") || !call.is("call") || !(list.namedChild(0) == object)) return false;
    const std::string_view callee = call.field("function").text();
    return callee == "getattr" || callee == "hasattr" || callee == "setattr" || callee == "delattr";
}

bool reachesOwnRequestAttribute(const Node& request) {
    const Node name = isAskedByName(request) ? request.parent().namedChild(1) : Node{};
    return name.is("string") && name.namedChildCount() == 3 && name.namedChild(1).is("string_content") &&
           isOwnRequestAttribute(name.namedChild(1).text());
}

std::set<std::string, std::less<>> ownRequestAttributes(const Plan& plan) {
    std::set<std::string, std::less<>> names;
    for (const Module* module : plan.modules)
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (node.is("call") && node.field("function").text() == "setattr") {
                const Node request = node.field("arguments").namedChild(0);
                if (plan.flaskName(*module, request) == "request" && reachesOwnRequestAttribute(request))
                    names.emplace(node.field("arguments").namedChild(1).namedChild(1).text());
            }
            const Node left = node.is("assignment") ? node.field("left") : Node{};
            const std::vector<Node> targets = left.is("pattern_list") || left.is("tuple_pattern") ? left.namedChildren() : std::vector<Node>{left};
            for (const Node& target : targets)
                if (target.is("attribute") && plan.flaskName(*module, target.field("object")) == "request" &&
                    isOwnRequestAttribute(target.field("attribute").text()))
                    names.emplace(target.field("attribute").text());
            return true;
        });
    return names;
}

} // namespace covet::rules::flask
