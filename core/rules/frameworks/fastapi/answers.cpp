// What `@answers(...)` says for a route.

#include "rules/frameworks/fastapi/inspection.h"
#include "rules/frameworks/fastapi/move.h"
#include "support/strings.h"

namespace covet::rules::fastapi {

std::string plainMediaType(const Node& call) {
    const Node given = argumentOf(call, "media_type");
    std::string text(given.text());
    if (!given.is("string") || text.size() < 3 || text.find('{') != std::string::npos) return "";
    text = text.substr(1, text.size() - 2);
    if (text.find_first_of("'\"\\") != std::string::npos || text.find("json") != std::string::npos) return "";
    // Starlette adds the character set to text; the target sends what it is given.
    return startsWith(text, "text/") && text.find("charset") == std::string::npos ? text + "; charset=utf-8" : text;
}

void responseArguments(ModuleRewrite& rewrite, const Node& call, const Name& name) {
    std::vector<std::pair<std::string, Node>> given;
    size_t position = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (argument.is("keyword_argument")) {
            std::string keyword(argument.field("name").text());
            if (keyword == "media_type") continue;
            given.emplace_back(keyword == "content" ? "data" : keyword, argument.field("value"));
        } else {
            given.emplace_back(position++ == 0 ? "data" : "status_code", argument);
        }
    }
    std::string media = name.kind == Kind::TextResponse ? pythonQuote(name.mediaType)
                        : name.kind == Kind::PlainResponse ? "None" : "";
    if (const std::string literal = plainMediaType(call); !literal.empty()) media = pythonQuote(literal);
    rewrite.replace(call.field("arguments"), [given, media](const ModuleRewrite& inner) {
        std::string text;
        for (const auto& [keyword, value] : given)
            text += (text.empty() ? "" : ", ") + keyword + "=" + inner.render(value);
        if (!media.empty()) text += (text.empty() ? "" : ", ") + ("media_type=" + media);
        return "(" + text + ")";
    });
}

std::string answerArguments(const Node& routeCall, const semantic::Function& function, const std::map<std::string, Name>& names) {
    std::string model, rest;
    for (const Node& argument : routeCall.field("arguments").namedChildren()) {
        if (!argument.is("keyword_argument")) continue;
        std::string keyword(argument.field("name").text());
        std::string value(argument.field("value").text());
        if (!isAnswerOption(keyword)) continue;
        if (keyword == "response_model") {
            model = value == "False" ? "None" : value; // FastAPI looks whether it is true
            continue;
        }
        if (keyword == "response_class") {
            auto known = names.find(value);
            const bool text = known != names.end() && known->second.kind == Kind::TextResponse;
            if (known == names.end() || !(text || known->second.kind == Kind::Kept)) continue;
            keyword = text ? "media_type" : "response_class";
            if (text) value = pythonQuote(known->second.mediaType);
            else if (value == known->second.original) value = known->second.name;
        }
        if (keyword == "status_code" && startsWith(value, "status.HTTP_")) value = value.substr(12, 3);
        if (startsWith(keyword, "response_model_")) keyword = keyword.substr(15);
        rest += ", " + keyword + "=" + value;
    }
    for (const auto& [local, name] : names)
        for (const std::string& parameter : parametersOfType(function, local)) {
            if (name.kind == Kind::PlainResponse) rest += ", response=" + pythonQuote(parameter);
            if (name.kind == Kind::Background) rest += ", background=(" + pythonQuote(parameter) + ", " + local + ")";
        }
    Node annotation = function.node.field("return_type");
    if (model.empty() && !annotation.isNull()) {
        model = std::string(annotation.text());
        auto known = names.find(model);
        if (known != names.end()) model.clear(); // responses describe themselves
        if (model.size() > 2 && (model[0] == '"' || model[0] == '\'')) model = model.substr(1, model.size() - 2);
    }
    if (!model.empty()) return model + rest;
    return rest.empty() ? "" : rest.substr(2);
}

} // namespace covet::rules::fastapi
