#pragma once
// DeliveryStore: the ledger. Every transition of every delivery goes through it, and is durable when the Task
// returns; whoever cannot record does not send.
//
// Fencing  the owner of a campaign's sending holds a Fence, taken at start. Writes with an older fence are refused
//          with Conflict and change nothing, so a process that was paused and wakes can neither claim nor record.
// Events   outweigh what we thought, by rank and not by arrival: delivered < failed < bounced < opened, clicked or
//          replied. The strongest one decides: failed and bounced mean Failed("not_delivered", "bounced"), the others
//          Delivered; complained and opted_out are kept and move nothing. During Sending they are kept and decide when
//          the attempt ends. A delivery that was never attempted has no events. What a person says (Settled...) moves
//          a delivery in doubt to Accepted or Failed("settled_not_arrived") and nothing else; events outweigh it.
// Errors   Conflict (old fence), NotFound (no such campaign), Unavailable (not recorded).
// Threads  call from any executor; the Task resumes on the caller's.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/campaign.h"
#include "domain/delivery.h"
#include "domain/send_outcome.h"

namespace clarion {

enum class Fence : std::int64_t {};

// One row of a plan. Waiting rows carry everything needed to send; Skipped and Failed rows carry why not.
struct PlannedDelivery {
  std::string contact_id;                        // unique within the campaign
  std::optional<Channel> channel;                // none only for Skipped and Failed
  DeliveryState state = DeliveryState::Waiting;  // Waiting, Skipped or Failed
  std::string reason;                            // rule or failure code; empty for Waiting
  std::string destination;
  std::int32_t parts = 1;
  Money estimated_cost;
  std::optional<WallTime> due_at;  // not before; quiet hours and send-time choice
  std::string payload;             // content/ renders the message from it
  std::string why;                 // JSON: scores, probability and sentence, or the evidence of an exclusion
};

// What a sender needs of one claimed delivery.
struct ClaimedDelivery {
  AttemptId attempt;
  std::string contact_id;
  std::string destination;
  std::int32_t parts = 1;
  Money estimated_cost;  // as planned: what the budget reserves, and the cost when the carrier names none
  std::string payload;
};

struct ClaimRequest {
  CampaignNumber campaign{};
  Channel channel{};
  Fence fence{};
  std::size_t limit = 0;  // rows at most
  WallTime now{};         // rows due later stay
};

struct ClaimReply {
  std::vector<ClaimedDelivery> claimed;  // in plan order, retries when due
  std::optional<WallTime> next_due_at;   // when claimed is short: the earliest row that becomes due later
  bool is_held_elsewhere = false;        // next_due_at is when to look again at what another worker holds
};

// The end of one attempt. Exactly one of the forms of `to`:
//   Accepted (provider_id, parts, cost) | Failed (reason) | InDoubt (reason)
//   Waiting: back for another attempt at due_at (reason says why) | Skipped (reason): it must not be sent any more.
//   When `was_attempted` is false nothing was sent, and the attempt number of these two goes back.
struct AttemptRecord {
  AttemptId attempt;
  Channel channel{};
  DeliveryState to = DeliveryState::InDoubt;
  std::string reason;
  std::string provider_id;
  std::int32_t parts = 0;
  Money cost;
  std::optional<WallTime> due_at;
  bool was_attempted = true;
  WallTime at{};
};

// Ends of attempts that are written together. Copies share them, so that whoever hands them over still has them when
// they could not be written.
class AttemptRecords {
 public:
  AttemptRecords(std::vector<AttemptRecord> records)
      : records_(std::make_shared<const std::vector<AttemptRecord>>(std::move(records))) {}
  AttemptRecords(std::initializer_list<AttemptRecord> records) : AttemptRecords(std::vector(records)) {}

  [[nodiscard]] auto begin() const { return records_->begin(); }
  [[nodiscard]] auto end() const { return records_->end(); }
  [[nodiscard]] std::size_t size() const { return records_->size(); }

