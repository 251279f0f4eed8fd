#pragma once
// Audience preview: what a campaign to a selection would do, without doing it: who, on which channel, why, who not and
// why not, what it costs and what it is expected to bring.
//
// Exactness  counts, reasons and both outlooks cover every row; lists of people end at PreviewLimits.
// Threads    gives other work on its executor a turn every few milliseconds.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/campaign_content.h"
#include "decision/outlook.h"
#include "domain/message.h"
#include "engine/plan_audience.h"

namespace clarion {

struct PreviewLimits {
  std::size_t users = 1000;                         // of each list
  std::size_t samples = 3;                          // messages shown as people read them, for each channel
  std::optional<WallTime> start_at = std::nullopt;  // the campaign begins then, and its rules look at that moment
  std::string excluded_by = {};                     // list those only whom this rule excludes; empty: all
};

// A contact who would get a message, complete: what a send request needs.
struct PreviewedRecipient {
  std::string contact_id;
  std::string name;  // first and last, as known
  Channel channel{};
  std::string destination;
  MessageBody body;
  std::int32_t parts = 1;
  Money cost;
  double expected_response = 0;
  double probability = 0;  // with which the channel was chosen
  bool is_exploration = false;
  bool is_override = false;  // the channel that the operator chose for this contact
  std::optional<WallTime> due_at;
  std::string sentence;  // why this channel
};

// A contact for whom the operator chose a channel that cannot be used.
struct PreviewedOverride {
  std::string contact_id;
  std::string name;
  Channel wanted{};
  std::optional<Channel> channel;  // the one used instead; none: no message at all
  std::string rule;
  std::string sentence;
};

// A contact who would get nothing.
struct PreviewedExclusion {
  std::string contact_id;
  std::string name;
  std::optional<Channel> channel;  // the one in question, if there was one
  std::string rule;
  double value = 0;
  double threshold = 0;
  std::string sentence;
};

struct PreviewedSample {
  std::string contact_id;
  std::string name;
  ContentPreview message;
};

struct AudiencePreview {
  std::int64_t matched = 0;
  std::int64_t eligible = 0;        // would get a message
  std::int64_t suppressed = 0;      // would not; matched = eligible + suppressed
  std::int64_t whatsapp = 0;        // eligible on WhatsApp
  std::int64_t time_optimized = 0;  // eligible, but later: quiet hours or best hour
  std::map<std::string, std::int64_t, std::less<>> suppressed_by_rule;
  PerChannel<std::int64_t> parts_by_channel;  // what the rate counts: SMS parts, otherwise messages
  std::optional<WallTime> first_due;          // of those who wait
  std::optional<WallTime> last_due;
  // In the order of the selection, at most limits.users each.
  std::vector<PreviewedRecipient> eligible_users;
  std::vector<PreviewedExclusion> suppressed_users;
  std::vector<std::string> whatsapp_users;  // contact ids
  struct Deferred {
    std::string contact_id;
    WallTime due_at{};
  };
  std::vector<Deferred> time_optimized_users;
  std::vector<PreviewedSample> samples;
  // Of the rules' channel_overrides, all: honoured, refused, or of contacts who are not in this audience.
  std::size_t honoured_overrides = 0;
  std::vector<PreviewedOverride> refused_overrides;
  std::vector<std::string> absent_overrides;  // contact ids
  Outlook before;                             // everyone by SMS
  Outlook after;                              // the plan
  CostRange cost_range;

  // Whether some list is shorter than its count: then send to the segment rather than to the list.
  [[nodiscard]] bool is_truncated() const {
    return eligible_users.size() < static_cast<std::size_t>(eligible) ||
           suppressed_users.size() < static_cast<std::size_t>(suppressed);
  }
};

// Errors as the stores'. `selection` is used up.
Task<Result<AudiencePreview>> preview_audience(AudiencePlan::Deps deps, Selection selection, PreviewLimits limits);

}  // namespace clarion
