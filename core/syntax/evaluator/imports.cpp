#include <algorithm>

#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {

std::string Interpreter::absoluteName(const Node& moduleName, const ModuleRecord& module) const {
    std::string text(moduleName.text());
    if (!moduleName.is("relative_import")) return text;
    size_t dots = 0;
    while (dots < text.size() && text[dots] == '.')
        ++dots;
    std::string base = module.source->name;
    for (size_t i = module.source->isPackage ? 1 : 0; i < dots; ++i) {
        const size_t cut = base.rfind('.');
        base = cut == std::string::npos ? "" : base.substr(0, cut);
    }
    std::string rest = text.substr(dots);
    rest.erase(std::remove(rest.begin(), rest.end(), ' '), rest.end());
    return base.empty() ? rest : rest.empty() ? base : base + "." + rest;
}

void Interpreter::runImport(const Node& statement, Frame& frame) {
    for (const Node& part : statement.namedChildren()) {
        const bool aliased = part.is("aliased_import");
        const std::string dotted(aliased ? part.field("name").text() : part.text());
        const SourceModule* source = host_.module(dotted);
        if (source) load(*source);
        std::string bound =
            aliased ? std::string(part.field("alias").text()) : dotted.substr(0, dotted.find('.'));
        if (aliased) {
            bind(bound, source ? Ref(load(*source)->box) : external(dotted), frame);
            continue;
        }
        const SourceModule* top = host_.module(bound);
        bind(bound, top ? Ref(load(*top)->box) : external(bound), frame);
    }
}

void Interpreter::runImportFrom(const Node& statement, Frame& frame) {
    const Node from = statement.field("module_name");
    const std::string dotted = absoluteName(from, *frame.module);
    const SourceModule* source = host_.module(dotted);
    ModuleRecord* record = source ? load(*source) : nullptr;
    const Node last = statement.namedChild(statement.namedChildCount() - 1);
    if (last.is("wildcard_import")) {
        if (const auto* names = record ? nullptr : namesOfLibrary(dotted))
            for (const std::string& name : *names)
                bind(name, external(dotted + "." + name), frame);
        if (!record) return;
        for (const auto& [name, value] : record->frame->variables)
            if (!name.empty() && name[0] != '_') bind(name, value, frame);
        return;
    }
    for (const Node& part : statement.namedChildren()) {
        if (part == from) continue;
        const bool aliased = part.is("aliased_import");
        const std::string name(aliased ? part.field("name").text() : part.text());
        const std::string bound = aliased ? std::string(part.field("alias").text()) : name;
        if (record) {
            auto found = record->frame->variables.find(name);
            if (found != record->frame->variables.end()) {
                bind(bound, found->second, frame);
                continue;
            }
        }
        const std::string inner = dotted.empty() ? name : dotted + "." + name;
        if (const SourceModule* module = host_.module(inner))
            bind(bound, Ref(load(*module)->box), frame);
        else if (record)
            bind(bound, opaqueText(inner), frame);
        else
            bind(bound, external(inner), frame);
    }
}

} // namespace covet::syntax::eval
