#pragma once
// Contacts as JSON, in the form that ContactReader reads: what is unknown is left out.

#include <string>

#include "domain/contact.h"

namespace clarion {

// Appends one JSON object without a line end.
void write_contact_json(const Contact& contact, std::string& out);

}  // namespace clarion
