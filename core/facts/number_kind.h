#pragma once

#include <functional>

#include "facts/field_origins.h"

namespace covet::facts {

/// What is known about the number that an expression gives.
enum class NumberKind {
    Whole,    // an int for sure, or None
    Fraction, // a float for sure
    Open,     // may be any number
    None      // no number: a text, a truth value, a container
};

/// Tells ints from other numbers. An int that is given to a field proves nothing about the next value: only what
/// cannot be anything else counts as whole.
class NumberKinds {
public:
    /// `isSame`: the expression is the field itself, whose own kind does not change the answer: `x["n"] + 1`.
    using IsSame = std::function<bool(const Module&, const Node&)>;

    NumberKinds(const Project& project, const StoredValues& stored) : project_(project), stored_(stored) {}

    NumberKind kindOf(const Module& module, const Node& node, const IsSame& isSame) const;

    /// What `field += value` and the like give.
    NumberKind afterOperator(const Module& module, std::string_view operation, const Node& value, const IsSame& isSame) const;

private:
    NumberKind kind(const Module& module, const Node& node, const IsSame& isSame, int steps) const;
    NumberKind ofCall(const Module& module, const Node& call, const IsSame& isSame, int steps) const;
    NumberKind ofName(const Module& module, const Node& name, const IsSame& isSame, int steps) const;
    NumberKind ofParameter(const Module& module, const Function& function, const Node& parameter, const IsSame& isSame,
                           int steps) const;
    NumberKind ofMember(const Module& module, const Node& attribute) const;

    const Project& project_;
    const StoredValues& stored_;
};

} // namespace covet::facts
