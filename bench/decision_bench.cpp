// What planning costs per contact: eligibility, channel choice, the stored why, and the whole row of the plan.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "audience/contact_table.h"
#include "base/hash.h"
#include "decision/channel_choice.h"
#include "decision/why.h"
#include "engine/plan_audience.h"

namespace clarion {
namespace {

const WallTime now = *parse_iso8601("2026-11-10T12:00:00Z");

constexpr const char* content_json = R"({"templates":{
  "sms":{"name":"n","version":1,"definition":{"text":"Hi {{first_name}}, {{promotion.discount}} off with {{promotion.code}} until Sunday: {{link}} {{brand}}. Reply STOP to opt out"}},
  "whatsapp":{"name":"n","version":1,"definition":{"template_name":"promotion","language":"en_US","body":["{{first_name}}","{{promotion.code}}"]}},
  "email":{"name":"n","version":1,"definition":{"subject":"{{promotion.discount}} off","text":"Hello {{first_name}},\n\n{{promotion.discount}} off with {{promotion.code}}.\n\n{{brand}}\n","html":"<p>Hello {{first_name}}, <b>{{promotion.discount}}</b> off with {{promotion.code}}.</p>"}}},
  "variables":{"brand":"Acme","link":"https://shop.example.com","promotion":{"code":"SAVE20","discount":"20%"}}})";

Contact make_contact(SeededRandom& random, int number) {
  static const std::vector<std::pair<std::string, std::string>> places{
      {"IN", "Asia/Kolkata"}, {"US", "America/New_York"}, {"DE", "Europe/Berlin"}, {"BR", ""}, {"GB", "Europe/London"}};
  Contact contact;
  contact.id = "CUST-" + std::to_string(number);
  contact.first_name = "Ana";
  contact.last_name = "Ruiz";
  contact.city = "Bangalore";
  const auto& [country, zone] = places[random.below(places.size())];
  contact.country = country;
  contact.time_zone = zone;
  contact.age = static_cast<std::int32_t>(18 + random.below(60));
  contact.phone = "+1425" + std::to_string(1'000'000 + number);
  contact.email = "c" + std::to_string(number) + "@example.com";
  contact.purchased_skus = {"SKU-LAPTOP-1", "SKU-MOUSE-2"};
  contact.tags = {"vip"};
  contact.purchase_count = 2;
  for (const Channel channel : all_channels) {
    Engagement& engagement = contact.engagement[channel];
    engagement.sent = static_cast<std::int32_t>(random.below(40));
    engagement.responded = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(engagement.sent) / 4 + 1));
    engagement.preference = random.uniform();
    engagement.last_at = now - std::chrono::hours(random.below(24 * 90));
    contact.consent[channel].state = random.below(10) < 8 ? ConsentState::OptedIn : ConsentState::Unknown;
  }
  return contact;
}

constexpr int sample_size = 20'000;

const std::vector<Contact>& sample() {
  static const std::vector<Contact> contacts = [] {
    SeededRandom random(1);
    std::vector<Contact> made;
    for (int i = 0; i < sample_size; ++i) made.push_back(make_contact(random, i));
    return made;
  }();
  return contacts;
}

std::shared_ptr<const AudienceFacts> facts() {
  auto made = std::make_shared<AudienceFacts>(AudienceFacts{{}, RecentContacts(now)});
  for (int i = 0; i < sample_size; i += 3) made->recent.add("CUST-" + std::to_string(i), now - std::chrono::hours(30));
  for (int i = 0; i < sample_size; i += 50) {
    made->suppressions.add(Channel::Sms, "+1425" + std::to_string(1'000'000 + i), "opt_out");
  }
  return made;
}

ResponseModel learned() {
  ResponseLearner learner(now);
  for (const Contact& contact : sample()) learner.add(contact);
  return learner.finish();
}

void count_contacts(benchmark::State& state, std::size_t each = 1) {
  state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) * each));
}

void Eligible(benchmark::State& state) {
  const auto known = facts();
  Eligibility eligibility(EligibilityRules{}, known->suppressions, known->recent);
  std::size_t i = 0;
  for (auto _ : state) {
    const Contact& contact = sample()[i++ % sample_size];
    benchmark::DoNotOptimize(eligibility.check(contact, hash64(contact.id)));
  }
  count_contacts(state);
}
BENCHMARK(Eligible);

void Decide(benchmark::State& state) {
  const auto known = facts();
  const ResponseModel model = learned();
  Eligibility eligibility(EligibilityRules{}, known->suppressions, known->recent);
  const ChannelChoice choice(model, PriceTable::built_in(), ChoicePolicy{});
  const ContactEligibility allowed;
  std::size_t i = 0;
  for (auto _ : state) {
    const Contact& contact = sample()[i++ % sample_size];
    benchmark::DoNotOptimize(
        choice.decide({.contact = contact, .contact_hash = i, .eligibility = allowed, .now = now}));
  }
  count_contacts(state);
}
BENCHMARK(Decide);

void WriteWhy(benchmark::State& state) {
  const ResponseModel model = learned();
  const ChannelChoice choice(model, PriceTable::built_in(), ChoicePolicy{});
  const ContactEligibility allowed;
  const Decision decision =
      choice.decide({.contact = sample()[0], .contact_hash = 1, .eligibility = allowed, .now = now});
  for (auto _ : state) benchmark::DoNotOptimize(write_why(decision));
  count_contacts(state);
}
BENCHMARK(WriteWhy);

void Learn(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(learned());
  count_contacts(state, sample_size);
}
BENCHMARK(Learn)->Unit(benchmark::kMillisecond);

// From a row of the contact table to a row of the plan: what a campaign pays for each recipient before sending.
void PlanRow(benchmark::State& state) {
  ContactTable::Builder builder;
  for (const Contact& contact : sample()) builder.add(contact);
  const auto table = std::move(builder).build();
  const auto content = CampaignContent::parse(content_json).value();
  const auto model = std::make_shared<const ResponseModel>(learned());
  const auto prices = std::make_shared<const PriceTable>(PriceTable::built_in());
  const auto known = facts();
  Contact contact;
  std::int64_t why_bytes = 0;
  for (auto _ : state) {
    // A new policy for each pass, because the second message to an address is a duplicate.
    RecipientPolicy policy({known, content, model, prices}, PlanRules{});
    for (std::uint32_t row = 0; row < sample_size; ++row) {
      table->get(ContactRow{row}, contact);
      const auto planned = policy.plan(contact);
      why_bytes += static_cast<std::int64_t>(planned.delivery.why.size());
    }
  }
  count_contacts(state, sample_size);
  state.counters["why_bytes"] =
      benchmark::Counter(static_cast<double>(why_bytes) / sample_size / static_cast<double>(state.iterations()));
}
BENCHMARK(PlanRow)->Unit(benchmark::kMillisecond);

// The part of PlanRow that is reading the contact out of its columns.
void ReadContact(benchmark::State& state) {
  ContactTable::Builder builder;
  for (const Contact& contact : sample()) builder.add(contact);
  const auto table = std::move(builder).build();
  Contact contact;
  std::uint32_t row = 0;
  for (auto _ : state) {
    table->get(ContactRow{row++ % sample_size}, contact);
    benchmark::DoNotOptimize(contact);
  }
  count_contacts(state);
}
BENCHMARK(ReadContact);

}  // namespace
}  // namespace clarion
