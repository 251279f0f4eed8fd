#pragma once
// SentenceReader: tokens to items (conditions, connectives, brackets); sentence_tree.h makes a filter of them.
//
// Invariant  when read() returns, every token has a use: taken by an item, a filler, or reported.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/sentence.h"
#include "audience/sentence_cursor.h"
#include "audience/sentence_tokens.h"
#include "domain/channel.h"

namespace clarion {

// What a condition is about: an or between two of one topic binds closely.
enum class Topic : std::uint8_t {
  Place,
  Product,
  Age,
  Purchases,
  Spend,
  Time,
  Cart,
  Channel,
  Label,  // tags and interests
  Language,
  Person,  // ids, names, addresses
  Feeling,
  Unknown,  // words that were reported: "not gizmos" must not negate what follows
};

struct Item {
  enum class Kind : std::uint8_t { Condition, And, Or, But, Comma, Not, Open, Close, Break };
  // How far a negation reaches: see reaches() in sentence_clauses.h.
  enum class Negation : std::uint8_t {
    Plain,    // "not in Pune"
    Things,   // "without laptops"
    Except,   // "everyone except people in Pune"
    Neither,  // "neither VIP nor in Pune"
    Unclear,  // "rarely", "not only": not understood, with the rest of its clause
  };
  // What a condition begins with, the known fillers before it included.
  struct Lead {
    bool has_people = false;       // "people", "customers"
    bool has_who = false;          // "who", "that"
    bool has_with = false;         // "with", "have"
    bool has_verb = false;         // any verb, "with" included
    bool has_preposition = false;  // "in", "over"
  };
  Kind kind{};
  Topic topic = Topic::Unknown;
  Filter filter = {};
  std::size_t first = 0;  // tokens [first, last)
  std::size_t last = 0;
  std::vector<std::string> skus = {};  // Product: what it is about, so that "in their cart" after it can narrow it
  bool is_plain_product = false;       // Product without a verb
  bool is_bare_time = false;           // Time without a verb: shares the negation of what stands before it
  Negation negation{};                 // Not
  Lead lead = {};                      // Condition, Open
};

class SentenceReader {
 public:
  SentenceReader(const std::vector<Token>& tokens, const Vocabulary& vocabulary, WallTime now, ParsedSentence& out);
  // The items in order; fills unsupported, ambiguities, suggestions and the use of every word.
  std::vector<Item> read();

 private:
  enum class Relation : std::uint8_t { Any, Bought, Viewed, InCart, Interested };

  // Each takes its words and pushes items, or takes nothing and returns false.
  bool read_mark();
  bool read_connective();
  bool read_negation();
  bool read_quantified();
  bool read_age();
  bool read_purchase();
  bool read_views();
  bool read_spend();
  bool read_cart();
  bool read_interest();
  bool read_channel();
  [[nodiscard]] bool is_in_tags() const;
  bool read_consent_list(Cursor ahead);
  bool read_consent(Cursor ahead);
  bool read_reachable(Cursor ahead);
  bool read_contacted();
  bool read_feeling();
  bool read_tag();
  bool read_language();
  bool read_person();
  bool read_time();
  bool read_country_code();
  bool read_name();
  bool read_misspelt();
  bool read_filler();
  void report_unknown();
  void find_leads();

  bool push(Topic topic, Filter filter, const Cursor& end);
  // The same words may be a tag that contacts have: then both are candidates.
  bool push_or_tag(Topic topic, Filter filter, const Cursor& end);
  // Whether the condition here would give a time to a product that is wished for, not ruled out.
  [[nodiscard]] bool is_time_of_product() const;
  bool push_product(std::vector<std::string> skus, const Cursor& end);
  bool push_terms(const Vocabulary::Found& found, Cursor end, bool is_misspelt);
  bool push_channel(std::function<Filter(Channel)> verb, Channel channel, const Cursor& end);
  // The time that stands at `ahead`, which is moved behind it, as that of a consent: "for 3 months" is before them.
  [[nodiscard]] std::optional<TimeSpan> read_consent_time(Cursor& ahead) const;
  bool push_places(std::vector<const Term*> terms, Cursor end, bool is_misspelt);
  void report(const Cursor& end, std::string reason, std::string suggestion);
  void narrow_products_before(Relation relation, const Cursor& end);
  void mark(std::size_t first, std::size_t last, WordUse use);
  [[nodiscard]] bool follows_product(Cursor ahead) const;
  // The longest known name at `ahead`, which is moved behind it.
  [[nodiscard]] Vocabulary::Found find_name(Cursor& ahead) const;
  [[nodiscard]] bool is_plain_word(const Token& token) const;
  [[nodiscard]] bool is_after_preposition() const;
  // Whether "country" or "country of" stands before here.
  [[nodiscard]] bool is_after_noun(std::string_view noun) const;
  // Whether a connective stands here that follows a condition of this topic.
  [[nodiscard]] bool continues(Topic topic) const;
  // Takes the product that stands at `name`, with the verb between here and there.
  bool push_related(Relation relation, const Cursor& name);
  // "bought laptops in London and phones in Berlin": the verb that reaches a product behind a connective.
  [[nodiscard]] Relation carried_relation() const;
  // "bought or viewed laptops": the product behind the second verb is the first one's too.
  bool push_shared_product(Relation relation, const Cursor& verb_end);
  // Whether "anything" or "any city" stands before here, so that "but" means except.
  [[nodiscard]] bool is_after_whole() const;
  // Takes the word at `name` as a product with a slip in it, with the verb between here and there.
  bool push_misspelt_product(Relation relation, Cursor name);
  // A word that may hold a slip: no common one, no id.
  [[nodiscard]] bool may_be_misspelt(const Token& token) const;
  // Takes "no laptops" or "neither laptops nor phones" behind a verb.
  bool push_negated(Relation relation, Cursor verb_end);
  // Takes "them" or "it" at `pronoun`: the products named last.
  bool push_pronoun(Relation relation, Cursor pronoun);
  [[nodiscard]] static Filter product_filter(const std::vector<std::string>& skus, Relation relation);
  [[nodiscard]] std::string words_between(std::size_t first, std::size_t last) const;
  void suggest(std::string text);

  const std::vector<Token>& tokens_;
  const Vocabulary& vocabulary_;
  WallTime now_;
  ParsedSentence& out_;
  Cursor cursor_;
  std::vector<Item> items_;
  std::vector<std::string> last_skus_;                // what "them" means
  std::function<Filter(Channel)> last_channel_verb_;  // what "sms" means in "who open email but not sms"
  std::optional<ConsentState> last_consent_;          // when that verb is a consent, which may have a time behind it
  Relation relation_ = Relation::Any;
  std::size_t relation_first_ = 0;          // where its verb began
  std::size_t relation_end_ = 0;            // where the product must follow for the verb to count as its words
  std::size_t reported_end_ = SIZE_MAX;     // where the last reported unknown word ended, to join neighbours
  Relation last_relation_ = Relation::Any;  // of the last verb with a product: "but not phones" carries it
  int searches_left_ = 64;                  // misspelt words looked for: bounds the work of a hostile text
};

}  // namespace clarion
