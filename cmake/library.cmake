# Every folder of src/ is one library that links only what the architecture allows
# (docs: ARCHITECTURE.md; the test tests/unit/architecture_test.py checks the includes too).

add_library(mlbilling_options INTERFACE)
target_compile_features(mlbilling_options INTERFACE cxx_std_20)
target_include_directories(mlbilling_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(mlbilling_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
    _GLIBCXX_ASSERTIONS)
target_compile_options(mlbilling_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wimplicit-fallthrough -Wformat=2
    -Wdouble-promotion -Werror -fstack-protector-strong
    $<$<CONFIG:Debug>:-g1>
    $<$<AND:$<CONFIG:Debug>,$<NOT:$<BOOL:$<TARGET_PROPERTY:MLBILLING_QUICK_TO_COMPILE>>>>:-O1>
    $<$<CONFIG:Release>:-g1 -D_FORTIFY_SOURCE=2>)
# A package may name more libraries than are called; each that is loaded takes memory of every process.
target_link_options(mlbilling_options INTERFACE -fuse-ld=lld -Wl,--as-needed)

if(MLBILLING_SANITIZE)
    # Frame recycling would hide a use after free of a coroutine frame from AddressSanitizer.
    target_compile_definitions(mlbilling_options INTERFACE
        BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
    target_compile_options(mlbilling_options INTERFACE
        -fsanitize=${MLBILLING_SANITIZE} -fno-sanitize-recover=all -fno-sanitize=function
        -fno-omit-frame-pointer)
    target_link_options(mlbilling_options INTERFACE -fsanitize=${MLBILLING_SANITIZE})
endif()

# mlbilling_library(<folder> [SOURCES ...] [LINKS ...]): static library mlbilling_<folder with _>.
# Without SOURCES it takes every .cpp of the folder (not of its subfolders).
function(mlbilling_library folder)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    string(REPLACE "/" "_" name ${folder})
    if(NOT ARG_SOURCES)
        file(GLOB ARG_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp)
    endif()
    if(ARG_SOURCES)
        add_library(mlbilling_${name} STATIC ${ARG_SOURCES})
        target_link_libraries(mlbilling_${name} PUBLIC mlbilling_options ${ARG_LINKS})
        target_precompile_headers(mlbilling_${name} REUSE_FROM mlbilling_third_party)
    else()
        add_library(mlbilling_${name} INTERFACE)
        target_link_libraries(mlbilling_${name} INTERFACE mlbilling_options ${ARG_LINKS})
    endif()
endfunction()

# mlbilling_embed(<target> <prefix> <files...>): compiles files into the target's binary. Each file
# becomes a function `std::string_view mlbilling::embedded::<prefix>_<name with _>()`, declared in
# the generated header <prefix>_embedded.hpp.
function(mlbilling_embed target prefix)
    set(directory ${CMAKE_CURRENT_BINARY_DIR}/embedded_${prefix})
    set(declarations "")
    set(definitions "")
    foreach(file ${ARGN})
        get_filename_component(path ${file} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
        get_filename_component(name ${file} NAME)
        string(MAKE_C_IDENTIFIER ${name} identifier)
        set(symbol mlbilling_embedded_${prefix}_${identifier})
        string(APPEND declarations "std::string_view ${prefix}_${identifier}();\n")
        string(APPEND definitions
            "__asm__(\".section .rodata\\n.global ${symbol}_begin\\n.global ${symbol}_end\\n\"\n"
            "        \"${symbol}_begin:\\n.incbin \\\"${path}\\\"\\n${symbol}_end:\\n.byte 0\\n.previous\");\n"
            "extern \"C\" const char ${symbol}_begin[];\nextern \"C\" const char ${symbol}_end[];\n"
            "namespace mlbilling::embedded {\nstd::string_view ${prefix}_${identifier}() {\n"
            "    return {${symbol}_begin, static_cast<std::size_t>(${symbol}_end - ${symbol}_begin)};\n}\n}\n")
        list(APPEND paths ${path})
    endforeach()
    file(CONFIGURE OUTPUT ${directory}/${prefix}_embedded.hpp @ONLY CONTENT
        "#pragma once\n#include <string_view>\nnamespace mlbilling::embedded {\n${declarations}}\n")
    file(CONFIGURE OUTPUT ${directory}/${prefix}_embedded.cpp @ONLY CONTENT
        "#include \"${prefix}_embedded.hpp\"\n#include <cstddef>\n${definitions}")
    set_source_files_properties(${directory}/${prefix}_embedded.cpp PROPERTIES
        OBJECT_DEPENDS "${paths}" SKIP_PRECOMPILE_HEADERS ON)
    target_sources(${target} PRIVATE ${directory}/${prefix}_embedded.cpp)
    target_include_directories(${target} PRIVATE ${directory})
endfunction()
