#include "store/changed_consents.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

#include "store/sqlite_consent_log.h"

namespace clarion::testing {
namespace {

Consent consent(ConsentState state, std::string source, std::optional<WallTime> at) {
  return {.state = state, .source = std::move(source), .at = at};
}

const WallTime now(std::chrono::sys_days{std::chrono::year{2026} / 6 / 1});

// "contact:A sms opted_in form" lines; "known" where it was on record before.
std::string text(ChangedConsents& changed) {
  std::string lines;
  const auto take = [&lines](std::vector<ConsentEntry> entries) -> Result<void> {
    for (const ConsentEntry& one : entries) {
      lines += fmt::format("{} {} {} {}{}{}\n", one.subject, to_string(one.channel), to_string(one.event), one.source,
                           one.at ? " dated" : "", one.recorded_at == now ? "" : " known");
    }
    return {};
  };
  EXPECT_TRUE(changed.visit(now, take));
  return lines;
}

TEST(ChangedConsents, TellsEachChangeAndWhatStoodBeforeIt) {
  auto changed = ChangedConsents::create().value();
  EXPECT_TRUE(changed.is_empty());
  PerChannel<Consent> before;
  PerChannel<Consent> after;
  changed.add("nobody", before, after);
  EXPECT_TRUE(changed.is_empty()) << "nothing is kept where nothing changes";
  before[Channel::Email] = after[Channel::Email] = consent(ConsentState::OptedIn, "same", now);
  before[Channel::Sms] = consent(ConsentState::OptedIn, "form", std::nullopt);
  after[Channel::Sms] = consent(ConsentState::OptedOut, "", now);
  after[Channel::WhatsApp] = consent(ConsentState::OptedIn, std::string(500, 's'), std::nullopt);
  changed.add("A", before, after);
  EXPECT_EQ(text(changed),
            "contact:A sms opted_in form known\n"
            "contact:A sms opted_out  dated\n"
            "contact:A whatsapp opted_in " +
                std::string(500, 's') + "\n");
}

TEST(ChangedConsents, GivesManyBackInPartsAndInTheOrderOfTheirHashes) {
  auto changed = ChangedConsents::create().value();
  PerChannel<Consent> after;
  after.values.fill(consent(ConsentState::OptedIn, "a form of some length", now));
  constexpr std::size_t people = 30'000;  // megabytes: most of them are on the disk
  for (std::size_t i = 0; i < people; ++i) changed.add(fmt::format("C-{}", i), {}, after);
  std::size_t count = 0;
  std::size_t calls = 0;
  std::size_t most = 0;
  std::int64_t last = INT64_MIN;
  std::set<std::string> subjects;
  const auto take = [&](std::vector<ConsentEntry> entries) -> Result<void> {
    ++calls;
    most = std::max(most, entries.size());
    for (const ConsentEntry& one : entries) {
      EXPECT_EQ(one.channel, all_channels.at(count++ % channel_count));
      EXPECT_LE(last, subject_hash(one.subject));
      last = subject_hash(one.subject);
      subjects.insert(one.subject);
    }
    return {};
  };
  ASSERT_TRUE(changed.visit(now, take));
  EXPECT_EQ(count, people * channel_count);
  EXPECT_EQ(subjects.size(), people);
  EXPECT_TRUE(subjects.contains(contact_subject("C-29999")));
  EXPECT_EQ(calls, 23U);
  EXPECT_LE(most, 4002U);
  EXPECT_FALSE(changed.visit(now, [](const std::vector<ConsentEntry>&) -> Result<void> {
    return fail(ErrorKind::Unavailable, "the disk is full");
  }));
}

}  // namespace
}  // namespace clarion::testing
