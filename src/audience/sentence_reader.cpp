#include "audience/sentence_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "audience/sentence_clauses.h"

namespace clarion {
namespace {

constexpr std::string_view general_advice =
    "name a place, a product, a category, an age, purchases, spending, a cart, a time, a channel or a tag";

}  // namespace

SentenceReader::SentenceReader(const std::vector<Token>& tokens, const Vocabulary& vocabulary, WallTime now,
                               ParsedSentence& out)
    : tokens_(tokens), vocabulary_(vocabulary), now_(now), out_(out), cursor_(tokens) {
  for (const Token& token : tokens) out_.words.push_back({.text = std::string(token.text), .use = WordUse::Reported});
}

std::vector<Item> SentenceReader::read() {
  while (!cursor_.is_end()) {
    // The order matters: "no more than 3" is a bound before "no" is a negation, and grammar comes before names.
    const bool is_read = read_mark() || read_time() || read_quantified() || read_consent(cursor_) ||
                         read_reachable(cursor_) || read_purchase() || read_views() || read_spend() || read_cart() ||
                         read_interest() || read_channel() || read_contacted() || read_feeling() || read_tag() ||
                         read_language() || read_age() || read_person() || read_connective() || read_negation() ||
                         read_country_code() || read_name() || read_filler() || read_misspelt();
    if (!is_read) report_unknown();
  }
  find_leads();
  return std::move(items_);
}

void SentenceReader::find_leads() {
  constexpr std::array<std::string_view, 24> people{
      "people",  "customers", "customer", "users",     "user",    "clients",  "contacts",  "contact",
      "members", "folks",     "persons",  "person",    "anyone",  "shoppers", "those",     "everyone",
      "anybody", "everybody", "ones",     "residents", "someone", "somebody", "consumers", "individuals"};
  constexpr std::array<std::string_view, 6> relatives{"who", "that", "which", "whose", "whom", "where"};
  constexpr std::array<std::string_view, 6> having{"with", "having", "have", "has", "had", "hold"};
  constexpr std::array<std::string_view, 12> linking{"are",    "is",      "were",     "was", "live", "lives",
                                                     "living", "located", "residing", "be",  "want", "need"};
  constexpr std::array<std::string_view, 20> before{
      "in",      "from", "at",    "within",  "inside", "of",      "over",   "under",  "above", "below",
      "between", "aged", "older", "younger", "since",  "outside", "during", "before", "after", "across"};
  // Also the verbs that conditions begin with; a noun such as "purchases" is none.
  constexpr std::array<std::string_view, 60> verbs{
      "bought",    "buy",      "buying",     "purchased",  "purchasing", "ordered",    "shopped",   "paid",
      "own",       "owns",     "made",       "placed",     "viewed",     "view",       "viewing",   "browsed",
      "browse",    "browsing", "looked",     "looking",    "saw",        "seen",       "visited",   "checked",
      "clicked",   "click",    "clicks",     "spent",      "spend",      "spends",     "open",      "opened",
      "opens",     "read",     "reads",      "respond",    "responds",   "responded",  "reply",     "replied",
      "prefer",    "prefers",  "received",   "got",        "opted",      "subscribed", "consented", "unsubscribed",
      "speak",     "speaks",   "speaking",   "interested", "like",       "likes",      "love",      "loves",
      "contacted", "messaged", "complained", "abandoned"};
  const auto has = [](const auto& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
  };
  std::size_t begin = 0;
  for (Item& item : items_) {
    if (item.kind == Item::Kind::Condition || item.kind == Item::Kind::Open) {
      Item::Lead& lead = item.lead;
      for (std::size_t i = begin; i <= item.first; ++i) {
        const std::string& word = tokens_[i].plain;
        lead.has_people = lead.has_people || has(people, word);
        lead.has_who = lead.has_who || has(relatives, word);
        lead.has_with = lead.has_with || has(having, word);
        lead.has_verb = lead.has_verb || lead.has_with || has(linking, word) || has(verbs, word);
        lead.has_preposition = lead.has_preposition || has(before, word);
      }
    }
    begin = item.last;
  }
}

void SentenceReader::mark(std::size_t first, std::size_t last, WordUse use) {
  for (std::size_t i = first; i < last && i < out_.words.size(); ++i) out_.words[i].use = use;
}

bool SentenceReader::push(Topic topic, Filter filter, const Cursor& end) {
  const std::size_t first = cursor_.at();
  items_.push_back(
      {.kind = Item::Kind::Condition, .topic = topic, .filter = std::move(filter), .first = first, .last = end.at()});
  mark(first, end.at(), WordUse::Used);
  cursor_ = end;
  relation_ = Relation::Any;
  return true;
}

void SentenceReader::suggest(std::string text) {
  if (std::ranges::find(out_.suggestions, text) == out_.suggestions.end()) out_.suggestions.push_back(std::move(text));
}

std::string SentenceReader::words_between(std::size_t first, std::size_t last) const {
  if (first >= last || last > tokens_.size()) return {};
  const char* const begin = tokens_[first].text.data();
  const Token& end = tokens_[last - 1];
  return {begin, end.text.data() + end.text.size()};
}

void SentenceReader::report(const Cursor& end, std::string reason, std::string suggestion) {
  const std::size_t first = cursor_.at();
  mark(first, end.at(), WordUse::Reported);
  out_.unsupported.push_back({.words = words_between(first, end.at()),
                              .reason = std::move(reason),
                              .suggestion = std::move(suggestion),
                              .first = first,
                              .last = end.at()});
  items_.push_back(
      {.kind = Item::Kind::Condition, .topic = Topic::Unknown, .filter = {}, .first = first, .last = end.at()});
  cursor_ = end;
}

bool SentenceReader::read_mark() {
  const Token& token = cursor_.peek();
  if (token.kind != Token::Kind::Mark) return false;
  const std::string& plain = token.plain;
  const auto take = [&](Item::Kind kind) {
    items_.push_back({.kind = kind, .first = cursor_.at(), .last = cursor_.at() + 1});
    mark(cursor_.at(), cursor_.at() + 1, WordUse::Grammar);
    cursor_.advance();
    return true;
  };
  if (plain == ",") return take(Item::Kind::Comma);
  if (plain == "(") return take(Item::Kind::Open);
  if (plain == ")") return take(Item::Kind::Close);
  if (plain == "&") return take(Item::Kind::And);
  if (plain == "/" || plain == "|") return take(Item::Kind::Or);
  if (plain == "." || plain == ";" || plain == "!" || plain == "?" || plain == ":") return take(Item::Kind::Break);
  if (plain == "\"" || plain == "'" || plain == "-" || plain == "`") {
    mark(cursor_.at(), cursor_.at() + 1, WordUse::Filler);
    cursor_.advance();
    return true;
  }
  return false;
}

bool SentenceReader::is_after_whole() const {
  constexpr std::array<std::string_view, 9> wholes{"anything", "everything", "nothing", "any",       "all",
                                                   "every",    "anywhere",   "none",    "everywhere"};
  const auto is_whole = [&](std::size_t at) { return std::ranges::find(wholes, tokens_[at].plain) != wholes.end(); };
  const std::size_t at = cursor_.at();
  return (at > 0 && is_whole(at - 1)) || (at > 1 && is_whole(at - 2) && vocabulary_.is_filler(tokens_[at - 1].plain));
}

bool SentenceReader::read_connective() {
  Cursor ahead = cursor_;
  // "bought anything but phones", "any city but London"
  const bool is_but = ahead.accept("but");
  Cursor name = ahead;
  name.skip_articles();
  if (is_but && is_after_whole() && (!find_name(name).terms.empty() || name.accept_any({"prospects", "buyers"}))) {
    items_.push_back(
        {.kind = Item::Kind::Not, .first = cursor_.at(), .last = ahead.at(), .negation = Item::Negation::Except});
    mark(cursor_.at(), ahead.at(), WordUse::Grammar);
    cursor_ = ahead;
    if (relation_ == Relation::Any) relation_ = last_relation_;
    return true;
  }
  ahead = cursor_;
  Item::Kind kind = Item::Kind::And;
  if (ahead.accept_any({"or else", "or", "and or", "nor", "otherwise"})) {
    kind = Item::Kind::Or;
  } else if (ahead.accept_any({"but", "but also", "and but", "however", "although", "though", "while", "whereas"})) {
    kind = Item::Kind::But;
  } else if (!ahead.accept_any({"as well as", "and also", "and", "plus", "along with", "together with", "+"})) {
    return false;
  }
  items_.push_back({.kind = kind, .first = cursor_.at(), .last = ahead.at()});
  mark(cursor_.at(), ahead.at(), WordUse::Grammar);
  cursor_ = ahead;
  return true;
}

bool SentenceReader::read_negation() {
  Cursor ahead = cursor_;
  Cursor farthest = cursor_;
  Item::Negation negation{};
  const auto consider = [&](Item::Negation kind, std::initializer_list<std::string_view> phrases) {
    ahead = cursor_;
    if (!ahead.accept_any(phrases) || ahead.at() <= farthest.at()) return;
    farthest = ahead;
    negation = kind;
  };
  consider(Item::Negation::Plain,
           {"not",   "never",      "dont",    "doesnt", "didnt",        "havent",         "hasnt",
            "hadnt", "isnt",       "arent",   "wasnt",  "werent",       "wont",           "cannot",
            "cant",  "outside of", "outside", "non",    "anywhere but", "everywhere but", "not yet"});
  consider(Item::Negation::Things, {"no", "without", "without any", "lack", "lacking", "lacks", "none", "devoid of"});
  consider(Item::Negation::Neither, {"neither", "not either"});
  consider(Item::Negation::Except, {"except for",
                                    "except",
                                    "excepting",
                                    "excluding",
                                    "exclude",
                                    "excludes",
                                    "other than",
                                    "apart from",
                                    "aside from",
                                    "avoid",
                                    "avoiding",
                                    "minus",
                                    "omit",
                                    "omitting",
                                    "leave out",
                                    "leaving out",
                                    "leave off",
                                    "anyone but",
                                    "everyone but",
                                    "everybody but",
                                    "anybody but",
                                    "all but",
                                    "but for",
                                    "save for",
                                    "barring",
                                    "not including",
                                    "not counting",
                                    "not include",
                                    "not includes",
                                    "dont include",
                                    "dont target",
                                    "not target",
                                    "not targeting",
                                    "not send to",
                                    "dont send to",
                                    "not write to",
                                    "dont write to",
                                    "not message",
                                    "dont message",
                                    "not contact",
                                    "dont contact",
                                    "not select",
                                    "dont select",
                                    "not reach",
                                    "dont reach",
                                    "not notify",
                                    "dont notify",
                                    "not want",
                                    "dont want",
                                    "nobody",
                                    "no one",
                                    "noone",
                                    "none of",
                                    "skip",
                                    "skipping",
                                    "ignore",
                                    "ignoring",
                                    "remove",
                                    "removing",
                                    "drop",
                                    "dropping",
                                    "instead of",
                                    "rather than",
                                    "with the exception of",
                                    "not those",
                                    "filter out",
                                    "not anyone",
                                    "not any of",
                                    "not send anything to",
                                    "dont send anything to"});
  consider(Item::Negation::Unclear,
           {"not only", "not just", "not all", "not every", "not everyone", "not everybody", "not always", "rarely",
            "seldom", "hardly", "hardly ever", "barely", "scarcely", "unless", "not necessarily"});
  if (farthest.at() == cursor_.at()) return false;
  const bool is_after_connective = !items_.empty() && items_.back().last == cursor_.at() &&
                                   (items_.back().kind == Item::Kind::But || items_.back().kind == Item::Kind::And ||
                                    items_.back().kind == Item::Kind::Comma);
  items_.push_back({.kind = Item::Kind::Not, .first = cursor_.at(), .last = farthest.at(), .negation = negation});
  mark(cursor_.at(), farthest.at(), WordUse::Grammar);
  cursor_ = farthest;
  // "bought laptops in Pune but not phones": the verb reaches here.
  if (is_after_connective && relation_ == Relation::Any) relation_ = last_relation_;
  return true;
}

bool SentenceReader::is_plain_word(const Token& token) const {
  return token.kind == Token::Kind::Word || (token.kind == Token::Kind::Number && !token.is_money && !token.is_percent);
}

bool SentenceReader::is_after_preposition() const {
  if (cursor_.at() == 0) return false;
  std::size_t before = cursor_.at() - 1;
  while (before > 0 && (tokens_[before].plain == "the" || tokens_[before].plain == "\"")) --before;
  const std::string& plain = tokens_[before].plain;
  // "looked at" and "interested in" are verbs.
  if (before > 0 &&
      (tokens_[before - 1].plain.starts_with("look") || tokens_[before - 1].plain.starts_with("interest"))) {
    return false;
  }
  return plain == "in" || plain == "from" || plain == "at" || plain == "near" || plain == "around" ||
         plain == "outside" || plain == "of" || plain == "across" || plain == "within" || plain == "inside";
}

bool SentenceReader::continues(Topic topic) const {
  std::size_t at = items_.size();
  while (at > 0 && items_[at - 1].kind != Item::Kind::Condition) {
    const Item::Kind kind = items_[at - 1].kind;
    if (kind == Item::Kind::Open || kind == Item::Kind::Close || kind == Item::Kind::Break) return false;
    --at;
  }
  return at > 0 && at < items_.size() && items_[at - 1].topic == topic;
}

Vocabulary::Found SentenceReader::find_name(Cursor& ahead) const {
  Vocabulary::Found best;
  std::size_t best_count = 0;
  std::string words;
  bool may_join = true;
  for (std::size_t count = 1; count <= vocabulary_.longest_name_words() + 2; ++count) {
    const Token& token = ahead.peek(count - 1);
    if (!is_plain_word(token) || ahead.at() + count > tokens_.size()) break;
    if (!words.empty()) words += ' ';
    words += token.plain;
    const bool is_filler = vocabulary_.is_filler(token.plain) || token.plain == "and" || token.plain == "or";
    // "Pune and over" must not become a name because their letters join to one.
    may_join = may_join && !is_filler;
    if (count == 1 && is_filler) continue;
    if (Vocabulary::Found found = vocabulary_.find(words, may_join); !found.terms.empty()) {
      best = std::move(found);
      best_count = count;
    }
  }
  ahead.advance(best_count);
  return best;
}

bool SentenceReader::read_country_code() {
  // Two letters are a country when they are written as codes are, and not one of the words of English ("IN", "OR").
  const Token& token = cursor_.peek();
  constexpr std::string_view english = "in or me to no is as at by so it be am do my co id us ma pa al la de";
  if (token.kind != Token::Kind::Word || token.text.size() != 2) return false;
  const bool is_upper = std::ranges::all_of(token.text, [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool is_named = cursor_.at() > 0 && tokens_[cursor_.at() - 1].plain == "country";
  const std::vector<std::string> words = split_words(english);
  const bool is_english = std::ranges::find(words, token.plain) != words.end() && token.text != "US";
  if (!is_named && (!is_upper || (is_english && !is_after_preposition()) || token.text == "IN")) return false;
  std::string code(token.text);
  std::ranges::transform(code, code.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  // A code that no contact has may be anything: "LA" is a city to most people.
  if (!(is_named ? vocabulary_.is_country_code(code) : vocabulary_.has_contacts_in(code))) return false;
  Cursor ahead = cursor_;
  ahead.advance();
  return push(Topic::Place, compare(Field::Country, Operator::Equal, code), ahead);
}

bool SentenceReader::read_name() {
  Cursor ahead = cursor_;
  const Vocabulary::Found found = find_name(ahead);
  if (found.terms.empty()) return false;
  // "from us" is no country, "in us" is one.
  const Token& token = cursor_.peek();
  if (token.text == "us" && (cursor_.at() == 0 || tokens_[cursor_.at() - 1].plain != "in")) return false;
  // "smart" is a word before it is a part of "Smart Watch"; "bought smart" calls for a product.
  const bool is_single = ahead.at() == cursor_.at() + 1;
  if (found.is_name_word && is_single && relation_ == Relation::Any && vocabulary_.is_common_word(token.plain)) {
    return false;
  }
  return push_terms(found, ahead, false);
}

bool SentenceReader::read_filler() {
  const Token& token = cursor_.peek();
  if (token.kind != Token::Kind::Word || !vocabulary_.is_filler(token.plain)) return false;
  Cursor ahead = cursor_;
  ahead.advance();
  if (token.plain == "only" || token.plain == "just") {
    // "only customers in Pune" chooses people; "only bought laptops" says what else they did not do.
    constexpr std::array<std::string_view, 24> verbs{"bought", "buy",     "buys",  "purchased", "ordered", "own",
                                                     "owns",   "viewed",  "view",  "browsed",   "looked",  "saw",
                                                     "opened", "open",    "opens", "read",      "click",   "clicked",
                                                     "prefer", "prefers", "speak", "speaks",    "like",    "spent"};
    const bool is_of_verb = std::ranges::find(verbs, ahead.peek().plain) != verbs.end();
    const bool is_after_verb = !items_.empty() && items_.back().kind == Item::Kind::Condition &&
                               items_.back().topic == Topic::Product && !items_.back().is_plain_product &&
                               items_.back().last == cursor_.at();
    if (is_of_verb || is_after_verb) {
      report(ahead, "that somebody did one thing and nothing else cannot be asked for",
             "leave the word out, or name what they did not do, such as \"bought laptops but not phones\"");
      return true;
    }
  }
  if (token.plain == "about" && ahead.peek().kind == Token::Kind::Number) {
    report(ahead, "about how much is not said", "say a range, such as \"between 25 and 35\"");
    return true;
  }
  mark(cursor_.at(), cursor_.at() + 1, WordUse::Filler);
  cursor_.advance();
  return true;
}

bool SentenceReader::may_be_misspelt(const Token& token) const {
  if (token.kind != Token::Kind::Word || searches_left_ == 0) return false;
  if (vocabulary_.advice_for(token.plain) || vocabulary_.is_common_word(token.plain)) return false;
  // A word with digits is an id or a SKU: one letter more is another thing, not a misspelling.
  return std::ranges::none_of(token.plain, [](char c) { return c >= '0' && c <= '9'; });
}

bool SentenceReader::read_misspelt() {
  const Token& token = cursor_.peek();
  if (!may_be_misspelt(token)) return false;
  --searches_left_;
  std::string joined = token.plain;
  std::erase(joined, ' ');
  Vocabulary::Found found = vocabulary_.find_near(joined);
  // A guess needs a word that calls for a name, "in" or "bought", or a long word with a single slip.
  const bool is_list = !items_.empty() && is_connective(items_.back().kind) && items_.back().last == cursor_.at();
  const bool calls_for_place = is_after_preposition() || (is_list && continues(Topic::Place));
  const bool calls_for_product = relation_ != Relation::Any || (is_list && continues(Topic::Product));
  constexpr std::size_t long_word = 6;
  const bool is_plain_slip = joined.size() >= long_word && found.errors == 1;
  std::erase_if(found.terms, [&](const Term* term) {
    const bool is_place = term->kind == Term::Kind::City || term->kind == Term::Kind::Country;
    const bool is_product =
        term->kind == Term::Kind::Product || term->kind == Term::Kind::Category || term->kind == Term::Kind::Interest;
    return !is_plain_slip && !(is_place && calls_for_place) && !(is_product && calls_for_product);
  });
  if (found.terms.empty()) return false;
  Cursor ahead = cursor_;
  ahead.advance();
  return push_terms(found, ahead, true);
}

void SentenceReader::report_unknown() {
  const Token& token = cursor_.peek();
  Cursor ahead = cursor_;
  ahead.advance();
  if (token.kind == Token::Kind::Word) {
    // Two vague words first: "high value", "big spenders".
    const std::string pair = token.plain + " " + cursor_.peek(1).plain;
    if (const auto advice = vocabulary_.advice_for(pair)) {
      ahead.advance();
      return report(ahead, "this says too little to choose people by", std::string(*advice));
    }
    if (const auto advice = vocabulary_.advice_for(token.plain)) {
      return report(ahead, "this says too little to choose people by", std::string(*advice));
    }
  }
  const bool is_word = token.kind == Token::Kind::Word;
  if (is_word && token.plain.starts_with("sku ")) {
    const std::string nearest = vocabulary_.nearest_name(token.plain);
    return report(
        ahead, fmt::format("no product has the SKU \"{}\"", token.text),
        nearest.empty() ? "see GET /api/skus for the SKUs there are" : fmt::format("did you mean \"{}\"?", nearest));
  }
  // A run of unknown words is one report.
  if (reported_end_ == cursor_.at() && !items_.empty() && items_.back().topic == Topic::Unknown &&
      !out_.unsupported.empty() && is_word) {
    mark(cursor_.at(), ahead.at(), WordUse::Reported);
    Item& item = items_.back();
    item.last = ahead.at();
    out_.unsupported.back().words = words_between(item.first, item.last);
    out_.unsupported.back().last = item.last;
    cursor_ = reported_end_ == cursor_.at() ? ahead : cursor_;
    reported_end_ = cursor_.at();
    return;
  }
  if (token.kind == Token::Kind::Number || token.kind == Token::Kind::Date) {
    report(ahead, "it is not clear what this number counts",
           "say what it counts, such as \"at least 2 purchases\", \"over 40 years old\" or \"more than $500 spent\"");
    return;
  }
  std::string suggestion;
  if (is_word && searches_left_ > 0) {
    --searches_left_;
    const std::string nearest = vocabulary_.nearest_name(token.plain);
    if (!nearest.empty()) suggestion = fmt::format("did you mean \"{}\"?", nearest);
  }
  if (suggestion.empty()) suggestion = std::string(general_advice);
  const bool is_place = is_word && (is_after_preposition() || continues(Topic::Place));
  report(ahead,
         is_place ? fmt::format("no contact is known to be in a place called \"{}\"", token.text)
                  : "these words were not understood",
         std::move(suggestion));
  if (is_word && !is_place) reported_end_ = cursor_.at();
}

}  // namespace clarion
