// Contacts in any format: no input may crash the reader, lose a row, or read differently when it comes in pieces.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "audience/contact_json.h"
#include "audience/contact_reader.h"

namespace {

struct Reading {
  std::string contacts;
  std::int64_t rejected = 0;
  clarion::ImportSummary summary;
};

Reading read(std::string_view text, clarion::ContactFormat format, std::size_t chunk_bytes) {
  Reading reading;
  clarion::ContactReader reader(format, {.contact =
                                             [&](const clarion::Contact& contact) {
                                               clarion::write_contact_json(contact, reading.contacts);
                                               reading.contacts += '\n';
                                               return true;
                                             },
                                         .rejected = [&](const clarion::RejectedRow&) { ++reading.rejected; }});
  for (std::size_t i = 0; i < text.size(); i += chunk_bytes) reader.feed(text.substr(i, chunk_bytes));
  reading.summary = reader.finish();
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string text(data + 2, data + size);
  const auto format = static_cast<clarion::ContactFormat>(data[0] % 5);
  const Reading whole = read(text, format, text.size() + 1);
  const Reading cut = read(text, format, 1U + data[1] % 16U);
  if (!whole.summary.adds_up() || whole.rejected != whole.summary.rejected) std::abort();
  if (whole.contacts != cut.contacts || whole.rejected != cut.rejected ||
      whole.summary.stopped != cut.summary.stopped) {
    std::abort();
  }
  // What was accepted is accepted again, unchanged.
  const Reading again = read(whole.contacts, clarion::ContactFormat::Clarion, 1U << 20U);
  if (again.contacts != whole.contacts || again.rejected != 0) std::abort();
  return 0;
}
