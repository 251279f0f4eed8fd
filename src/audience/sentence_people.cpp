// What a sentence says about channels, consent, addresses, contact history, feelings and single people.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "audience/sentence_reader.h"
#include "domain/channel.h"

namespace clarion {
namespace {

std::optional<Channel> read_channel_name(Cursor& cursor) {
  cursor.skip_articles();
  if (cursor.accept_any({"sms messages", "sms message", "sms", "smses", "text messages", "text message", "texts",
                         "text", "texting", "txt"})) {
    return Channel::Sms;
  }
  if (cursor.accept_any({"whatsapp messages", "whatsapp message", "whatsapp", "whats app", "wa messages"})) {
    return Channel::WhatsApp;
  }
  if (cursor.accept_any(
          {"emails", "email", "e mail", "e mails", "mail", "mails", "email messages", "newsletter", "newsletters"})) {
    return Channel::Email;
  }
  return std::nullopt;
}

Filter has_address(Channel channel) {
  return compare(channel == Channel::Email ? Field::Email : Field::Phone, Operator::Exists, true);
}

Filter consent_is(Channel channel, ConsentState state, const std::optional<TimeSpan>& when) {
  Filter is_so = compare(on_channel(Field::ConsentSms, channel), Operator::Equal, std::string(to_string(state)));
  if (!when) return is_so;
  return all_of({std::move(is_so), to_filter(*when, on_channel(Field::ConsentSmsAt, channel))});
}

Filter any_consent_is(ConsentState state, const std::optional<TimeSpan>& when) {
  std::vector<Filter> any;
  any.reserve(channel_count);
  for (const Channel each : all_channels) any.push_back(consent_is(each, state, when));
  return any_of(std::move(any));
}

}  // namespace

bool SentenceReader::read_consent_list(Cursor ahead) {
  struct Entry {
    Channel channel{};
    std::size_t end = 0;
    Item::Kind connective = Item::Kind::Comma;  // before it
  };
  std::vector<Entry> entries;
  while (true) {
    Cursor name = ahead;
    Item::Kind connective = Item::Kind::Comma;
    if (!entries.empty()) {
      if (name.accept_any({"or", "nor"})) {
        connective = Item::Kind::Or;
      } else if (name.accept("and")) {
        connective = Item::Kind::And;
      } else if (!name.accept(",")) {
        break;
      }
    }
    const auto channel = read_channel_name(name);
    if (!channel) break;
    ahead = name;
    entries.push_back({.channel = *channel, .end = ahead.at(), .connective = connective});
  }
  if (entries.size() < 2) return false;
  const bool is_out = ahead.accept_any({"opt outs", "opt out", "unsubscribers"});
  if (!is_out && !ahead.accept_any({"consent", "consents", "opt ins", "opt in", "subscribers"})) return false;
  const ConsentState state = is_out ? ConsentState::OptedOut : ConsentState::OptedIn;
  const auto when = read_consent_time(ahead);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Cursor end = ahead;
    if (i + 1 < entries.size()) end.move_to(entries[i].end);
    if (i > 0) {
      items_.push_back({.kind = entries[i].connective, .first = cursor_.at(), .last = cursor_.at() + 1});
      mark(cursor_.at(), cursor_.at() + 1, WordUse::Grammar);
      cursor_.advance();
    }
    push(Topic::Channel, consent_is(entries[i].channel, state, when), end);
  }
  return true;
}

