#pragma once

#include <map>
#include <string>
#include <vector>

#include "equivalence/inspection.h"

namespace covet::equivalence {

/// Values that mean something to the application: from its starting data, and from its answers.
class KnownValues {
public:
    explicit KnownValues(const Inspection& inspection) : inspection_(inspection), values_(inspection.values) {}

    /// Takes values from the JSON of an answer.
    void learn(const std::string& body);
    /// Values seen for a name; empty when there are none.
    const std::vector<Value>& of(const std::string& name) const;
    /// For a parameter in a path, percent-encoded and without repetition: values of that name, keys of
    /// the store that the path names, ids. The first is the best guess; there is always one.
    std::vector<std::string> forParameter(const std::string& path, const std::string& parameter) const;
    /// The store that a path or a set of fields is about; nullptr if none.
    const SampleStore* storeOf(const std::string& path) const;

private:
    void collect(const Value& value, int depth);
    void add(const std::string& name, const Value& value);

    const Inspection& inspection_;
    std::map<std::string, std::vector<Value>> values_;
};

/// Percent-encodes everything but letters, digits and "-._~".
std::string percentEncoded(const std::string& text);
/// A value as it stands in a path or query.
std::string plainText(const Value& value);

} // namespace covet::equivalence
