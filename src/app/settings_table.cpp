#include <array>

#include "app/settings.h"

namespace clarion {
namespace {

constexpr std::array setting_table{
    SettingSpec{"CLARION_ENV", "local", "local|production", "Chooses the environment; it wins over FLASK_ENV."},
    SettingSpec{"FLASK_ENV", "", "name", "The name existing deployments set: production means production."},
    SettingSpec{.name = "CLARION_HOST",
                .default_text = "127.0.0.1",
                .unit = "address",
                .effect = "The address the server listens on; in production 0.0.0.0 when not set.",
                .production_text = "0.0.0.0"},
    SettingSpec{.name = "CLARION_PORT",
                .default_text = "5000",
                .unit = "port",
                .effect = "The port the server listens on, in production 8080 when not set; 0 takes any free one.",
                .production_text = "8080"},
    SettingSpec{.name = "CLARION_DATA_DIR",
                .default_text = "data/local",
                .unit = "path",
                .effect = "Where the ledger, segments, templates and imported contacts are kept; in production "
                          "data/production when not set, so that simulated and real campaigns never meet.",
                .production_text = "data/production"},
    SettingSpec{"CLARION_MAX_TPS", "1000", "messages/s",
                "The operator's ceiling: no campaign may ask for more on a channel."},
    SettingSpec{"CLARION_STOP_AFTER_REFUSALS", "25", "messages",
                "After so many refusals in a row of one kind that lies not with the people (blocked, invalid_content) "
                "the channel stops and waits for a person; 0: never."},
    SettingSpec{.name = "CLARION_WORKERS",
                .default_text = "1",
                .unit = "threads",
                .effect = "How many event loops answer HTTP requests; in production 4 when not set.",
                .production_text = "4"},
    SettingSpec{"CLARION_UI_DIR", "", "path",
                "The folder of the built page; when not set, ui beside the program or above it, or share/clarion/ui."},
    SettingSpec{.name = "CLARION_STORE",
                .default_text = "sqlite",
                .unit = "sqlite|dynamodb",
                .effect = "Where campaigns and deliveries are recorded; in production dynamodb when not set.",
                .production_text = "dynamodb"},
    SettingSpec{"CLARION_LOG_LEVEL", "info", "debug|info|warn|error|off",
                "The least level that is logged; when not set, commands other than serve log from warn on."},
    SettingSpec{"PUBLIC_URL", "", "URL",
                "The address this server is reached at from outside: its host and its pages are answered too."},
    SettingSpec{"CLARION_CORS_ORIGINS", "", "origins, with commas",
                "The pages of other sites that may call this server from a browser; none when not set."},
    SettingSpec{"CLARION_SIM_LATENCY_MS", "80", "ms", "Simulated carriers: median time to accept one message."},
    SettingSpec{"CLARION_SIM_FAILURE_RATE", "0.03", "share 0..1",
                "Simulated carriers: share of recipients refused; with 0 none bounces later either."},
    SettingSpec{"CLARION_SIM_THROTTLE_RATE", "0", "share 0..1", "Simulated carriers: share of calls throttled."},
    SettingSpec{"CLARION_SIM_SEED", "1", "integer",
                "Simulated carriers: the same seed gives the same outcome per recipient."},
    SettingSpec{"AWS_REGION", "", "name", "Production: the region of every AWS service."},
    SettingSpec{"AWS_PROFILE", "", "name", "Production: the profile of the shared credentials file."},
    SettingSpec{"AWS_ACCESS_KEY_ID", "", "text", "Production: credentials, when no role provides them.", true},
    SettingSpec{"AWS_SECRET_ACCESS_KEY", "", "text", "Production: credentials, when no role provides them.", true},
    SettingSpec{"AWS_SESSION_TOKEN", "", "text", "Production: part of temporary credentials.", true},
    SettingSpec{"AWS_ENDPOINT_URL", "", "URL",
                "Production: used for every AWS service; AWS_ENDPOINT_URL_<SERVICE> for one."},
    SettingSpec{"AWS_CA_BUNDLE", "", "path",
                "Production: PEM file of the authorities that AWS's certificates are checked with; else the system's."},
    SettingSpec{"PHONE_POOL_ID", "", "id",
                "Production: the phone pool, number or sender id that SMS are sent from; without it there is no SMS."},
    SettingSpec{"SMS_CONFIGURATION_SET", "", "name", "Production: where SMS events are published."},
    SettingSpec{"SMS_MESSAGE_TYPE", "PROMOTIONAL", "PROMOTIONAL|TRANSACTIONAL",
                "Production: what the carriers are told an SMS is."},
    SettingSpec{
        "SMS_TIME_TO_LIVE", "", "seconds 5..259200",
        "Production: an SMS that could not be delivered by then is dropped; AWS keeps it 72 hours when not set."},
    SettingSpec{"SMS_MAX_PRICE", "", "USD, such as 0.05",
                "Production: an SMS that would cost more is not sent, and fails with that reason."},
    SettingSpec{"SMS_INDIA_ENTITY_ID", "", "id", "Production: the DLT entity that SMS to India are registered for."},
    SettingSpec{"SMS_INDIA_TEMPLATE_ID", "", "id",
                "Production: the DLT template of SMS to India whose own template names none (dlt_template_id)."},
    SettingSpec{"SMS_PARTS_PER_SECOND", "", "parts/s",
                "Production: what the origination identity may send; when not set AWS is asked what kind it is."},
    SettingSpec{"SMS_REPLIES", "no", "no|yes",
                "Production: people can answer SMS; each SMS then takes one more write, so that the answer finds it."},
    SettingSpec{"WHATSAPP_BUSINESS_ACCOUNT_ID", "", "id",
                "Production: the WhatsApp Business Account whose templates are checked before a campaign starts."},
    SettingSpec{"WHATSAPP_PHONE_NUMBER_ID", "", "id",
                "Production: the number WhatsApp messages are sent from; without it there is no WhatsApp."},
    SettingSpec{"WHATSAPP_API_VERSION", "v20.0", "vN.N",
                "Production: the version of Meta's API that messages are for."},
    SettingSpec{"WHATSAPP_MESSAGES_PER_SECOND", "80", "messages/s",
                "Production: what Meta allows the number: 80 at first, up to 1000, 20 for a coexistence number."},
    SettingSpec{
        "WHATSAPP_SECONDS_BETWEEN", "6", "seconds 0..3600",
        "Production: between two messages to one person, whatever campaigns they are of; Meta allows one in 6."},
    SettingSpec{"SENDER_EMAIL", "", "address",
                "Production: the verified address that email is sent from; without it there is no email."},
    SettingSpec{"SES_CONFIGURATION_SET", "", "name", "Production: where email events are published."},
    SettingSpec{"SES_TENANT", "", "name", "Production: the SES tenant that keeps this sender's reputation apart."},
    SettingSpec{
        "SES_BULK_SIZE", "1", "messages",
        "Production: how many emails one call to SES carries, up to 50; 1 unless many calls are the bottleneck."},
    SettingSpec{"RATE_LIMITS_TABLE", "", "name", "Production: the DynamoDB table of the shared rate limiter."},
    SettingSpec{"DELIVERY_TRACKING_TABLE", "", "name", "Production: the DynamoDB table of deliveries."},
    SettingSpec{"CAMPAIGNS_TABLE", "", "name", "Production: the DynamoDB table of campaigns."},
    SettingSpec{"CONTACTS_TABLE", "", "name", "Production: the DynamoDB table of contacts."},
    SettingSpec{"WORK_QUEUE_URL", "", "URL",
                "Production, DynamoDB: the SQS queue that tells workers where messages wait; without it they look."},
    SettingSpec{
        "EVENTS_QUEUE_URL", "", "URL",
        "Production: the SQS queue that carriers' events come to; without it and EVENTS_TOPIC_ARNS nothing becomes "
        "delivered, what is in doubt stays so, and nobody who says STOP or complains is suppressed."},
    SettingSpec{"EVENTS_TOPIC_ARNS", "", "ARNs",
                "Production: the SNS topics, with commas between them, that may post carriers' events to "
                "/api/events/sns; without any nothing is taken there."},
};

}  // namespace

std::span<const SettingSpec> setting_specs() {
  return setting_table;
}

}  // namespace clarion
