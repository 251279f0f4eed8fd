// SendBulkEmail of SES v2: one template and up to 50 entries, each of which has an outcome of its own. Rules that the
// model does not state are those of the SES developer guide, "Sending personalized email" and "SendBulkEmail".
import { randomUUID } from "node:crypto";
import { Check, checkHeaders, checkMailboxes } from "./message_rules.js";

// BulkEmailStatus of the model, 2019-09-27 (botocore 1.43, read 2026-12-01); the npm client leaves enumerations out.
export const ENTRY_STATUSES = [
  "SUCCESS",
  "MESSAGE_REJECTED",
  "MAIL_FROM_DOMAIN_NOT_VERIFIED",
  "CONFIGURATION_SET_NOT_FOUND",
  "TEMPLATE_NOT_FOUND",
  "ACCOUNT_SUSPENDED",
  "ACCOUNT_THROTTLED",
  "ACCOUNT_DAILY_QUOTA_EXCEEDED",
  "INVALID_SENDING_POOL_NAME",
  "ACCOUNT_SENDING_PAUSED",
  "CONFIGURATION_SET_SENDING_PAUSED",
  "INVALID_PARAMETER",
  "TRANSIENT_FAILURE",
  "FAILED",
];

const VARIABLE = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

function parseValues(check, text, member) {
  try {
    const values = JSON.parse(text ?? "{}");
    if (check.that(values !== null && typeof values === "object" && !Array.isArray(values), member, "has to be a map."))
      return values;
  } catch (error) {
    check.that(false, member, `is no JSON: ${error.message}`);
  }
  return {};
}

// The entry as the SendEmail that would have sent the same.
function writeEmail(check, input, entry, member) {
  const { Template: template } = input.DefaultContent;
  const values = {
    ...parseValues(check, template.TemplateData, "TemplateData"),
    ...parseValues(
      check,
      entry.ReplacementEmailContent?.ReplacementTemplate?.ReplacementTemplateData,
      `${member}.ReplacementTemplateData`,
    ),
  };
  // Values are put in once: what looks like a variable in one of them stays as it is.
  const part = (text) =>
    text === undefined
      ? undefined
      : {
          Data: text.replace(VARIABLE, (whole, name) => {
            // SES accepts such a message and then drops it, with an event of its own (RenderingFailure).
            check.that(typeof values[name] === "string", `${member}.${name}`, "has no value: it could not be rendered.");
            return values[name] ?? whole;
          }),
        };
  const { Subject, Text, Html } = template.TemplateContent;
  const headers = [...(template.Headers ?? []), ...(entry.ReplacementHeaders ?? [])];
  return {
    FromEmailAddress: input.FromEmailAddress,
    Destination: entry.Destination,
    Content: { Simple: { Subject: part(Subject), Body: { Text: part(Text), Html: part(Html) }, Headers: headers } },
    EmailTags: [...(input.DefaultEmailTags ?? []), ...(entry.ReplacementTags ?? [])],
    ConfigurationSetName: input.ConfigurationSetName,
    TenantName: input.TenantName,
  };
}

// What is wrong beyond the model, and the messages: [{to, attempt, message}].
export function readBulkEmail(input) {
  const check = new Check();
  const messages = [];
  const template = input.DefaultContent.Template;
  check.that(
    template?.TemplateContent?.Subject && (template.TemplateContent.Text || template.TemplateContent.Html),
    "DefaultContent",
    "needs a template with a subject and a body; stored ones are not served here.",
  );
  check.that(input.BulkEmailEntries.length > 0, "BulkEmailEntries", "needs an entry.");
  let recipients = 0;
  for (const [i, entry] of input.BulkEmailEntries.entries()) {
    recipients += checkMailboxes(check, input, entry.Destination);
    checkHeaders(check, [...(template?.Headers ?? []), ...(entry.ReplacementHeaders ?? [])]);
    if (check.faults.length > 0) break;
    const message = writeEmail(check, input, entry, `BulkEmailEntries[${i}]`);
    const attempt = message.EmailTags.find((tag) => tag.Name === "attempt")?.Value;
    messages.push({ to: entry.Destination.ToAddresses?.[0], attempt, message });
  }
  check.that(recipients <= 50, "BulkEmailEntries", "allow 50 recipients in all.");
  return { faults: check.faults, messages };
}

export function acceptEntry(counts, message) {
  const id = randomUUID();
  counts.accept("email", message, id);
  return { Status: "SUCCESS", MessageId: id };
}

// What becomes of one entry by itself: `answers` of the plan, the limit of the account, then `outcomes` of the plan.
export function judgeEntry(counts, plan, message) {
  const answer = plan.settings.answers[message.to];
  const isAboveLimit = !answer && plan.isAboveLimit("email", performance.now());
  const status = answer?.code ?? (isAboveLimit ? "ACCOUNT_THROTTLED" : plan.drawOutcome());
  if (status === "SUCCESS") return acceptEntry(counts, message);
  if (status === "ACCOUNT_THROTTLED") counts.throttle("email", message.to);
  else ++counts.channels.email.answered;
  return { Status: status, Error: answer?.message ?? "As the plan says." };
}
