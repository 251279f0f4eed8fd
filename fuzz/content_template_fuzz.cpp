// Templates, campaign snapshots, payloads and SMS texts from any bytes: never a crash, and what compiles renders as
// the library renders it.

#include <kainjow/mustache.hpp>

#include <cstdlib>
#include <string>

#include "content/campaign_content.h"
#include "content/payload.h"
#include "content/template_program.h"

namespace {

using namespace clarion;

void try_template(std::string_view text) {
  TemplateNames names;
  const auto program = TemplateProgram::compile("fuzz", text, names);
  if (!program) return;
  namespace mustache = kainjow::mustache;
  mustache::data data;
  std::vector<std::string_view> values;
  std::string printed;
  for (std::size_t i = 0; i < names.all().size(); ++i) {
    // Dotted names are flat here and nested in the library; only flat ones are compared.
    if (names.all()[i].name.find('.') != std::string::npos) return;
    const bool has_value = i % 3 != 2;
    values.push_back(has_value ? "<v>" : "");
    data.set(names.all()[i].name, has_value ? mustache::data("<v>") : mustache::data(false));
  }
  for (std::string_view& value : values) {
    if (value.empty()) value = std::string_view("", 0);
  }
  if (program->render(values, Escaping::Html, printed)) std::abort();
  mustache::mustache library{std::string(text)};
  if (library.render(data) != printed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  try_template(input);
  const auto parts = count_sms_parts(input);
  // Any text fits parts of the smallest size, each filled at least but for one divided character.
  if (parts && !input.empty() && (parts->parts < 1 || parts->units > parts->parts * parts->part_size)) std::abort();
  for (const Channel channel : all_channels) {
    (void)parse_template(channel, input);
    if (const auto body = read_literal_payload(channel, input)) {
      const std::string again = write_literal_payload(*body);
      if (!read_literal_payload(channel, again)) std::abort();
    }
  }
  if (const auto content = CampaignContent::parse(input)) {
    Contact contact;
    contact.first_name = "Ana";
    for (const Channel channel : all_channels) {
      const auto planned = (*content)->plan(channel, contact);
      if (planned && !(*content)->render(channel, planned->payload)) std::abort();
    }
  }
  return 0;
}
