#include "store/unit_rows.h"

#include <algorithm>
#include <map>

#include "store/byte_stream.h"
#include "store/stored_time.h"

namespace clarion {
namespace {

// What has an event of a kind above 7, which is rare, is written so that its kinds have two bytes.
constexpr std::uint8_t format_version = 1;
constexpr std::uint8_t wide_format_version = 2;
constexpr unsigned one_byte = 0xff;

// The first two bytes of a row. What a bit says is there follows in the order of these lines.
constexpr unsigned state_bits = 0x07;        // byte 1
constexpr unsigned has_gap = 0x08;           // its place is not the one after the row before
constexpr unsigned has_due = 0x10;           // may not be sent before
constexpr unsigned has_reason = 0x20;        // number in the table of reasons
constexpr unsigned has_kinds = 0x40;         // events
constexpr unsigned has_new_estimate = 0x80;  // another planned cost than the row before
constexpr unsigned attempt_bits = 0x07;      // byte 2; 7: the number follows
constexpr unsigned has_new_time = 0x08;      // updated at another time than the row before
constexpr unsigned is_sent = 0x10;           // handed to a carrier ...
constexpr unsigned sent_elsewhen = 0x20;     // ... at another time than its last update
constexpr unsigned has_cost = 0x40;          // an actual cost, which follows as difference to the planned one
constexpr unsigned has_parts = 0x80;         // more or less than one part
constexpr std::int32_t most_short_attempts = 6;

std::int32_t rank_of_kinds(std::uint16_t kinds) {
  std::int32_t rank = 0;
  for (unsigned kind = 0; kind < delivery_event_kind_count; ++kind) {
    if ((unsigned{kinds} >> kind & 1U) != 0) rank = std::max(rank, rank_of(static_cast<DeliveryEventKind>(kind)));
  }
  return rank;
}

class ReasonTable {
 public:
  std::uint64_t number_of(const UnitReason& reason) {
    const auto [found, is_new] = numbers_.try_emplace(reason, reasons_.size());
    if (is_new) reasons_.push_back(&found->first);
    return found->second;
  }
  void write(ByteWriter& out) const {
    out.number(reasons_.size());
    for (const UnitReason* reason : reasons_) {
      out.byte(reason->is_elsewhere ? 1 : 0);
      out.text(reason->text);
    }
  }

