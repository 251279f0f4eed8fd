#include "audience/contact_json.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <utility>

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
  void list(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    key(name);
    char before = '[';
    for (const std::string& value : values) {
      out_.push_back(before);
      quote(out_, value);
      before = ',';
    }
    out_.push_back(']');
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

void write_consent(const Contact& contact, std::string& out, JsonObject& object) {
  const PerChannel<Consent> nothing;
  if (contact.consent == nothing) return;
  object.key("consent");
  JsonObject channels(out);
  for (const Channel channel : all_channels) {
    const Consent& consent = contact.consent[channel];
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

void write_contact_json(const Contact& contact, std::string& out) {
  JsonObject object(out);
  object.text("id", contact.id);
  object.text("first_name", contact.first_name);
  object.text("last_name", contact.last_name);
  object.text("phone", contact.phone);
  object.text("email", contact.email);
  object.text("city", contact.city);
  object.text("country", contact.country);
  object.text("time_zone", contact.time_zone);
  object.text("language", contact.language);
  object.number("age", contact.age);
  object.list("tags", contact.tags);
  object.list("interests", contact.interests);
  object.list("purchased_skus", contact.purchased_skus);
  object.list("browsed_skus", contact.browsed_skus);
  object.list("cart_skus", contact.cart_skus);
  // The reader takes the lengths of the lists for counts that are not given.
  if (std::cmp_not_equal(contact.purchase_count, contact.purchased_skus.size())) {
    object.number("purchase_count", contact.purchase_count);
  }
  if (std::cmp_not_equal(contact.browse_count, contact.browsed_skus.size())) {
    object.number("browse_count", contact.browse_count);
  }
  if (contact.total_spent_usd != 0) object.number("total_spent_usd", contact.total_spent_usd);
  object.time("last_purchase_at", contact.last_purchase_at);
  object.time("last_contacted_at", contact.last_contacted_at);
  object.number("sentiment", contact.sentiment);
  object.time("complaint_at", contact.complaint_at);
  if (contact.has_open_complaint) object.number("has_open_complaint", true);
  object.number("best_hour", contact.best_hour);
  write_consent(contact, out, object);
  write_engagement(contact, out, object);
  object.close();
}

}  // namespace clarion
