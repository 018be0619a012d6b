#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::rules::validation {

using semantic::Module;
using semantic::Project;
using syntax::Node;

/// What a column takes, as far as a request body can be checked against it.
struct ColumnType {
    enum class Kind { Any, Text, Integer, Number, Flag };
    Kind kind = Kind::Any;
    bool isNullable = false;
    unsigned maxLength = 0; // of texts, in characters; 0 = no limit
    bool isBig = false;     // integers of 64 bits

    bool sameValues(const ColumnType& other) const {
        return kind == other.kind && maxLength == other.maxLength && isBig == other.isBig;
    }
};

/// One SQLAlchemy model: columns by attribute.
struct TableModel {
    const Module* module = nullptr;
    std::string className;
    std::map<std::string, ColumnType> columns;
    std::vector<std::string> order; // of the attributes
};

/// The SQLAlchemy models of a project, written by hand or generated.
class TableModels {
public:
    explicit TableModels(const Project& project);

    bool empty() const { return models_.empty(); }
    const std::vector<TableModel>& all() const { return models_; }
    /// The model that an expression names; nullptr if it names none.
    const TableModel* named(const Module& module, const Node& expression) const;
    /// The models that code names, or whose stores it names (`notes = bridged_list(Note)`).
    std::set<const TableModel*> namedIn(const Module& module, const Node& code) const;

private:
    void add(const Module& module, const semantic::Class& item);
    const TableModel* find(const Module* module, const std::string& className) const;
    const TableModel* ofStore(const semantic::Symbol& symbol) const;

    const Project& project_;
    std::vector<TableModel> models_;
};

} // namespace covet::rules::validation
