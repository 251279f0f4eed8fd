#pragma once
// The console: its files by name, and its first page for every address that is one of its screens.
//
// Screens   /campaigns/spring is no file: the page finds out by itself what to show there. Only a browser that asks
//           for HTML gets it; everything else that is unknown stays 404.
// Caching   files whose names change with their content are kept for a year, all others are asked for again each time;
//           a file has an ETag for each encoding it is served in.

#include <memory>

#include "api/page_files.h"
#include "net/http.h"

namespace clarion {

// Adds / and the router's fallback. With no files at all / answers 503 and says how to build them.
void add_page(Router& router, std::shared_ptr<const PageFiles> files);

}  // namespace clarion
