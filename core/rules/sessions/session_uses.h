#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/migration_context.h"

namespace covet::rules::sessions {

using semantic::Function;
using semantic::Module;

/// What is in the way.
struct Obstacle {
    const Module* module = nullptr;
    Node where;
    std::string reason; // code

    explicit operator bool() const { return module != nullptr; }
};

/// One place where code works with a session.
struct SessionUse {
    enum class Kind {
        Opened,  // `db = SessionLocal()`
        Entered, // `with SessionLocal() as db`: the statement
        Waits,   // `db.commit()`: the call waits for the database
        Query,   // `db.query(...)`
        InBulk,  // `db.bulk_save_objects(rows)`, which an asynchronous session does not have
        Plain    // `db.add(row)`, `yield db`, `get_user(db, 1)`
    };
    Kind kind = Kind::Plain;
    const Module* module = nullptr;
    const Function* function = nullptr;
    Node session; // `db`, `self.db`
    Node node;    // the call or statement
};

/// Where sessions come from, which names hold them, and which functions have to wait for them.
class SessionUses {
public:
    explicit SessionUses(MigrationContext& context) : context_(context), project_(context.project()) {}

    /// False when the project has no factory of synchronous sessions.
    bool findFactory();
    /// Follows the sessions; the obstacle is set where something is not understood.
    void follow();
    /// Follows the functions that wait, once everything has said where it does.
    void followCalls() { references(); }
    void refuse(const Module& module, const Node& where, const std::string& reason);

    const Obstacle& obstacle() const { return obstacle_; }
    const std::vector<SessionUse>& uses() const { return uses_; }
    const Module& factoryModule() const { return *factoryModule_; }
    const std::string& factoryName() const { return factoryName_; }
    Node factory() const { return factory_; }     // the call of sessionmaker
    Node engine() const { return engine_; }       // the call of create_engine
    std::string engineName() const { return engineName_; }
    bool engineIsUsedElsewhere() const { return engineIsUsed_; }
    /// Functions that wait, in order of module and place.
    std::vector<std::pair<const Module*, const Function*>> waiting() const;
    bool waits(const Function& function) const { return waiting_.count(&function) > 0; }
    /// Calls of functions that wait.
    const std::vector<std::pair<const Module*, Node>>& waitedCalls() const { return waitedCalls_; }
    /// Statements that make an application.
    const std::vector<std::pair<const Module*, Node>>& applications() const { return applications_; }
    /// Where the type of a synchronous session is named.
    const std::vector<std::pair<const Module*, Node>>& types() const { return types_; }
    void mustWait(const Module& module, const Function& function, const Node& at);
    /// Whether a name or attribute denotes this definition of a library.
    bool isNamed(const Module& module, const Node& expression, std::initializer_list<std::string_view> names) const;
    std::string classOf(const Module& module, const Node& object) const;

private:
    void findEngine(const Node& given);
    void engineUses();
    void findApplications();
    void dependents();
    bool waitsFor(const Module& module, const Node& depends) const;
    void types(const Module& module);
    bool isSessionType(const Module& module, const Node& type) const;
    bool providesSession(const Module& module, const Node& value) const;
    void parameters(const Module& module, const Function& function);
    void factoryUses(const Module& module);
    void sessionsIn(const Module& module, const Function& function);
    void session(const Module& module, const Function& function, const Node& expression);
    void method(const Module& module, const Function& function, const Node& expression, const Node& access);
    void given(const Module& module, const Node& expression);
    void takes(const Function& function, const Node& call, const Node& argument, const Module& module, bool bound);
    void references();
    void reference(const Function& function, const Module& module, const Node& expression);
    bool isCallOf(const Module& home, const Function& function, const Module& module, const Node& access);
    bool isRelated(const std::string& one, const std::string& other) const;
    std::string classId(const Module& module, const std::string& name) const;
    std::string baseOf(const std::string& id) const;
    const Module* moduleOf(const Function& function) const;
    bool isSession(const Module& module, const Node& expression) const;

    MigrationContext& context_;
    const semantic::Project& project_;
    Obstacle obstacle_;
    const Module* factoryModule_ = nullptr;
    const Module* engineModule_ = nullptr;
    Node factory_, engine_;
    std::string factoryName_, engineName_;
    bool engineIsUsed_ = false;
    std::map<const Function*, std::set<std::string>> names_;
    std::map<std::string, std::string> attributes_; // class -> attribute that holds a session
    std::set<const Function*> waiting_;
    std::vector<SessionUse> uses_;
    std::vector<std::pair<const Module*, Node>> waitedCalls_, types_, applications_;
    bool grows_ = false;
};

} // namespace covet::rules::sessions
