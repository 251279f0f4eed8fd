// The AWS stand-in: End User Messaging SMS and Social, SES v2 and STS on one loopback port. Every request has to be
// rightly signed and to fit the published model; then it is counted, and answered as the plan says.
//
// Control (unsigned)  GET /__counts; GET /__message?to=RECIPIENT; POST /__plan, /__account, /__keys (JSON members to
//                     change); POST /__reset (counts, plan, account and keys as at the start); POST /__events (publishes what became of
//                     the messages accepted since the last time, and answers what that was: events.js).
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { newAccount, ACCOUNT_ID, reads, Refusal, troubles } from "./account.js";
import { acceptEntry, judgeEntry, readBulkEmail } from "./bulk_email.js";
import { Counts } from "./counts.js";
import { publishEvents } from "./events.js";
import { findEmailFaults, findSmsFaults, readMetaMessage } from "./message_rules.js";
import { Plan } from "./plan.js";
import { findFaults, findRoute, readRestInput, services } from "./service_model.js";
import { SignatureCheck } from "./signature.js";

export const DEFAULT_KEYS = {
  AKIDSTANDIN: { secret: "stand-in-secret" },
  ASIASTANDIN: { secret: "stand-in-session-secret", token: "stand-in-session-token" },
  ASIAEXPIRED: { secret: "stand-in-old-secret", token: "stand-in-old-token", expired: true },
};

// What a channel is asked to deliver: its faults beyond the model, and whom it reaches.
const sends = {
  SendTextMessage: {
    channel: "sms",
    id: "MessageId",
    throttle: "ThrottlingException",
    failure: "InternalServerException",
    read: (input) => ({
      faults: findSmsFaults(input),
      to: input.DestinationPhoneNumber,
      attempt: input.Context?.attempt,
      message: input,
    }),
  },
  SendWhatsAppMessage: {
    channel: "whatsapp",
    id: "messageId",
    throttle: "ThrottledRequestException",
    failure: "InternalServiceException",
    read: (input) => {
      const { message, faults } = readMetaMessage(input.message);
      return { faults, to: message.to, attempt: message.biz_opaque_callback_data, message: { ...input, message } };
    },
  },
  SendEmail: {
    channel: "email",
    id: "MessageId",
    throttle: "TooManyRequestsException",
    failure: "InternalServiceErrorException",
    read: (input) => ({
      faults: findEmailFaults(input),
      to: input.Destination?.ToAddresses?.[0],
      message: input,
      attempt: input.EmailTags?.find((tag) => tag.Name === "attempt")?.Value,
    }),
  },
  SendBulkEmail: {
    channel: "email",
    isBulk: true,
    throttle: "TooManyRequestsException",
    failure: "InternalServiceErrorException",
    read: readBulkEmail,
  },
};
const throttleTexts = { email: "Maximum sending rate exceeded." };
const escapeXml = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const stsService = { signingName: "sts" };

function findService(request) {
  if (request.headers["x-amz-target"]) return services.sms;
  const rest = Object.values(services).find(({ prefix }) => prefix && request.path.startsWith(prefix));
  return (
    rest ??
    (request.path === "/" && request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")
      ? stsService
      : undefined)
  );
}

// A refusal of the request itself, in the words each service has for it.
function refuseFaults(service, faults) {
  const message = faults.map((fault) => fault.message).join(" ");
  if (faults.some(({ kind }) => kind === "type") && service !== services.whatsapp)
    throw new Refusal("SerializationException", message);
  if (service === services.email) throw new Refusal("BadRequestException", message);
  if (service === services.whatsapp) throw new Refusal("ValidationException", message);
  const reason =
    faults[0].kind === "missing"
      ? "MISSING_PARAMETER"
      : faults[0].kind === "unknown"
        ? "INVALID_PARAMETER"
        : "FIELD_VALIDATION_FAILED";
  throw new Refusal("ValidationException", message, {
    Reason: reason,
    Fields: faults.map(({ member, message }) => ({ Name: member, Message: message })),
  });
}

