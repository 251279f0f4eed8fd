# Flags shared by every target, and clarion_layer(NAME DEPENDS...): one static library per folder of src/.
add_library(clarion_flags INTERFACE)
target_compile_options(clarion_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wimplicit-fallthrough -Wunused -Werror
  -fno-omit-frame-pointer)
if(CLARION_SANITIZE)
  # Boost.Asio keeps its reactor in thread-local state that the sanitizers follow without help.
  target_compile_options(clarion_flags INTERFACE -fsanitize=${CLARION_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(clarion_flags INTERFACE -fsanitize=${CLARION_SANITIZE})
endif()
# For builds that start from nothing: most of a file's time is its headers. Neighbours shadow each other's names then.
option(CLARION_UNITY "compile sources in batches" OFF)
if(CLARION_UNITY)
  target_compile_options(clarion_flags INTERFACE -Wno-shadow)
endif()
if(CLARION_FUZZ)
  # Without coverage counters in the code under test a fuzzer only guesses.
  target_compile_options(clarion_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_options(clarion_flags INTERFACE -fuse-ld=lld-19)

function(clarion_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(clarion_${name} STATIC ${sources})
  else()
    # A layer of headers alone still has to be a target others can link.
    file(WRITE ${PROJECT_BINARY_DIR}/${name}_empty.cpp "")
    add_library(clarion_${name} STATIC ${PROJECT_BINARY_DIR}/${name}_empty.cpp)
  endif()
  target_include_directories(clarion_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(clarion_${name} PUBLIC clarion_flags)
  foreach(dependency IN LISTS ARGN)
    target_link_libraries(clarion_${name} PUBLIC clarion_${dependency})
  endforeach()
  clarion_precompile(clarion_${name} clarion_pch)
  clarion_unite(clarion_${name} ${sources})
endfunction()

# Many sources compiled as one, where CLARION_UNITY says so. A file-wide `using enum` would reach into the neighbours, so
# those stay by themselves; names in unnamed namespaces have to differ within a layer.
function(clarion_unite target)
  if(CLARION_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    foreach(source IN LISTS ARGN)
      file(STRINGS ${source} apart REGEX "^using enum")
      if(apart)
        set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
      endif()
    endforeach()
  endif()
endfunction()
