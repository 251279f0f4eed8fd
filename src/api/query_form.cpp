#include "api/query_form.h"

#include <fmt/format.h>

#include "api/json_body.h"
#include "audience/filter_json.h"
#include "audience/sentence_tokens.h"

namespace clarion {
namespace {

Filter condition(Field field, Operator op, FilterValue value) {
  Filter filter;
  filter.kind = Filter::Kind::Compare;
  filter.comparison = {field, op, std::move(value)};
  return filter;
}

std::string no_contact(Field field, std::string_view name, std::string_view nearest) {
  return fmt::format("No contact has {} '{}'{}", to_string(field), name,
                     nearest.empty() ? "." : fmt::format("; did you mean {}?", nearest));
}

Filter any_product(const std::vector<std::string>& skus) {
  Filter filter;
  filter.kind = Filter::Kind::Or;
  for (const Field field : sku_fields) {
    filter.children.push_back(condition(field, Operator::In, skus));
  }
  return filter;
}

// Collects the conditions that all have to hold.
class FormReader {
 public:
  FormReader(const json::object& body, const Vocabulary& vocabulary) : body_(body), vocabulary_(vocabulary) {}

  Result<QueryForm> read() {
    const auto location = body_.text("location", 200).value_or("");
    const auto sku = body_.text("sku", 200).value_or("");
    const json::object* filters = body_.object("filters");
    if (auto checked = body_.finish(); !checked) return std::unexpected(checked.error());
    if (!location.empty()) add_named(Term::Kind::City, Field::City, location);
    if (!sku.empty()) {
      auto skus = vocabulary_.values_of(Term::Kind::Product, sku);
      if (skus.empty()) {
        const std::string nearest = vocabulary_.nearest_name(plain_words(sku));
        form_.suggestions.push_back(fmt::format("No product is called '{}'{} GET /api/skus lists all.", sku,
                                                nearest.empty() ? "." : fmt::format("; did you mean {}?", nearest)));
        skus.push_back(sku);
      }
      add(any_product(skus));
    }
    if (filters != nullptr) {
      if (auto read = read_filters(*filters); !read) return std::unexpected(read.error());
    }
    if (!all_.empty()) {
      form_.filter.kind = Filter::Kind::And;
      form_.filter.children = std::move(all_);
      form_.filter = normalise(form_.filter);
    }
    return std::move(form_);
  }

 private:
  void add(Filter filter) { all_.push_back(std::move(filter)); }

  void add_named(Term::Kind kind, Field field, const std::string& name) {
    auto values = vocabulary_.values_of(kind, name);
    if (const auto code = kind == Term::Kind::Country ? vocabulary_.country_code(name) : std::nullopt) {
      values = {*code};
      if (!vocabulary_.has_contacts_in(*code)) form_.suggestions.push_back(no_contact(field, *code, ""));
    } else if (values.empty()) {
      const std::string nearest = vocabulary_.nearest_name(name);
      form_.suggestions.push_back(no_contact(field, name, nearest));
      values.push_back(name);
    }
    add(values.size() == 1 ? condition(field, Operator::Equal, values.front())
                           : condition(field, Operator::In, values));
  }

  Result<void> read_filters(const json::object& filters) {
    MemberReader reader(filters, "filters");
    const auto least = reader.integer("min_purchases");
    const auto most = reader.integer("max_purchases");
    const auto category = reader.text("category", 200).value_or("");
    const auto has_cart_items = reader.flag("has_cart_items");
    const auto country = reader.text("country", 200).value_or("");
    if (least && *least < 0) reader.reject("min_purchases", "must be 0 or more");
    if (most && *most < 0) reader.reject("max_purchases", "must be 0 or more");
    if (least && most && *least > *most) reader.reject("min_purchases", "must not be above max_purchases");
    const auto skus =
        category.empty() ? std::vector<std::string>() : vocabulary_.values_of(Term::Kind::Category, category);
    if (!category.empty() && skus.empty()) {
      reader.reject("category", fmt::format("'{}' is not known; known are {}", category,
                                            fmt::join(vocabulary_.names_of(Term::Kind::Category), ", ")));
    }
    // A condition that is not understood would widen the audience to people it was to keep out.
    reader.refuse_unknown();
    if (auto checked = reader.finish(); !checked) return checked;

    if (least) add(condition(Field::PurchaseCount, Operator::GreaterOrEqual, static_cast<double>(*least)));
    if (most) add(condition(Field::PurchaseCount, Operator::LessOrEqual, static_cast<double>(*most)));
    if (!skus.empty()) add(any_product(skus));
    if (has_cart_items) add(condition(Field::CartSkus, Operator::Exists, *has_cart_items));
    if (!country.empty()) add_named(Term::Kind::Country, Field::Country, country);
    return {};
  }

  MemberReader body_;
  const Vocabulary& vocabulary_;
  std::vector<Filter> all_;
  QueryForm form_;
};

}  // namespace

Result<QueryForm> read_query_form(const json::object& body, const Vocabulary& vocabulary) {
  return FormReader(body, vocabulary).read();
}

}  // namespace clarion