export class StandIn {
  constructor({ region = "us-east-1", keys = DEFAULT_KEYS, plan = {}, account = {} } = {}) {
    this.start = { region, keys, plan, account };
    this.reset();
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => this.serve(request, response, Buffer.concat(chunks)));
      request.on("error", () => {}); // the client left in mid-request: nothing arrived
    });
  }

  reset() {
    this.plan = new Plan(this.start.plan);
    this.account = { ...newAccount(), ...this.start.account };
    this.signatures = new SignatureCheck(this.start.region, { ...this.start.keys });
    this.counts = new Counts();
  }

  // The port, once it listens.
  listen(port = 0) {
    return new Promise((resolve) => this.server.listen(port, "127.0.0.1", () => resolve(this.server.address().port)));
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async serve(raw, response, body) {
    const [path, search = ""] = raw.url.split("?");
    const query = {};
    for (const [name, value] of new URLSearchParams(search))
      query[name] = name in query ? [query[name], value].flat() : value;
    const request = { method: raw.method, path, query, headers: raw.headers, body };
    if (path.startsWith("/__")) return this.control(request, response);

    const service = findService(request);
    try {
      if (!service) throw new Refusal("UnknownOperationException", `There is no ${request.method} ${path} here.`);
      const fault = await this.signatures.findFault(request, service.signingName);
      if (fault) {
        ++this.counts.unsigned;
        this.counts.refuse(path, fault.code, fault.message);
        return this.sendError(response, service, fault.status, fault.code, fault.message);
      }
      if (service === stsService) return this.answerSts(request, response);
      const { operation, input } = this.readInput(service, request);
      const faults = findFaults(operation, input);
      if (faults.length > 0) refuseFaults(service, faults);
      if (sends[operation.name]) return await this.take(service, operation, input, response);
      return this.read(service, operation, input, response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.counts.refuse(request.headers["x-amz-target"] ?? path, error.code, error.message);
      const status = service?.errors?.get(error.code) ?? (error.code === "AccessDeniedException" ? 403 : 400);
      this.sendError(response, service ?? services.sms, status, error.code, error.message, error.members);
    }
  }

  readInput(service, request) {
    const parse = () => {
      try {
        return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(request.body));
      } catch (error) {
        throw new Refusal("SerializationException", `The body is no JSON: ${error.message}`);
      }
    };
    if (service.target) {
      const [target, name] = request.headers["x-amz-target"].split(".");
      const operation = target === service.target ? service.operations.get(name) : undefined;
      if (!operation || request.method !== "POST" || request.path !== "/")
        throw new Refusal("UnknownOperationException", "There is no such operation.");
      if (request.headers["content-type"] !== "application/x-amz-json-1.0")
        throw new Refusal("SerializationException", "The content type has to be application/x-amz-json-1.0.");
      return { operation, input: parse() };
    }
    const route = findRoute(service, request.method, request.path);
    if (!route) throw new Refusal("UnknownOperationException", `There is no ${request.method} ${request.path}.`);
    if (request.body.length > 0 && request.headers["content-type"] !== "application/json") {
      throw new Refusal("SerializationException", "The content type has to be application/json.");
    }
    const input = request.body.length > 0 ? parse() : {};
    const unknown = readRestInput(route.operation, route.labels, request.query, input);
    if (unknown.length > 0)
      refuseFaults(
        service,
        unknown.map((member) => ({ kind: "unknown", member, message: `The query has no ${member}.` })),
      );
    return { operation: route.operation, input };
  }

  // One message, or several in bulk: checked, counted, and answered as the plan says.
  async take(service, operation, input, response) {
    const { channel, isBulk, id, throttle, failure, read } = sends[operation.name];
    const count = this.counts.channels[channel];
    const { faults, messages = [], ...message } = read(input);
    if (isBulk) ++count.bulk_calls;
    else messages.push(message);
    for (let i = 0; i < messages.length; ++i) this.counts.arrive(channel);
    if (faults.length > 0) {
      count.refused += Math.max(1, messages.length);
      refuseFaults(service, faults);
    }
    const { settings } = this.plan;
    const trouble = troubles[channel][settings.account[channel]];
    if (trouble) {
      count.refused += messages.length;
      throw trouble;
    }
    const answer = isBulk ? undefined : settings.answers[message.to];
    if (answer) {
      ++count.answered;
      return this.sendError(
        response,
        service,
        answer.status ?? service.errors.get(answer.code) ?? 400,
        answer.code,
        answer.message ?? "As the plan says.",
        answer.members,
      );
    }
    if (settings.latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, settings.latency_ms));

    const isAboveLimit = !isBulk && this.plan.isAboveLimit(channel, performance.now());
    const fault = isAboveLimit ? "throttle" : this.plan.drawFault();
    if (fault === "throttle") for (const { to } of messages) this.counts.throttle(channel, to);
    else if (fault !== "none") count[fault] += messages.length;
    const failWith = () =>
      this.sendError(
        response,
        service,
        service.errors.get(failure) ?? 500,
        failure,
        "The service could not carry this out.",
      );
    switch (fault) {
      case "throttle":
        return this.sendError(
          response,
          service,
          service.errors.get(throttle),
          throttle,
          throttleTexts[channel] ?? "Rate exceeded",
        );
      case "unknown_code":
        return this.sendError(response, service, 400, "NeverHeardOfException", "Nobody knows this code.");
      case "fail_before":
        return failWith();
      case "reset_before":
        return response.socket.resetAndDestroy();
      case "hang_before":
        return;
    }
    const reply = {};
    if (isBulk) {
      // A call whose answer is lost has accepted every entry, so that those in doubt can be counted.
      const isLost = fault !== "none" && fault !== "late";
      reply.BulkEmailEntryResults = messages.map((each) =>
        isLost ? acceptEntry(this.counts, each) : judgeEntry(this.counts, this.plan, each),
      );
    } else {
      reply[id] = randomUUID();
      this.counts.accept(channel, message, reply[id]);
    }
    switch (fault) {
      case "fail_after":
        return failWith();
      case "reset_after":
        return this.sendPart(response, reply, settings.reset_bytes);
      case "hang_after":
        return;
      case "garbage":
        return this.send(response, 200, "text/html", "<html><body>It works!</body></html>");
      case "late":
        await new Promise((resolve) => setTimeout(resolve, settings.late_ms));
    }
    this.sendReply(response, service, reply);
  }

  read(service, operation, input, response) {
    const answer = reads[operation.name];
    if (!answer) throw new Refusal("UnknownOperationException", `${operation.name} is not served by the stand-in.`);
    this.counts.reads[operation.name] = (this.counts.reads[operation.name] ?? 0) + 1;
    const failure = this.plan.settings.read_failures[operation.name];
    if (failure)
      return this.sendError(response, service, failure.status, failure.code, failure.message ?? "As the plan says.");
    this.sendReply(response, service, answer(this.account, input));
  }

  answerSts(request, response) {
    const form = Object.fromEntries(new URLSearchParams(request.body.toString()));
    if (form.Version !== "2011-06-15" || form.Action !== "GetCallerIdentity" || Object.keys(form).length !== 2) {
      throw new Refusal("InvalidAction", `Could not find operation ${form.Action} for version ${form.Version}`);
    }
    this.counts.reads.GetCallerIdentity = (this.counts.reads.GetCallerIdentity ?? 0) + 1;
    this.send(
      response,
      200,
      "text/xml",
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT_ID}:user/stand-in</Arn><UserId>AIDASTANDIN</UserId><Account>${ACCOUNT_ID}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
  }

  async control({ method, path, query, body }, response) {
    const answer = (status, value) => this.send(response, status, "application/json", JSON.stringify(value));
    try {
      switch (`${method} ${path}`) {
        case "GET /__counts":
          return answer(200, this.counts);
        case "GET /__message":
          return answer(200, this.counts.messages.get(query.to) ?? null);
        case "POST /__reset":
          this.reset();
          return answer(200, {});
        case "POST /__plan":
          this.plan.change(JSON.parse(body));
          return answer(200, this.plan.settings);
        case "POST /__account":
          Object.assign(this.account, JSON.parse(body));
          return answer(200, this.account);
        case "POST /__keys":
          this.signatures.changeKeys(JSON.parse(body));
          return answer(200, {});
        case "POST /__events":
          return answer(200, await publishEvents(this.counts.taken.splice(0), JSON.parse(body)));
      }
      return answer(404, { message: `There is no ${method} ${path}.` });
    } catch (error) {
      return answer(400, { message: error.message });
    }
  }

  sendReply(response, service, value) {
    this.send(response, 200, service.target ? "application/x-amz-json-1.0" : "application/json", JSON.stringify(value));
  }

  // As each protocol names its errors: in the body (JSON 1.0), in a header (REST), in XML (STS).
  sendError(response, service, status, code, message, members = {}) {
    if (service === stsService) {
      const name =
        {
          MissingAuthenticationTokenException: "MissingAuthenticationToken",
          UnrecognizedClientException: "InvalidClientTokenId",
          ExpiredTokenException: "ExpiredToken",
          IncompleteSignatureException: "IncompleteSignature",
        }[code] ?? code;
      return this.send(
        response,
        status,
        "text/xml",
        `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
      );
    }
    if (service.target) {
      return this.send(
        response,
        status,
        "application/x-amz-json-1.0",
        JSON.stringify({ __type: `${service.namespace}#${code}`, Message: message, ...members }),
      );
    }
    this.send(response, status, "application/json", JSON.stringify({ message, ...members }), {
      "x-amzn-errortype": `${code}:http://internal.amazon.com/coral/${service.namespace}/`,
    });
  }

  send(response, status, type, body, headers = {}) {
    if (response.destroyed) return;
    response.writeHead(status, {
      "content-type": type,
      "content-length": Buffer.byteLength(body),
      "x-amzn-requestid": randomUUID(),
      ...headers,
    });
    response.end(body);
  }

  // The first bytes of the reply, and then a reset.
  sendPart(response, value, bytes) {
    const { socket } = response;
    const body = JSON.stringify(value);
    const whole = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    if (bytes <= 0) return socket.resetAndDestroy();
    socket.write(whole.slice(0, Math.min(bytes, whole.length - 1)), () => socket.resetAndDestroy());
  }
}