 private:
  std::shared_ptr<const std::vector<AttemptRecord>> records_;
};

// What applying one event came to.
enum class EventOutcome : std::uint8_t {
  Added,     // it was new, and the ledger has it now
  Known,     // the same event (delivery, kind and time) was there already
  Unmatched  // there is no such delivery, or it was never attempted
};

// A delivery as people see it in the ledger.
struct Delivery {
  DeliveryId id{};
  std::string campaign_id;
  std::string contact_id;
  std::optional<Channel> channel;
  DeliveryState state{};
  std::string reason;
  std::string destination;
  std::int32_t parts = 1;
  std::int32_t attempts = 0;
  Money cost;  // actual once accepted, estimated before
  std::string provider_id;
  std::string why;  // JSON
  std::string payload;
  std::optional<WallTime> due_at;
  std::optional<WallTime> sent_at;  // when its last attempt may have reached a carrier
  WallTime updated_at{};
  std::vector<DeliveryEvent> events;  // by time; of find(), and of list() when asked for
};

struct DeliveryQuery {
  std::optional<CampaignNumber> campaign;  // in plan order; none: all campaigns, newest id first
  std::optional<DeliveryState> state;      // Accepted includes Delivered only when asked for Accepted
  std::optional<Channel> channel;
  std::string contact_id;           // exact; empty: any
  std::string reason;               // exact; empty: any
  std::optional<DeliveryId> after;  // page on from here
  std::size_t limit = 100;
  bool with_events = false;  // fill Delivery::events too; only exports need them
};

// Everything that was handed to a carrier since a time, for frequency caps.
struct RecentContact {
  std::string_view contact_id;
  Channel channel{};
  WallTime at{};
};

class DeliveryStore {
 public:
  virtual ~DeliveryStore() = default;

  // Appends rows at the plan's next positions; all or none. Conflict once the plan is complete, Invalid for a row that
  // waits without a channel or has a state no plan can have.
  virtual Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) = 0;
  // Marks the plan complete and its cost; a plan that was never completed is discarded by take_fence. Conflict when it
  // is complete already.
  virtual Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) = 0;
  // Makes the caller the only owner. What an earlier owner left in Sending becomes InDoubt("process ended while
  // sending"); an incomplete plan is discarded, so that planning starts again from nothing. REQUIRES: the earlier owner
  // has ended, or its writes may be lost to it.
  virtual Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) = 0;
  // Waiting and due -> Sending, attempt + 1; durable before it returns. Conflict before the plan is complete.
  virtual Task<Result<ClaimReply>> claim(ClaimRequest request) = 0;
  // Ends attempts, in one transaction. A record whose attempt is not the current one in Sending or InDoubt is
  // ignored: it has been settled already. Invalid when one of them says Sending or Delivered.
  virtual Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) = 0;
  // Applies by rank, all or none; only what is Added changes anything. Returns what came of each event, in their order.
  virtual Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) = 0;
  // Moves every Waiting row to Skipped(reason): what cancelling means.
  virtual Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                                  WallTime at) = 0;
};

// DeliveryLog: the ledger as people and rules read it.
class DeliveryLog {
 public:
  virtual ~DeliveryLog() = default;

  virtual Task<Result<Delivery>> find(DeliveryId id) = 0;  // NotFound
  virtual Task<Result<std::vector<Delivery>>> list(DeliveryQuery query) = 0;
  // Calls `visit` for every delivery handed to a carrier (accepted or in doubt) since `since`, on a thread of the
  // store, before the Task returns.
  virtual Task<Result<void>> visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) = 0;
  // Groups one campaign's failed, skipped and in-doubt rows: reason -> count, per state.
  struct ReasonCount {
    DeliveryState state{};
    std::optional<Channel> channel;
    std::string reason;
    std::int64_t count = 0;
  };
  virtual Task<Result<std::vector<ReasonCount>>> count_reasons(CampaignNumber campaign) = 0;
};

}  // namespace clarion
