// Shows that the stand-in refuses each kind of wrong request, and counts no message of one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bulk, bulkEntry, call, calls, email, LONG_LIVED, meta, SESSION, standIn, text, whatsApp } from "./sample_requests.js";

const wrongSignatures = {
  "no signature": [
    { tamper: (request) => delete request.headers.authorization },
    "MissingAuthenticationTokenException",
  ],
  "an authorization of another form": [
    { tamper: (request) => (request.headers.authorization = "Bearer x") },
    "IncompleteSignatureException",
  ],
  "an unknown key": [{ credentials: { ...LONG_LIVED, accessKeyId: "AKIDNOBODY" } }, "UnrecognizedClientException"],
  "a wrong secret": [{ credentials: { ...LONG_LIVED, secretAccessKey: "guessed" } }, "SignatureDoesNotMatch"],
  "another body than the signed one": [
    { tamper: (request) => (request.body = request.body.replace("Hello", "Hullo")) },
    "SignatureDoesNotMatch",
  ],
  "another path than the signed one": [{ tamper: (request) => (request.path = "/other") }, "SignatureDoesNotMatch"],
  "a session key without its token": [
    { credentials: { ...SESSION, sessionToken: undefined } },
    "UnrecognizedClientException",
  ],
  "a token of somebody else": [{ credentials: { ...SESSION, sessionToken: "other" } }, "UnrecognizedClientException"],
  "an expired token": [
    {
      credentials: {
        accessKeyId: "ASIAEXPIRED",
        secretAccessKey: "stand-in-old-secret",
        sessionToken: "stand-in-old-token",
      },
    },
    "ExpiredTokenException",
  ],
  "a clock ten minutes behind": [{ signingDate: new Date(Date.now() - 600_000) }, "InvalidSignatureException"],
  "another region": [{ region: "eu-west-1" }, "SignatureDoesNotMatch"],
  "an unsigned x-amz header": [
    { tamper: (request) => (request.headers["x-amz-extra"] = "1") },
    "SignatureDoesNotMatch",
  ],
};
for (const [name, [how, code]] of Object.entries(wrongSignatures)) {
  test(`refused: ${name}`, async () => {
    assert.equal((await call(calls.sms(text()), how)).code, code);
    assert.equal(standIn.counts.unsigned, 1);
    assert.deepEqual(standIn.counts.recipients, {});
  });
}

