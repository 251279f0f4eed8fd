#pragma once
// The page: compiled in, served at / without any file beside the program.

#include "net/http.h"

namespace clarion {

// Adds /, /page.js, /page-parts.js, /page.css and /icon.svg.
void add_page(Router& router);

}  // namespace clarion