bool SentenceReader::read_consent(Cursor ahead) {
  // "email or sms consent": the word behind the list belongs to each.
  if (read_consent_list(ahead)) return true;
  // "email opt-outs": the channel may stand first.
  Cursor first = ahead;
  auto channel = read_channel_name(first);
  if (channel) ahead = first;
  const bool is_out = ahead.accept_any({"opted out of", "opted out from", "opted out", "opt out", "opt outs",
                                        "opt out of", "unsubscribed from", "unsubscribed", "unsubscribers",
                                        "withdrew consent to", "withdrew consent for"});
  const bool is_in =
      !is_out && ahead.accept_any({"opted in to", "opt in to",   "opted into",      "opted in for",     "opted in",
                                   "opt in",      "opt ins",     "subscribed to",   "subscribed",       "consented to",
                                   "consent to",  "consent for", "subscribers to",  "subscribers",      "subscriber",
                                   "consented",   "agreed to",   "gave consent to", "gave consent for", "consent"});
  if (!is_out && !is_in) return false;
  if (!channel) {
    (void)ahead.accept_any({"receive", "receiving", "get", "getting", "our", "marketing"});
    Cursor name = ahead;
    channel = read_channel_name(name);
    if (channel) ahead = name;
  }
  const ConsentState state = is_out ? ConsentState::OptedOut : ConsentState::OptedIn;
  auto when = read_consent_time(ahead);
  if (!channel) return push(Topic::Channel, any_consent_is(state, when), ahead);
  // "opted in to sms and email since June": the time behind the list belongs to each.
  for (Cursor list = ahead; !when;) {
    (void)list.accept(",");
    (void)list.accept_any({"and", "or"});
    if (!read_channel_name(list)) break;
    when = read_consent_time(list);
  }
  push_channel([state, when](Channel each) { return consent_is(each, state, when); }, *channel, ahead);
  last_consent_ = state;
  return true;
}

std::optional<TimeSpan> SentenceReader::read_consent_time(Cursor& ahead) const {
  const bool is_length = ahead.peek().plain == "for";
  auto when = read_time_span(ahead, now_);
  if (when && is_length) when = TimeSpan{.from = std::nullopt, .until = when->from};
  return when;
}

bool SentenceReader::read_reachable(Cursor ahead) {
  if (ahead.accept_any({"email address", "email addresses", "an email address", "e mail address"})) {
    return push(Topic::Channel, has_address(Channel::Email), ahead);
  }
  if (ahead.accept_any({"phone number", "phone numbers", "a phone number", "mobile number", "mobile numbers",
                        "a mobile number", "telephone number", "whatsapp number"})) {
    return push(Topic::Channel, has_address(Channel::Sms), ahead);
  }
  const bool is_reachable = ahead.accept_any(
      {"reachable by", "reachable on", "reachable via", "reachable over", "can be reached by", "can be reached on"});
  const bool is_having = !is_reachable && ahead.accept_any({"with", "have", "has", "having"});
  // "without email" is without an address; after "who open sms" it is about opening.
  const bool is_ruled_out = !items_.empty() && items_.back().kind == Item::Kind::Not &&
                            items_.back().negation == Item::Negation::Things &&
                            !(last_channel_verb_ && continues(Topic::Channel));
  if (!is_reachable && !is_having && !is_ruled_out) return false;
  Cursor name = ahead;
  const auto channel = read_channel_name(name);
  if (!channel) return false;
  // "with email consent" and "no email opens" are not about the address.
  Cursor next = name;
  if (next.accept_any({"opens", "clicks", "consent", "opt in", "opted in", "opt out", "opted out", "preference",
                       "address", "addresses", "number"})) {
    return false;
  }
  for (Cursor list = name; list.accept_any({"or", "and", "nor", ","}) && read_channel_name(list);) {
    if (list.accept_any({"consent", "consents"})) return false;
  }
  return push_channel([](Channel each) { return has_address(each); }, *channel, name);
}

bool SentenceReader::push_channel(std::function<Filter(Channel)> verb, Channel channel, const Cursor& end) {
  push(Topic::Channel, verb(channel), end);
  last_channel_verb_ = std::move(verb);
  last_consent_.reset();
  return true;
}

bool SentenceReader::is_in_tags() const {
  if (!continues(Topic::Label)) return false;
  Cursor name = cursor_;
  return std::ranges::any_of(find_name(name).terms, [](const Term* term) { return term->kind == Term::Kind::Tag; });
}

