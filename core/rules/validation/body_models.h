#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/migration_context.h"
#include "rules/proposal.h"
#include "rules/validation/body_fields.h"

namespace covet::rules::validation {

/// Gives the bodies of requests models that check them.
///
/// Before: data = await request.json()
/// After:  data = CreateNoteBody.read(await request.json())
///
/// Before: async def create_note(data: dict):
/// After:  async def create_note(data: CreateNoteBody):
///
/// The model takes the types of the columns that the fields get into, and reads as a dict, so the code that
/// works with the body stays as it is: fields that are missing are noticed where they were before. Works on code
/// that is on the target already.
class BodyModels {
public:
    /// `schemas` is the text of the generated module of an earlier run, or "".
    BodyModels(MigrationContext& context, const TableModels& tables, std::string schemasModule, std::string schemas);

    std::vector<Proposal> proposals();
    /// Text of the generated module with the models of the proposals that were made; "" when none was.
    std::string schemas() const;

private:
    struct Body {
        const Module* module = nullptr;
        const semantic::Function* function = nullptr;
        std::vector<Node> reads; // expressions that give the body; none for a parameter
        Node annotation;         // of the parameter
        BodyShape shape;
    };

    void findIn(const Module& module, const semantic::Function& function, std::vector<Proposal>& proposals);
    void propose(Body body, std::vector<Proposal>& proposals);
    void make(const Body& body, const std::string& className);
    bool readOnce(const Body& body, const std::string& className);
    std::string classNameFor(const semantic::Function& function);
    std::string classText(const std::string& className, const Body& body) const;

    MigrationContext& context_;
    const TableModels& tables_;
    const std::string module_, before_;
    std::set<std::string> taken_;
    std::map<std::string, std::string> made_; // class -> text
    std::vector<std::string> order_;
};

} // namespace covet::rules::validation
