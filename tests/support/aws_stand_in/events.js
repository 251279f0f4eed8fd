// What the services tell later about the messages they took, in the shapes they publish to a topic of SNS. Seeded: the
// same messages in the same order have the same fate.
import { randomUUID } from "node:crypto";
import { randomFrom } from "./plan.js";

const SETTINGS = {
  seed: 1,
  topic_arn: "",
  endpoint: "", // of SNS
  duplicates: 0.2, // share of notifications that are published twice
  malformed: 0, // notifications nobody can understand
  foreign: 0, // notifications about messages of another sender
  whatsapp_code: 0, // Meta's code that every WhatsApp message fails with; 0: each has its fate
};

// What can become of a message: [share, how it ends, whether its address is suppressed, the events a ledger keeps, steps];
// the last fate is everybody else's.
const fates = {
  sms: [
    [0.06, "failed", "hard_bounce", ["bounced"], ["TEXT_QUEUED", "TEXT_INVALID"]],
    [0.06, "failed", "", ["failed"], ["TEXT_QUEUED", "TEXT_UNREACHABLE"]],
    [0.06, "delivered", "opt_out", ["delivered", "opted_out"], ["TEXT_DELIVERED", "reply:Stop."]],
    [0.06, "delivered", "", ["delivered", "replied"], ["TEXT_DELIVERED", "reply:Is it still there?"]],
    [1, "delivered", "", ["delivered"], ["TEXT_QUEUED", "TEXT_PENDING", "TEXT_DELIVERED"]],
  ],
  whatsapp: [
    [0.06, "failed", "hard_bounce", ["bounced"], ["sent", "failed:131026"]],
    [0.06, "failed", "", ["failed"], ["failed:131049"]],
    [0.06, "delivered", "opt_out", ["delivered"], ["delivered", "button:STOP-01"]],
    [0.4, "delivered", "", ["delivered", "opened"], ["read", "delivered", "sent"]],
    [1, "delivered", "", ["delivered"], ["sent", "delivered"]],
  ],
  email: [
    [0.06, "failed", "hard_bounce", ["bounced"], ["Send", "Bounce:Permanent/General"]],
    [0.06, "failed", "", ["bounced"], ["DeliveryDelay", "Bounce:Transient/MailboxFull"]],
    [0.06, "delivered", "complaint", ["delivered", "complained"], ["Delivery", "Complaint"]],
    [0.06, "failed", "hard_bounce", ["delivered", "bounced"], ["Delivery", "Bounce:Permanent/General"]],
    [0.3, "delivered", "", ["delivered", "opened", "clicked"], ["Open", "Delivery", "Click"]],
    [1, "delivered", "", ["delivered"], ["Send", "Delivery"]],
  ],
};

function fateOf(channel, random) {
  let point = random();
  for (const fate of fates[channel]) {
    point -= fate[0];
    if (point < 0) return fate;
  }
  return fates[channel].at(-1);
}

function smsEvent(step, { to, attempt, message_id }, at) {
  if (step.startsWith("reply:")) {
    return {
      originationNumber: to,
      destinationNumber: "+12065550100",
      messageKeyword: "KEYWORD_012065550100",
      messageBody: step.slice("reply:".length),
      inboundMessageId: randomUUID(),
      previousPublishedMessageId: message_id,
    };
  }
  return {
    eventType: step,
    eventVersion: "1.0",
    eventTimestamp: at,
    isFinal: step !== "TEXT_QUEUED" && step !== "TEXT_PENDING",
    originationPhoneNumber: "+12065550100",
    destinationPhoneNumber: to,
    isoCountryCode: "US",
    messageId: message_id,
    messageRequestTimestamp: at - 500,
    messageEncoding: "GSM",
    messageType: "PROMOTIONAL",
    messageStatus: step.slice("TEXT_".length),
    messageStatusDescription: "As the stand-in decided",
    context: { attempt },
    totalMessageParts: 1,
    totalMessagePrice: 0.00645,
    totalCarrierFee: 0,
  };
}

function whatsAppEvent(step, { to, attempt, message_id }, at) {
  const [name, argument] = step.split(":");
  const timestamp = String(Math.floor(at / 1000));
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "12065550100", phone_number_id: "46271669example" },
  };
  if (name === "button") {
    value.contacts = [{ profile: { name: "Example" }, wa_id: to.slice(1) }];
    value.messages = [
      {
        context: { from: "12065550100", id: "wamid.of-ours" },
        from: to.slice(1),
        id: `wamid.${randomUUID()}`,
        timestamp,
        type: "button",
        button: { payload: argument, text: "No more, please" },
      },
    ];
  } else {
    value.statuses = [
      {
        id: `wamid.${message_id}`,
        status: name,
        timestamp,
        recipient_id: to.slice(1),
        biz_opaque_callback_data: attempt,
        ...(argument && { errors: [{ code: Number(argument), title: "As the stand-in decided" }] }),
      },
    ];
  }
  return {
    context: {
      MetaWabaIds: [{ wabaId: "1234567890abcde", arn: "arn:aws:social-messaging:us-east-1:123456789012:waba/1" }],
      MetaPhoneNumberIds: [{ metaPhoneNumberId: "abcde1234567890", arn: "arn:aws:social-messaging:us-east-1:1:x/1" }],
    },
    whatsAppWebhookEntry: JSON.stringify({ id: "503131219501234", changes: [{ value, field: "messages" }] }),
    aws_account_id: "123456789012",
    message_timestamp: new Date(at).toISOString().replace("Z", "279391Z"),
    messageId: message_id,
  };
}

