#include "audience/json_rows.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "audience/json_contact.h"
#include "audience/json_elements.h"
#include "audience/kept_contact.h"
#include "audience/pinpoint_endpoints.h"
#include "base/text.h"

namespace clarion {
namespace {

// What one element of the file is made into.
class ElementReader {
 public:
  virtual ~ElementReader() = default;
  virtual void take(std::string_view element, std::size_t padded_bytes, std::int64_t line) = 0;
  virtual void finish() {}
};

class ContactElements final : public ElementReader {
 public:
  explicit ContactElements(RowOutput& output)
      : output_(output), parser_([this](std::string_view name) { output_.ignore_column(name); }) {}
  void take(std::string_view element, std::size_t padded_bytes, std::int64_t line) override {
    if (parser_.parse(element, padded_bytes, draft_)) {
      output_.accept(draft_.contact());
    } else {
      output_.reject(line, draft_.error());
      if (!output_.wants_opted_out()) return;
      if (const Contact* contact = kept_.read_opted_out(element, padded_bytes)) output_.keep_opted_out(*contact);
    }
  }

 private:
  RowOutput& output_;
  ContactDraft draft_;
  JsonContactParser parser_;
  KeptContactReader kept_;
};

class PinpointElements final : public ElementReader {
 public:
  explicit PinpointElements(RowOutput& output) : endpoints_(output) {}
  void take(std::string_view element, std::size_t padded_bytes, std::int64_t line) override {
    const bool has_padding = padded_bytes >= element.size() + simdjson::SIMDJSON_PADDING;
    simdjson::dom::object object;
    if (const auto error = parser_.parse(element.data(), element.size(), !has_padding).get_object().get(object)) {
      return endpoints_.refuse(line, {"", "", fmt::format("the row is not a JSON object: {}", error_message(error))});
    }
    endpoints_.begin();
    read(object, "");
    endpoints_.end(line);
  }
  void finish() override { endpoints_.finish(); }

 private:
  // Members of members become dotted names, as in the CSV form. Deeper than three levels there is nothing to read.
  void read(const simdjson::dom::object& object, const std::string& prefix) {
    for (const simdjson::dom::key_value_pair& field : object) {
      const std::string name = prefix + std::string(field.key);
      simdjson::dom::object inner;
      simdjson::dom::array list;
      std::string_view text;
      double number = 0;
      if (field.value.get(inner) == simdjson::SUCCESS) {
        if (std::ranges::count(name, '.') < 3) read(inner, name + ".");
      } else if (field.value.get(list) == simdjson::SUCCESS) {
        std::vector<std::string_view> values;
        for (const simdjson::dom::element item : list) {
          if (item.get(text) == simdjson::SUCCESS) values.push_back(text);
        }
        endpoints_.set_list(name, values);
      } else if (field.value.get(text) == simdjson::SUCCESS) {
        endpoints_.set(name, text);
      } else if (field.value.get(number) == simdjson::SUCCESS) {
        endpoints_.set(name, fmt::format("{}", number));
      }
    }
  }

  PinpointEndpoints endpoints_;
  simdjson::dom::parser parser_;
};

class JsonRows final : public RowReader {
 public:
  JsonRows(JsonElements::Layout layout, std::unique_ptr<ElementReader> reader, RowOutput& output)
      : output_(output),
        reader_(std::move(reader)),
        elements_(
            layout,
            {.element = [this](std::string_view element, std::size_t padded_bytes,
                               std::int64_t line) { reader_->take(element, padded_bytes, line); },
             .oversized = [this](std::int64_t line) { output_.reject(line, {"", "", "the row is longer than 1 MiB"}); },
             .broken = [this](std::int64_t line, std::string_view reason) { output_.stop(line, reason); }}) {}
  void feed(std::string_view chunk) override { elements_.feed(chunk); }
  void finish() override {
    elements_.finish();
    reader_->finish();
  }

 private:
  RowOutput& output_;
  std::unique_ptr<ElementReader> reader_;
  JsonElements elements_;
};

}  // namespace

std::unique_ptr<RowReader> make_json_rows(std::string_view head, ContactFormat asked, RowOutput& output) {
  const auto layout = trim(head).front() == '[' ? JsonElements::Layout::Array : JsonElements::Layout::Lines;
  // Every endpoint definition names its channel, and nothing else is called that.
  const bool is_pinpoint =
      asked == ContactFormat::Pinpoint || (asked == ContactFormat::Auto && head.contains("\"ChannelType\""));
  output.summary().format = is_pinpoint ? ContactFormat::Pinpoint : ContactFormat::Clarion;
  std::unique_ptr<ElementReader> reader;
  if (is_pinpoint) {
    reader = std::make_unique<PinpointElements>(output);
  } else {
    reader = std::make_unique<ContactElements>(output);
  }
  return std::make_unique<JsonRows>(layout, std::move(reader), output);
}

}  // namespace clarion
