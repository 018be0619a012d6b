# The names of the grammar's node types and fields as constants, so that code which names one is checked, and numbered, when
# it is compiled.
set(grammar ${COVET_TSPY_DIR}/parser.c)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${grammar})
file(READ ${grammar} text)
foreach(table IN ITEMS ts_symbol_names ts_field_names)
    string(FIND "${text}" "static const char * const ${table}[] = {" from)
    string(SUBSTRING "${text}" ${from} -1 rest)
    string(FIND "${rest}" "\n};" end)
    string(FIND "${rest}" "{" begin)
    math(EXPR begin "${begin} + 2")
    math(EXPR length "${end} - ${begin} + 1")
    string(SUBSTRING "${rest}" ${begin} ${length} entries)
    string(REGEX REPLACE " *\\[[A-Za-z0-9_]+\\] = ([^\n]*),\n" "    \\1,\n" entries "${entries}")
    string(REPLACE "    NULL," "    \"\"," ${table} "${entries}")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/syntax/grammar_names.h @ONLY CONTENT "#pragma once

#include <string_view>

namespace covet::syntax::detail {

/// By the parser's symbols; the last is that of what it does not understand.
inline constexpr std::string_view kTypeNames[] = {
@ts_symbol_names@    \"ERROR\",
};

/// By the parser's fields.
inline constexpr std::string_view kFieldNames[] = {
@ts_field_names@};

} // namespace covet::syntax::detail
")
