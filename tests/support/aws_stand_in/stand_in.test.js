// Shows that the stand-in takes what the real SDK sends, answers in the shapes of the models, and misbehaves as told.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  SendBulkEmailCommand,
  SendEmailCommand,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
import {
  DescribePoolsCommand,
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import {
  ListWhatsAppMessageTemplatesCommand,
  SendWhatsAppMessageCommand,
  SocialMessagingClient,
} from "@aws-sdk/client-socialmessaging";
import { newAccount, reads, troubles } from "./account.js";
import { Plan } from "./plan.js";
import {
  bulk,
  call,
  calls,
  email,
  LONG_LIVED,
  meta,
  origin,
  SESSION,
  sign,
  standIn,
  text,
  whatsApp,
} from "./sample_requests.js";
import { findFaults, services } from "./service_model.js";

const settings = { endpoint: origin, region: "us-east-1", credentials: SESSION, maxAttempts: 1 };
const sms = new PinpointSMSVoiceV2Client(settings);
const social = new SocialMessagingClient(settings);
const ses = new SESv2Client(settings);

test("what the real SDK sends is accepted and counted", async () => {
  assert.match((await sms.send(new SendTextMessageCommand(text()))).MessageId, /^[0-9a-f-]{36}$/);
  assert.ok(
    (await social.send(new SendWhatsAppMessageCommand({ ...whatsApp(), message: Buffer.from(JSON.stringify(meta())) })))
      .messageId,
  );
  assert.ok((await ses.send(new SendEmailCommand(email()))).MessageId);
  const counts = await (await fetch(`${origin}/__counts`)).json();
  assert.deepEqual(counts.recipients, { "+12065550142": 2, "ana@example.com": 1 });
  assert.deepEqual(counts.attempts, { 7.1: 1, 7.2: 1, "7_3": 1 });
  assert.deepEqual([counts.unsigned, counts.refusals], [0, []]);
  assert.equal(counts.channels.sms.accepted_ms.length, 1);
  const message = await (await fetch(`${origin}/__message?to=${encodeURIComponent("+12065550142")}`)).json();
  assert.equal(message.message.template.name, "welcome");
});

test("every reading call answers in the shape of its model, and the SDK reads it", async () => {
  const inputs = {
    GetEmailIdentity: { EmailIdentity: "example.com" },
    GetConfigurationSet: { ConfigurationSetName: "clarion" },
    GetLinkedWhatsAppBusinessAccountPhoneNumber: { id: newAccount().whatsapp_numbers[0] },
    GetLinkedWhatsAppBusinessAccount: { id: newAccount().waba },
    ListWhatsAppMessageTemplates: { id: newAccount().waba },
  };
  for (const [name, read] of Object.entries(reads)) {
    const operation = Object.values(services)
      .map((service) => service.operations.get(name))
      .find(Boolean);
    assert.ok(operation, `${name} is no operation of the models`);
    assert.deepEqual(findFaults(operation, read(newAccount(), inputs[name] ?? {}), operation.output), [], name);
  }
  assert.equal((await sms.send(new DescribePoolsCommand({ PoolIds: newAccount().pools }))).Pools[0].Status, "ACTIVE");
  await assert.rejects(sms.send(new DescribePoolsCommand({ PoolIds: ["pool-nowhere"] })), {
    name: "ResourceNotFoundException",
  });
  assert.equal((await ses.send(new GetAccountCommand({}))).SendQuota.MaxSendRate, 1000);
  assert.equal(
    (await ses.send(new GetEmailIdentityCommand({ EmailIdentity: "news@example.com" }))).VerifiedForSendingStatus,
    true,
  );
  await assert.rejects(ses.send(new GetEmailIdentityCommand({ EmailIdentity: "other@example.com" })), {
    name: "NotFoundException",
  });
  assert.equal(
    (await social.send(new ListWhatsAppMessageTemplatesCommand({ id: newAccount().waba, maxResults: 5 }))).templates[0]
      .templateStatus,
    "APPROVED",
  );
  for (const [channel, kinds] of Object.entries(troubles)) {
    for (const [kind, { code }] of Object.entries(kinds)) {
      // IAM refuses before the service does; SES's model does not list that.
      assert.ok(services[channel].errors.has(code) || kind === "denied", `${channel} has no error ${code}`);
    }
  }
});

test("GetCallerIdentity speaks the query protocol, errors included", async () => {
  const request = {
    service: "sts",
    path: "/",
    body: "Action=GetCallerIdentity&Version=2011-06-15",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
  };
  const ask = async (credentials) =>
    fetch(origin, { method: "POST", headers: await sign(request, { credentials }), body: request.body });
  assert.match(await (await ask(SESSION)).text(), /<Account>123456789012<\/Account>/);
  assert.match(
    await (await ask({ ...LONG_LIVED, accessKeyId: "AKIDNOBODY" })).text(),
    /<Code>InvalidClientTokenId<\/Code>/,
  );
});

test("each fault of a plan does what it says", async () => {
  const send = () => call(calls.sms(text()));
  const sent = () => standIn.counts.recipients["+12065550142"] ?? 0;
  const meet = (settings) => {
    standIn.reset();
    standIn.plan.change(settings);
  };
  meet({ throttle: 1 });
  assert.equal((await send()).code, "ThrottlingException");
  assert.equal(sent(), 0);
  meet({ fail_before: 1 });
  assert.deepEqual([(await send()).status, sent()], [500, 0]);
  meet({ fail_after: 1 });
  assert.deepEqual([(await send()).status, sent()], [500, 1]);
  meet({ unknown_code: 1 });
  assert.deepEqual([(await send()).code, sent()], ["NeverHeardOfException", 0]);
  meet({ reset_before: 1 });
  await assert.rejects(send());
  assert.equal(sent(), 0);
  for (const reset_bytes of [0, 40]) {
    meet({ reset_after: 1, reset_bytes });
    await assert.rejects(send());
    assert.equal(sent(), 1);
  }
  meet({ garbage: 1 });
  await assert.rejects(send(), SyntaxError);
  assert.equal(sent(), 1);
  meet({ late: 1, late_ms: 20 });
  assert.deepEqual([(await send()).status, sent()], [200, 1]);
  meet({ account: { sms: "daily_quota" } });
  assert.deepEqual([(await send()).answer.Reason, sent()], ["MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", 0]);
  meet({
    answers: {
      "+12065550142": {
        status: 400,
        code: "ConflictException",
        members: { Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT" },
      },
    },
  });
  assert.deepEqual([(await send()).answer.Reason, sent()], ["DESTINATION_PHONE_NUMBER_OPTED_OUT", 0]);
  meet({ limit_per_second: { sms: 1 } });
  assert.deepEqual([(await send()).status, (await send()).code, sent()], [200, "ThrottlingException", 1]);
});

test("each entry of a bulk call has an outcome of its own, and what was rendered is kept", async () => {
  standIn.plan.change({ answers: { "bob@example.com": { code: "MESSAGE_REJECTED", message: "no" } } });
  const { BulkEmailEntryResults: results } = await ses.send(new SendBulkEmailCommand(bulk()));
  assert.equal(results.length, 2);
  assert.equal(results[0].Status, "SUCCESS");
  assert.match(results[0].MessageId, /^[0-9a-f-]{36}$/);
  assert.deepEqual({ ...results[1] }, { Status: "MESSAGE_REJECTED", Error: "no" });
  assert.deepEqual(standIn.counts.recipients, { "ana@example.com": 1 });
  assert.deepEqual(standIn.counts.attempts, { "7_3": 1 });
  const { requests, bulk_calls, accepted, answered } = standIn.counts.channels.email;
  assert.deepEqual([requests, bulk_calls, accepted, answered], [2, 1, 1, 1]);
  const { Content, FromEmailAddress } = standIn.counts.messages.get("ana@example.com");
  assert.equal(FromEmailAddress, "Shop <news@example.com>");
  assert.equal(Content.Simple.Body.Text.Data, "Hi {{subject}}", "values are put in once");
  assert.equal(Content.Simple.Headers[0].Name, "List-Unsubscribe");
});

test("faults of a bulk call are those of all its entries, outcomes of the plan those of single ones", async () => {
  const send = () => call(calls.bulk(bulk()));
  const counts = () => standIn.counts.channels.email;
  standIn.plan.change({ throttle: 1 });
  assert.equal((await send()).code, "TooManyRequestsException");
  assert.deepEqual([counts().throttled, counts().accepted], [2, 0]);
  standIn.plan.change({ throttle: 0, reset_after: 1, outcomes: { ACCOUNT_THROTTLED: 1 } });
  await assert.rejects(send());
  assert.deepEqual([counts().reset_after, counts().accepted], [2, 2]);
  standIn.plan.change({ reset_after: 0 });
  const { answer } = await send();
  assert.deepEqual(
    answer.BulkEmailEntryResults.map(({ Status }) => Status),
    ["ACCOUNT_THROTTLED", "ACCOUNT_THROTTLED"],
  );
  assert.deepEqual([counts().throttled, counts().accepted], [4, 2]);
  standIn.plan.change({ outcomes: { TRANSIENT_FAILURE: 1 }, limit_per_second: { email: 1 } });
  const { BulkEmailEntryResults: limited } = (await send()).answer;
  assert.deepEqual(
    limited.map(({ Status }) => Status),
    ["TRANSIENT_FAILURE", "ACCOUNT_THROTTLED"],
  );
  assert.throws(() => standIn.plan.change({ outcomes: { LOST: 1 } }), /"LOST" is no Status/);
});

test("a hanging request gets no answer", async () => {
  standIn.plan.change({ hang_before: 0.5, hang_after: 0.5 });
  const request = calls.sms(text());
  const { body } = request;
  const reply = fetch(origin, { method: "POST", headers: await sign(request), body, signal: AbortSignal.timeout(300) });
  await assert.rejects(reply, { name: "TimeoutError" });
  assert.equal(standIn.counts.channels.sms.requests, 1);
});

test("a seed repeats its faults, and the shares hold", () => {
  const draw = (seed) => {
    const plan = new Plan({ seed, throttle: 0.05, fail_before: 0.01 });
    return Array.from({ length: 10_000 }, () => plan.drawFault());
  };
  assert.deepEqual(draw(3), draw(3));
  assert.notDeepEqual(draw(3), draw(4));
  const throttled = draw(3).filter((fault) => fault === "throttle").length;
  assert.ok(throttled > 400 && throttled < 600, `${throttled} of 10,000`);
});

test("a plan with an unknown setting is refused by name", async () => {
  const reply = await fetch(`${origin}/__plan`, { method: "POST", body: '{"thortle": 1}' });
  assert.equal(reply.status, 400);
  assert.match((await reply.json()).message, /"thortle"/);
});
