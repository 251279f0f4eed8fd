// A stand-in for the tests of the stand-in, and good requests to it: what is refused differs from them in one thing.
import { after, beforeEach } from "node:test";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { StandIn } from "./server.js";

export const standIn = new StandIn();
const port = await standIn.listen();
export const origin = `http://127.0.0.1:${port}`;
after(() => standIn.close());
beforeEach(() => standIn.reset());

export const LONG_LIVED = { accessKeyId: "AKIDSTANDIN", secretAccessKey: "stand-in-secret" };
export const SESSION = {
  accessKeyId: "ASIASTANDIN",
  secretAccessKey: "stand-in-session-secret",
  sessionToken: "stand-in-session-token",
};

export const text = () => ({
  DestinationPhoneNumber: "+12065550142",
  MessageBody: "Hello",
  MessageType: "PROMOTIONAL",
  OriginationIdentity: "pool-1",
  ConfigurationSetName: "clarion",
  MaxPrice: "0.05",
  TimeToLive: 600,
  Context: { attempt: "7.1" },
});
export const meta = () => ({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to: "+12065550142",
  type: "template",
  biz_opaque_callback_data: "7.2",
  template: {
    name: "welcome",
    language: { code: "en_US" },
    components: [
      { type: "header", parameters: [{ type: "image", image: { link: "https://example.com/a.png" } }] },
      { type: "body", parameters: [{ type: "text", parameter_name: "first_name", text: "Ana" }] },
      { type: "button", sub_type: "quick_reply", index: "0", parameters: [{ type: "payload", payload: "STOP" }] },
    ],
  },
});
export const whatsApp = (message = meta()) => ({
  originationPhoneNumberId: "phone-number-id-0123456789abcdef0123456789abcdef",
  message: Buffer.from(JSON.stringify(message)).toString("base64"),
  metaApiVersion: "v20.0",
});
export const email = () => ({
  FromEmailAddress: "Shop <news@example.com>",
  Destination: { ToAddresses: ["ana@example.com"] },
  TenantName: "shop",
  ConfigurationSetName: "clarion",
  Content: {
    Simple: {
      Subject: { Data: "s", Charset: "UTF-8" },
      Body: { Text: { Data: "t" } },
      Headers: [{ Name: "List-Unsubscribe", Value: "<https://example.com/u>" }],
    },
  },
  EmailTags: [{ Name: "attempt", Value: "7_3" }],
});
export const bulkEntry = (to = "ana@example.com", attempt = "7_3") => ({
  Destination: { ToAddresses: [to] },
  ReplacementTags: [{ Name: "attempt", Value: attempt }],
  ReplacementEmailContent: {
    ReplacementTemplate: { ReplacementTemplateData: JSON.stringify({ subject: "s", text: "Hi {{subject}}" }) },
  },
  ReplacementHeaders: [{ Name: "List-Unsubscribe", Value: "<https://example.com/u>" }],
});
export const bulk = (entries = [bulkEntry(), bulkEntry("bob@example.com", "7_4")]) => ({
  FromEmailAddress: "Shop <news@example.com>",
  DefaultContent: {
    Template: { TemplateContent: { Subject: "{{subject}}", Text: "{{text}}" }, TemplateData: "{}" },
  },
  BulkEmailEntries: entries,
  ConfigurationSetName: "clarion",
  TenantName: "shop",
});

const JSON_1_0 = { "content-type": "application/x-amz-json-1.0" };
const REST = { "content-type": "application/json" };
export const calls = {
  sms: (input, headers = {}) => ({
    service: "sms-voice",
    path: "/",
    body: JSON.stringify(input),
    headers: { ...JSON_1_0, "x-amz-target": "PinpointSMSVoiceV2.SendTextMessage", ...headers },
  }),
  whatsapp: (input) => ({
    service: "social-messaging",
    path: "/v1/whatsapp/send",
    body: JSON.stringify(input),
    headers: REST,
  }),
  email: (input) => ({ service: "ses", path: "/v2/email/outbound-emails", body: JSON.stringify(input), headers: REST }),
  bulk: (input) => ({
    service: "ses",
    path: "/v2/email/outbound-bulk-emails",
    body: JSON.stringify(input),
    headers: REST,
  }),
};

// The headers of a signed request, without Host: fetch sends that itself.
export async function sign({ service, path, body, headers, method = "POST" }, how = {}) {
  const { credentials = LONG_LIVED, signingDate, region = "us-east-1" } = how;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
  const request = { method, path, query: {}, body, headers: { host: `127.0.0.1:${port}`, ...headers } };
  const { host, ...signed } = (await signer.sign(request, { signingDate })).headers;
  return signed;
}

// Signs and sends; `how.tamper` changes the signed request before it goes out.
export async function call(unsigned, how = {}) {
  const request = { ...unsigned, headers: await sign(unsigned, how) };
  how.tamper?.(request);
  const reply = await fetch(origin + request.path, { method: "POST", headers: request.headers, body: request.body });
  const answer = await reply.json();
  const code = reply.headers.get("x-amzn-errortype")?.split(":")[0] ?? answer.__type?.split("#")[1];
  return { status: reply.status, answer, code };
}
