// The stand-in's own truth about what reached it: what Clarion reports is held against this.

const newChannel = () => ({
  requests: 0, // messages that arrived
  bulk_calls: 0, // in so many calls of SendBulkEmail
  accepted: 0,
  throttled: 0,
  refused: 0,
  answered: 0,
  fail_before: 0,
  reset_before: 0,
  hang_before: 0,
  unknown_code: 0,
  fail_after: 0,
  reset_after: 0,
  hang_after: 0,
  late: 0,
  garbage: 0,
  arrivals_ms: [],
  accepted_ms: [],
});

export class Counts {
  constructor() {
    this.began = performance.now();
    this.channels = { sms: newChannel(), whatsapp: newChannel(), email: newChannel() };
    this.recipients = {}; // recipient: messages accepted
    this.attempts = {}; // attempt id: messages accepted
    this.throttled = {}; // recipient: times it was told to come later
    this.reads = {}; // operation: calls answered
    this.unsigned = 0; // requests whose signature was absent or wrong
    this.refusals = []; // the first 100: {operation, code, message}
    this.messages = new Map(); // recipient: the last message accepted
    this.taken = []; // {channel, to, attempt, message_id} of every message accepted
  }

  now() {
    return Math.round((performance.now() - this.began) * 100) / 100;
  }

  arrive(channel) {
    ++this.channels[channel].requests;
    this.channels[channel].arrivals_ms.push(this.now());
  }

  accept(channel, { to, attempt, message }, message_id) {
    ++this.channels[channel].accepted;
    this.channels[channel].accepted_ms.push(this.now());
    this.recipients[to] = (this.recipients[to] ?? 0) + 1;
    if (attempt !== undefined) this.attempts[attempt] = (this.attempts[attempt] ?? 0) + 1;
    this.messages.set(to, message);
    this.taken.push({ channel, to, attempt, message_id });
  }

  throttle(channel, to) {
    ++this.channels[channel].throttled;
    this.throttled[to] = (this.throttled[to] ?? 0) + 1;
  }

  refuse(operation, code, message) {
    if (this.refusals.length < 100) this.refusals.push({ operation, code, message });
  }

  toJSON() {
    const { began, messages, taken, ...rest } = this;
    return rest;
  }
}
