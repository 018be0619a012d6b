# Every file under resources/ is compiled in, so that the binary and the wasm module need no data
# files beside them. Lookup: covet::catalog::resource("targets/covetpy.json").
file(GLOB_RECURSE COVET_RESOURCES CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/resources
    ${CMAKE_CURRENT_SOURCE_DIR}/resources/*)
list(FILTER COVET_RESOURCES EXCLUDE REGEX "__pycache__|\\.pyc$")
if(EMSCRIPTEN)
    # For commands that only the native program has: `explain`, `schema`, `registry`, `test`, --extract-with-python.
    list(FILTER COVET_RESOURCES EXCLUDE REGEX "^(findings|schemas|registry|equivalence|extraction)/")
    # What the first example of the playground has no use for.
    set(COVET_LATE_RESOURCES "^(runtime|templates/(bridge|database|flask|http_server|published|routing|schemas|security|sessions|validation))/")
endif()
list(SORT COVET_RESOURCES)
set(COVET_RESOURCES_CPP ${CMAKE_CURRENT_BINARY_DIR}/embedded_resources.cpp)
set(COVET_RESOURCE_DEPS ${COVET_RESOURCES})
list(TRANSFORM COVET_RESOURCE_DEPS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/resources/)
add_custom_command(
    OUTPUT ${COVET_RESOURCES_CPP}
    COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_CURRENT_SOURCE_DIR}/resources
            "-DFILES=${COVET_RESOURCES}" -DOUT=${COVET_RESOURCES_CPP} "-DLATE=${COVET_LATE_RESOURCES}"
            -P ${CMAKE_CURRENT_SOURCE_DIR}/embed_resources.cmake
    DEPENDS ${COVET_RESOURCE_DEPS} ${CMAKE_CURRENT_SOURCE_DIR}/embed_resources.cmake
    VERBATIM)
target_sources(covet_core PRIVATE ${COVET_RESOURCES_CPP})
