// The account behind the stand-in: what the reading calls answer, in the shapes of the models (held to them by the
// self-test), and what the account's own troubles are called.

export const ACCOUNT_ID = "123456789012";
const arn = (service, rest) => `arn:aws:${service}:us-east-1:${ACCOUNT_ID}:${rest}`;

// What exists in the account; a control request may replace members.
export function newAccount() {
  return {
    identities: { "example.com": true, "news@example.com": true }, // name: verified
    email_configuration_sets: ["clarion"],
    email_quota: { Max24HourSend: 1000000, MaxSendRate: 1000, SentLast24Hours: 0 },
    production_access: true,
    sending_enabled: true,
    sms_tier: "PRODUCTION",
    sms_spend_limit: 1000,
    pools: ["pool-0123456789abcdef0123456789abcdef"],
    phone_numbers: ["+12065550100"],
    sms_configuration_sets: ["clarion"],
    whatsapp_numbers: ["phone-number-id-0123456789abcdef0123456789abcdef"],
    whatsapp_quality: "GREEN",
    waba: "waba-0123456789abcdef0123456789abcdef",
    templates: [
      {
        templateName: "promotion_template",
        templateLanguage: "en_US",
        templateStatus: "APPROVED",
        templateCategory: "MARKETING",
        templateQualityScore: "GREEN",
        metaTemplateId: "2",
      },
      {
        templateName: "welcome",
        templateLanguage: "en_US",
        templateStatus: "APPROVED",
        templateCategory: "MARKETING",
        templateQualityScore: "GREEN",
        metaTemplateId: "1",
      },
    ],
  };
}

export class Refusal extends Error {
  constructor(code, message, members = {}) {
    super(message);
    this.code = code;
    this.members = members;
  }
}

const CREATED = 1750000000;

