#include "audience/json_contact.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "audience/text_dictionary.h"

namespace clarion {
namespace {

namespace dom = simdjson::dom;

std::string_view name_of(ContactPart object) {
  return object == ContactPart::ConsentObject ? "consent" : "engagement";
}

// A member of one channel's object, and what reports call it: "consent.sms.at". Made once so that no row pays for it.
struct MemberOfChannel {
  ContactKey key;
  std::string column;
};

const MemberOfChannel& member_of(std::size_t member, Channel channel) {
  static const auto made = [] {
    PerChannel<std::array<MemberOfChannel, channel_members.size()>> all;
    for (const Channel each : all_channels) {
      for (std::size_t i = 0; i < channel_members.size(); ++i) {
        const auto& [object, name, of_sms] = channel_members[i];
        all[each][i] = {on_channel(of_sms, each), fmt::format("{}.{}.{}", name_of(object), to_string(each), name)};
      }
    }
    return all;
  }();
  return made[channel][member];
}

// Where it stands in channel_members; their number when it is none of them.
std::size_t find_member(ContactPart object, std::string_view name) {
  const auto* const found = std::ranges::find_if(
      channel_members, [&](const ChannelMember& member) { return member.object == object && member.name == name; });
  return static_cast<std::size_t>(found - channel_members.begin());
}

bool is_channel_object(ContactPart part) {
  return part == ContactPart::ConsentObject || part == ContactPart::EngagementObject ||
         part == ContactPart::PreferenceObject;
}

// What has to be known of whoever was taken earlier.
bool is_id_or_consent(ContactKey key) {
  if (key == Field::Id || key.part == ContactPart::ConsentObject) return true;
  if (key.part != ContactPart::OfField) return false;
  const auto channel = channel_of(key.field);
  return channel && std::ranges::any_of(channel_members, [&](const ChannelMember& member) {
           return member.object == ContactPart::ConsentObject && on_channel(member.of_sms, *channel) == key;
         });
}

std::string explain(simdjson::error_code error) {
  if (error == simdjson::UTF8_ERROR) return "the row is not valid UTF-8";
  return fmt::format("the row is not valid JSON: {}", simdjson::error_message(error));
}

}  // namespace

struct JsonContactParser::State {
  std::function<void(std::string_view)> ignore;
  dom::parser parser;
  // The names met so far. A file with more of them than are kept has the others looked up again and again, which is
  // slow but right.
  struct Name {
    ContactKey key;
    std::uint32_t next = 0;  // what came after it last time: rows of one file tend to have one order
  };
  TextDictionary names;
  std::vector<Name> known = {Name{}};  // by number in `names`; the empty name means nothing
  std::uint32_t last = 0;              // the number of the name before

  ContactKey find_key(std::string_view name) {
    constexpr std::uint32_t most_names = 1024;
    std::uint32_t number = known[last].next;
    if (!names.is_text(number, name)) {
      if (names.size() == most_names && !names.find(name)) return told(name, find_contact_key(name));
      number = names.intern(name);
      if (number == known.size()) known.push_back({find_contact_key(name)});
      known[last].next = number;
    }
    last = number;
    return told(name, known[number].key);
  }

  ContactKey told(std::string_view name, ContactKey key) const {
    if (key.part == ContactPart::Unknown) ignore(name);
    return key;
  }

  enum class Members : std::uint8_t { All, IdAndConsent, IdConsentAndAddresses };
  bool read_members(std::string_view element, std::size_t padded_bytes, ContactDraft& draft, Members members);
  bool read_value(ContactDraft& draft, ContactKey key, std::string_view column, const dom::element& value);
  bool read_list(ContactDraft& draft, ContactKey key, std::string_view column, const dom::array& array);
  bool read_channels(ContactDraft& draft, ContactPart object, std::string_view column, const dom::object& channels);
  bool read_channel(ContactDraft& draft, ContactPart object, Channel channel, const dom::element& value);
};

bool JsonContactParser::State::read_value(ContactDraft& draft, ContactKey key, std::string_view column,
                                          const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::NULL_VALUE: return true;
    case dom::element_type::STRING: return draft.set_text(key, column, value.get_string().value_unsafe());
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE: return draft.set_number(key, column, value.get_double().value_unsafe());
    case dom::element_type::BOOL: return draft.set_flag(key, column, value.get_bool().value_unsafe());
    case dom::element_type::ARRAY: return read_list(draft, key, column, value.get_array().value_unsafe());
    case dom::element_type::OBJECT: break;
  }
  if (is_channel_object(key.part)) return read_channels(draft, key.part, column, value.get_object().value_unsafe());
  return draft.refuse(column, "{...}", fmt::format("{} must not be an object", column));
}

