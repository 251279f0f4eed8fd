#include "app/settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "carriers/aws_bulk_email_sender.h"
#include "net/cors_policy.h"

namespace clarion {
namespace {

// AWS_ENDPOINT_URL_SQS and the like: one for each service, so no table could list them.
bool is_service_endpoint(std::string_view name) {
  constexpr std::string_view common = "AWS_ENDPOINT_URL";
  return name.starts_with(common) && name.substr(common.size()).starts_with('_');
}

// Looks a name up in the order of precedence.
class SettingReader {
 public:
  SettingReader(const SettingInputs& inputs, std::map<std::string, std::string> dotenv)
      : inputs_(inputs), dotenv_(std::move(dotenv)) {}

  [[nodiscard]] std::pair<std::string, std::string> find(std::string_view name, std::string_view default_text) const {
    const std::string key(name);
    const std::array<std::pair<const std::map<std::string, std::string>*, const char*>, 3> sources{
        {{&inputs_.flags, "flag"}, {&inputs_.environment, "environment"}, {&dotenv_, ".env"}}};
    for (const auto& [values, source] : sources) {
      if (const auto found = values->find(key); found != values->end() && !found->second.empty()) {
        return {found->second, source};
      }
    }
    return {std::string(default_text), default_text.empty() ? "not set" : "default"};
  }

  // Everything that is set, the environment before the file; empty values count as not set.
  [[nodiscard]] std::map<std::string, std::string> merged() const {
    std::map<std::string, std::string> all = dotenv_;
    for (const auto& [name, value] : inputs_.environment) {
      if (!value.empty()) all[name] = value;
    }
    std::erase_if(all, [](const auto& entry) { return entry.second.empty(); });
    return all;
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto* values : {&inputs_.environment, &dotenv_}) {
      for (const auto& entry : *values) all.push_back(entry.first);
    }
    std::ranges::sort(all);
    const auto repeated = std::ranges::unique(all);
    all.erase(repeated.begin(), repeated.end());
    return all;
  }

 private:
  const SettingInputs& inputs_;
  std::map<std::string, std::string> dotenv_;
};

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// arn:PARTITION:sns:REGION:ACCOUNT:NAME
bool is_topic_arn(std::string_view text) {
  constexpr std::size_t parts = 6;
  std::array<std::string_view, parts> part;
  for (std::size_t i = 0; i < parts; ++i) {
    const auto end = i + 1 < parts ? text.find(':') : text.size();
    if (end == std::string_view::npos || end == 0) return false;
    part.at(i) = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return part[0] == "arn" && part[1].starts_with("aws") && part[2] == "sns" && std::ranges::all_of(part[3], is_name) &&
         part[4].size() == 12 && std::ranges::all_of(part[4], is_digit) && std::ranges::all_of(part[5], is_name);
}

// The flag that a command has for a setting: "--port" for CLARION_PORT.
std::string flag_of(std::string_view name) {
  if (name == "CLARION_DATA_DIR") return "--data";
  return "--" + lower_case(name.substr(name.find('_') + 1));
}

// Reads typed values and collects what is wrong with them.
class TypedValues {
 public:
  explicit TypedValues(const std::vector<SettingValue>& values) : values_(values) {}

  [[nodiscard]] std::string text(std::string_view name) const {
    const auto found = std::ranges::find(values_, name, &SettingValue::name);
    return found == values_.end() ? std::string() : found->value;
  }

  template <class Number>
  Number number(std::string_view name, Number least, Number most) {
    const std::string value = text(name);
    const auto parsed = parse_number<Number>(value);
    if (!parsed || !(*parsed >= least && *parsed <= most)) {
      const std::string_view kind = std::is_integral_v<Number> ? "a whole number" : "a number";
      reject(name, value, fmt::format("must be {} from {} to {}", kind, least, most));
      return least;
    }
    return *parsed;
  }

  // nullopt when it is not set.
  template <class Number>
  std::optional<Number> optional_number(std::string_view name, Number least, Number most) {
    if (text(name).empty()) return std::nullopt;
    return number<Number>(name, least, most);
  }

  std::string one_of(std::string_view name, std::initializer_list<std::string_view> allowed) {
    std::string value = text(name);
    if (std::ranges::find(allowed, value) == allowed.end()) {
      reject(name, value, fmt::format("must be one of {}", fmt::join(allowed, ", ")));
    }
    return value;
  }

  std::string url(std::string_view name) {
    std::string value = text(name);
    if (value.empty()) return value;
    if (!(value.starts_with("https://") || value.starts_with("http://")) ||
        value.find_first_of(" \t\"<>") != std::string::npos) {
      reject(name, value, "must be an address that starts with https:// or http://");
    }
    while (value.ends_with('/')) value.pop_back();
    return value;
  }

  std::vector<std::string> origins(std::string_view name) {
    auto parsed = parse_origins(text(name));
    if (parsed) return std::move(*parsed);
    reject(name, text(name), parsed.error().message);
    return {};
  }

  // ARNs of topics of SNS, with commas between them.
  std::vector<std::string> topic_arns(std::string_view name) {
    std::vector<std::string> arns;
    const std::string all = text(name);
    for (std::size_t from = 0; from < all.size();) {
      const auto to = std::min(all.find(',', from), all.size());
      std::string one(trim(std::string_view(all).substr(from, to - from)));
      from = to + 1;
      if (one.empty()) continue;
      if (!is_topic_arn(one)) {
        reject(name, one, "must be ARNs of topics of SNS, such as arn:aws:sns:us-east-1:123456789012:clarion-events");
      }
      arns.push_back(std::move(one));
    }
    return arns;
  }

  void reject(std::string_view name, std::string_view value, std::string_view rule) {
    const auto found = std::ranges::find(values_, name, &SettingValue::name);
    if (found != values_.end() && found->source == "flag") {
      errors_.push_back(fmt::format("{} is '{}' but {}", flag_of(name), value, rule));
      return;
    }
    errors_.push_back(
        fmt::format("{} is '{}' (from {}) but {}", name, value, found == values_.end() ? "?" : found->source, rule));
  }

  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }

 private:
  const std::vector<SettingValue>& values_;
  std::vector<std::string> errors_;
};

bool is_known(std::string_view name) {
  return std::ranges::any_of(setting_specs(), [name](const SettingSpec& spec) { return spec.name == name; });
}

std::string mask_secret(std::string_view value) {
  return value.empty() ? std::string() : fmt::format("*** ({} characters)", value.size());
}

// The value after "=": quoted as it stands between the quotes, bare up to a comment.
std::optional<std::string> dotenv_value(std::string_view text) {
  text = trim(text);
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t'))
        return std::string(trim(text.substr(0, i)));
    }
    return std::string(text);
  }
  const auto end = text.find(text.front(), 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = trim(text.substr(end + 1));
  if (!rest.empty() && rest.front() != '#') return std::nullopt;
  return std::string(text.substr(1, end - 1));
}