bool SentenceReader::read_channel() {
  Cursor ahead = cursor_;
  const bool is_response = ahead.accept_any(
      {"open",         "opens",      "opened",     "opening",       "read",         "reads",       "click",
       "clicks",       "clicked",    "click on",   "clicked on",    "respond to",   "responds to", "responded to",
       "reply to",     "replies to", "replied to", "answer",        "answered",     "engage with", "engages with",
       "engaged with", "react to",   "reacted to", "responsive to", "responded on", "respond on",  "engaged on"});
  if (is_response) {
    Cursor count = ahead;
    auto quantity = read_quantity(count);
    if (quantity && (quantity->is_money || quantity->is_age)) quantity.reset();
    if (quantity) ahead = count;
    const auto channel = read_channel_name(ahead);
    if (!channel) return false;
    return push_channel(
        [quantity](Channel each) {
          const Field field = on_channel(Field::RespondedSms, each);
          return quantity ? to_filter(*quantity, field) : compare(field, Operator::GreaterOrEqual, 1.0);
        },
        *channel, ahead);
  }
  ahead = cursor_;
  if (ahead.accept_any({"prefer", "prefers", "preferred", "preferring", "preference for", "favour", "favor",
                        "preferred channel is", "preferred channel", "prefer to be contacted by", "who like", "like",
                        "likes"})) {
    (void)ahead.accept_any({"to be contacted by", "getting", "receiving", "is", "over", "by"});
    const auto channel = read_channel_name(ahead);
    if (!channel) return false;
    // 0.5 is the middle of the imported score.
    return push_channel(
        [](Channel each) { return compare(on_channel(Field::PreferenceSms, each), Operator::GreaterOrEqual, 0.5); },
        *channel, ahead);
  }
  ahead = cursor_;
  if (ahead.accept_any({"received", "got", "were sent", "was sent", "have been sent", "been sent", "receive"})) {
    Cursor count = ahead;
    auto quantity = read_quantity(count);
    if (quantity) ahead = count;
    const auto channel = read_channel_name(ahead);
    if (!channel) return false;
    return push_channel(
        [quantity](Channel each) {
          const Field field = on_channel(Field::SentSms, each);
          return quantity ? to_filter(*quantity, field) : compare(field, Operator::GreaterOrEqual, 1.0);
        },
        *channel, ahead);
  }
  ahead = cursor_;
  // "tagged vip and newsletter"
  if (is_in_tags()) return false;
  if (const auto channel = read_channel_name(ahead)) {
    if (ahead.accept_any({"opens", "openers", "readers", "responders", "clickers", "clicks"})) {
      return push(Topic::Channel, compare(on_channel(Field::RespondedSms, *channel), Operator::GreaterOrEqual, 1.0),
                  ahead);
    }
    // "who open email but not sms": the verb reaches the rest of the list.
    if (last_channel_verb_ && continues(Topic::Channel)) {
      const auto when = last_consent_ ? read_consent_time(ahead) : std::nullopt;
      return push(Topic::Channel, when ? consent_is(*channel, *last_consent_, when) : last_channel_verb_(*channel),
                  ahead);
    }
    (void)ahead.accept_any({"campaign", "channel", "message", "messages"});
    report(ahead, "a sentence chooses people, not the channel of the campaign",
           fmt::format(
               "say \"who open {0}\", \"prefer {0}\" or \"opted in to {0}\", or choose the channel of the campaign",
               to_string(*channel)));
    return true;
  }
  return false;
}

bool SentenceReader::read_contacted() {
  Cursor ahead = cursor_;
  if (!ahead.accept_any({"contacted", "messaged", "heard from us", "been contacted", "last contacted", "last messaged",
                         "reached out to", "last contact", "last message"})) {
    return false;
  }
  (void)ahead.accept_any({"was", "is", "by us"});
  if (const auto span = read_time_span(ahead, now_)) {
    return push(Topic::Time, to_filter(*span, Field::LastContactedAt), ahead);
  }
  (void)ahead.accept_any({"before", "ever", "at all"});
  return push(Topic::Time, compare(Field::LastContactedAt, Operator::Exists, true), ahead);
}

