#pragma once

#include <functional>

#include "rules/sessions/session_uses.h"

namespace covet::rules::sessions {

/// `db.query(User).filter(User.id == 1).first()` -> `(await db.scalars(select(User).filter(User.id == 1).limit(1))).first()`
///
/// A query and a statement have the same steps; they differ at their start, and where the rows are asked for.
class SessionQueries {
public:
    SessionQueries(MigrationContext& context, SessionUses& uses) : context_(context), project_(context.project()), uses_(uses) {}

    /// Looks at every query; what cannot be written as a statement becomes the obstacle of the uses.
    void plan();
    void rewrite() const {
        for (const auto& edit : edits_) edit();
    }

private:
    struct Shape {
        bool isEntity = false;
        bool isDistinct = false; // rows of an entity that a join makes several times are given once
        bool isFiltered = false;
        std::string session, model;
    };
    struct Step {
        std::string name;
        Node call;
    };
    struct Chain {
        const Module* module;
        const Function* function;
        Node start, end;
        std::vector<Step> steps;
        std::string variable; // that holds the statement it starts with; "" for `db.query(...)`
    };

    Chain chainFrom(const Module& module, const Function& function, const Node& start) const;
    Shape shapeOf(const SessionUse& use) const;
    void addSteps(const Module& module, const Chain& chain, Shape& shape) const;
    void variables(const Module& module, const Function& function);
    void chain(const Chain& chain, const Shape& shape, const Node& head);
    void ending(const Chain& chain, const Shape& shape);
    void terminal(const Chain& chain, const Shape& shape, const Node& head);
    void changing(const Chain& chain, const Shape& shape, const Node& head);
    void replace(const Module& module, const Node& node, std::function<std::string(const ModuleRewrite&)> render);
    std::string import(const Module& module, const std::string& name);

    MigrationContext& context_;
    const semantic::Project& project_;
    SessionUses& uses_;
    bool allDistinct_ = false; // relations are joined to their rows, which come several times then
    std::map<std::pair<const Function*, std::string>, Shape> variables_;
    std::vector<std::function<void()>> edits_;
};

} // namespace covet::rules::sessions