bool is_name(std::string_view name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// FLASK_ENV decides only where CLARION_ENV is left to its default.
bool is_production(const SettingReader& reader) {
  const auto chosen = reader.find("CLARION_ENV", "").first;
  return chosen.empty() ? reader.find("FLASK_ENV", "").first == "production" : chosen == "production";
}

CarrierSettings read_carriers(TypedValues& typed) {
  CarrierSettings carriers;
  AwsSmsSettings& sms = carriers.sms;
  sms.origination_identity = typed.text("PHONE_POOL_ID");
  sms.configuration_set = typed.text("SMS_CONFIGURATION_SET");
  sms.message_type = typed.one_of("SMS_MESSAGE_TYPE", {"PROMOTIONAL", "TRANSACTIONAL"});
  sms.time_to_live_seconds = typed.optional_number<std::int32_t>("SMS_TIME_TO_LIVE", 5, 259'200);
  // SendTextMessage: at most two digits, a point and one to five digits.
  if (const auto price = typed.optional_number<double>("SMS_MAX_PRICE", 0.00001, 99.99999)) {
    sms.max_price_usd = fmt::format("{:.5f}", *price);
  }
  sms.india_entity_id = typed.text("SMS_INDIA_ENTITY_ID");
  sms.india_template_id = typed.text("SMS_INDIA_TEMPLATE_ID");
  if (const auto rate = typed.optional_number<double>("SMS_PARTS_PER_SECOND", 0.01, 100'000)) {
    sms.quota = SenderQuota{*rate, std::max<std::int64_t>(1, std::llround(*rate)), "SMS_PARTS_PER_SECOND"};
  }
  carriers.has_sms_replies = typed.one_of("SMS_REPLIES", {"no", "yes"}) == "yes";
  AwsWhatsAppSettings& whatsapp = carriers.whatsapp;
  whatsapp.phone_number_id = typed.text("WHATSAPP_PHONE_NUMBER_ID");
  whatsapp.meta_api_version = typed.text("WHATSAPP_API_VERSION");
  const double messages = typed.number<double>("WHATSAPP_MESSAGES_PER_SECOND", 0.01, 100'000);
  whatsapp.quota =
      SenderQuota{messages, std::max<std::int64_t>(1, std::llround(messages)), "WHATSAPP_MESSAGES_PER_SECOND"};
  const double pair_gap = typed.number<double>("WHATSAPP_SECONDS_BETWEEN", 0, 3600);
  whatsapp.pair_gap = std::chrono::milliseconds(std::llround(pair_gap * 1000));
  carriers.whatsapp_account_id = typed.text("WHATSAPP_BUSINESS_ACCOUNT_ID");
  AwsEmailSettings& email = carriers.email;
  email.from = typed.text("SENDER_EMAIL");
  email.configuration_set = typed.text("SES_CONFIGURATION_SET");
  email.tenant = typed.text("SES_TENANT");
  email.bulk_size = typed.number<std::int32_t>("SES_BULK_SIZE", 1, AwsBulkEmailSender::most_entries);
  return carriers;
}

}  // namespace

Result<std::map<std::string, std::string>> parse_dotenv(std::string_view text) {
  std::map<std::string, std::string> values;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::Invalid, ".env contains zero bytes; save it as UTF-8 text");
  }
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("export ")) line = trim(line.substr(7));
    const auto equals = line.find('=');
    const std::string_view name = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) {
      return fail(ErrorKind::Invalid, fmt::format(".env line {}: write NAME=value", number));
    }
    auto value = dotenv_value(line.substr(equals + 1));
    if (!value) {
      return fail(ErrorKind::Invalid,
                  fmt::format(".env line {}: the quotes around the value of {} do not match", number, name));
    }
    values[std::string(name)] = std::move(*value);
  }
  return values;
}

