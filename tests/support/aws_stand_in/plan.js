// What a run asks of the stand-in: how often it misbehaves and how, the state of the account, answers for single
// recipients. Seeded: the same requests in the same order meet the same faults.
import { ENTRY_STATUSES } from "./bulk_email.js";

// Shares of send requests, [0, 1]; a request meets one of them at most. "before" was not accepted, "after" was.
const FAULTS = [
  "throttle", // the service's own throttling error
  "fail_before", // 5xx
  "reset_before", // the connection is reset without a reply
  "hang_before", // no answer, ever
  "unknown_code", // a refusal whose code nobody has heard of
  "fail_after", // accepted, then 5xx
  "reset_after", // accepted, then reset after `reset_bytes` of the reply
  "hang_after", // accepted, and no answer, ever
  "late", // accepted, answered after late_ms
  "garbage", // accepted, answered with a page instead of JSON
];

const DEFAULTS = {
  seed: 1,
  ...Object.fromEntries(FAULTS.map((name) => [name, 0])),
  reset_bytes: 0,
  late_ms: 2000,
  latency_ms: 0, // of every answer
  limit_per_second: {}, // {"sms": 100}: what is above it is throttled
  // Per channel: ok, paused, daily_quota, suspended, denied.
  account: {},
  // Of single entries of SendBulkEmail, beside the faults of the whole call: {"ACCOUNT_THROTTLED": 0.05}.
  outcomes: {},
  // Instead of accepting: {"+15550001": {"code": "ConflictException", "members": {"Reason": "..."}}}; "status" is what
  // the model says, unless it is given. For an entry of SendBulkEmail the code is its Status.
  answers: {},
  read_failures: {}, // {"GetAccount": {"status": 500, "code": "..."}}
};

// mulberry32: 32 bits of state are enough to shuffle faults.
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Plan {
  constructor(settings = {}) {
    this.settings = { ...DEFAULTS };
    this.change(settings);
  }

  // Throws a sentence about the first setting that there is not.
  change(settings) {
    for (const [name, value] of Object.entries(settings)) {
      if (!(name in DEFAULTS))
        throw new Error(`The plan has no setting "${name}"; it has ${Object.keys(DEFAULTS).join(", ")}.`);
      if (typeof value !== typeof DEFAULTS[name])
        throw new Error(`"${name}" has to be like ${JSON.stringify(DEFAULTS[name])}.`);
    }
    Object.assign(this.settings, settings);
    const sum = FAULTS.reduce((total, name) => total + this.settings[name], 0);
    if (sum > 1) throw new Error(`The shares of the faults add up to ${sum}; 1 at most.`);
    const unknown = Object.keys(this.settings.outcomes).find((status) => !ENTRY_STATUSES.includes(status));
    if (unknown) throw new Error(`"${unknown}" is no Status of an entry; there are ${ENTRY_STATUSES.join(", ")}.`);
    this.random = randomFrom(this.settings.seed);
    this.buckets = {};
  }

  isAboveLimit(channel, now) {
    const limit = this.settings.limit_per_second[channel];
    if (!limit) return false;
    const bucket = (this.buckets[channel] ??= { tokens: limit, at: now });
    bucket.tokens = Math.min(limit, bucket.tokens + ((now - bucket.at) * limit) / 1000);
    bucket.at = now;
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  }

  // The fault the next request meets, or "none".
  drawFault() {
    return this.draw(FAULTS, this.settings) ?? "none";
  }

  // The Status of the next entry of a SendBulkEmail.
  drawOutcome() {
    const { outcomes } = this.settings;
    return this.draw(Object.keys(outcomes), outcomes) ?? "SUCCESS";
  }

  draw(names, shares) {
    let point = this.random();
    for (const name of names) {
      point -= shares[name];
      if (point < 0) return name;
    }
    return undefined;
  }
}
