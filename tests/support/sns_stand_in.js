// node sns_stand_in.js: SNS as a subscriber sees it, behind a proxy. Prints the port on its first line and ends with
// whoever started it.
//
//   CONNECT sns.us-east-1.amazonaws.com:443   a tunnel to a TLS server of that name, whose certificate is from an authority
//                                             made for this run: what a client that verifies names and authorities
//                                             needs, and nothing less. Any other name is refused.
//     GET /SimpleNotificationService-1.pem    the certificate that belongs to the key that signs
//     GET /?Action=ConfirmSubscription...     confirms
//   GET  /__ca      the authority, PEM
//   GET  /__seen    {"requests": [what was asked through the tunnel]}
//   POST /__sign    the message with SignatureVersion ("2" unless it says), SigningCertURL and Signature
import { execFileSync } from "node:child_process";
import { createSign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { endWithParent } from "./end_with_parent.js";

const host = "sns.us-east-1.amazonaws.com";
const folder = mkdtempSync(join(tmpdir(), "clarion-sns-"));
const file = (name) => join(folder, name);
const read = (name) => readFileSync(file(name), "utf8");

function makeCertificate(name, subject, extra) {
  const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", file(`${name}.key`)];
  execFileSync(
    "openssl",
    ["req", "-x509", ...key, "-days", "2", "-subj", `/CN=${subject}`, "-out", file(`${name}.pem`), ...extra],
    { stdio: "pipe" },
  );
}
makeCertificate("ca", "Test authority", []);
makeCertificate("host", host, [
  ...["-CA", file("ca.pem"), "-CAkey", file("ca.key")],
  ...["-addext", `subjectAltName=DNS:${host}`, "-addext", "basicConstraints=critical,CA:FALSE"],
]);
makeCertificate("signer", "sns.amazonaws.com", []);
const [ca, hostPem, hostKey] = [read("ca.pem"), read("host.pem"), read("host.key")];
const [signerPem, signerKey] = [read("signer.pem"), read("signer.key")];
rmSync(folder, { recursive: true });

// What SNS signs, in its order: docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
const signedMembers = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
};

function sign(message) {
  const version = message.SignatureVersion ?? "2";
  const members = signedMembers[message.Type].filter((name) => message[name] !== undefined);
  const text = members.map((name) => `${name}\n${message[name]}\n`).join("");
  const signature = createSign(version === "1" ? "RSA-SHA1" : "RSA-SHA256").update(text).sign(signerKey, "base64");
  const url = `https://${host}/SimpleNotificationService-1.pem`;
  return { SigningCertURL: url, ...message, SignatureVersion: version, Signature: signature };
}

const seen = [];
const inTunnel = http.createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  if (request.url === "/SimpleNotificationService-1.pem") response.end(signerPem);
  else if (request.url.startsWith("/?Action=ConfirmSubscription&")) response.end("<ConfirmSubscriptionResponse/>");
  else response.writeHead(404).end();
});

const answers = {
  "/__ca": () => ca,
  "/__seen": () => JSON.stringify({ requests: seen }),
  "/__sign": (body) => JSON.stringify(sign(JSON.parse(body))),
};
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const answer = answers[request.url];
    if (answer) response.end(answer(body));
    else response.writeHead(404).end();
  });
});
server.on("connect", (request, socket) => {
  if (request.url !== `${host}:443`) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  const secure = new tls.TLSSocket(socket, { isServer: true, cert: hostPem, key: hostKey });
  secure.on("error", () => socket.destroy());
  inTunnel.emit("connection", secure);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
endWithParent();