 private:
  std::map<UnitReason, std::uint64_t> numbers_;
  std::vector<const UnitReason*> reasons_;
};

}  // namespace

std::string pack(const std::vector<UnitRow>& rows) {
  ByteWriter out;
  ReasonTable reasons;
  const bool is_wide = std::ranges::any_of(rows, [](const UnitRow& one) { return one.kinds > one_byte; });
  out.byte(is_wide ? wide_format_version : format_version);
  std::int64_t updated = rows.empty() ? 0 : milliseconds_of(rows.front().row.updated_at);
  out.signed_number(updated);
  out.number(rows.size());
  unsigned place = 0;
  Money estimate;
  for (const UnitRow& one : rows) {
    const LedgerRow& row = one.row;
    const std::int64_t now_updated = milliseconds_of(row.updated_at);
    const bool is_sent_at_update = row.sent_at == row.updated_at;
    unsigned first = static_cast<unsigned>(row.state);
    if (one.place != place) first |= has_gap;
    if (row.due_at) first |= has_due;
    if (one.reason != UnitReason{}) first |= has_reason;
    if (one.kinds != 0) first |= has_kinds;
    if (one.estimated_cost != estimate) first |= has_new_estimate;
    unsigned second = static_cast<unsigned>(row.attempts <= most_short_attempts ? row.attempts : 7);
    if (now_updated != updated) second |= has_new_time;
    if (row.sent_at) second |= is_sent;
    if (row.sent_at && !is_sent_at_update) second |= sent_elsewhen;
    if (row.actual_cost) second |= has_cost;
    if (row.parts != 1) second |= has_parts;

    out.byte(static_cast<std::uint8_t>(first));
    out.byte(static_cast<std::uint8_t>(second));
    if ((first & has_gap) != 0) out.byte(one.place);
    if ((first & has_due) != 0) out.signed_number(milliseconds_of(*row.due_at) - now_updated);
    if ((first & has_reason) != 0) out.number(reasons.number_of(one.reason));
    if ((first & has_kinds) != 0) out.byte(static_cast<std::uint8_t>(one.kinds & one_byte));
    if ((first & has_kinds) != 0 && is_wide) out.byte(static_cast<std::uint8_t>(one.kinds >> 8U));
    if ((first & has_new_estimate) != 0) out.signed_number(one.estimated_cost.micros);
    if ((second & attempt_bits) == 7) out.number(static_cast<std::uint64_t>(row.attempts));
    if ((second & has_new_time) != 0) out.signed_number(now_updated - updated);
    if ((second & sent_elsewhen) != 0) out.signed_number(milliseconds_of(*row.sent_at) - now_updated);
    if ((second & has_cost) != 0) out.signed_number(row.actual_cost->micros - one.estimated_cost.micros);
    if ((second & has_parts) != 0) out.signed_number(row.parts);
    place = one.place + 1U;
    estimate = one.estimated_cost;
    updated = now_updated;
  }
  reasons.write(out);
  return out.take();
}

std::optional<std::vector<UnitRow>> unpack(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t version = in.byte();
  if (version != format_version && version != wide_format_version) return std::nullopt;
  std::int64_t updated = in.signed_number();
  const std::uint64_t count = in.number();
  if (count > chunk_rows) return std::nullopt;
  std::vector<UnitRow> rows(count);
  std::vector<std::optional<std::uint64_t>> reason_numbers(count);
  unsigned place = 0;
  Money estimate;
  for (std::size_t i = 0; i < count; ++i) {
    UnitRow& one = rows[i];
    LedgerRow& row = one.row;
    const unsigned first = in.byte();
    const unsigned second = in.byte();
    if ((first & state_bits) >= delivery_state_count) return std::nullopt;
    row.state = static_cast<DeliveryState>(first & state_bits);
    if ((first & has_gap) != 0) place = in.byte();
    if (place >= chunk_rows) return std::nullopt;
    one.place = static_cast<std::uint8_t>(place++);
    const std::optional due = (first & has_due) != 0 ? std::optional(in.signed_number()) : std::nullopt;
    if ((first & has_reason) != 0) reason_numbers[i] = in.number();
    if ((first & has_kinds) != 0) {
      one.kinds = in.byte();
      if (version == wide_format_version) one.kinds = static_cast<std::uint16_t>(one.kinds | in.byte() << 8U);
    }
    if ((first & has_new_estimate) != 0) estimate = Money{in.signed_number()};
    one.estimated_cost = estimate;
    row.attempts = static_cast<std::int32_t>(second & attempt_bits);
    if (row.attempts == 7) row.attempts = static_cast<std::int32_t>(in.number());
    if ((second & has_new_time) != 0) updated += in.signed_number();
    row.updated_at = wall_time_of(updated);
    if (due) row.due_at = wall_time_of(updated + *due);
    if ((second & is_sent) != 0) {
      row.sent_at = wall_time_of(updated + ((second & sent_elsewhen) != 0 ? in.signed_number() : 0));
    }
    if ((second & has_cost) != 0) row.actual_cost = Money{estimate.micros + in.signed_number()};
    row.parts = (second & has_parts) != 0 ? static_cast<std::int32_t>(in.signed_number()) : 1;
    row.event_rank = rank_of_kinds(one.kinds);
  }
  const std::uint64_t reason_count = in.number();
  if (reason_count > count) return std::nullopt;
  std::vector<UnitReason> reasons(reason_count);
  for (UnitReason& reason : reasons) {
    reason.is_elsewhere = in.byte() != 0;
    reason.text = in.text();
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!reason_numbers[i]) continue;
    if (*reason_numbers[i] >= reasons.size()) return std::nullopt;
    rows[i].reason = reasons[*reason_numbers[i]];
  }
  if (!in.is_whole()) return std::nullopt;
  return rows;
}

UnitSummary summary_of(const std::vector<UnitRow>& rows) {
  UnitSummary summary;
  for (const UnitRow& one : rows) {
    const LedgerRow& row = one.row;
    ++summary.counts.planned;
    count_state(summary.counts, row.state, 1);
    summary.actual_cost += row.actual_cost.value_or(Money{});
    summary.estimated_cost += one.estimated_cost;
    summary.places.set(one.place);
    for (unsigned kind = 0; kind < delivery_event_kind_count; ++kind) {
      if ((one.kinds >> kind & 1U) != 0) ++summary.kinds[kind];
    }
    if (row.state == DeliveryState::Waiting) {
      const WallTime due = row.due_at.value_or(WallTime{});
      summary.earliest_due = std::min(summary.earliest_due.value_or(due), due);
    }
    if (row.sent_at) summary.last_sent_at = std::max(summary.last_sent_at.value_or(*row.sent_at), *row.sent_at);
  }
  return summary;
}

}  // namespace clarion