// Clarion has to keep this out of what it shows and logs.
test("a refused signature is answered, as AWS does, by a quotation of the request, the session token included", async () => {
  const { answer } = await call(calls.sms(text()), { credentials: { ...SESSION, secretAccessKey: "guessed" } });
  assert.match(answer.Message, /The Canonical String for this request should have been\n'POST\n\/\n\n/);
  assert.ok(answer.Message.includes(`\nx-amz-security-token:${SESSION.sessionToken}\n`), answer.Message);
  assert.match(answer.Message, /The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n/);
});

// Changes one thing of a good request.
const but = (make, change) => {
  const input = make();
  change(input);
  return input;
};
const blob = (change) => whatsApp(but(meta, change));
const wrongRequests = [
  ["sms", "an unknown member", { ...text(), Colour: "red" }, "ValidationException", "INVALID_PARAMETER"],
  [
    "sms",
    "no destination",
    but(text, (input) => delete input.DestinationPhoneNumber),
    "ValidationException",
    "MISSING_PARAMETER",
  ],
  ["sms", "no body", but(text, (input) => delete input.MessageBody), "ValidationException", "MISSING_PARAMETER"],
  ["sms", "a number for a string", { ...text(), MessageBody: 1 }, "SerializationException"],
  ["sms", "null for a member", { ...text(), Keyword: null }, "SerializationException"],
  ["sms", "a list for a map", { ...text(), Context: [] }, "SerializationException"],
  ["sms", "half a second", { ...text(), TimeToLive: 5.5 }, "SerializationException"],
  [
    "sms",
    "a text too long",
    { ...text(), MessageBody: "x".repeat(1601) },
    "ValidationException",
    "FIELD_VALIDATION_FAILED",
  ],
  ["sms", "a blank text", { ...text(), MessageBody: "  \n" }, "ValidationException", "FIELD_VALIDATION_FAILED"],
  [
    "sms",
    "a destination of letters",
    { ...text(), DestinationPhoneNumber: "call me" },
    "ValidationException",
    "FIELD_VALIDATION_FAILED",
  ],
  [
    "sms",
    "an unknown message type",
    { ...text(), MessageType: "SPAM" },
    "ValidationException",
    "FIELD_VALIDATION_FAILED",
  ],
  [
    "sms",
    "a time to live out of range",
    { ...text(), TimeToLive: 4 },
    "ValidationException",
    "FIELD_VALIDATION_FAILED",
  ],
  [
    "sms",
    "too large a context",
    { ...text(), Context: { a: "1", b: "2", c: "3", d: "4", e: "5", f: "6" } },
    "ValidationException",
    "FIELD_VALIDATION_FAILED",
  ],
  [
    "sms",
    "a context value with a space at its end",
    { ...text(), Context: { attempt: "7 " } },
    "ValidationException",
    "FIELD_VALIDATION_FAILED",
  ],
  [
    "sms",
    "a country parameter that there is not",
    { ...text(), DestinationCountryParameters: { DE: "1" } },
    "ValidationException",
    "FIELD_VALIDATION_FAILED",
  ],
  ["email", "an unknown member", { ...email(), Attempt: "1" }, "BadRequestException"],
  [
    "email",
    "an unknown member deep down",
    but(email, (input) => (input.Content.Simple.Body.Markdown = { Data: "" })),
    "BadRequestException",
  ],
  ["email", "no content", but(email, (input) => delete input.Content), "BadRequestException"],
  ["email", "a tag with a dot", { ...email(), EmailTags: [{ Name: "attempt", Value: "7.3" }] }, "BadRequestException"],
  [
    "email",
    "a header with a line feed",
    but(email, (input) => (input.Content.Simple.Headers[0].Value = "a\r\nBcc: b@example.com")),
    "BadRequestException",
  ],
  ["email", "two kinds of content", but(email, (input) => (input.Content.Raw = { Data: "" })), "BadRequestException"],
  [
    "email",
    "a recipient that is not ASCII",
    { ...email(), Destination: { ToAddresses: ["ana@bücher.example"] } },
    "BadRequestException",
  ],
  ["email", "nobody to send to", { ...email(), Destination: {} }, "BadRequestException"],
  [
    "email",
    "one address where a list belongs",
    { ...email(), Destination: { ToAddresses: "ana@example.com" } },
    "SerializationException",
  ],
  ["bulk", "no content", but(bulk, (input) => delete input.DefaultContent), "BadRequestException"],
  ["bulk", "no entry", bulk([]), "BadRequestException"],
  [
    "bulk",
    "fifty-one entries",
    bulk(Array.from({ length: 51 }, (_, i) => bulkEntry(`p${i}@example.com`))),
    "BadRequestException",
  ],
  [
    "bulk",
    "an entry to nobody",
    but(bulk, (input) => (input.BulkEmailEntries[1].Destination = {})),
    "BadRequestException",
  ],
  [
    "bulk",
    "an unknown member of an entry",
    but(bulk, (input) => (input.BulkEmailEntries[1].EmailTags = [])),
    "BadRequestException",
  ],
  [
    "bulk",
    "a tag with a dot",
    but(bulk, (input) => (input.BulkEmailEntries[1].ReplacementTags[0].Value = "7.3")),
    "BadRequestException",
  ],
  [
    "bulk",
    "a header with a line feed",
    but(bulk, (input) => (input.BulkEmailEntries[1].ReplacementHeaders[0].Value = "a\r\nBcc: b@example.com")),
    "BadRequestException",
  ],
  [
    "bulk",
    "values too long",
    but(bulk, (input) => {
      const { ReplacementTemplate: template } = input.BulkEmailEntries[1].ReplacementEmailContent;
      template.ReplacementTemplateData = JSON.stringify({ subject: "s", text: "x".repeat(262_144) });
    }),
    "BadRequestException",
  ],
  [
    "bulk",
    "values that are no JSON",
    but(bulk, (input) => {
      input.BulkEmailEntries[1].ReplacementEmailContent.ReplacementTemplate.ReplacementTemplateData = "{";
    }),
    "BadRequestException",
  ],
  [
    "bulk",
    "a variable without value",
    but(bulk, (input) => (input.DefaultContent.Template.TemplateContent.Html = "{{html}}")),
    "BadRequestException",
  ],
  [
    "bulk",
    "one entry where a list belongs",
    { ...bulk(), BulkEmailEntries: bulkEntry() },
    "SerializationException",
  ],
  [
    "whatsapp",
    "no number to send from",
    but(whatsApp, (input) => delete input.originationPhoneNumberId),
    "ValidationException",
  ],
  [
    "whatsapp",
    "Meta's number instead of AWS's",
    { ...whatsApp(), originationPhoneNumberId: "100000000000001" },
    "ValidationException",
  ],
  ["whatsapp", "a message that is no base64", { ...whatsApp(), message: "{}" }, "ValidationException"],
  ["whatsapp", "a message that is no JSON", { ...whatsApp(), message: "aGVsbG8=" }, "ValidationException"],
  ["whatsapp", "an unknown member of the message", blob((message) => (message.priority = 1)), "ValidationException"],
  ["whatsapp", "another product", blob((message) => (message.messaging_product = "signal")), "ValidationException"],
  ["whatsapp", "no recipient", blob((message) => delete message.to), "ValidationException"],
  [
    "whatsapp",
    "a template name in capitals",
    blob((message) => (message.template.name = "Welcome")),
    "ValidationException",
  ],
  ["whatsapp", "no language", blob((message) => delete message.template.language), "ValidationException"],
  [
    "whatsapp",
    "an empty list of components",
    blob((message) => (message.template.components = [])),
    "ValidationException",
  ],
  [
    "whatsapp",
    "two header parameters",
    blob((message) => message.template.components[0].parameters.push({ type: "text", text: "x" })),
    "ValidationException",
  ],
  [
    "whatsapp",
    "parameters by name and by position",
    blob((message) => message.template.components[1].parameters.push({ type: "text", text: "x" })),
    "ValidationException",
  ],
  [
    "whatsapp",
    "a button index that is a number",
    blob((message) => (message.template.components[2].index = 0)),
    "ValidationException",
  ],
  [
    "whatsapp",
    "a quick reply with a text",
    blob((message) => (message.template.components[2].parameters = [{ type: "text", text: "x" }])),
    "ValidationException",
  ],
];
for (const [channel, name, input, code, reason] of wrongRequests) {
  test(`refused: ${channel} with ${name}`, async () => {
    const reply = await call(calls[channel](input));
    assert.equal(reply.code, code, JSON.stringify(reply.answer));
    assert.equal(reply.status, 400);
    if (reason) assert.equal(reply.answer.Reason, reason);
    assert.deepEqual(standIn.counts.recipients, {});
    assert.equal(standIn.counts.refusals.length, 1);
  });
}

test("refused: another content type, operation or text encoding", async () => {
  assert.equal((await call(calls.sms(text(), { "content-type": "application/json" }))).code, "SerializationException");
  assert.equal(
    (await call(calls.sms(text(), { "x-amz-target": "PinpointSMSVoiceV2.SendCarrierPigeon" }))).code,
    "UnknownOperationException",
  );
  assert.equal(
    (await call({ ...calls.sms(text()), body: Buffer.from([0x22, 0xff, 0x22]) })).code,
    "SerializationException",
  );
  assert.equal(
    (await call({ ...calls.email(email()), path: "/v2/email/inbound-emails" })).code,
    "UnknownOperationException",
  );
});
