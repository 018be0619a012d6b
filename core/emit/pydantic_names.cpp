#include "emit/pydantic_names.h"

#include <cctype>

#include "support/strings.h"
#include "support/words.h"

namespace covet::emit {
namespace {

/// Names that Pydantic's own class has, or that read a body as a dict.
bool isReserved(const std::string& name) {
    static constexpr Words kOwn = {"copy", "dict", "json", "schema", "construct", "validate", "parse_obj", "parse_raw",
                                   "parse_file", "from_orm", "schema_json", "update_forward_refs", "fields", "read", "get",
                                   "keys", "values", "items", "model_config", "model_fields", "model_dump",
                                   "model_dump_json", "model_validate", "model_validate_json", "model_copy",
                                   "model_construct", "model_extra", "model_fields_set", "model_computed_fields",
                                   "model_json_schema", "model_post_init", "model_rebuild", "model_validate_strings",
                                   "model_parametrized_name"};
    return kOwn.count(name) > 0 || startsWith(name, "_") || isPythonKeyword(name) || !isPythonIdentifier(name);
}

} // namespace

std::string modelAttribute(const std::string& key, const std::set<std::string>& taken) {
    if (!isReserved(key)) return key;
    std::string name;
    for (const char c : key) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    while (startsWith(name, "_")) name.erase(0, 1);
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) || isReserved(name)) name = "field_" + name;
    while (taken.count(name)) name += "_";
    return name;
}

} // namespace covet::emit
