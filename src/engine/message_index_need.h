#pragma once
// MessageIndexNeed: on which channels an accepted message has to be found by the carrier's own id afterwards. Each such
// message costs a write, so it is done only where something needs it.
//
// SMS       events bring our attempt id back; replies do not. So where people can answer.
// WhatsApp  events of a topic bring it back, those of EventBridge do not, and nobody promises it (AWS and Meta,
//           November 2026). So until an event has brought it, and from then on if one comes without.
// Email     always brings it back.

#include "ports/event_source.h"

namespace clarion {

class MessageIndexNeed {
 public:
  explicit MessageIndexNeed(bool has_sms_replies) : has_sms_replies_(has_sms_replies) {}

  [[nodiscard]] bool of(Channel channel) const {
    switch (channel) {
      case Channel::Sms: return has_sms_replies_;
      case Channel::WhatsApp: return has_come_without_ || !has_come_with_;
      case Channel::Email: break;
    }
    return false;
  }
  // As it came, before its delivery is looked for.
  void on_event(const CarrierEvent& event) {
    const bool is_of_a_person = event.kind == DeliveryEventKind::Replied || event.kind == DeliveryEventKind::OptedOut;
    if (event.channel != Channel::WhatsApp || is_of_a_person) return;
    (event.delivery ? has_come_with_ : has_come_without_) = true;
  }

 private:
  bool has_sms_replies_;
  bool has_come_with_ = false;
  bool has_come_without_ = false;
};

}  // namespace clarion
