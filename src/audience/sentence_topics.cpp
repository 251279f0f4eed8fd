// What a sentence says about buying, viewing, carts and spending, and what its numbers count.

#include <algorithm>
#include <array>
#include <cmath>

#include "audience/sentence_reader.h"

namespace clarion {
namespace {

// What a number without a unit may be as an age: "over 5" is more likely a count of something.
constexpr double youngest_age = 13;
constexpr double oldest_age = 120;

Filter at_least(Field field, double number) {
  return compare(field, Operator::GreaterOrEqual, number);
}

Filter exactly(Field field, double number) {
  return compare(field, Operator::Equal, number);
}

bool is_age_range(const Quantity& quantity) {
  return std::ranges::all_of(quantity.bounds, [](const Quantity::Bound& bound) {
    return bound.number >= youngest_age && bound.number <= oldest_age && bound.number == std::trunc(bound.number);
  });
}

// A cart is known to be empty or not, not how many things are in it.
bool is_any_at_all(const Quantity& quantity) {
  const auto [op, number] = quantity.bounds.front();
  return quantity.bounds.size() == 1 &&
         ((op == Operator::GreaterOrEqual && number == 1) || (op == Operator::Greater && number == 0));
}

bool accept_purchases(Cursor& cursor) {
  return cursor.accept_any({"purchases", "purchase", "orders", "order", "transactions", "transaction", "purchases made",
                            "times bought", "buys", "bought items", "purchased items", "items bought",
                            "items purchased", "products bought", "past purchases", "previous purchases",
                            "completed purchases", "completed orders"});
}

}  // namespace

bool SentenceReader::read_quantified() {
  Cursor ahead = cursor_;
  const auto quantity = read_quantity(ahead);
  if (!quantity) return false;
  Cursor unit = ahead;
  if (quantity->is_money) {
    (void)unit.accept_any({"spent", "in total", "of spending", "in purchases", "total spent", "spending", "in orders",
                           "worth of purchases", "total spend", "spend"});
    if (unit.at() == ahead.at()) {
      const bool is_of_thing = !items_.empty() && items_.back().kind == Item::Kind::Condition &&
                               (items_.back().topic == Topic::Product || items_.back().topic == Topic::Cart);
      if (is_of_thing || !quantity->has_comparator) {
        report(ahead,
               is_of_thing ? "neither the price of a product nor the worth of a cart is known of a contact"
                           : "it is not clear what this amount is",
               "say what somebody spent in all, such as \"spent more than $500\"");
        return true;
      }
    }
    return push(Topic::Spend, to_filter(*quantity, Field::TotalSpentUsd), unit);
  }
  if (unit.accept("times")) {
    report(unit, "how often that happened is not known", "say \"at least 3 purchases\" or \"more than 10 page views\"");
    return true;
  }
  if (accept_purchases(unit)) {
    if (!quantity->has_comparator && unit.accept_any({"or more", "and more", "and up"})) {
      return push(Topic::Purchases, at_least(Field::PurchaseCount, quantity->bounds.front().number), unit);
    }
    return push(Topic::Purchases, to_filter(*quantity, Field::PurchaseCount), unit);
  }
  if (quantity->is_age || accept_years(unit)) {
    if (quantity->is_age) (void)accept_years(unit);
    // "40 years old or older"
    if (!quantity->has_comparator) {
      const double years = quantity->bounds.front().number;
      if (unit.accept_any(
              {"or older", "and older", "or over", "and over", "or above", "and above", "or more", "and up"})) {
        return push(Topic::Age, at_least(Field::Age, years), unit);
      }
      if (unit.accept_any({"or younger", "and younger", "or under", "and under", "or below", "or less"})) {
        return push(Topic::Age, compare(Field::Age, Operator::LessOrEqual, years), unit);
      }
    }
    return push(Topic::Age, to_filter(*quantity, Field::Age), unit);
  }
  if (unit.accept_any({"product views", "page views", "views", "view", "browses", "visits", "products viewed"})) {
    return push(Topic::Purchases, to_filter(*quantity, Field::BrowseCount), unit);
  }
  if (unit.accept_any({"items in cart", "items in their cart", "items in the cart", "cart items", "item in cart",
                       "item in their cart", "products in cart", "products in their cart", "things in their cart"})) {
    if (is_any_at_all(*quantity)) return push(Topic::Cart, compare(Field::CartSkus, Operator::Exists, true), unit);
    report(unit, "how many items are in a cart is not known",
           "say \"with items in their cart\" or name a product in it");
    return true;
  }
  if (unit.accept_any({"days ago", "day ago", "weeks ago", "week ago", "months ago", "month ago", "days", "day",
                       "weeks", "week", "months", "month"})) {
    report(unit, "it is not clear what happened then",
           "say \"bought in the last 90 days\", \"no purchase in 90 days\" or \"last purchase more than 90 days ago\"");
    return true;
  }
  // A bound that counts nothing, and could be a person's age, is one: "customers over 40".
  const bool may_count = follows_product(ahead) || is_plain_word(ahead.peek());
  if (quantity->has_comparator && is_age_range(*quantity) && !follows_product(ahead)) {
    const auto op = quantity->bounds.front().op;
    const bool is_ageless_word = (op == Operator::GreaterOrEqual || op == Operator::LessOrEqual) &&
                                 quantity->is_limit && cursor_.peek().kind != Token::Kind::Number;
    if (!is_ageless_word) return push(Topic::Age, to_filter(*quantity, Field::Age), ahead);
  }
  if (!quantity->has_comparator && cursor_.peek().kind != Token::Kind::Number) return false;
  if (follows_product(ahead)) {
    report(ahead, "how many of one product somebody bought is not known",
           "leave the number out, or say \"at least 2 purchases\"");
    return true;
  }
  // A name may begin with a number: leave a bare one to the names.
  Cursor name = cursor_;
  if (may_count && !quantity->has_comparator && !find_name(name).terms.empty()) return false;
  report(ahead, "it is not clear what this number counts",
         "say what it counts, such as \"at least 2 purchases\", \"over 40 years old\" or \"more than $500 spent\"");
  return true;
}

bool SentenceReader::read_purchase() {
  Cursor ahead = cursor_;
  if (ahead.accept_any({"prospects", "prospect", "leads", "no purchases yet", "nothing bought"})) {
    return push_or_tag(Topic::Purchases, exactly(Field::PurchaseCount, 0), ahead);
  }
  if (ahead.accept_any({"repeat buyers", "repeat customers", "repeat purchasers", "returning customers",
                        "returning buyers", "repeat shoppers"})) {
    return push_or_tag(Topic::Purchases, at_least(Field::PurchaseCount, 2), ahead);
  }
  if (ahead.accept_any({"one time buyers", "one time customers", "first time buyers", "first time customers"})) {
    return push_or_tag(Topic::Purchases, exactly(Field::PurchaseCount, 1), ahead);
  }
  const bool is_after_product = !items_.empty() && items_.back().is_plain_product && items_.back().last == cursor_.at();
  if (is_after_product && ahead.accept_any({"purchases", "purchase", "orders", "order", "buys"})) {
    narrow_products_before(Relation::Bought, ahead);
    return true;
  }
  if (ahead.accept_any({"buyers", "buyer", "owners", "owner", "purchasers"})) {
    if (is_after_product) {
      narrow_products_before(Relation::Bought, ahead);
      return true;
    }
    (void)ahead.accept("of");
    if (!follows_product(ahead)) return push(Topic::Purchases, at_least(Field::PurchaseCount, 1), ahead);
  } else if (!ahead.accept_any({"bought",
                                "buy",
                                "buys",
                                "buying",
                                "purchased",
                                "purchase",
                                "purchases",
                                "purchasing",
                                "ordered",
                                "order",
                                "orders",
                                "made a purchase",
                                "made purchases",
                                "made any purchase",
                                "made an order",
                                "placed an order",
                                "placed orders",
                                "shopped",
                                "paid for",
                                "own",
                                "owns",
                                "purchase count",
                                "number of purchases",
                                "order count",
                                "last purchase",
                                "last bought",
                                "last ordered",
                                "last order",
                                "latest purchase",
                                "most recent purchase",
                                "last purchased",
                                "purchase history"})) {
    return false;
  }
  // "who will buy", "likely to buy": nobody knows.
  constexpr std::array<std::string_view, 10> modals{"could", "will", "would", "should", "might",
                                                    "may",   "can",  "to",    "shall",  "gonna"};
  const std::string& verb = tokens_[cursor_.at()].plain;
  const bool is_base_form = verb == "buy" || verb == "purchase" || verb == "order";
  if (is_base_form && cursor_.at() > 0 && std::ranges::find(modals, tokens_[cursor_.at() - 1].plain) != modals.end()) {
    report(ahead, "what somebody will do is not known, only what they did", "say \"interested in laptops\"");
    return true;
  }
  Cursor only = ahead;
  if (only.accept_any({"only", "just", "exclusively", "solely", "nothing but"})) {
    const Cursor verb_end = ahead;
    ahead = only;
    ahead.skip_articles();
    if (follows_product(ahead)) {
      // The verb still counts for the product.
      relation_ = last_relation_ = Relation::Bought;
      relation_first_ = cursor_.at();
      mark(cursor_.at(), verb_end.at(), WordUse::Used);
      cursor_ = verb_end;
    }
    report(ahead, "that somebody bought one thing and nothing else cannot be asked for",
           "leave the word out, or name what they did not buy, such as \"bought laptops but not phones\"");
    if (relation_ == Relation::Bought) items_.pop_back();
    relation_end_ = cursor_.at();
    return true;
  }
  const Cursor verb_end = ahead;
  last_relation_ = Relation::Bought;
  if (push_pronoun(Relation::Bought, ahead) || push_negated(Relation::Bought, ahead) ||
      push_shared_product(Relation::Bought, ahead)) {
    return true;
  }
  (void)ahead.accept_any({"is", "was", "were", "are", "count is", "made"});
  if (const auto span = read_time_span(ahead, now_)) {
    return push(Topic::Time, to_filter(*span, Field::LastPurchaseAt), ahead);
  }
  if (const auto quantity = read_quantity(ahead); quantity && !quantity->is_age) {
    if (quantity->is_money) {
      (void)ahead.accept_any({"worth", "in total", "or more"});
      return push(Topic::Spend, to_filter(*quantity, Field::TotalSpentUsd), ahead);
    }
    if (follows_product(ahead)) {
      // "bought at least 2 laptops": the number is not known for one product; the product still counts.
      relation_ = Relation::Bought;
      relation_first_ = cursor_.at();
      mark(cursor_.at(), verb_end.at(), WordUse::Used);
      cursor_ = verb_end;
      report(ahead, "how many of one product somebody bought is not known",
             "leave the number out, or say \"at least 2 purchases\"");
      items_.pop_back();
      relation_end_ = cursor_.at();
      return true;
    }
    const bool is_one = tokens_[ahead.at() - 1].plain == "one" && !quantity->has_comparator;
    const bool has_unit =
        ahead.accept_any({"times", "time", "purchases", "orders", "items", "products", "things", "thing", "or more"});
    if (is_one && !has_unit) {
      report(ahead, "it is not clear what one stands for", "name the product, such as \"never bought laptops\"");
      return true;
    }
    return push(Topic::Purchases, to_filter(*quantity, Field::PurchaseCount), ahead);
  }
  ahead = verb_end;
  if (ahead.accept_any({"more than once", "at least twice", "multiple times", "repeatedly"})) {
    return push(Topic::Purchases, at_least(Field::PurchaseCount, 2), ahead);
  }
  if (ahead.accept("at least once")) return push(Topic::Purchases, at_least(Field::PurchaseCount, 1), ahead);
  if (ahead.accept("once")) return push(Topic::Purchases, exactly(Field::PurchaseCount, 1), ahead);
  if (ahead.accept("twice")) return push(Topic::Purchases, exactly(Field::PurchaseCount, 2), ahead);
  if (ahead.accept("nothing")) return push(Topic::Purchases, exactly(Field::PurchaseCount, 0), ahead);
  (void)ahead.accept_any({"of", "from", "from the", "in", "in the"});
  ahead.skip_articles();
  (void)ahead.accept_any({"product", "products", "sku", "skus", "category", "items in", "items from", "something in",
                          "anything in", "something from"});
  ahead.skip_articles();
  if (follows_product(ahead)) {
    return push_related(Relation::Bought, ahead);
  }
  if (push_misspelt_product(Relation::Bought, ahead)) return true;
  ahead = verb_end;
  // "our own customers" own nothing.
  if (tokens_[cursor_.at()].plain.starts_with("own") && tokens_[cursor_.at()].plain.size() < 5) return false;
  (void)ahead.accept_any({"anything", "something", "any product", "any products", "at all", "before", "ever"});
  Cursor time = ahead;
  (void)time.accept_any({"from us", "at all"});
  if (const auto span = read_time_span(time, now_)) {
    return push(Topic::Time, to_filter(*span, Field::LastPurchaseAt), time);
  }
  return push(Topic::Purchases, at_least(Field::PurchaseCount, 1), time);
}

bool SentenceReader::read_views() {
  Cursor ahead = cursor_;
  if (ahead.accept_any({"viewers", "browsers", "viewer", "browser"})) {
    if (items_.empty() || !items_.back().is_plain_product || items_.back().last != cursor_.at()) return false;
    narrow_products_before(Relation::Viewed, ahead);
    return true;
  }
  if (!ahead.accept_any({"viewed", "views", "view", "viewing", "browsed", "browse", "browses", "browsing", "looked at",
                         "looking at", "saw", "seen", "visited", "checked out", "clicked on", "browsed for"})) {
    return false;
  }
  const Cursor verb_end = ahead;
  last_relation_ = Relation::Viewed;
  if (push_pronoun(Relation::Viewed, ahead) || push_negated(Relation::Viewed, ahead) ||
      push_shared_product(Relation::Viewed, ahead)) {
    return true;
  }
  if (const auto quantity = read_quantity(ahead); quantity && !quantity->is_money && !follows_product(ahead)) {
    (void)ahead.accept_any({"times", "products", "items", "pages", "product"});
    return push(Topic::Purchases, to_filter(*quantity, Field::BrowseCount), ahead);
  }
  ahead = verb_end;
  (void)ahead.accept_any({"the category", "category", "in", "products in", "product", "products", "sku"});
  ahead.skip_articles();
  if (!follows_product(ahead)) {
    if (push_misspelt_product(Relation::Viewed, ahead)) return true;
    ahead = verb_end;
    (void)ahead.accept_any({"anything", "something", "products", "any product", "any products"});
    return push(Topic::Purchases, at_least(Field::BrowseCount, 1), ahead);
  }
  return push_related(Relation::Viewed, ahead);
}

bool SentenceReader::read_spend() {
  Cursor ahead = cursor_;
  if (!ahead.accept_any({"spent", "spend", "spends", "spending", "total spent", "total spend", "total spending",
                         "lifetime value", "lifetime spend", "revenue", "worth", "paid"})) {
    return false;
  }
  (void)ahead.accept_any({"is", "of", "a total of", "in total", "total", "was"});
  if (ahead.accept_any({"nothing", "no money"})) return push(Topic::Spend, exactly(Field::TotalSpentUsd, 0), ahead);
  const auto quantity = read_quantity(ahead);
  const bool is_worth = tokens_[cursor_.at()].plain == "worth";
  const bool is_of_thing = !items_.empty() && items_.back().kind == Item::Kind::Condition &&
                           (items_.back().topic == Topic::Product || items_.back().topic == Topic::Cart);
  if (is_worth && quantity && (is_of_thing || !quantity->has_comparator)) {
    report(ahead, "neither the price of a product nor the worth of a cart is known of a contact",
           "say what somebody spent in all, such as \"spent more than $500\"");
    return true;
  }
  if (!quantity) {
    report(ahead, "no amount follows", "say an amount in US dollars, such as \"spent more than $500\"");
    return true;
  }
  Cursor foreign = ahead;
  if (foreign.accept_any({"€", "£", "₹", "euros", "euro", "eur", "pounds", "gbp", "rupees", "inr", "rs"})) {
    report(foreign, "amounts are known in US dollars only",
           "say the amount in US dollars, such as \"spent more than $500\"");
    return true;
  }
  (void)ahead.accept_any({"in total", "total", "so far", "altogether", "or more"});
  Cursor on = ahead;
  if (on.accept_any({"on", "for", "in"})) {
    on.skip_articles();
    if (follows_product(on)) {
      (void)find_name(on);
      (void)read_time_span(on, now_);
      report(on, "what somebody spent on one product is not known, only what they spent in all",
             "say \"spent more than $500\"");
      return true;
    }
  }
  return push(Topic::Spend, to_filter(*quantity, Field::TotalSpentUsd), ahead);
}

bool SentenceReader::read_cart() {
  Cursor ahead = cursor_;
  const Filter full = compare(Field::CartSkus, Operator::Exists, true);
  if (ahead.accept_any({"empty cart", "empty carts", "an empty cart", "cart is empty", "cart empty",
                        "nothing in their cart", "nothing in the cart", "nothing in cart", "nothing in a cart",
                        "nothing in the basket", "nothing in their basket"})) {
    return push(Topic::Cart, compare(Field::CartSkus, Operator::Exists, false), ahead);
  }
  const bool is_anything = ahead.accept_any({"anything", "something", "any items", "any products", "items", "things"});
  // "laptops in their cart"
  if (ahead.accept_any({"in their cart", "in the cart", "in cart", "in a cart", "in their carts", "in carts",
                        "in their basket", "in the basket", "in basket", "added to cart", "added to their cart",
                        "added to the cart", "in his cart", "in her cart", "left in cart", "left in their cart",
                        "in their shopping cart", "in shopping cart", "in the shopping cart"})) {
    const bool is_after_product =
        !is_anything && !items_.empty() && items_.back().topic == Topic::Product && items_.back().is_plain_product;
    if (is_after_product) {
      narrow_products_before(Relation::InCart, ahead);
      return true;
    }
    return push(Topic::Cart, full, ahead);
  }
  ahead = cursor_;
  if (!ahead.accept_any({"abandoned their cart",
                         "abandoned their carts",
                         "abandoned a cart",
                         "abandoned cart",
                         "abandoned carts",
                         "abandoned the cart",
                         "cart abandoners",
                         "cart items",
                         "items in cart",
                         "full cart",
                         "non empty cart",
                         "not empty cart",
                         "cart is not empty",
                         "open cart",
                         "active cart",
                         "cart has items",
                         "cart contains",
                         "cart with",
                         "cart",
                         "carts",
                         "basket",
                         "baskets",
                         "added to cart",
                         "shopping cart",
                         "shopping carts",
                         "abandoned"})) {
    return false;
  }
  (void)ahead.accept_any({"items", "contains", "containing", "has"});
  Cursor name = ahead;
  name.skip_articles();
  const std::string& last_word = tokens_[ahead.at() - 1].plain;
  const bool may_name = last_word == "with" || last_word == "contains" || last_word == "containing" ||
                        last_word == "has" || last_word == "abandoned";
  if (may_name && follows_product(name)) {
    return push_related(Relation::InCart, name);
  }
  return push(Topic::Cart, full, ahead);
}

}  // namespace clarion