function emailEvent(step, { to, attempt, message_id }, at) {
  const [type, argument = ""] = step.split(":");
  const timestamp = new Date(at).toISOString();
  const [bounceType, bounceSubType] = argument.split("/");
  const particular = {
    Send: { send: {} },
    Delivery: { delivery: { timestamp, processingTimeMillis: 700, recipients: [to], smtpResponse: `250 ok ${to}` } },
    Bounce: {
      bounce: {
        timestamp,
        bounceType,
        bounceSubType,
        bouncedRecipients: [
          { emailAddress: to, action: "failed", status: "5.1.1", diagnosticCode: `smtp; 550 <${to}> unknown` },
        ],
        feedbackId: randomUUID(),
      },
    },
    Complaint: {
      complaint: { timestamp, complainedRecipients: [{ emailAddress: to }], complaintFeedbackType: "abuse" },
    },
    Open: { open: { timestamp, ipAddress: "192.0.2.1", userAgent: "Mozilla/5.0" } },
    Click: { click: { timestamp, ipAddress: "192.0.2.1", link: "https://example.com/", userAgent: "Mozilla/5.0" } },
    DeliveryDelay: { deliveryDelay: { timestamp, delayType: "General", delayedRecipients: [{ emailAddress: to }] } },
  };
  return {
    eventType: type,
    ...particular[type],
    mail: {
      timestamp: new Date(at - 1000).toISOString(),
      source: "Shop <news@example.com>",
      messageId: message_id,
      destination: [to],
      headersTruncated: false,
      headers: [{ name: "To", value: to }],
      commonHeaders: { to: [to], subject: "Hello" },
      tags: { "ses:configuration-set": ["clarion"], ...(attempt && { attempt: [attempt] }) },
    },
  };
}

const shapes = { sms: smsEvent, whatsapp: whatsAppEvent, email: emailEvent };

// Nothing that a service publishes; some of it looks like that.
const malformed = [
  "hello",
  '{"eventType":"Bounce","mail":',
  '{"eventType":"Bounce","mail":{"messageId":"m"}}',
  '{"whatsAppWebhookEntry":"{"}',
  '{"eventType":"TEXT_DELIVERED"}',
  "[]",
  '{"some":"thing"}',
];

// The Messages to publish, and what they say.
export function writeEvents(taken, settings) {
  const random = randomFrom(settings.seed);
  const said = { published: 0, suppressed: [] };
  for (const channel of Object.keys(fates)) said[channel] = { ends: { delivered: 0, failed: 0 }, events: {} };
  const messages = [];
  let at = Date.now();
  for (const one of taken) {
    const drawn = fateOf(one.channel, random);
    const all_fail = one.channel === "whatsapp" && settings.whatsapp_code !== 0;
    const [, end, reason, kinds, steps] = all_fail
      ? [1, "failed", "", ["failed"], [`failed:${settings.whatsapp_code}`]]
      : drawn;
    const { ends, events } = said[one.channel];
    ++ends[end];
    for (const kind of kinds) events[kind] = (events[kind] ?? 0) + 1;
    if (reason) said.suppressed.push({ channel: one.channel, address: one.to, reason });
    for (const step of steps) messages.push(JSON.stringify(shapes[one.channel](step, one, (at += 3))));
  }
  for (let i = 0; i < settings.foreign; ++i) {
    const other = { to: `stranger${i}@example.com`, message_id: randomUUID() };
    messages.push(JSON.stringify(emailEvent("Delivery", other, (at += 3))));
  }
  const all = messages.flatMap((message) => (random() < settings.duplicates ? [message, message] : [message]));
  for (let i = 0; i < settings.malformed; ++i) all.push(malformed[i % malformed.length]);
  for (let i = all.length - 1; i > 0; --i) {
    const other = Math.floor(random() * (i + 1));
    [all[i], all[other]] = [all[other], all[i]];
  }
  said.published = all.length;
  return { messages: all, said };
}

async function publish(settings, batch) {
  const form = new URLSearchParams({ Action: "PublishBatch", Version: "2010-03-31", TopicArn: settings.topic_arn });
  batch.forEach((message, i) => {
    form.set(`PublishBatchRequestEntries.member.${i + 1}.Id`, String(i));
    form.set(`PublishBatchRequestEntries.member.${i + 1}.Message`, message);
  });
  const response = await fetch(settings.endpoint, { method: "POST", body: form });
  const answer = await response.text();
  if (!response.ok || /<Failed>\s*<member>/.test(answer)) throw new Error(`SNS took it not: ${answer}`);
}

// Publishes what became of the messages in `taken`; returns what the events say.
export async function publishEvents(taken, given) {
  for (const name of Object.keys(given)) {
    if (!(name in SETTINGS)) throw new Error(`Events have no setting "${name}"; they have ${Object.keys(SETTINGS)}.`);
  }
  const settings = { ...SETTINGS, ...given };
  const { messages, said } = writeEvents(taken, settings);
  for (let i = 0; i < messages.length; i += 10) await publish(settings, messages.slice(i, i + 10));
  return said;
}
