#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "catalog/target_profile.h"
#include "facts/facts.h"
#include "rules/finding.h"
#include "rules/module_rewrite.h"
#include "rules/signature_edits.h"
#include "semantic/project.h"

namespace covet::rules {

/// A function that answers requests, as a source framework's frontend understands it.
struct Handler {
    const semantic::Module* module = nullptr;
    const semantic::Function* function = nullptr;
    std::string framework;
    /// The frontend rewrites it for the target, so that a `db: DB` parameter will be injected.
    bool rewritten = false;
    std::string reason = {}; // code why not, when `rewritten` is false
    /// Decorators that register it; those of the migration stand below them.
    std::vector<Node> routeDecorators = {};
    /// The framework calls it for the arguments of other handlers (`Depends`).
    bool isDependency = false;
    /// A sync function that the framework runs in a worker thread, and that needs to stay there.
    bool inThread = false;
    /// Calls in the project reach the function itself, whatever stands above it.
    bool callsArePlain = false;
    /// Dependencies of its router or application, which its own code does not name.
    std::vector<const semantic::Function*> runBefore = {};
    /// A decorator of the project or the helper calls it with arguments of its own choice: a parameter that is
    /// added to it gets no value.
    bool fixedSignature = false;
};

/// A handler that a frontend makes out of an expression that is no function: the body of a lambda.
struct MadeHandler {
    const semantic::Module* module = nullptr;
    Node code;
    /// Lines above its definition, in order; the frontend renders them after all rules have run.
    std::shared_ptr<std::vector<std::string>> decorators;
};

/// `@classmethod`, `@staticmethod`: what they make is no function that another decorator could wrap.
bool bindsMethod(const Node& decorator);

/// The decorator or definition under the decorators that register a handler.
Node belowRoutes(const Handler& handler);

/// An application whose routes cannot be converted.
struct KeptApplication {
    const semantic::Module* module = nullptr;
    Node creation; // the call that makes it
    facts::App app;
    std::string reason; // code: the first thing that is in the way
    std::set<const semantic::Module*> modules; // what its requests may run
};

/// What the rules of one migration share. Frontends (legacy, flask, fastapi) run first and fill
/// `handlers`, `apps`, `routes`; the store engine runs after them on the same rewrites.
class MigrationContext {
public:
    explicit MigrationContext(const semantic::Project& project,
                              const catalog::TargetProfile& target = catalog::defaultTarget());

    const semantic::Project& project() const { return project_; }
    /// Names of the target framework; rules never spell them.
    const catalog::TargetProfile& target() const { return target_; }
    ModuleRewrite& rewrite(const semantic::Module& module);
    SignatureEdits& signatures(const semantic::Module& module);
    /// Modules of which a rewrite or signature changes were asked for, in order of path.
    std::vector<const semantic::Module*> openedModules() const;
    /// Name for the database session in a module: "db" unless the module uses that for something else.
    std::string sessionName(const semantic::Module& module);
    const MadeHandler* madeHandlerAround(const semantic::Module& module, const Node& node) const;
    const Handler* handlerOf(const semantic::Function& function) const;
    /// Adds a finding at a node; its id is computed when the ledger is closed.
    Finding& report(const semantic::Module& module, const Node& node, const std::string& rule,
                    const std::string& subject);

    /// Decides where generated modules live (the folder of `beside`, a module of the main
    /// application) and what they are called: the first candidates of the profile that are free.
    /// `paths` are all files of the project, and outlive the context.
    void placeGeneratedModules(const semantic::Module* beside, const std::set<std::string>& paths);
    /// What `from` writes after `from` to import a generated module: in the way its siblings are
    /// imported ("models", "shop.models" or ".models").
    const std::string& importPath(const semantic::Module& from, const std::string& generatedModule) const;
    /// Whether the project has files in a folder.
    bool hasFolder(const std::string& folder) const;
    /// Where `from` imports the dependency that gives sessions from; generates its module where the
    /// target has none.
    catalog::TargetName sessionDependency(const semantic::Module& from);
    /// The same for a generated module, which lies beside the others.
    catalog::TargetName generatedSessionDependency();
    /// What a generated module writes after `from` to import another one.
    std::string generatedImportPath(const std::string& generatedModule) const;
    /// Folder from which absolute imports of `from` are looked up ("" = the project's root).
    const std::string& importBase(const semantic::Module& from) const;
    /// Path of a generated module: "shop/models.py".
    std::string generatedPath(const std::string& generatedModule) const;

    std::string modelsModule = "models";       // bare name
    std::string bridgeModule = "covet_bridge"; // bare name
    std::string queriesModule = "covet_queries"; // bare name
    std::string routingModule = "covet_routing";   // bare name; of applications that come from a framework
    std::string databaseModule = "covet_database"; // bare name; of targets that bring their sessions
    std::string schemasModule = "covet_schemas";   // bare name; models of request bodies
    std::string settingsModule = "covet_settings"; // bare name; what is kept out of the code
    std::string passwordsModule = "covet_passwords"; // bare name; hashes of passwords
    /// Names that a frontend imports from somewhere else afterwards: local name -> module.
    std::map<const semantic::Module*, std::map<std::string, std::string>> movedImports;
    /// Modules that define the target's session alias (`DB`) already.
    std::set<const semantic::Module*> sessionAliasModules;
    std::string generatedFolder;               // "" or "shop", no slash at the end
    /// Where the models import the check of rows from that code without the bridge writes; else "".
    std::string rowChecks;

    std::vector<facts::App> apps;         // as found
    std::vector<facts::App> migratedApps; // as they will be
    std::vector<facts::Route> routes;
    std::vector<KeptApplication> keptApplications;
    /// No application of this migration moves, and the data of those that stay moves all the same.
    bool staysOnFramework = false;
    /// Some decorators name the stores that they open as texts, "module:name".
    bool namesStoresLate = false;
    std::vector<Handler> handlers;
    /// Calls that a frontend put an `await` in front of, by node.
    std::set<const void*> awaitedCalls;
    std::vector<MadeHandler> madeHandlers;
    /// Containers that a frontend has replaced, "module:name" or "module:Class.attribute": tables of
    /// routes and the state of request objects are no stores.
    std::set<std::string> replacedContainers;
    std::vector<Finding> findings;
    /// Generated files: path -> UTF-8 text (helpers, manifests).
    std::map<std::string, std::string> generatedFiles;

private:
    struct State {
        std::unique_ptr<ModuleRewrite> rewrite;
        std::unique_ptr<SignatureEdits> signatures;
        std::string sessionName;
    };
    State& state(const semantic::Module& module);
    std::string findImportBase(const semantic::Module& from) const;
    std::string findImportPath(const semantic::Module& from, const std::string& generatedModule) const;

    const semantic::Project& project_;
    const catalog::TargetProfile& target_;
    const semantic::Module* beside_ = nullptr; // the module beside which generated ones lie
    const std::set<std::string>* paths_ = nullptr; // all files of the project
    std::map<const semantic::Module*, State> states_;
    /// What has been asked for since the generated modules have their place; never gone through.
    mutable std::map<const semantic::Module*, std::string> importBases_;
    mutable std::map<std::pair<const semantic::Module*, std::string>, std::string> importPaths_;
};

} // namespace covet::rules
