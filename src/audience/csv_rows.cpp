#include "audience/csv_rows.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audience/csv_records.h"
#include "audience/json_contact.h"
#include "audience/pinpoint_endpoints.h"
#include "base/text.h"

namespace clarion {
namespace {

using Fields = std::vector<std::string_view>;

// One row of the named columns into a draft.
class ColumnsReader {
 public:
  virtual ~ColumnsReader() = default;
  // Empty, or why a file with these columns cannot be read.
  virtual std::string begin(const std::vector<std::string>& names) = 0;
  virtual void take(const Fields& fields, std::int64_t line) = 0;
  virtual void finish() {}
};

class ClarionColumns final : public ColumnsReader {
 public:
  explicit ClarionColumns(RowOutput& output) : output_(output) {}

  std::string begin(const std::vector<std::string>& names) override {
    names_ = names;
    bool has_id = false;
    for (const std::string& name : names) {
      ContactKey key = find_contact_key(name);
      if (key.part == ContactPart::Unknown) {
        output_.ignore_column(name);
      } else if (std::ranges::find(keys_, key) != keys_.end()) {
        output_.repeat_column(name);
        key = {};
      }
      has_id = has_id || key == Field::Id;
      keys_.push_back(key);
    }
    return has_id ? "" : "no column holds the contact's id; name one of them id or customer_id";
  }

  void take(const Fields& fields, std::int64_t line) override {
    draft_.clear();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!draft_.set_text(keys_[i], names_[i], fields[i])) return output_.reject(line, draft_.error());
    }
    if (!draft_.finish()) return output_.reject(line, draft_.error());
    output_.accept(draft_.contact());
  }

 private:
  RowOutput& output_;
  ContactDraft draft_;
  std::vector<std::string> names_;
  std::vector<ContactKey> keys_;
};

class PinpointColumns final : public ColumnsReader {
 public:
  explicit PinpointColumns(RowOutput& output) : output_(output), endpoints_(output) {}
  std::string begin(const std::vector<std::string>& names) override {
    for (auto name = names.begin(); name != names.end(); ++name) {
      is_used_.push_back(std::find(names.begin(), name, *name) == name);
      if (!is_used_.back()) output_.repeat_column(*name);
    }
    names_ = names;
    const bool has_channel = std::ranges::find(names, "ChannelType") != names.end();
    return has_channel ? "" : "the column ChannelType is missing; this is no segment export of Amazon Pinpoint";
  }
  void take(const Fields& fields, std::int64_t line) override {
    endpoints_.begin();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!is_used_[i]) continue;
      if (read_list(fields[i])) {
        endpoints_.set_list(names_[i], items_);
      } else {
        endpoints_.set(names_[i], fields[i]);
      }
    }
    endpoints_.end(line);
  }
  void finish() override { endpoints_.finish(); }

 private:
  // Attributes are lists, and some exports write them as JSON: ["a","b"]. The items live until the next call.
  bool read_list(std::string_view cell) {
    cell = trim(cell);
    if (!cell.starts_with('[') || !cell.ends_with(']')) return false;
    simdjson::dom::array list;
    if (parser_.parse(cell.data(), cell.size()).get_array().get(list) != simdjson::SUCCESS) return false;
    items_.clear();
    for (const simdjson::dom::element item : list) {
      std::string_view text;
      if (item.get(text) != simdjson::SUCCESS) return false;
      items_.push_back(text);
    }
    return true;
  }

  RowOutput& output_;
  PinpointEndpoints endpoints_;
  std::vector<std::string> names_;
  std::vector<bool> is_used_;
  simdjson::dom::parser parser_;
  std::vector<std::string_view> items_;
};

// listmonk's "export subscribers": uuid, email, name, attributes (JSON), status, created_at, updated_at (v3, 2024).
class ListmonkColumns final : public ColumnsReader {
 public:
  explicit ListmonkColumns(RowOutput& output)
      : output_(output), attributes_([this](std::string_view name) { output_.ignore_column(name); }) {}

