// Planning and rendering one message, beside rendering by the library alone.

#include <benchmark/benchmark.h>
#include <kainjow/mustache.hpp>

#include "content/campaign_content.h"
#include "content/content_library.h"
#include "domain/sms_parts.h"

namespace clarion {
namespace {

Contact make_contact() {
  Contact contact;
  contact.id = "CUST-000123";
  contact.first_name = "Ana";
  contact.city = "Bengaluru";
  return contact;
}

std::shared_ptr<const CampaignContent> make_content() {
  return *CampaignContent::parse(ContentLibrary::built_in().default_content("SKU-LAPTOP-1", WallTime{}));
}

void plan(benchmark::State& state) {
  const auto channel = static_cast<Channel>(state.range(0));
  const auto content = make_content();
  const Contact contact = make_contact();
  state.SetLabel(std::string(to_string(channel)));
  for (auto _ : state) benchmark::DoNotOptimize(content->plan(channel, contact));
}
BENCHMARK(plan)->DenseRange(0, 2);

void render(benchmark::State& state) {
  const auto channel = static_cast<Channel>(state.range(0));
  const auto content = make_content();
  const auto planned = content->plan(channel, make_contact());
  state.SetLabel(std::string(to_string(channel)));
  for (auto _ : state) benchmark::DoNotOptimize(content->render(channel, planned->payload));
}
BENCHMARK(render)->DenseRange(0, 2);

// The same SMS by the library: the template is parsed once, the data is built for each recipient.
void render_sms_by_library(benchmark::State& state) {
  namespace mustache = kainjow::mustache;
  mustache::mustache program(
      "Hi {{first_name}}, {{discount}} off the {{product}} with code {{code}} until {{ends_on}}: {{link}} {{brand}}. "
      "Reply STOP to opt out");
  program.set_custom_escape([](const std::string& value) { return value; });
  for (auto _ : state) {
    mustache::data data;
    data.set("first_name", "Ana");
    data.set("discount", "15%");
    data.set("product", "AeroBook 14 Laptop");
    data.set("code", "AERO15");
    data.set("ends_on", "31 Dec 2030");
    data.set("link", "https://shop.example.com/laptop-1");
    data.set("brand", "Fernhill Store");
    benchmark::DoNotOptimize(program.render(data));
  }
}
BENCHMARK(render_sms_by_library);

void count_parts(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'a');
  for (auto _ : state) benchmark::DoNotOptimize(count_sms_parts(text));
}
BENCHMARK(count_parts)->Arg(70)->Arg(160)->Arg(300);

}  // namespace
}  // namespace clarion
