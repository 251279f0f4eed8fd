#pragma once
// Consents as bytes of a temporary file, for this process alone.

#include <string>
#include <string_view>

#include "domain/contact.h"

namespace clarion {

void append_consent(std::string& out, const Consent& consent);
// Takes one off the front of `bytes`; false when they are too few, which leaves them as they are.
[[nodiscard]] bool take_consent(std::string_view& bytes, Consent& consent);

// Those of all channels: one byte when nothing is known. REQUIRES of take_consents(): what append_consents() appended.
void append_consents(std::string& out, const PerChannel<Consent>& consents);
[[nodiscard]] PerChannel<Consent> take_consents(std::string_view bytes);

}  // namespace clarion