  std::string begin(const std::vector<std::string>& names) override {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto known = std::ranges::find(columns_, names[i], &Column::name);
      if (known == columns_.end()) {
        output_.ignore_column(names[i]);
      } else if (known->position) {
        output_.repeat_column(names[i]);
      } else {
        known->position = i;
      }
    }
    return column(Email).position ? "" : "the column email is missing; this is no subscriber export of listmonk";
  }

  void take(const Fields& fields, std::int64_t line) override {
    fields_ = &fields;
    draft_.clear();
    if (!read_row()) return output_.reject(line, draft_.error());
    output_.accept(draft_.contact());
  }

 private:
  enum Name : std::size_t { Uuid, Email, FullName, Attributes, Status, CreatedAt, UpdatedAt };
  struct Column {
    std::string_view name;
    std::optional<std::size_t> position = std::nullopt;
  };
  [[nodiscard]] const Column& column(Name name) const { return columns_[name]; }
  [[nodiscard]] std::string_view value(Name name) const {
    return column(name).position ? trim((*fields_)[*column(name).position]) : std::string_view{};
  }

  bool read_row() {
    // First what subscribers may say of themselves, so that the columns have the last word.
    if (const auto json = value(Attributes); !json.empty()) {
      if (!attributes_.read_members(json, 0, draft_)) {
        return draft_.error().column.empty()
                   ? draft_.refuse("attributes", "{...}", "attributes: " + draft_.error().reason)
                   : false;
      }
    }
    Contact& contact = draft_.contact();
    contact.id = value(Uuid).empty() ? fold_text(value(Email)) : std::string(value(Uuid));
    contact.email = value(Email);
    if (contact.email.empty()) return draft_.refuse("email", "", "email is missing");
    if (!draft_.set_text(ContactPart::FullName, "name", value(FullName))) return false;
    return read_consent(contact.consent) && draft_.finish();
  }

  // Who is blocklisted is not to be written to by any channel, whatever the attributes say.
  bool read_consent(PerChannel<Consent>& consents) {
    Consent& consent = consents[Channel::Email];
    consent = Consent{};
    const std::string_view status = value(Status);
    if (status.empty()) return true;
    if (status != "enabled" && status != "disabled" && status != "blocklisted") {
      return draft_.refuse("status", status, "status must be enabled, disabled or blocklisted");
    }
    const bool is_enabled = status == "enabled";
    consent.state = is_enabled ? ConsentState::OptedIn : ConsentState::OptedOut;
    consent.source = is_enabled ? "listmonk import" : fmt::format("listmonk import: {}", status);
    const Name when = is_enabled ? CreatedAt : UpdatedAt;
    if (!value(when).empty()) {
      consent.at = parse_iso8601(value(when));
      if (!consent.at) {
        return draft_.refuse(column(when).name, value(when), fmt::format("{} must be a time", column(when).name));
      }
    }
    if (status == "blocklisted") consents.values.fill(Consent(consent));
    return true;
  }

  RowOutput& output_;
  ContactDraft draft_;
  JsonContactParser attributes_;
  std::array<Column, 7> columns_{Column{"uuid"},   Column{"email"},      Column{"name"},      Column{"attributes"},
                                 Column{"status"}, Column{"created_at"}, Column{"updated_at"}};
  const Fields* fields_ = nullptr;
};

class CsvRows final : public RowReader {
 public:
  CsvRows(char delimiter, ContactFormat asked, RowOutput& output)
      : output_(output),
        asked_(asked),
        records_(
            delimiter,
            {.record = [this](const Fields& fields, std::int64_t line) { take(fields, line); },
             .malformed = [this](std::int64_t line, std::string_view reason) { refuse(line, std::string(reason)); },
             .broken = [this](std::int64_t line, std::string_view reason) { output_.stop(line, reason); }}) {}
  void feed(std::string_view chunk) override { records_.feed(chunk); }
  void finish() override {
    records_.finish();
    if (columns_ != nullptr) columns_->finish();
  }

 private:
  void refuse(std::int64_t line, std::string reason) {
    if (output_.is_stopped()) return;
    // Without column names nothing that follows can be read.
    if (columns_ == nullptr) return output_.stop(line, "the column names cannot be read: " + reason);
    output_.reject(line, {"", "", std::move(reason)});
  }

  void take(const Fields& fields, std::int64_t line) {
    if (output_.is_stopped()) return;
    for (const std::string_view field : fields) {
      if (!is_valid_utf8(field)) {
        return columns_ == nullptr ? output_.stop(line, "the column names are not valid UTF-8")
                                   : refuse(line, "the row is not valid UTF-8");
      }
    }
    if (columns_ == nullptr) return take_header(fields, line);
    if (fields.size() != column_count_) {
      return refuse(line,
                    fmt::format("the row has {} fields and the header has {}; quote fields that contain the separator",
                                fields.size(), column_count_));
    }
    columns_->take(fields, line);
  }

  void take_header(const Fields& fields, std::int64_t line) {
    std::vector<std::string> names;
    for (const std::string_view field : fields) names.emplace_back(trim(field));
    column_count_ = names.size();
    output_.summary().format = asked_ == ContactFormat::Auto ? find_format(names) : asked_;
    switch (output_.summary().format) {
      case ContactFormat::Pinpoint: columns_ = std::make_unique<PinpointColumns>(output_); break;
      case ContactFormat::Listmonk: columns_ = std::make_unique<ListmonkColumns>(output_); break;
      default: columns_ = std::make_unique<ClarionColumns>(output_); break;
    }
    if (const std::string reason = columns_->begin(names); !reason.empty()) output_.stop(line, reason);
  }

  static ContactFormat find_format(const std::vector<std::string>& names) {
    const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
    if (has("ChannelType") && has("Address")) return ContactFormat::Pinpoint;
    if (has("uuid") && has("email") && has("status")) return ContactFormat::Listmonk;
    return ContactFormat::Csv;
  }

  RowOutput& output_;
  ContactFormat asked_;
  std::unique_ptr<ColumnsReader> columns_;
  std::size_t column_count_ = 0;
  CsvRecords records_;
};

}  // namespace

std::unique_ptr<RowReader> make_csv_rows(std::string_view head, ContactFormat asked, RowOutput& output) {
  return std::make_unique<CsvRows>(find_delimiter(head), asked, output);
}

}  // namespace clarion
