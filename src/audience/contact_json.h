#pragma once
// Contacts as JSON, in the form that ContactReader reads: what is unknown is left out.

#include <cstddef>
#include <string>

#include "domain/contact.h"

namespace clarion {

// The part of a text that says the consent of a contact, with the comma before it.
struct ConsentPlace {
  std::size_t begin = 0;
  std::size_t bytes = 0;
};

// Appends one JSON object without a line end. Returns where in `out` its consent is said, or would be.
ConsentPlace write_contact_json(const Contact& contact, std::string& out);
// Puts another consent there. REQUIRES: the contact has an id.
void replace_consent(std::string& json, ConsentPlace place, const PerChannel<Consent>& consent);

}  // namespace clarion
