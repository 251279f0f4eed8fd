#include "engine/recording_suppression_store.h"

#include <fmt/format.h>

#include "fakes/memory_audience_stores.h"
#include "fakes/memory_consent_log.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class RecordingSuppressionStoreTest : public EngineTest {
 protected:
  // "sms suppressed opt_out d-1 0/5" lines: seconds of when it was said and when it was recorded.
  std::string entries(const std::string& address) {
    std::string lines;
    const auto all = run(log_.list({address_subject(address)}));
    for (const ConsentEntry& one : all.value()) {
      const auto second = [this](const std::optional<WallTime>& time) { return (time.value() - start_) / 1s; };
      lines += fmt::format("{} {} {} {} {}/{}\n", to_string(one.channel), to_string(one.event), one.reason, one.source,
                           second(one.at), second(one.recorded_at));
    }
    return lines;
  }
  Suppression stop_of(std::string address) {
    return {.channel = Channel::Sms, .address = std::move(address), .reason = "opt_out", .source = "d-1", .at = start_};
  }

  WallTime start_ = clock_.wall_now();
  MemorySuppressionStore inner_;
  MemoryConsentLog log_;
  RecordingSuppressionStore store_{{.inner = inner_, .log = log_, .clock = clock_}};
};

TEST_F(RecordingSuppressionStoreTest, ASuppressionAndItsReleaseAreEntriesOfTheAddress) {
  clock_.advance(5s);
  ASSERT_TRUE(run(store_.add({stop_of("+14255550156"), stop_of("+14255550157")})));
  EXPECT_EQ(run(inner_.list()).value().size(), 2U);
  EXPECT_EQ(entries("+14255550156"), "sms suppressed opt_out d-1 0/5\n");
  clock_.advance(2s);
  EXPECT_EQ(run(store_.remove({.channel = Channel::Sms, .address = "+14255550156"})), true);
  EXPECT_EQ(run(store_.remove({.channel = Channel::Sms, .address = "+14255550156"})), false);
  EXPECT_EQ(entries("+14255550156"), "sms suppressed opt_out d-1 0/5\nsms released  operator 7/7\n");
  EXPECT_EQ(entries("+14255550157"), "sms suppressed opt_out d-1 0/5\n");
}

TEST_F(RecordingSuppressionStoreTest, WhatCannotBeRecordedIsAnErrorAndSuppressesAllTheSame) {
  log_.failure = Error{ErrorKind::Unavailable, "the disk is full"};
  EXPECT_EQ(run(store_.add({stop_of("+14255550156")})).error().kind, ErrorKind::Unavailable);
  EXPECT_EQ(run(inner_.list()).value().size(), 1U) << "nobody is written to for want of an entry";
  EXPECT_TRUE(run(store_.add({}))) << "nothing to record";
  log_.failure.reset();
  ASSERT_TRUE(run(store_.add({stop_of("+14255550156")}))) << "as events are brought again";
  EXPECT_EQ(entries("+14255550156"), "sms suppressed opt_out d-1 0/0\n");
}

TEST_F(RecordingSuppressionStoreTest, WhoIsReleasedWhileTheyAreSuppressedAgainStaysSuppressed) {
  ASSERT_TRUE(run(store_.add({stop_of("+14255550156")})));
  log_.after_append = [this]() -> Task<void> {
    EXPECT_TRUE(co_await inner_.remove({.channel = Channel::Sms, .address = "+14255550156"}));
  };
  Suppression again = stop_of("+14255550156");
  again.at += 5s;
  ASSERT_TRUE(run(store_.add({again})));
  EXPECT_EQ(run(inner_.list()).value().size(), 1U);
}

TEST_F(RecordingSuppressionStoreTest, AReleaseThatCannotBeRecordedDoesNotTakePlace) {
  ASSERT_TRUE(run(store_.add({stop_of("+14255550156")})));
  log_.failure = Error{ErrorKind::Unavailable, "the disk is full"};
  EXPECT_EQ(run(store_.remove({.channel = Channel::Sms, .address = "+14255550156"})).error().kind,
            ErrorKind::Unavailable);
  EXPECT_EQ(run(inner_.list()).value().size(), 1U) << "trying again has something to release";
  log_.failure.reset();
  EXPECT_EQ(run(store_.remove({.channel = Channel::Sms, .address = "+14255550156"})), true);
  EXPECT_EQ(entries("+14255550156"), "sms suppressed opt_out d-1 0/0\nsms released  operator 0/0\n");
}

}  // namespace
}  // namespace clarion::testing
