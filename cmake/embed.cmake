# clarion_embed(TARGET FILE SYMBOL): compiles a text file into TARGET, so that an installed binary needs no data
# folder. In C++:   #include "embedded/SYMBOL.h"   then   clarion::embedded::SYMBOL   is a std::string_view of
# the whole file. Editing the file rebuilds; FILE is relative to the project root.
function(clarion_embed target file symbol)
  set(source ${PROJECT_SOURCE_DIR}/${file})
  set(folder ${PROJECT_BINARY_DIR}/embedded)
  file(READ ${source} content)
  string(FIND "${content}" ")clarion\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "clarion_embed: ${file} contains the delimiter )clarion\"; choose another in cmake/embed.cmake")
  endif()
  clarion_write_if_changed(${folder}/${symbol}.h "#pragma once
// ${file}, compiled in by cmake/embed.cmake.

#include <string_view>

namespace clarion::embedded {
extern const std::string_view ${symbol};
}
")
  # Clang warns about literals above 65,536 bytes, which it handles well.
  clarion_write_if_changed(${folder}/${symbol}.cpp "#include \"embedded/${symbol}.h\"
#pragma clang diagnostic ignored \"-Woverlength-strings\"
namespace clarion::embedded {
const std::string_view ${symbol} = R\"clarion(${content})clarion\";
}
")
  target_sources(${target} PRIVATE ${folder}/${symbol}.cpp)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR})
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
endfunction()

function(clarion_write_if_changed path content)
  if(EXISTS ${path})
    file(READ ${path} old)
    if("${old}" STREQUAL "${content}")
      return()
    endif()
  endif()
  file(WRITE ${path} "${content}")
endfunction()
