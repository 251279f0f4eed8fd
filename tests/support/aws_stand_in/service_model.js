// The three services as their published models describe them: operations with their routes, the shapes of requests,
// and the HTTP status of each error. The shapes are the schemas that the AWS clients on npm carry; lengths, patterns
// and enumerations, which those leave out, stand in limits.json.
import { readFileSync } from "node:fs";
import * as email from "@aws-sdk/client-sesv2";
import * as sms from "@aws-sdk/client-pinpoint-sms-voice-v2";
import * as whatsapp from "@aws-sdk/client-socialmessaging";
import { NormalizedSchema } from "@smithy/core/schema";

const limits = JSON.parse(readFileSync(new URL("limits.json", import.meta.url)));
const OPERATION = 9;
const STRUCT = 3;
const REQUIRED_COUNT = 6; // of a structure's schema; the required members come first

export const services = {
  sms: {
    namespace: "com.amazonaws.pinpointsmsvoicev2",
    signingName: "sms-voice",
    target: "PinpointSMSVoiceV2",
    client: sms,
  },
  whatsapp: {
    namespace: "com.amazonaws.socialmessaging",
    signingName: "social-messaging",
    prefix: "/v1/whatsapp/",
    client: whatsapp,
  },
  email: { namespace: "com.amazonaws.sesv2", signingName: "ses", prefix: "/v2/email/", client: email },
};

for (const service of Object.values(services)) {
  const schemas = service.client.default ?? service.client;
  service.operations = new Map();
  service.errors = new Map();
  for (const schema of Object.values(schemas)) {
    if (!Array.isArray(schema)) continue;
    if (schema[0] === OPERATION) {
      const [, , name, traits, input, output] = schema;
      const [method, path] = (traits && traits.http) || ["POST", "/"];
      service.operations.set(name, {
        name,
        method,
        pattern: new RegExp(`^${path.replace(/[.?]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
        input: NormalizedSchema.of(input),
        output: NormalizedSchema.of(output),
      });
    } else if (schema[0] === -STRUCT) {
      service.errors.set(schema[2], schema[3].httpError ?? (schema[3].error === "server" ? 500 : 400));
    }
  }
}

// The operation of a REST route, and the values of its path labels; undefined when there is none.
export function findRoute(service, method, path) {
  for (const operation of service.operations.values()) {
    if (operation.method !== method) continue;
    const match = operation.pattern.exec(path);
    if (match) return { operation, labels: match.groups ?? {} };
  }
  return undefined;
}

// Moves path labels and query values into the input object, typed as the model says. Returns what the model has not.
export function readRestInput(operation, labels, query, input) {
  const unknown = new Set(Object.keys(query));
  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) input[name] = decodeURIComponent(labels[name]);
    if (!traits.httpQuery || query[traits.httpQuery] === undefined) continue;
    unknown.delete(traits.httpQuery);
    const values = [query[traits.httpQuery]].flat();
    input[name] = member.isListSchema() ? values : member.isNumericSchema() ? Number(values[0]) : values[0];
  }
  return [...unknown];
}

const typeFaults = {
  String: (value) => typeof value === "string",
  Numeric: (value) => typeof value === "number" && Number.isFinite(value),
  Boolean: (value) => typeof value === "boolean",
  Timestamp: (value) => typeof value === "number" || (typeof value === "string" && !Number.isNaN(Date.parse(value))),
  Blob: (value) => typeof value === "string" && Buffer.from(value, "base64").toString("base64") === value,
};

function sizeOf(schema, value) {
  if (schema.isNumericSchema()) return value;
  if (schema.isBlobSchema()) return Buffer.from(value, "base64").length;
  if (schema.isStringSchema()) return [...value].length;
  return schema.isListSchema() ? value.length : Object.keys(value).length;
}

// Everything about `value` that its shape does not allow: [{kind, member, message}], kind one of missing, unknown, type,
// limit.
export function findFaults(operation, value, schema = operation.input, path = "") {
  const faults = [];
  const add = (kind, message, member = path) =>
    faults.push({ kind, member, message: `${member || "The body"} ${message}` });
  const inner = (next, child, at) => faults.push(...findFaults(operation, child, next, at));

  if (schema.isStructSchema()) {
    if (value === null || typeof value !== "object" || Array.isArray(value))
      return (add("type", "has to be an object."), faults);
    const at = (name) => (path ? `${path}.${name}` : name);
    const known = new Set();
    let required = schema.getSchema()[REQUIRED_COUNT] ?? 0;
    for (const [name, member] of schema.structIterator()) {
      known.add(name);
      if (value[name] !== undefined) inner(member, value[name], at(name));
      else if (required > 0) add("missing", "is required.", at(name));
      --required;
    }
    for (const name of Object.keys(value)) if (!known.has(name)) add("unknown", "is no member of the model.", at(name));
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) return (add("type", "has to be a list."), faults);
    for (const child of value) inner(schema.getValueSchema(), child, `${path}[]`);
  } else if (schema.isMapSchema()) {
    if (value === null || typeof value !== "object" || Array.isArray(value))
      return (add("type", "has to be a map."), faults);
    for (const [name, child] of Object.entries(value)) {
      inner(schema.getKeySchema(), name, `${path}{key}`);
      inner(schema.getValueSchema(), child, `${path}{value}`);
    }
  } else {
    const type = Object.keys(typeFaults).find((name) => schema[`is${name}Schema`]());
    if (type && !typeFaults[type](value)) return (add("type", `has to be a ${type.toLowerCase()}.`), faults);
  }

  const limit = limits[operation.name]?.[path];
  if (limit) {
    const size = sizeOf(schema, value);
    if (limit.min !== undefined && size < limit.min) add("limit", `is below ${limit.min}.`);
    if (limit.max !== undefined && size > limit.max) add("limit", `is above ${limit.max}.`);
    if (limit.integer && !Number.isInteger(value)) add("type", "has to be an integer.");
    if (limit.enum && !limit.enum.includes(value)) add("limit", `is none of ${limit.enum}.`);
    if (limit.pattern && !new RegExp(`^(?:${limit.pattern})$`, "u").test(value))
      add("limit", `does not match ${limit.pattern}.`);
  }
  return faults;
}
