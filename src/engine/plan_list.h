#pragma once
// ListPlan: the plan of an explicit list, one row for every entry of eligible_users, in its order.
//
// Rules    the list is the caller's decision; still enforced are opt-outs, suppressions and addresses, and with
//          respect_caps also caps and quiet hours. Every entry becomes a row:
//          Failed   unknown_channel, no_channel, channel_not_set_up, no_address, invalid_address,
//                   template_not_approved, invalid_content, invalid_<member>
//          Skipped  opted_out, suppressed, frequency caps, duplicate_contact, duplicate_address
//          Waiting  everything else
// Channel  the selected one; without it the decision's, when the customer is known and the entry has content for it.
// Address  that of the entry; without it the known customer's. Whoever opted out at an address is opted out there under
//          every customer_id, known or not; only the opt-in of the customer whose own address it is stands against it.
// Ids      contact_id is the customer_id; entries without one, and duplicates, are told apart by their position:
//          "#17", "CUST-1#17" (the first entry is 1).
// Threads  one executor.

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/contact_table.h"
#include "base/clock.h"
#include "decision/channel_choice.h"
#include "domain/price_table.h"
#include "engine/campaign_engine.h"
#include "engine/list_recipient.h"
#include "engine/plan_audience.h"
#include "engine/recipient_policy.h"
#include "engine/send_request.h"
#include "ports/delivery_store.h"
#include "ports/suppression_store.h"
#include "ports/template_catalogue.h"

namespace clarion {

class ListPlan final : public PlanSource {
 public:
  struct Deps {
    PlanningSources sources;
    std::shared_ptr<const ContactTable> contacts;
    std::shared_ptr<const ResponseModel> responses;  // where nothing is learnt from the ledger
    std::shared_ptr<const PriceTable> prices;
    PerChannel<bool> set_up{{true, true, true}};  // there is a sender for it
    // What the provider says of WhatsApp templates; null: nobody approves them.
    TemplateCatalogue* templates = nullptr;
    // audience/address_rules.h: the normal form, or Invalid. `country` may be empty.
    std::function<Result<std::string>(std::string_view phone, std::string_view country)> read_phone;
    std::function<Result<std::string>(std::string_view email)> read_email;
  };

  // `choice` decides for entries without a channel; nobody is held out. Suppressions and recent messages are read at
  // the first next(). Errors of next(): the stores', and Unavailable when an entry may go by WhatsApp and the provider
  // could not be asked for its templates.
  ListPlan(Deps deps, SendRequest request, ChoicePolicy choice);

  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) override;
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override;

 private:
  using Messages = PerChannel<std::optional<MessageBody>>;
  PlannedDelivery plan(std::size_t index);
  [[nodiscard]] std::string take_id(const ListRecipient& recipient, std::size_t index, bool& is_duplicate);
  // Brings the entry's addresses into contact_; false for one that is not valid.
  [[nodiscard]] PerChannel<bool> take_addresses(const ListRecipient& recipient);
  [[nodiscard]] std::optional<ListProblem> make_messages(const ListRecipient& recipient, Messages& messages,
                                                         PerChannel<std::int32_t>& parts);
  // Takes out the channels on which another contact opted out at the address of this one.
  void exclude_opted_out_addresses(ContactEligibility& eligibility);
  [[nodiscard]] PerChannel<WallTime> expected_send_times() const;
  void decide(const ListRecipient& recipient, const Messages& messages, const PerChannel<std::int32_t>& parts,
              const PerChannel<bool>& is_valid, PlannedDelivery& row);

  Deps deps_;
  SendRequest request_;
  ChoicePolicy policy_;
  std::optional<ChannelChoice> choice_;  // with what eligibility_ was made from
  std::shared_ptr<const AudienceFacts> facts_;
  std::optional<Eligibility> eligibility_;
  Result<std::shared_ptr<const ProviderTemplates>> templates_;  // null: nobody approves them
  bool has_unchecked_template_ = false;                         // where templates_ is an error
  boost::unordered_flat_set<std::uint64_t, KeepHash> seen_;     // hashes of contact_ids
  PerChannel<std::int64_t> queued_;                             // parts that are to leave as soon as the rate allows
  std::size_t position_ = 0;
  Contact contact_;                       // of the entry at hand; reused
  PerChannel<bool> has_own_address_;      // the entry gives no address other than contact_'s
  PerChannel<std::string> opt_out_note_;  // what the exclusions of the entry at hand point to
};

}  // namespace clarion
