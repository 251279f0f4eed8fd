// Names in a sentence: places, products and categories, tags, interests.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "audience/filter_text.h"
#include "audience/sentence_clauses.h"
#include "audience/sentence_reader.h"

namespace clarion {
namespace {

Filter text_filter(Field field, const std::vector<std::string>& values) {
  if (values.size() == 1) return compare(field, Operator::Equal, values.front());
  return compare(field, Operator::In, values);
}

Filter list_filter(Field field, const std::vector<std::string>& values) {
  if (values.size() == 1) return compare(field, Operator::Contains, values.front());
  return compare(field, Operator::In, values);
}

Filter place_filter(const Term& term) {
  return text_filter(term.kind == Term::Kind::Country ? Field::Country : Field::City, term.values);
}

std::vector<Filter> place_filters(const std::vector<const Term*>& terms) {
  std::vector<Filter> filters;
  for (const Term* const term : terms) filters.push_back(place_filter(*term));
  return filters;
}

std::string shown_name(const Term& term) {
  if (term.kind == Term::Kind::City && !term.country.empty())
    return fmt::format("{}, {} (city)", term.name, term.country);
  switch (term.kind) {
    case Term::Kind::City: return term.name + " (city)";
    case Term::Kind::Country: return term.name + " (country)";
    case Term::Kind::Language: return term.name + " (language)";
    case Term::Kind::Category: return term.name + " (category)";
    case Term::Kind::Tag: return term.name + " (tag)";
    case Term::Kind::Interest: return term.name + " (interest)";
    case Term::Kind::Product: return term.name;
  }
  return term.name;
}

bool is_place(const Term* term) {
  return term->kind == Term::Kind::City || term->kind == Term::Kind::Country;
}

bool is_product(const Term* term) {
  return term->kind == Term::Kind::Product || term->kind == Term::Kind::Category;
}

template <class Predicate>
std::vector<const Term*> only(const std::vector<const Term*>& terms, Predicate is_wanted) {
  std::vector<const Term*> kept;
  std::ranges::copy_if(terms, std::back_inserter(kept), is_wanted);
  return kept;
}

std::vector<std::string> values_of(const std::vector<const Term*>& terms) {
  std::vector<std::string> values;
  for (const Term* const term : terms) values.insert(values.end(), term->values.begin(), term->values.end());
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  return values;
}

std::vector<std::string> shown_names(const std::vector<const Term*>& terms) {
  std::vector<std::string> names;
  names.reserve(terms.size());
  for (const Term* const term : terms) names.push_back(shown_name(*term));
  std::ranges::sort(names);
  return names;
}

}  // namespace

Filter SentenceReader::product_filter(const std::vector<std::string>& skus, Relation relation) {
  switch (relation) {
    case Relation::Bought: return list_filter(Field::PurchasedSkus, skus);
    case Relation::Viewed: return list_filter(Field::BrowsedSkus, skus);
    case Relation::InCart: return list_filter(Field::CartSkus, skus);
    case Relation::Any:
    case Relation::Interested: break;
  }
  return any_of({list_filter(Field::PurchasedSkus, skus), list_filter(Field::BrowsedSkus, skus),
                 list_filter(Field::CartSkus, skus)});
}

bool SentenceReader::is_after_noun(std::string_view noun) const {
  std::size_t before = cursor_.at();
  while (before > 0 && (tokens_[before - 1].plain == "of" || tokens_[before - 1].plain == "the")) --before;
  return before > 0 && tokens_[before - 1].plain == noun;
}

bool SentenceReader::push_or_tag(Topic topic, Filter filter, const Cursor& end) {
  std::string words;
  for (std::size_t i = cursor_.at(); i < end.at(); ++i) words += (words.empty() ? "" : " ") + tokens_[i].plain;
  const auto tags =
      only(vocabulary_.find(words, false).terms, [](const Term* term) { return term->kind == Term::Kind::Tag; });
  if (tags.empty()) return push(topic, std::move(filter), end);
  auto candidates = shown_names(tags);
  candidates.insert(candidates.begin(), to_label(filter.comparison));
  out_.ambiguities.push_back({.words = words_between(cursor_.at(), end.at()), .candidates = std::move(candidates)});
  return push(topic, any_of({std::move(filter), list_filter(Field::Tags, values_of(tags))}), end);
}

SentenceReader::Relation SentenceReader::carried_relation() const {
  if (items_.empty() || !is_connective(items_.back().kind)) return Relation::Any;
  Cursor behind = cursor_;
  behind.move_to(items_.back().last);
  behind.skip_articles();
  if (behind.at() != cursor_.at()) return Relation::Any;
  // Over places and times back to the product with the verb.
  for (std::size_t i = items_.size() - 1; i-- > 0;) {
    if (items_[i].kind != Item::Kind::Condition) return Relation::Any;
    if (items_[i].topic == Topic::Product) return items_[i].is_plain_product ? Relation::Any : last_relation_;
    if (items_[i].topic != Topic::Place && items_[i].topic != Topic::Time) return Relation::Any;
  }
  return Relation::Any;
}

bool SentenceReader::push_product(std::vector<std::string> skus, const Cursor& end) {
  if (relation_ == Relation::Any) relation_ = carried_relation();
  const Relation relation = relation_;
  const bool has_verb = relation != Relation::Any && relation_end_ == cursor_.at();
  const std::size_t first = has_verb ? relation_first_ : cursor_.at();
  Filter filter = product_filter(skus, relation);
  push(Topic::Product, std::move(filter), end);
  items_.back().first = first;
  mark(first, end.at(), WordUse::Used);
  last_skus_ = skus;
  items_.back().skus = std::move(skus);
  items_.back().is_plain_product = !has_verb;
  // The verb reaches the rest of the list: "bought laptops or phones".
  relation_ = relation;
  return true;
}

bool SentenceReader::push_related(Relation relation, const Cursor& name) {
  relation_ = last_relation_ = relation;
  relation_first_ = cursor_.at();
  relation_end_ = name.at();
  mark(cursor_.at(), name.at(), WordUse::Used);
  cursor_ = name;
  Cursor end = name;
  const Vocabulary::Found found = find_name(end);
  return push_terms(found, end, false);
}

bool SentenceReader::push_pronoun(Relation relation, Cursor pronoun) {
  const Cursor verb_end = pronoun;
  const bool is_one = pronoun.accept_any({"one", "any", "either"}) && !pronoun.accept("of");
  if (!is_one) {
    pronoun = verb_end;
    if (!pronoun.accept_any({"them", "it", "these", "those", "one of them", "any of them", "any of these",
                             "any of those", "one of those", "one of these", "either of them"})) {
      return false;
    }
  }
  if (last_skus_.empty() || follows_product(pronoun)) return false;
  // "bought one" of them, not "bought one thing".
  constexpr std::array<std::string_view, 12> following{"and",   "or",   "but",  "in",  "who",  "with",
                                                       "since", "last", "this", "yet", "from", "before"};
  const Token& next = pronoun.peek();
  if (is_one && next.kind != Token::Kind::Mark && std::ranges::find(following, next.plain) == following.end()) {
    return false;
  }
  relation_ = last_relation_ = relation;
  relation_first_ = cursor_.at();
  relation_end_ = verb_end.at();
  mark(cursor_.at(), verb_end.at(), WordUse::Used);
  cursor_ = verb_end;
  return push_product(last_skus_, pronoun);
}

bool SentenceReader::push_misspelt_product(Relation relation, Cursor name) {
  if (!may_be_misspelt(name.peek()) || vocabulary_.is_filler(name.peek().plain)) return false;
  Cursor known = name;
  if (!find_name(known).terms.empty()) return false;
  --searches_left_;
  Vocabulary::Found found = vocabulary_.find_near(name.peek().plain);
  found.terms = only(found.terms, is_product);
  if (found.terms.empty()) return false;
  relation_ = last_relation_ = relation;
  relation_first_ = cursor_.at();
  relation_end_ = name.at();
  mark(cursor_.at(), name.at(), WordUse::Used);
  cursor_ = name;
  name.advance();
  return push_terms(found, name, true);
}

bool SentenceReader::push_shared_product(Relation relation, const Cursor& verb_end) {
  Cursor name = verb_end;
  if (!name.accept_any({"or", "nor", "and"})) return false;
  if (!name.accept_any({"bought", "buy", "purchased", "purchase", "ordered", "order", "viewed", "view", "browsed",
                        "browse", "looked at", "look at", "saw", "seen", "visited"})) {
    return false;
  }
  name.skip_articles();
  auto products = only(find_name(name).terms, is_product);
  const auto categories = only(products, [](const Term* term) { return term->kind == Term::Kind::Category; });
  if (!categories.empty()) products = categories;
  if (products.empty()) return false;
  last_skus_ = values_of(products);
  push(Topic::Product, product_filter(last_skus_, relation), verb_end);
  items_.back().skus = last_skus_;
  last_relation_ = relation;
  return true;
}

bool SentenceReader::push_negated(Relation relation, Cursor ahead) {
  const Cursor verb_end = ahead;
  const bool is_neither = ahead.accept("neither");
  if (!is_neither && !ahead.accept_any({"no", "none of", "not any"})) return false;
  ahead.skip_articles();
  if (!follows_product(ahead)) return false;
  // The verb belongs to the products, the negation stands before both.
  const std::size_t verb = cursor_.at();
  items_.push_back({.kind = Item::Kind::Not,
                    .first = verb_end.at(),
                    .last = ahead.at(),
                    .negation = is_neither ? Item::Negation::Neither : Item::Negation::Things});
  push_related(relation, ahead);
  items_.back().first = verb;
  mark(verb, ahead.at(), WordUse::Used);
  return true;
}

void SentenceReader::narrow_products_before(Relation relation, const Cursor& end) {
  // Back over "laptops or phones", as far as no verb was said.
  bool is_first = true;
  for (std::size_t i = items_.size(); i-- > 0;) {
    Item& item = items_[i];
    const bool is_connective =
        item.kind == Item::Kind::And || item.kind == Item::Kind::Or || item.kind == Item::Kind::Comma;
    if (is_connective && !is_first) continue;
    if (item.kind != Item::Kind::Condition || !item.is_plain_product) break;
    last_relation_ = relation;
    item.filter = product_filter(item.skus, relation);
    item.is_plain_product = false;
    if (is_first) item.last = end.at();
    is_first = false;
  }
  mark(cursor_.at(), end.at(), WordUse::Used);
  cursor_ = end;
}

bool SentenceReader::push_places(std::vector<const Term*> terms, Cursor end, bool is_misspelt) {
  // "Pune, India" and "Pune in India" are one place.
  Cursor ahead = end;
  (void)ahead.accept(",");
  (void)ahead.accept("in");
  const Vocabulary::Found next = find_name(ahead);
  const auto country = std::ranges::find(next.terms, Term::Kind::Country, &Term::kind);
  if (country != next.terms.end()) {
    const auto there = only(terms, [&](const Term* term) {
      return term->kind == Term::Kind::City && (term->country.empty() || term->country == (*country)->country);
    });
    if (!there.empty()) {
      const Filter place = all_of({text_filter(Field::City, values_of(there)), place_filter(**country)});
      return push(Topic::Place, place, ahead);
    }
  }
  // Singapore lies in Singapore: the country holds both.
  std::erase_if(terms, [&](const Term* term) {
    return term->kind == Term::Kind::City && std::ranges::any_of(terms, [&](const Term* other) {
             return other->kind == Term::Kind::Country && other->country == term->country;
           });
  });
  if (terms.size() == 1) {
    const Term& term = *terms.front();
    if (!term.also.empty()) {
      out_.ambiguities.push_back(
          {.words = words_between(cursor_.at(), end.at()), .candidates = {shown_name(term), term.also}});
    }
    return push(Topic::Place, place_filter(term), end);
  }
  std::vector<Filter> candidates;
  for (const Term* const term : terms) {
    Filter place = place_filter(*term);
    const bool is_one_of_many = term->kind == Term::Kind::City && !term->country.empty() && !is_misspelt;
    if (is_one_of_many) place = all_of({place, compare(Field::Country, Operator::Equal, term->country)});
    candidates.push_back(std::move(place));
  }
  out_.ambiguities.push_back({.words = words_between(cursor_.at(), end.at()), .candidates = shown_names(terms)});
  return push(Topic::Place, any_of(std::move(candidates)), end);
}

bool SentenceReader::push_terms(const Vocabulary::Found& found, Cursor end, bool is_misspelt) {
  const std::string words = words_between(cursor_.at(), end.at());
  auto places = only(found.terms, is_place);
  // "the country Georgia", "the city of Singapore"
  for (const auto& [said, kind] : {std::pair("country", Term::Kind::Country), std::pair("city", Term::Kind::City)}) {
    const auto meant = only(places, [kind](const Term* term) { return term->kind == kind; });
    if (is_after_noun(said) && !meant.empty()) {
      return push(Topic::Place, any_of(place_filters(meant)), end);
    }
  }
  auto products = only(found.terms, is_product);
  const auto languages = only(found.terms, [](const Term* term) { return term->kind == Term::Kind::Language; });
  const auto tags = only(found.terms, [](const Term* term) { return term->kind == Term::Kind::Tag; });
  const auto interests = only(found.terms, [](const Term* term) { return term->kind == Term::Kind::Interest; });
  if (relation_ == Relation::Interested && !interests.empty()) {
    const std::size_t first = relation_end_ == cursor_.at() ? relation_first_ : cursor_.at();
    push(Topic::Label, list_filter(Field::Interests, values_of(interests)), end);
    items_.back().first = first;
    mark(first, end.at(), WordUse::Used);
    relation_ = Relation::Interested;
    return true;
  }
  // Where the sentence says which of two is meant, the other is no candidate.
  if (!languages.empty() && continues(Topic::Language)) {
    return push(Topic::Language, text_filter(Field::Language, values_of(languages)), end);
  }
  if (relation_ != Relation::Any && !products.empty()) places.clear();
  if (is_after_preposition() && !places.empty()) products.clear();
  if (is_misspelt) {
    const auto& read_as = !places.empty() ? places : !products.empty() ? products : found.terms;
    suggest(fmt::format("read \"{}\" as {}", words, shown_name(*read_as.front())));
  }
  if (!places.empty() && !products.empty()) {
    std::vector<const Term*> all = places;
    all.insert(all.end(), products.begin(), products.end());
    out_.ambiguities.push_back({.words = words, .candidates = shown_names(all)});
    Filter either = any_of({place_filter(*places.front()), product_filter(values_of(products), relation_)});
    return push(Topic::Product, std::move(either), end);
  }
  if (!places.empty() && !languages.empty() && !is_after_preposition()) {
    // "French customers": from there, or speaking it.
    std::vector<const Term*> all = places;
    all.insert(all.end(), languages.begin(), languages.end());
    out_.ambiguities.push_back({.words = words, .candidates = shown_names(all)});
    Filter either = any_of({place_filter(*places.front()), text_filter(Field::Language, values_of(languages))});
    return push(Topic::Place, std::move(either), end);
  }
  if (!places.empty()) return push_places(std::move(places), end, is_misspelt);
  if (!products.empty()) {
    const auto categories = only(products, [](const Term* term) { return term->kind == Term::Kind::Category; });
    if (!categories.empty()) products = categories;
    // A shared synonym means all of its products; one word of several names asks which.
    if (found.is_shared_word || (is_misspelt && categories.empty() && products.size() > 1 && interests.empty())) {
      if (found.is_shared_word) out_.ambiguities.push_back({.words = words, .candidates = shown_names(products)});
    }
    return push_product(values_of(products), end);
  }
  if (!tags.empty()) return push(Topic::Label, list_filter(Field::Tags, values_of(tags)), end);
  if (!interests.empty()) return push(Topic::Label, list_filter(Field::Interests, values_of(interests)), end);
  if (!languages.empty()) return push(Topic::Language, text_filter(Field::Language, values_of(languages)), end);
  return false;
}

bool SentenceReader::follows_product(Cursor ahead) const {
  const Vocabulary::Found found = find_name(ahead);
  return std::ranges::any_of(found.terms, is_product);
}

bool SentenceReader::read_interest() {
  Cursor ahead = cursor_;
  if (!ahead.accept_any({"interested in", "interests in", "interest in", "interests", "interest", "into", "fans of",
                         "fan of", "who like", "who likes", "who love", "like", "likes", "love", "loves", "keen on"})) {
    return false;
  }
  (void)ahead.accept_any({"is", "are", "include", "includes", "buying", "purchasing"});
  ahead.skip_articles();
  Cursor name = ahead;
  const Vocabulary::Found found = find_name(name);
  const bool is_known = std::ranges::any_of(
      found.terms, [](const Term* term) { return is_product(term) || term->kind == Term::Kind::Interest; });
  const std::string& verb = tokens_[cursor_.at()].plain;
  if (!is_known && (verb == "like" || verb == "likes" || verb == "who" || verb == "into")) return false;
  if (!is_known) {
    report(ahead, "no product, category or interest follows", "name one, such as \"interested in laptops\"");
    return true;
  }
  return push_related(Relation::Interested, ahead);
}

bool SentenceReader::read_tag() {
  Cursor ahead = cursor_;
  if (!ahead.accept_any({"tagged with", "tagged as", "tagged", "tags", "tag", "labelled", "labeled"})) return false;
  if (ahead.peek().plain == "neither" || ahead.peek().plain == "not") {
    // What follows is a tag or not known; the negation stands by itself.
    mark(cursor_.at(), ahead.at(), WordUse::Grammar);
    cursor_ = ahead;
    return true;
  }
  (void)ahead.accept_any({"is", "=", "are", "include", "includes"});
  while (ahead.accept("\"")) {
  }
  Cursor name = ahead;
  const Vocabulary::Found found = find_name(name);
  const auto tags = only(found.terms, [](const Term* term) { return term->kind == Term::Kind::Tag; });
  if (!tags.empty()) return push(Topic::Label, list_filter(Field::Tags, values_of(tags)), name);
  // "vip tag": the tag stands before.
  const bool is_after_tag =
      !items_.empty() && items_.back().topic == Topic::Label && items_.back().last == cursor_.at();
  if (is_after_tag) {
    mark(cursor_.at(), ahead.at(), WordUse::Used);
    items_.back().last = ahead.at();
    cursor_ = ahead;
    return true;
  }
  const std::string wanted = ahead.peek().plain;
  const std::string nearest = wanted.empty() ? "" : vocabulary_.nearest_name(wanted);
  if (is_plain_word(ahead.peek())) ahead.advance();
  report(ahead, "no contact has this tag",
         nearest.empty() ? "see the tags of your contacts" : fmt::format("did you mean \"{}\"?", nearest));
  return true;
}

bool SentenceReader::read_language() {
  Cursor ahead = cursor_;
  const bool has_verb = ahead.accept_any({"speaks", "speak", "speaking", "language is", "language", "languages",
                                          "whose language is", "who speak", "fluent in"});
  if (has_verb) (void)ahead.accept_any({"=", ":"});
  const Vocabulary::Found found = find_name(ahead);
  const auto languages = only(found.terms, [](const Term* term) { return term->kind == Term::Kind::Language; });
  if (languages.empty()) return false;
  const bool is_followed = ahead.accept_any({"speakers", "speaker", "speaking", "language"});
  if (!has_verb && !is_followed) {
    Cursor dash = ahead;
    if (!dash.accept("-") || !dash.accept_any({"speaking", "speakers"})) return false;
    ahead = dash;
  }
  return push(Topic::Language, text_filter(Field::Language, values_of(languages)), ahead);
}

}  // namespace clarion
