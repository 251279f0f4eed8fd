#pragma once
// Campaign: what the operator asked for, and how far it is.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "domain/channel.h"
#include "domain/delivery.h"
#include "domain/money.h"

namespace clarion {

// The slowest rate that can be asked for, in messages a second: one in a quarter of an hour.
inline constexpr double least_throughput_tps = 0.001;

enum class CampaignStatus : std::uint8_t { Draft, Scheduled, Running, Paused, Completed, Cancelled };
[[nodiscard]] std::string_view to_string(CampaignStatus status);  // "draft", ..., "cancelled"
[[nodiscard]] std::optional<CampaignStatus> parse_campaign_status(std::string_view name);
[[nodiscard]] constexpr bool has_ended(CampaignStatus status) {
  return status == CampaignStatus::Completed || status == CampaignStatus::Cancelled;
}

// What to do with a delivery whose outcome is unknown.
enum class OnUnknown : std::uint8_t {
  Hold,   // keep it in doubt until the carrier's events settle it
  Resend  // the operator prefers a possible duplicate to a possible loss
};

// Fixed when the campaign is created, except throughput_tps.
struct CampaignDefinition {
  std::string id;             // unique; [A-Za-z0-9._-]{1,64}
  std::string name;           // for people; may be empty
  std::string request_hash;   // of the body that created it: the same id with another body is a conflict
  double throughput_tps = 0;  // messages per second on each channel; > 0
  std::string audience;       // JSON: {"kind":"list"} | {"kind":"segment","segment_id","filter"}, or "retry_of" etc.
  std::string content;        // JSON snapshot of templates and shared variables; read by content/
  std::string rules = "{}";   // JSON snapshot of what it is planned by; read by api/plan_rules_json.h
  bool respects_caps = true;  // frequency caps and quiet hours apply
  OnUnknown on_unknown = OnUnknown::Hold;
  std::uint64_t seed = 0;  // of exploration; same seed, same plan
  std::optional<WallTime> start_at;
  std::optional<Money> budget;  // hard cap
};

struct Campaign {
  CampaignNumber number{};
  CampaignDefinition definition;
  CampaignStatus status = CampaignStatus::Draft;
  std::string status_reason;  // one sentence, may be empty: "planning", "the operator paused it"
  bool is_planned = false;    // the plan is complete; nothing is sent before
  Money estimated_cost;
  Money actual_cost;
  WallTime created_at{};
  std::optional<WallTime> started_at;
  std::optional<WallTime> finished_at;
};

struct CampaignCounts {
  PerChannel<StateCounts> by_channel;
  StateCounts without_channel;  // recipients for whom no channel could be named; they are failed or skipped

  [[nodiscard]] StateCounts total() const;
  bool operator==(const CampaignCounts&) const = default;
};

}  // namespace clarion
