#pragma once
// Settings: what the operator configured, typed, each knowing where it came from.
//
// Order   a command-line flag, then the environment, then the .env file, then the default. An empty value counts as
//         not set.
// Errors  Invalid, with every wrong setting in one message: a person should not have to start five times.
// Names   the table in settings_table.cpp is the only place; deploy/clarion.env.example is checked against it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "carriers/aws_email_sender.h"
#include "carriers/aws_sms_sender.h"
#include "carriers/aws_whatsapp_sender.h"
#include "store/dynamo_database.h"

namespace clarion {

// One row of the table: what deploy/clarion.env.example and `clarion settings` say about a setting.
struct SettingSpec {
  std::string_view name;
  std::string_view default_text;  // empty: none
  std::string_view unit;          // "messages/s", "ms", "path", ...
  std::string_view effect;        // one sentence
  bool is_secret = false;
  std::string_view production_text = {};  // the default in production, where it is another one
};
[[nodiscard]] std::span<const SettingSpec> setting_specs();

// A setting as it is in force; `value` of a secret is masked already.
struct SettingValue {
  std::string name;
  std::string value;
  std::string source;  // "flag", "environment", ".env", "default" or "not set"
};

struct SimulationSettings {
  double latency_ms = 0;  // median
  double failure_rate = 0;
  double throttle_rate = 0;
  std::uint64_t seed = 0;
};

enum class StoreKind : std::uint8_t { Sqlite, DynamoDb };

// Production only. A channel whose sender is empty is not set up.
struct CarrierSettings {
  AwsSmsSettings sms;
  bool has_sms_replies = false;  // SMS_REPLIES
  AwsWhatsAppSettings whatsapp;
  AwsEmailSettings email;
  std::string whatsapp_account_id;

  [[nodiscard]] PerChannel<bool> set_up() const {
    return {{!sms.origination_identity.empty(), !whatsapp.phone_number_id.empty(), !email.from.empty()}};
  }
};

struct Settings {
  bool is_production = false;
  StoreKind store = StoreKind::Sqlite;
  std::string host;
  std::uint16_t port = 0;  // 0: any free one
  std::filesystem::path data_dir;
  double max_tps = 0;
  std::int32_t stop_after_refusals = 0;  // 0: never
  std::int32_t workers = 1;
  std::string log_level;
  std::filesystem::path ui_dir;  // empty: looked for beside the program
  std::string public_url;        // without a slash at its end; may be empty
  std::vector<std::string> cors_origins;
  SimulationSettings simulation;
  CarrierSettings carriers;
  DynamoTableNames tables;
  std::string events_queue_url;                    // production only; empty: nobody tells what became of messages
  std::vector<std::string> event_topics;           // production only; whose posts are taken; empty: none
  std::string work_queue_url;                      // empty: work is found in the ledger
  std::map<std::string, std::string> environment;  // .env and environment as they are, secrets too: for credentials
  std::vector<SettingValue> values;                // every row of the table, in its order
  std::vector<std::string> warnings;               // names that look like ours and are not

  // Other machines can reach us.
  [[nodiscard]] bool listens_to_others() const;
  // Requests need a token: in production, and wherever others can reach us.
  [[nodiscard]] bool requires_token() const { return is_production || listens_to_others(); }
};

// Where load_settings looks. The functions and texts are passed in so that tests need no process environment.
struct SettingInputs {
  std::map<std::string, std::string> flags;
  std::map<std::string, std::string> environment;
  std::optional<std::string> dotenv;  // the text of the .env file
};
[[nodiscard]] Result<Settings> load_settings(const SettingInputs& inputs);

// The process environment and ./.env. Invalid when .env exists and cannot be read.
[[nodiscard]] Result<SettingInputs> read_setting_inputs();

// NAME=value lines, "export " allowed, values bare, 'single' or "double" quoted, # comments. Invalid with the line.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_dotenv(std::string_view text);

}  // namespace clarion
