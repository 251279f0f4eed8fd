#pragma once
// What the tests of plans and previews of an audience share.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <optional>
#include <sstream>
#include <string>

#include "engine/audience_preview.h"
#include "engine/plan_audience.h"
#include "fakes/memory_delivery_store.h"
#include "unit/engine/plan_fixture.h"

namespace clarion::testing {

using std::chrono::hours;

inline constexpr const char* three_channels = R"({"templates":{
  "sms":{"name":"n","version":1,"definition":{"text":"Hi {{first_name}}, {{brand}} has news."}},
  "whatsapp":{"name":"n","version":1,"definition":{"template_name":"news","language":"en_US","body":["{{city}}"]}},
  "email":{"name":"n","version":1,"definition":{"subject":"News","text":"Hi {{first_name}}","html":"","fallbacks":{"first_name":"there"}}}},
  "variables":{"brand":"Acme"}})";

inline Contact person(int number) {
  Contact contact;
  contact.id = "C-" + std::to_string(number);
  contact.first_name = "Ana";
  contact.last_name = "Ruiz";
  contact.city = "Oslo";
  contact.country = "US";
  contact.time_zone = "Etc/UTC";
  contact.phone = "+1425555" + std::to_string(1000 + number);
  contact.email = "c" + std::to_string(number) + "@example.com";
  for (const Channel channel : all_channels) contact.consent[channel].state = ConsentState::OptedIn;
  return contact;
}

class AudiencePlanTest : public PlanTest {
 protected:
  AudiencePlanTest() { rules_.choice.exploration = 0; }

  Selection selection(const std::vector<Contact>& people) {
    ContactTable::Builder builder;
    for (const Contact& contact : people) builder.add(contact);
    Selection made{.contacts = std::move(builder).build(),
                   .rows = {},
                   .content = CampaignContent::parse(content_).value(),
                   .responses = std::make_shared<const ResponseModel>(priors_),
                   .prices = std::make_shared<const PriceTable>(PriceTable::built_in()),
                   .rules = rules_};
    made.rows = made.contacts->select(Filter{}, clock_.wall_now());
    return made;
  }
  AudiencePlan::Deps deps() { return {suppressions_, log_, contact_log_, clock_, learned_}; }

  // One line a row: "C-1 whatsapp waiting +14255551001 parts=1 0.03" or "C-2 - skipped no_consent".
  static std::string text(const std::vector<PlannedDelivery>& rows) {
    std::ostringstream out;
    for (const PlannedDelivery& row : rows) {
      out << row.contact_id << ' ' << (row.channel ? to_string(*row.channel) : "-") << ' ' << to_string(row.state);
      if (!row.reason.empty()) out << ' ' << row.reason;
      if (!row.destination.empty()) out << ' ' << row.destination;
      if (row.state == DeliveryState::Waiting) out << " parts=" << row.parts << ' ' << row.estimated_cost.usd();
      if (row.due_at) out << " due " << format_iso8601(*row.due_at).substr(0, 16);
      out << '\n';
    }
    return out.str();
  }
  std::vector<PlannedDelivery> rows(const std::vector<Contact>& people, std::optional<WallTime> start_at = {}) {
    AudiencePlan plan(deps(), selection(people), start_at);
    std::vector<PlannedDelivery> all;
    while (true) {
      auto batch = run(plan.next(2)).value();
      if (batch.empty()) break;
      EXPECT_LE(batch.size(), 2U);
      for (PlannedDelivery& row : batch) all.push_back(std::move(row));
    }
    outlook_ = plan.outlook();
    return all;
  }
  std::string plan(const std::vector<Contact>& people) { return text(rows(people)); }
  AudiencePreview preview(const std::vector<Contact>& people, PreviewLimits limits = {}) {
    return run(preview_audience(deps(), selection(people), limits)).value();
  }

  LearnedResponses* learned_ = nullptr;
  std::string content_ = three_channels;
  ResponsePriors priors_;
  PlanRules rules_;
  OutlookComparison outlook_;
};

}  // namespace clarion::testing
