#pragma once
// PinpointEndpoints: the endpoints of an Amazon Pinpoint segment export, brought together as one contact a user.
//
// Names    those of the export, dotted: "ChannelType", "Location.City", "User.UserAttributes.FirstName"; their meaning
//          is in Amazon Pinpoint's API reference, "EndpointResponse" (2024).
// Consent  OptOut NONE is consent given, ALL is consent withdrawn, EffectiveDate is when. One withdrawal on a channel
//          counts for the channel. A channel with inactive endpoints only is treated as withdrawn.
// Memory   rows are checked as they come and held (RowOutput::hold) as what was set of them; finish() sets it again,
//          one contact after the other.
// Address  of several on one channel the one that may be used and changed last is kept.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/contact_draft.h"
#include "audience/contact_rows.h"

namespace clarion {

class PinpointEndpoints {
 public:
  explicit PinpointEndpoints(RowOutput& output) : output_(output) {}
  // One row: begin(), any number of set(), end().
  void begin();
  void set(std::string_view name, std::string_view value);
  void set_list(std::string_view name, const std::vector<std::string_view>& values);
  void end(std::int64_t line);
  // The row cannot be read at all.
  void refuse(std::int64_t line, RowError error) { output_.reject(line, std::move(error)); }
  // No more rows: hands the contacts over, in order of first appearance.
  void finish();

 private:
  enum class OptOut : std::uint8_t { NotSaid, None, All };
  struct Endpoint {
    std::string id;
    std::string user;
    std::string address;
    std::string channel;
    std::optional<WallTime> effective_at;
    OptOut opt_out = OptOut::NotSaid;
    bool is_active = true;
  };
  // A contact as far as its endpoints have been brought together.
  struct User {
    Contact contact;
    std::int64_t rows = 0;
    PerChannel<std::optional<Endpoint>> chosen{};
    PerChannel<bool> is_withdrawn{};
    PerChannel<std::optional<WallTime>> withdrawn_at{};
  };

  void apply(std::string_view name, std::string_view value);
  void apply_list(std::string_view name, ContactKey key, const std::vector<std::string_view>& values);
  [[nodiscard]] std::optional<ContactKey> find_list(std::string_view name);
  [[nodiscard]] bool set_own(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<ContactKey> find_attribute(std::string_view name);
  [[nodiscard]] bool finish_row();
  void merge(Contact&& contact);
  void choose(Channel channel);
  void clear();
  // Sets what a row was held as.
  void set_again(std::string_view held);
  void hand_over();

  RowOutput& output_;
  ContactDraft draft_;
  Endpoint endpoint_;
  bool is_refused_ = false;
  bool is_ignored_ = false;  // the last name that was set
  std::int64_t line_ = 0;    // of the last row
  std::string held_;         // the row as it will be held
  User user_;                // of finish()
};

}  // namespace clarion