// All of `existing`, or those named; a name that does not exist is refused as the service does.
function pick(existing, wanted, type) {
  const missing = (wanted ?? []).find((name) => !existing.includes(name.replace(/^arn:.*\//, "")));
  if (missing)
    throw new Refusal("ResourceNotFoundException", `${missing} was not found.`, {
      ResourceType: type,
      ResourceId: missing,
    });
  return wanted?.length ? wanted.map((name) => name.replace(/^arn:.*\//, "")) : existing;
}

const pool = (id) => ({
  PoolArn: arn("sms-voice", `pool/${id}`),
  PoolId: id,
  Status: "ACTIVE",
  MessageType: "PROMOTIONAL",
  TwoWayEnabled: false,
  SelfManagedOptOutsEnabled: false,
  OptOutListName: "Default",
  SharedRoutesEnabled: false,
  DeletionProtectionEnabled: false,
  CreatedTimestamp: CREATED,
});
const smsNumber = (account) => (number) => ({
  PhoneNumberArn: arn("sms-voice", `phone-number/phone-${number.slice(1)}`),
  PhoneNumber: number,
  PhoneNumberId: `phone-${number.slice(1)}`,
  Status: "ACTIVE",
  IsoCountryCode: "US",
  MessageType: "PROMOTIONAL",
  NumberCapabilities: ["SMS"],
  NumberType: "TEN_DLC",
  MonthlyLeasingPrice: "1.00",
  TwoWayEnabled: false,
  SelfManagedOptOutsEnabled: false,
  OptOutListName: "Default",
  DeletionProtectionEnabled: false,
  CreatedTimestamp: CREATED,
  PoolId: account.pools[0],
});
const configurationSet = (name) => ({
  ConfigurationSetArn: arn("sms-voice", `configuration-set/${name}`),
  ConfigurationSetName: name,
  CreatedTimestamp: CREATED,
  EventDestinations: [
    {
      EventDestinationName: "events",
      Enabled: true,
      MatchingEventTypes: ["TEXT_ALL"],
      SnsDestination: { TopicArn: arn("sns", "clarion-events") },
    },
  ],
});
const whatsAppNumber = (account) => (id) => ({
  arn: arn("social-messaging", `phone-number-id/${id.replace("phone-number-id-", "")}`),
  phoneNumber: "+12065550101",
  phoneNumberId: id,
  metaPhoneNumberId: "100000000000001",
  displayPhoneNumberName: "Example",
  displayPhoneNumber: "+1 206-555-0101",
  qualityRating: account.whatsapp_quality,
});
const waba = (account) => ({
  arn: arn("social-messaging", `waba/${account.waba.replace("waba-", "")}`),
  id: account.waba,
  wabaId: "100000000000000",
  registrationStatus: "COMPLETE",
  linkDate: CREATED,
  wabaName: "Example",
  eventDestinations: [{ eventDestinationArn: arn("sns", "clarion-events") }],
});
function only(existing, id, what) {
  if (!existing.includes(id)) throw new Refusal("ResourceNotFoundException", `The ${what} ${id} was not found.`);
  return id;
}

export const reads = {
  DescribeAccountAttributes: (account) => ({ AccountAttributes: [{ Name: "ACCOUNT_TIER", Value: account.sms_tier }] }),
  DescribeSpendLimits: (account) => ({
    SpendLimits: [
      {
        Name: "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT",
        EnforcedLimit: account.sms_spend_limit,
        MaxLimit: account.sms_spend_limit,
        Overridden: false,
      },
    ],
  }),
  DescribePools: (account, input) => ({ Pools: pick(account.pools, input.PoolIds, "pool").map(pool) }),
  DescribePhoneNumbers: (account, input) => ({
    PhoneNumbers: pick(account.phone_numbers, input.PhoneNumberIds, "phone-number").map(smsNumber(account)),
  }),
  DescribeConfigurationSets: (account, input) => ({
    ConfigurationSets: pick(account.sms_configuration_sets, input.ConfigurationSetNames, "configuration-set").map(
      configurationSet,
    ),
  }),
  ListLinkedWhatsAppBusinessAccounts: (account) => ({ linkedAccounts: [waba(account)] }),
  GetLinkedWhatsAppBusinessAccount: (account, input) => {
    only([account.waba], input.id, "account");
    return { account: { ...waba(account), phoneNumbers: account.whatsapp_numbers.map(whatsAppNumber(account)) } };
  },
  GetLinkedWhatsAppBusinessAccountPhoneNumber: (account, input) => ({
    phoneNumber: whatsAppNumber(account)(only(account.whatsapp_numbers, input.id, "phone number")),
    linkedWhatsAppBusinessAccountId: account.waba,
  }),
  ListWhatsAppMessageTemplates: (account, input) => {
    only([account.waba], input.id, "account");
    const from = Number(input.nextToken ?? 0);
    const to = from + (input.maxResults ?? 100);
    return {
      templates: account.templates.slice(from, to),
      ...(to < account.templates.length && { nextToken: String(to) }),
    };
  },
  GetAccount: (account) => ({
    SendQuota: account.email_quota,
    SendingEnabled: account.sending_enabled,
    ProductionAccessEnabled: account.production_access,
    EnforcementStatus: "HEALTHY",
    DedicatedIpAutoWarmupEnabled: false,
    SuppressionAttributes: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
  }),
  GetEmailIdentity: (account, input) => {
    const verified = account.identities[input.EmailIdentity];
    if (verified === undefined)
      throw new Refusal("NotFoundException", `Email identity ${input.EmailIdentity} does not exist.`);
    return {
      IdentityType: input.EmailIdentity.includes("@") ? "EMAIL_ADDRESS" : "DOMAIN",
      FeedbackForwardingStatus: true,
      VerifiedForSendingStatus: verified,
      VerificationStatus: verified ? "SUCCESS" : "PENDING",
      DkimAttributes: { SigningEnabled: verified, Status: verified ? "SUCCESS" : "PENDING", Tokens: [] },
    };
  },
  GetConfigurationSet: (account, input) => {
    if (!account.email_configuration_sets.includes(input.ConfigurationSetName)) {
      throw new Refusal("NotFoundException", `Configuration set ${input.ConfigurationSetName} does not exist.`);
    }
    return {
      ConfigurationSetName: input.ConfigurationSetName,
      SendingOptions: { SendingEnabled: true },
      ReputationOptions: { ReputationMetricsEnabled: true },
    };
  },
};

// Which error each trouble of the account is, by channel.
export const troubles = {
  sms: {
    paused: new Refusal("AccessDeniedException", "The account is disabled.", { Reason: "ACCOUNT_DISABLED" }),
    suspended: new Refusal("AccessDeniedException", "The account may not send.", {
      Reason: "INSUFFICIENT_ACCOUNT_REPUTATION",
    }),
    daily_quota: new Refusal("ServiceQuotaExceededException", "The spend limit is reached.", {
      Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
    }),
    denied: new Refusal("AccessDeniedException", "User is not authorized to perform: sms-voice:SendTextMessage"),
  },
  whatsapp: {
    paused: new Refusal("AccessDeniedException", "The phone number may not send."),
    suspended: new Refusal("ResourceNotFoundException", "The phone number was not found."),
    daily_quota: new Refusal("ThrottledRequestException", "Too many requests."),
    denied: new Refusal(
      "AccessDeniedException",
      "User is not authorized to perform: social-messaging:SendWhatsAppMessage",
    ),
  },
  email: {
    paused: new Refusal("SendingPausedException", "Sending is disabled for this account."),
    suspended: new Refusal(
      "AccountSuspendedException",
      "The account's ability to send email has been permanently restricted.",
    ),
    daily_quota: new Refusal("LimitExceededException", "Daily message quota exceeded."),
    denied: new Refusal("AccessDeniedException", "User is not authorized to perform `ses:SendEmail'"),
  },
};
