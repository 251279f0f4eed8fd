#include "store/sqlite_contact_log.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "domain/campaign.h"
#include "domain/delivery.h"

namespace clarion {
namespace {

struct PendingCampaign {
  CampaignNumber number{};
  std::string id;
  std::optional<WallTime> start_at;
};

std::vector<PendingCampaign> read_pending_campaigns(SqliteConnection& connection) {
  std::vector<PendingCampaign> campaigns;
  auto rows = connection.prepare(
      "SELECT c.number, c.id, c.start_at FROM campaign c WHERE c.is_planned AND c.status IN (?, ?, ?) AND EXISTS "
      "(SELECT 1 FROM delivery_count n WHERE n.campaign = c.number AND n.waiting + n.sending > 0) ORDER BY c.number");
  rows.bind(CampaignStatus::Scheduled, CampaignStatus::Running, CampaignStatus::Paused);
  while (rows.step()) {
    campaigns.push_back({CampaignNumber{static_cast<std::uint32_t>(rows.integer(0))}, std::string(rows.text(1)),
                         rows.optional_time(2)});
  }
  return campaigns;
}

std::vector<CampaignNumber> read_sent_campaigns(SqliteConnection& connection, WallTime since) {
  std::vector<CampaignNumber> campaigns;
  auto rows =
      connection.prepare("SELECT DISTINCT campaign FROM delivery_count WHERE last_sent_at >= ? ORDER BY campaign");
  rows.bind(since);
  while (rows.step()) campaigns.push_back(CampaignNumber{static_cast<std::uint32_t>(rows.integer(0))});
  return campaigns;
}

// The events of one campaign, delivery by delivery, beside its rows in the same order.
class EventCursor {
 public:
  EventCursor(SqliteConnection& connection, CampaignNumber campaign)
      : rows_(connection.prepare("SELECT delivery, kind FROM delivery_event WHERE delivery BETWEEN ? AND ? ORDER BY "
                                 "delivery")) {
    rows_.bind(make_delivery_id(campaign, 0), make_delivery_id(campaign, 0xffffffffU));
    next();
  }

  // REQUIRES: deliveries are asked for in ascending order.
  void add_to(ContactOutcome& outcome, std::int64_t delivery) {
    while (delivery_ < delivery) next();
    for (; delivery_ == delivery; next()) {
      switch (static_cast<DeliveryEventKind>(rows_.integer(1))) {
        case DeliveryEventKind::Opened: outcome.was_opened = true; break;
        case DeliveryEventKind::Clicked:
        case DeliveryEventKind::Replied: outcome.was_answered = true; break;
        case DeliveryEventKind::Complained:
        case DeliveryEventKind::OptedOut: outcome.was_unwelcome = true; break;
        default: break;
      }
    }
  }

 private:
  void next() { delivery_ = rows_.step() ? rows_.integer(0) : std::numeric_limits<std::int64_t>::max(); }

  SqliteStatement rows_;
  std::int64_t delivery_ = 0;
};

}  // namespace

Task<Result<void>> SqliteContactLog::visit_pending(std::function<void(const PendingContact&)> visit) {
  return database_.read([visit = std::move(visit)](SqliteConnection& connection) -> Result<void> {
    for (const PendingCampaign& campaign : read_pending_campaigns(connection)) {
      auto rows = connection.prepare(
          "SELECT p.contact_id, d.channel, d.due_at FROM delivery d CROSS JOIN delivery_plan p ON p.id = d.id "
          "WHERE d.id BETWEEN ? AND ? AND d.state IN (?, ?) ORDER BY d.id");
      rows.bind(make_delivery_id(campaign.number, 0), make_delivery_id(campaign.number, 0xffffffffU),
                DeliveryState::Waiting, DeliveryState::Sending);
      while (rows.step()) {
        const auto due_at = rows.optional_time(2);
        visit({.contact_id = rows.text(0),
               .channel = all_channels[static_cast<std::size_t>(rows.integer(1))],
               .campaign_id = campaign.id,
               .due_at = due_at ? due_at : campaign.start_at});
      }
    }
    return {};
  });
}

Task<Result<void>> SqliteContactLog::visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) {
  return database_.read([since, visit = std::move(visit)](SqliteConnection& connection) -> Result<void> {
    for (const CampaignNumber campaign : read_sent_campaigns(connection, since)) {
      EventCursor events(connection, campaign);
      auto rows = connection.prepare(
          "SELECT d.id, p.contact_id, d.channel, d.sent_at FROM delivery d CROSS JOIN delivery_plan p ON p.id = d.id "
          "WHERE d.id BETWEEN ? AND ? AND d.state IN (?, ?) AND d.sent_at >= ? ORDER BY d.id");
      rows.bind(make_delivery_id(campaign, 0), make_delivery_id(campaign, 0xffffffffU), DeliveryState::Accepted,
                DeliveryState::Delivered, since);
      while (rows.step()) {
        ContactOutcome outcome{.contact_id = rows.text(1),
                               .channel = all_channels[static_cast<std::size_t>(rows.integer(2))],
                               .sent_at = rows.time(3)};
        events.add_to(outcome, rows.integer(0));
        visit(outcome);
      }
    }
    return {};
  });
}

}  // namespace clarion
