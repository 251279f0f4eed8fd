# Everything here is a Debian package; scripts/setup installs them.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED COMPONENTS core)

# Asio as used everywhere: C++20 coroutines, io_uring and deprecated parts off.
add_library(clarion_asio INTERFACE)
target_link_libraries(clarion_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(clarion_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ARRAY)
# A message goes through seven coroutines; of their frames Asio keeps two for the next message unless told otherwise.
target_compile_definitions(clarion_asio INTERFACE BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8)

# Headers are unpacked by scripts/setup (docs/decisions/0002-libphonenumber-headers.md); the library is the package's.
add_library(clarion_phonenumber INTERFACE)
find_library(PHONENUMBER_LIBRARY NAMES libphonenumber.so.8 REQUIRED)
target_include_directories(clarion_phonenumber SYSTEM INTERFACE ${PROJECT_SOURCE_DIR}/build/deps/libphonenumber/usr/include)
target_link_libraries(clarion_phonenumber INTERFACE ${PHONENUMBER_LIBRARY} protobuf::libprotobuf)

add_library(clarion_mustache INTERFACE)
find_path(MUSTACHE_INCLUDE NAMES kainjow/mustache.hpp mustache.hpp PATH_SUFFIXES "" kainjow REQUIRED)
target_include_directories(clarion_mustache SYSTEM INTERFACE ${MUSTACHE_INCLUDE})