bool SentenceReader::read_feeling() {
  Cursor ahead = cursor_;
  if (ahead.accept_any({"happy", "satisfied", "positive sentiment", "a positive sentiment", "good sentiment"})) {
    return push(Topic::Feeling, compare(Field::Sentiment, Operator::Greater, 0.0), ahead);
  }
  if (ahead.accept_any({"unhappy", "dissatisfied", "angry", "upset", "negative sentiment", "a negative sentiment",
                        "bad sentiment", "unsatisfied"})) {
    return push(Topic::Feeling, compare(Field::Sentiment, Operator::Less, 0.0), ahead);
  }
  if (ahead.accept_any({"open complaint", "open complaints", "an open complaint", "unresolved complaint",
                        "unresolved complaints", "any open complaint"})) {
    return push(Topic::Feeling, compare(Field::HasOpenComplaint, Operator::Equal, true), ahead);
  }
  if (!ahead.accept_any({"complained", "complaints", "complaint", "complain"})) return false;
  if (const auto span = read_time_span(ahead, now_)) {
    return push(Topic::Feeling, to_filter(*span, Field::ComplaintAt), ahead);
  }
  return push(Topic::Feeling, compare(Field::ComplaintAt, Operator::Exists, true), ahead);
}

bool SentenceReader::read_person() {
  const Token& token = cursor_.peek();
  Cursor ahead = cursor_;
  if (token.kind == Token::Kind::Word && token.text.contains('@')) {
    ahead.advance();
    return push(Topic::Person, compare(Field::Email, Operator::Equal, std::string(token.text)), ahead);
  }
  if (token.kind == Token::Kind::Word && token.text.starts_with('+')) {
    ahead.advance();
    return push(Topic::Person, compare(Field::Phone, Operator::Equal, std::string(token.text)), ahead);
  }
  Field name_field = Field::FirstName;
  bool is_named = ahead.accept_any({"named", "called", "whose name is", "first name is", "first name", "name is"});
  if (!is_named && ahead.accept_any({"last name is", "last name", "surname is", "surname", "family name"})) {
    is_named = true;
    name_field = Field::LastName;
  }
  if (is_named) {
    (void)ahead.accept_any({"\"", "'"});
    if (ahead.peek().kind != Token::Kind::Word) return false;
    const std::string name(ahead.peek().text);
    ahead.advance();
    return push(Topic::Person, compare(name_field, Operator::Equal, name), ahead);
  }
  // "customer CUST-1", "id 12-ab", or an id that exists.
  const bool is_announced =
      ahead.accept_any({"customer id", "customer ids", "user id", "contact id", "customer", "customers", "contact",
                        "user", "id", "ids", "client", "member", "id is"});
  if (is_announced) (void)ahead.accept_any({"id", "is", "=", ":", "#", "number"});
  const Token& id = ahead.peek();
  if (id.kind != Token::Kind::Word && id.kind != Token::Kind::Number) return false;
  const bool has_digit = std::ranges::any_of(id.text, [](char c) { return c >= '0' && c <= '9'; });
  const bool is_list = !items_.empty() && items_.back().kind != Item::Kind::Condition && items_.size() > 1 &&
                       items_[items_.size() - 2].topic == Topic::Person;
  const bool looks_like_id = has_digit && id.kind == Token::Kind::Word && (is_announced || is_list);
  constexpr std::array<std::string_view, 4> prefixes{"cust ", "customer ", "contact ", "user "};
  const bool has_prefix =
      has_digit && std::ranges::any_of(prefixes, [&](std::string_view prefix) { return id.plain.starts_with(prefix); });
  if (!looks_like_id && !has_prefix && !vocabulary_.is_contact_id(id.text)) return false;
  Cursor name = ahead;
  if (!has_prefix && !find_name(name).terms.empty()) return false;
  const std::string text(id.text);
  ahead.advance();
  return push(Topic::Person, compare(Field::Id, Operator::Equal, text), ahead);
}

}  // namespace clarion