bool JsonContactParser::State::read_list(ContactDraft& draft, ContactKey key, std::string_view column,
                                         const dom::array& array) {
  if (!draft.start_list(key, column)) return false;
  for (const dom::element item : array) {
    std::string_view text;
    if (item.is_object()) {
      // Shop exports list purchases as objects; their SKU is what counts here.
      if (item["sku"].get_string().get(text) != simdjson::SUCCESS) {
        return draft.refuse(column, "{...}",
                            fmt::format("each element of {} must be a text or have a member sku", column));
      }
    } else if (item.get_string().get(text) != simdjson::SUCCESS) {
      return draft.refuse(column, "", fmt::format("each element of {} must be a text", column));
    }
    if (!draft.add_item(key, column, text)) return false;
  }
  return true;
}

bool JsonContactParser::State::read_channels(ContactDraft& draft, ContactPart object, std::string_view column,
                                             const dom::object& channels) {
  for (const dom::key_value_pair& field : channels) {
    const auto channel = parse_channel(field.key);
    if (!channel) {
      ignore(fmt::format("{}.{}", column, field.key));
    } else if (!read_channel(draft, object, *channel, field.value)) {
      return false;
    }
  }
  return true;
}

bool JsonContactParser::State::read_channel(ContactDraft& draft, ContactPart object, Channel channel,
                                            const dom::element& value) {
  if (object == ContactPart::PreferenceObject || !value.is_object()) {
    // {"sms": 0.7} and {"sms": "opted_in"}.
    const auto& [key, column] = object == ContactPart::ConsentObject
                                    ? member_of(find_member(object, "state"), channel)
                                    : member_of(find_member(ContactPart::EngagementObject, "preference"), channel);
    return read_value(draft, key, column, value);
  }
  const dom::object members = value.get_object().value_unsafe();
  for (const dom::key_value_pair& field : members) {
    const std::size_t member = find_member(object, field.key);
    if (member == channel_members.size()) {
      ignore(fmt::format("{}.{}.{}", name_of(object), to_string(channel), field.key));
      continue;
    }
    const auto& [key, column] = member_of(member, channel);
    if (!read_value(draft, key, column, field.value)) return false;
  }
  return true;
}

JsonContactParser::JsonContactParser(std::function<void(std::string_view)> ignore) : state_(std::make_unique<State>()) {
  state_->ignore = std::move(ignore);
}
JsonContactParser::~JsonContactParser() = default;

bool JsonContactParser::parse(std::string_view element, std::size_t padded_bytes, ContactDraft& draft) {
  draft.clear();
  return read_members(element, padded_bytes, draft) && draft.finish();
}

bool JsonContactParser::read_members(std::string_view element, std::size_t padded_bytes, ContactDraft& draft) {
  return state_->read_members(element, padded_bytes, draft, State::Members::All);
}

bool JsonContactParser::read_kept(std::string_view element, std::size_t padded_bytes, ContactDraft& draft,
                                  bool with_addresses) {
  return state_->read_members(element, padded_bytes, draft,
                              with_addresses ? State::Members::IdConsentAndAddresses : State::Members::IdAndConsent);
}

bool JsonContactParser::State::read_members(std::string_view element, std::size_t padded_bytes, ContactDraft& draft,
                                            Members members) {
  const bool has_padding = padded_bytes >= element.size() + simdjson::SIMDJSON_PADDING;
  dom::element document;
  if (const auto error = parser.parse(element.data(), element.size(), !has_padding).get(document)) {
    return draft.refuse("", "", explain(error));
  }
  dom::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) {
    return draft.refuse("", "", "a row must be a JSON object");
  }
  // Key and value one by one: the pair that * makes costs a twentieth of all the time that reading contacts takes.
  const auto is_read = [members](ContactKey key) {
    if (members == Members::All || is_id_or_consent(key)) return true;
    return members == Members::IdConsentAndAddresses && (key == Field::Phone || key == Field::Email);
  };
  const auto end = object.end();
  for (auto member = object.begin(); member != end; ++member) {
    const std::string_view name = member.key();
    const ContactKey key = find_key(name);
    if (key.part == ContactPart::Unknown || !is_read(key)) continue;
    if (!read_value(draft, key, name, member.value())) return false;
  }
  return true;
}

}  // namespace clarion
