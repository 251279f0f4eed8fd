// node sdk_sender.mjs URL MESSAGES TEXT: sends SMS with AWS's own SDK, 64 at a time over kept connections, and prints
// {"cpu_us", "per_second"} a message: user and system time of this process, after a tenth to warm up.
import { createRequire } from "node:module";
import { Agent } from "node:http";

const require = createRequire(new URL("../tests/support/package.json", import.meta.url));
const { PinpointSMSVoiceV2Client, SendTextMessageCommand } = require("@aws-sdk/client-pinpoint-sms-voice-v2");
const { NodeHttpHandler } = require("@smithy/node-http-handler");

const [url, messages, text] = process.argv.slice(2);
const AT_ONCE = 64;
const client = new PinpointSMSVoiceV2Client({
  endpoint: url,
  region: "us-east-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: AT_ONCE }) }),
});

async function send(count) {
  let next = 0;
  const sendInTurn = async () => {
    for (let i = next++; i < count; i = next++) {
      const reply = await client.send(
        new SendTextMessageCommand({
          DestinationPhoneNumber: `+1206${2000000 + i}`,
          MessageBody: text,
          MessageType: "PROMOTIONAL",
          OriginationIdentity: "pool-bench",
          Context: { attempt: `1.${i}.1` },
        }),
      );
      if (!reply.MessageId) throw new Error("no message id");
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendInTurn));
}

await send(Number(messages) / 10);
const cpu = process.cpuUsage();
const began = performance.now();
await send(Number(messages));
const used = process.cpuUsage(cpu);
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ cpu_us: (used.user + used.system) / messages, per_second: messages / seconds }));
client.destroy();
