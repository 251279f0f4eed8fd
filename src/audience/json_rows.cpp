#include "audience/json_rows.h"

#include "audience/json_contact.h"
#include "audience/json_elements.h"
#include "base/text.h"

namespace clarion {
namespace {

class JsonContactRows final : public RowReader {
 public:
  JsonContactRows(JsonElements::Layout layout, RowOutput& output)
      : output_(output),
        parser_([this](std::string_view name) { output_.ignore_column(name); }),
        elements_(
            layout,
            {.element = [this](std::string_view element, std::size_t padded_bytes,
                               std::int64_t line) { take(element, padded_bytes, line); },
             .oversized = [this](std::int64_t line) { output_.reject(line, {"", "", "the row is longer than 1 MiB"}); },
             .broken = [this](std::int64_t line, std::string_view reason) { output_.stop(line, reason); }}) {}
  void feed(std::string_view chunk) override { elements_.feed(chunk); }
  void finish() override { elements_.finish(); }

 private:
  void take(std::string_view element, std::size_t padded_bytes, std::int64_t line) {
    if (parser_.parse(element, padded_bytes, draft_)) {
      output_.accept(draft_.contact());
    } else {
      output_.reject(line, draft_.error());
    }
  }

  RowOutput& output_;
  ContactDraft draft_;
  JsonContactParser parser_;
  JsonElements elements_;
};

}  // namespace

std::unique_ptr<RowReader> make_json_rows(std::string_view head, ContactFormat /*asked*/, RowOutput& output) {
  const auto layout = trim(head).front() == '[' ? JsonElements::Layout::Array : JsonElements::Layout::Lines;
  output.summary().format = ContactFormat::Clarion;
  return std::make_unique<JsonContactRows>(layout, output);
}

}  // namespace clarion
