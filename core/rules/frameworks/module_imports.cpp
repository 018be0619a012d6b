#include "rules/frameworks/module_imports.h"

#include "semantic/test_modules.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Module;

constexpr const char* kLibrary = "fastapi";

/// Modules of the library whose names are taken one by one.
constexpr Words kSubmodules = {"responses", "security", "exceptions", "encoders", "concurrency", "staticfiles", "templating",
                               "testclient", "requests", "routing", "params", "datastructures", "background", "websockets",
                               "middleware", "middleware.cors", "middleware.gzip", "middleware.trustedhost", "middleware.httpsredirect",
                               "middleware.wsgi", "exception_handlers"};
constexpr Words kNames = {"APIRouter", "BackgroundTasks", "Body", "Cookie", "Depends", "FastAPI", "File", "Form", "HTTPException", "Header", "Path",
                          "Query", "Request", "Response", "Security", "UploadFile", "WebSocket", "WebSocketDisconnect", "WebSocketException",
                          "WebSocketState", "status"};

class ModuleImport {
public:
    ModuleImport(MigrationContext& context, const Module& module) : context_(context), module_(module) {}

    bool name() {
        for (const auto& [local, binding] : module_.imports)
            if (binding.module == kLibrary && binding.name.empty()) local_ = local;
        if (local_.empty()) return false;
        for (const Node& identifier : module_.tree->identifiers(local_))
            if (!take(identifier)) return false;
        if (uses_.empty() || statements_.empty()) return false;
        for (Use& use : uses_)
            if (!place(use)) return false;
        ModuleRewrite& rewrite = context_.rewrite(module_);
        for (const Node& statement : statements_) drop(rewrite, statement);
        for (const Use& use : uses_) {
            rewrite.replace(use.node, use.local);
            rewrite.requireImport(use.module, use.name, use.local == use.name ? "" : use.local);
        }
        return true;
    }

private:
    struct Use {
        Node node; // `fastapi.security.HTTPBearer`
        std::string module, name, local;
    };

    /// False if an identifier is something that is not understood.
    bool take(const Node& identifier) {
        if (const Node statement = identifier.ancestor({"import_statement", "import_from_statement"})) {
            if (statement.is("import_from_statement")) return statement.field("module_name").contains(identifier);
            if (!statement.parent().is("module")) return false;
            if (statements_.empty() || statements_.back() != statement) statements_.push_back(statement);
            return true;
        }
        const Node parent = identifier.parent();
        if (parent.is("attribute") && parent.field("attribute") == identifier) return true;
        if (parent.is("keyword_argument") && parent.field("name") == identifier) return true;
        if (!parent.is("attribute")) return false;
        if (const semantic::Function* function = module_.enclosingFunction(identifier); function && function->locals.count(local_)) return false;
        Use use{parent, kLibrary, std::string(parent.field("attribute").text()), ""};
        std::string below;
        while (kSubmodules.count(below + (below.empty() ? "" : ".") + use.name)) {
            below += (below.empty() ? "" : ".") + use.name;
            const Node next = use.node.parent();
            if (!next.is("attribute") || next.field("object") != use.node) return false;
            use.node = next;
            use.name = std::string(next.field("attribute").text());
        }
        if (below.empty() && !kNames.count(use.name)) return false;
        if (!below.empty()) use.module += "." + below;
        uses_.push_back(std::move(use));
        return true;
    }

    /// Gives a use the name that it has from now on.
    bool place(Use& use) const {
        for (const std::string& name : {use.name, std::string(kLibrary) + "_" + snakeCase(use.name)}) {
            const auto known = module_.imports.find(name);
            const bool isSame = known != module_.imports.end() && known->second.module == use.module && known->second.name == use.name;
            if (!isSame && isTaken(name)) continue;
            use.local = name;
            return true;
        }
        return false;
    }

    /// Whether the name occurs as one of the module's own.
    bool isTaken(const std::string& name) const {
        for (const Node& identifier : module_.tree->identifiers(name)) {
            const Node parent = identifier.parent();
            if (parent.is("attribute") && parent.field("attribute") == identifier) continue;
            if (parent.is("keyword_argument") && parent.field("name") == identifier) continue;
            return true;
        }
        return false;
    }

    void drop(ModuleRewrite& rewrite, const Node& statement) const {
        std::string kept;
        for (const Node& entry : statement.fields("name")) {
            const std::string name((entry.is("aliased_import") ? entry.field("name") : entry).text());
            if (name == kLibrary || startsWith(name, std::string(kLibrary) + ".")) continue;
            kept += (kept.empty() ? "" : ", ") + std::string(entry.text());
        }
        if (kept.empty()) rewrite.remove(statement);
        else rewrite.replace(statement, "import " + kept);
    }

    MigrationContext& context_;
    const Module& module_;
    std::string local_;
    std::vector<Node> statements_;
    std::vector<Use> uses_;
};

} // namespace

bool nameModuleImports(MigrationContext& context) {
    // Where the framework stays, its names may stay as well.
    if (context.target().package == kLibrary) return false;
    bool changed = false;
    for (const auto& module : context.project().modules())
        if (!semantic::isTestModule(*module)) changed = ModuleImport(context, *module).name() || changed;
    return changed;
}

} // namespace covet::rules
