#include "audience/contact_json.h"

#include <fmt/format.h>

#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "audience/field.h"
#include "base/clock.h"

namespace clarion {
namespace {

class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_.push_back('{'); }
  void close() { out_.push_back('}'); }

  void key(std::string_view name) {
    if (!is_first_) out_.push_back(',');
    is_first_ = false;
    out_.push_back('"');
    out_.append(name);
    out_.append("\":");
  }
  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    key(name);
    quote(out_, value);
  }
  template <class Number>
  void number(std::string_view name, Number value) {
    key(name);
    fmt::format_to(std::back_inserter(out_), "{}", value);
  }
  template <class Number>
  void number(std::string_view name, const std::optional<Number>& value) {
    if (value) number(name, *value);
  }
  void time(std::string_view name, const std::optional<WallTime>& value) {
    if (!value) return;
    std::string iso = format_iso8601(*value);
    if (iso.ends_with(".000Z")) iso.replace(iso.size() - 5, 5, "Z");
    text(name, iso);
  }
  void list(std::string_view name, std::span<const std::string> values) {
    key(name);
    char before = '[';
    for (const std::string& value : values) {
      out_.push_back(before);
      quote(out_, value);
      before = ',';
    }
    out_.push_back(']');
  }
  // What is not known is left out.
  void value(std::string_view name, const FieldValue& known) {
    std::visit(
        [&]<class Known>(const Known& it) {
          if constexpr (std::is_same_v<Known, std::string_view>) {
            text(name, it);
          } else if constexpr (std::is_same_v<Known, std::span<const std::string>>) {
            list(name, it);
          } else if constexpr (std::is_same_v<Known, WallTime>) {
            time(name, it);
          } else if constexpr (!std::is_same_v<Known, std::monostate>) {
            number(name, it);
          }
        },
        known);
  }

 private:
  static void quote(std::string& out, std::string_view text) {
    out.push_back('"');
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
      } else if (static_cast<unsigned char>(c) < 0x20) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
      } else {
        out.push_back(c);
      }
    }
    out.push_back('"');
  }

  std::string& out_;
  bool is_first_ = true;
};

// Whether the reader fills this in by itself.
bool goes_without_saying(Field field, const Contact& contact) {
  switch (field) {
    case Field::PurchaseCount: return std::cmp_equal(contact.purchase_count, contact.purchased_skus.size());
    case Field::BrowseCount: return std::cmp_equal(contact.browse_count, contact.browsed_skus.size());
    case Field::TotalSpentUsd: return contact.total_spent_usd == 0;
    case Field::HasOpenComplaint: return !contact.has_open_complaint;
    default: return false;
  }
}

void write_consent(const PerChannel<Consent>& consents, std::string& out, JsonObject& object) {
  const PerChannel<Consent> nothing;
  if (consents == nothing) return;
  object.key("consent");
  JsonObject channels(out);
  for (const Channel channel : all_channels) {
    const Consent& consent = consents[channel];
    if (consent == Consent{}) continue;
    channels.key(to_string(channel));
    JsonObject members(out);
    members.text("state", to_string(consent.state));
    members.text("source", consent.source);
    members.time("at", consent.at);
    members.close();
  }
  channels.close();
}

void write_engagement(const Contact& contact, std::string& out, JsonObject& object) {
  const PerChannel<Engagement> nothing;
  if (contact.engagement == nothing) return;
  object.key("engagement");
  JsonObject channels(out);
  for (const Channel channel : all_channels) {
    const Engagement& engagement = contact.engagement[channel];
    if (engagement == Engagement{}) continue;
    channels.key(to_string(channel));
    JsonObject members(out);
    members.number("preference", engagement.preference);
    if (engagement.sent != 0) members.number("sent", engagement.sent);
    if (engagement.responded != 0) members.number("responded", engagement.responded);
    members.time("last_at", engagement.last_at);
    members.close();
  }
  channels.close();
}

}  // namespace

ConsentPlace write_contact_json(const Contact& contact, std::string& out) {
  JsonObject object(out);
  for (const Field field : all_fields) {
    // What channels have of their own follows in objects.
    if (channel_of(field) || goes_without_saying(field, contact)) continue;
    object.value(to_string(field), value_of(field, contact));
  }
  const std::size_t consent_begin = out.size();
  write_consent(contact.consent, out, object);
  const std::size_t consent_bytes = out.size() - consent_begin;
  write_engagement(contact, out, object);
  object.close();
  return {.begin = consent_begin, .bytes = consent_bytes};
}

void replace_consent(std::string& json, ConsentPlace place, const PerChannel<Consent>& consent) {
  std::string written;
  JsonObject object(written);
  write_consent(consent, written, object);
  // What begins the object follows the id here.
  written.front() = ',';
  if (written.size() == 1) written.clear();
  json.replace(place.begin, place.bytes, written);
}

}  // namespace clarion