bool Settings::listens_to_others() const {
  boost::system::error_code error;
  return host != "localhost" && !boost::asio::ip::make_address(host, error).is_loopback();
}

Result<Settings> load_settings(const SettingInputs& inputs) {
  auto dotenv = parse_dotenv(inputs.dotenv.value_or(""));
  if (!dotenv) return std::unexpected(dotenv.error());
  const SettingReader reader(inputs, std::move(*dotenv));

  Settings settings;
  settings.is_production = is_production(reader);
  for (const SettingSpec& spec : setting_specs()) {
    const bool differs = settings.is_production && !spec.production_text.empty();
    auto [value, source] = reader.find(spec.name, differs ? spec.production_text : spec.default_text);
    settings.values.push_back({std::string(spec.name), std::move(value), std::move(source)});
  }
  settings.environment = reader.merged();
  TypedValues typed(settings.values);

  (void)typed.one_of("CLARION_ENV", {"local", "production"});

  settings.host = typed.text("CLARION_HOST");
  settings.port = typed.number<std::uint16_t>("CLARION_PORT", 0, 65535);
  settings.data_dir = typed.text("CLARION_DATA_DIR");
  settings.max_tps = typed.number<double>("CLARION_MAX_TPS", 0.001, 1'000'000);
  settings.stop_after_refusals = typed.number<std::int32_t>("CLARION_STOP_AFTER_REFUSALS", 0, 1'000'000);
  settings.workers = typed.number<std::int32_t>("CLARION_WORKERS", 1, 64);
  settings.log_level = typed.one_of("CLARION_LOG_LEVEL", {"debug", "info", "warn", "error", "off"});
  settings.ui_dir = typed.text("CLARION_UI_DIR");
  settings.public_url = typed.url("PUBLIC_URL");
  settings.cors_origins = typed.origins("CLARION_CORS_ORIGINS");
  settings.simulation.latency_ms = typed.number<double>("CLARION_SIM_LATENCY_MS", 0, 60'000);
  settings.simulation.failure_rate = typed.number<double>("CLARION_SIM_FAILURE_RATE", 0, 1);
  settings.simulation.throttle_rate = typed.number<double>("CLARION_SIM_THROTTLE_RATE", 0, 1);
  settings.simulation.seed = typed.number<std::uint64_t>("CLARION_SIM_SEED", 0, UINT64_MAX);
  if (typed.one_of("CLARION_STORE", {"sqlite", "dynamodb"}) == "dynamodb") {
    settings.store = StoreKind::DynamoDb;
    if (!settings.is_production) {
      typed.reject("CLARION_STORE", "dynamodb", "the local environment records in SQLite: unset it or write sqlite");
    }
  }
  settings.carriers = read_carriers(typed);
  settings.tables = {.campaigns = typed.text("CAMPAIGNS_TABLE"),
                     .deliveries = typed.text("DELIVERY_TRACKING_TABLE"),
                     .rates = typed.text("RATE_LIMITS_TABLE"),
                     .contacts = typed.text("CONTACTS_TABLE")};
  settings.events_queue_url = typed.url("EVENTS_QUEUE_URL");
  settings.event_topics = typed.topic_arns("EVENTS_TOPIC_ARNS");
  settings.work_queue_url = typed.url("WORK_QUEUE_URL");
  if (!typed.errors().empty()) {
    return fail(ErrorKind::Invalid, fmt::format("{}", fmt::join(typed.errors(), "; ")));
  }

  const auto specs = setting_specs();
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].is_secret) settings.values[i].value = mask_secret(settings.values[i].value);
  }
  for (const std::string& name : reader.names()) {
    if (is_service_endpoint(name)) {
      auto [value, source] = reader.find(name, "");
      settings.values.push_back({name, std::move(value), std::move(source)});
    } else if (name.starts_with("CLARION_") && !is_known(name)) {
      settings.warnings.push_back(
          fmt::format("{} is not a setting of this version and was ignored; `clarion settings` lists all", name));
    }
  }
  return settings;
}

Result<SettingInputs> read_setting_inputs() {
  SettingInputs inputs;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    inputs.environment[std::string(line.substr(0, equals))] = std::string(line.substr(equals + 1));
  }
  if (std::error_code error; std::filesystem::exists(".env", error)) {
    std::ifstream file(".env", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return fail(ErrorKind::Invalid, ".env exists but cannot be read; make it readable or remove it");
    inputs.dotenv = std::move(text).str();
  }
  return inputs;
}

}  // namespace clarion
