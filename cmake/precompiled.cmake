# Precompiled headers, for builds that start from nothing: they take a third to a half off each file. Off where someone
# edits, so that a missing #include is found at once; the release build never uses them for the same reason.
option(CLARION_PCH "precompile the headers that most files include" OFF)

# clarion_precompiled(NAME LIBRARIES... HEADERS...): NAME is only a holder of headers that other targets reuse. Its
# definitions are those of all libraries together, and the headers mean the same under each.
function(clarion_precompiled name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;HEADERS")
  if(CLARION_PCH)
    file(WRITE ${PROJECT_BINARY_DIR}/${name}.cpp "")
    add_library(${name} STATIC ${PROJECT_BINARY_DIR}/${name}.cpp)
    target_link_libraries(${name} PRIVATE clarion_flags ${arg_LIBRARIES})
    # ccache can only trust a precompiled header that carries no time.
    target_compile_options(${name} PRIVATE -Xclang -fno-pch-timestamp)
    target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
  endif()
endfunction()

# clarion_precompile(TARGET NAME): TARGET is compiled with the headers of NAME, when they are on.
function(clarion_precompile target name)
  if(CLARION_PCH)
    target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

set(clarion_frequent_headers
  <algorithm> <chrono> <expected> <functional> <map> <memory> <optional> <set> <string> <unordered_map> <variant> <vector>
  <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp>
  <boost/asio/this_coro.hpp> <boost/asio/use_awaitable.hpp> <boost/json.hpp> <fmt/format.h>)
clarion_precompiled(clarion_pch
  LIBRARIES clarion_asio fmt::fmt spdlog::spdlog Boost::json
  HEADERS ${clarion_frequent_headers})
