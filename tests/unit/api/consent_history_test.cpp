#include "api/consent_history.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "support/sample_consent.h"

namespace clarion {
namespace {

using testing::said;

WallTime day(int number) {
  return WallTime(std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} + std::chrono::days(number - 1));
}

Contact ana() {
  Contact contact;
  contact.id = "A";
  contact.phone = "+14255550156";
  contact.email = "ana@example.com";
  return contact;
}

// "sms opted_in form 2026-01-01 2026-01-03" lines.
std::string text(const boost::json::array& history) {
  std::string lines;
  const auto word = [](const boost::json::value& value) {
    return value.is_null() ? std::string("-") : std::string(value.as_string()).substr(0, 16);
  };
  for (const boost::json::value& each : history) {
    const boost::json::object& one = each.as_object();
    lines += fmt::format("{} {} {} {} {} {}\n", word(one.at("channel")), word(one.at("event")), word(one.at("reason")),
                         word(one.at("source")), word(one.at("at")).substr(0, 10),
                         word(one.at("recorded_at")).substr(0, 10));
  }
  return lines;
}

TEST(ConsentHistory, TellsWhatWasSaidOnceAndTheNewestFirst) {
  using enum ConsentEvent;
  Contact contact = ana();
  contact.consent[Channel::Sms] = {.state = ConsentState::OptedIn, .source = "form", .at = day(5)};
  contact.consent[Channel::Email] = {.state = ConsentState::OptedIn, .source = "shop", .at = std::nullopt};
  const std::string id = contact_subject("A");
  const std::string phone = address_subject("+14255550156");
  const auto history = consent_history(
      contact,
      {{.channel = Channel::WhatsApp, .address = "+14255550156", .reason = "opt_out", .source = "d-2", .at = day(8)}},
      {said(id, Channel::Sms, OptedIn, "old form", day(1), std::nullopt),
       said(id, Channel::Sms, OptedIn, "form", day(5), std::nullopt),
       said(id, Channel::Sms, OptedIn, "form", day(5), day(7)), said(id, Channel::Sms, OptedIn, "form", day(5), day(6)),
       said(phone, Channel::WhatsApp, Suppressed, "d-1", day(2), day(2)),
       said(phone, Channel::WhatsApp, Released, "operator", day(3), day(3)),
       said(phone, Channel::WhatsApp, Suppressed, "d-2", day(8), day(8))});
  EXPECT_EQ(text(history),
            "whatsapp suppressed opt_out d-2 2026-01-08 2026-01-08\n"
            "sms opted_in - form 2026-01-05 2026-01-06\n"
            "whatsapp released - operator 2026-01-03 2026-01-03\n"
            "whatsapp suppressed opt_out d-1 2026-01-02 2026-01-02\n"
            "sms opted_in - old form 2026-01-01 -\n"
            "email opted_in - shop - -\n");
}

TEST(ConsentHistory, TellsWhatIsOnRecordWhereNothingWasKept) {
  Contact contact = ana();
  EXPECT_TRUE(consent_history(contact, {}, {}).empty());
  contact.consent[Channel::Sms] = {.state = ConsentState::OptedOut, .source = "", .at = day(5)};
  EXPECT_EQ(text(consent_history(contact, {}, {})), "sms opted_out - - 2026-01-05 -\n");
}

TEST(ConsentHistory, AsksForThePersonAndTheAddressesThereAreNow) {
  Contact contact = ana();
  EXPECT_EQ(consent_subjects(contact),
            (std::vector<std::string>{"contact:A", "address:+14255550156", "address:ana@example.com"}));
  contact.email.clear();
  EXPECT_EQ(consent_subjects(contact).size(), 2U);
}

TEST(ConsentHistory, ShowsTheNewestWhereThereAreTooMany) {
  std::vector<ConsentEntry> many;
  for (int i = 1; i <= 250; ++i) {
    many.push_back(said(contact_subject("A"), Channel::Sms, ConsentEvent::OptedIn, "form", day(i), day(i)));
  }
  const auto history = consent_history(ana(), {}, std::move(many));
  ASSERT_EQ(history.size(), 200U);
  EXPECT_EQ(history.front().at("at").as_string(), format_iso8601(day(250)));
}

}  // namespace
}  // namespace clarion
