// The plain page: ask for people, see who and why, send, follow. Texts of other people are only ever set as text.

import { amount, call, element, fill, money, number, percent, show, table, time } from "/page-parts.js";

const $ = (id) => document.getElementById(id);
const channels = ["sms", "whatsapp", "email"];
const channelNames = { sms: "SMS", whatsapp: "WhatsApp", email: "Email" };
const listedPeople = 10;

let isProduction = false;
let found = null; // the results of the last query
let campaignId = null; // of the next send: the same for a repeated click, so that it can never send twice
let followed = null; // the campaign that is shown

// ---- environment

async function loadEnvironment() {
  try {
    const environment = await call("GET", "/api/environment");
    isProduction = environment.is_production;
    $("environment").textContent = isProduction ? "PRODUCTION" : "LOCAL";
    $("environment").className = `badge ${isProduction ? "production" : "local"}`;
    $("environment-note").textContent = isProduction
      ? "Messages go to real people through your AWS account."
      : "Carriers are simulated: nothing leaves this machine, whatever you press.";
    $("send-button").textContent = isProduction ? "Send campaign" : "Simulate";
  } catch (error) {
    $("environment").textContent = "NOT CONNECTED";
    $("environment-note").textContent = error.message;
  }
}

// ---- query

function showUnderstood(results) {
  const parts = [element("h3", {}, "Understood")];
  const dimensions = results.parsed_dimensions ?? [];
  parts.push(
    dimensions.length === 0
      ? element("p", { class: "hint" }, "No condition: everyone.")
      : element("ul", { class: "chips" }, ...dimensions.map((d) => element("li", { title: d.text ?? "" }, d.label))),
  );
  const unsupported = results.unsupported_dimensions ?? [];
  if (unsupported.length > 0) {
    const line = (u) => `“${u.words}”: ${u.reason}${u.suggestion ? ` (${u.suggestion})` : ""}`;
    parts.push(
      element("div", { class: "message warn" }, "Not understood, and so not part of the selection:",
        element("ul", {}, ...unsupported.map((u) => element("li", {}, line(u))))),
    );
  }
  for (const ambiguity of results.ambiguities ?? []) {
    parts.push(element("p", { class: "message warn" },
      `“${ambiguity.words}” can mean ${ambiguity.candidates.join(", ")}; all of them are included.`));
  }
  const suggestions = results.suggestions ?? [];
  if (suggestions.length > 0) parts.push(element("ul", {}, ...suggestions.map((s) => element("li", {}, s))));
  if (results.sql_query) {
    parts.push(element("details", {}, element("summary", {}, "As SQL"), element("pre", {}, results.sql_query)));
  }
  fill($("understood"), ...parts);
}

function showFigures(results) {
  const { before_metrics: before, after_metrics: after } = results;
  const perResponse = (m) => (m.cost_per_response === null ? "no response expected" : `${money(m.cost_per_response)} per response`);
  fill($("figures"),
    ...amount("Matched", number(results.total_matched)),
    ...amount("Will get a message", number(results.eligible_count),
      channels.map((c) => `${number(after.messages_by_channel[c])} ${channelNames[c]}`).join(", ")),
    ...amount("Will not", number(results.suppressed.count), "reasons below"),
    ...amount("Wait for quiet hours", number(results.time_optimized.count), "sent when their night is over"),
    ...amount("Cost of this plan", money(after.cost), perResponse(after)),
    ...amount("Everyone by SMS instead", money(before.cost), perResponse(before)),
    ...amount("Expected responses", number(Math.round(after.expected_responses)),
      `${number(Math.round(before.expected_responses))} if everyone got an SMS`));
}

function showPeople(results) {
  const parts = [];
  const users = results.eligible_users.slice(0, listedPeople);
  if (users.length > 0) {
    parts.push(table(`Who gets a message (${number(users.length)} of ${number(results.eligible_count)})`,
      ["Person", "Channel", { text: "Chance of a response", number: true }, { text: "Cost", number: true }, "When", "Why this channel"],
      users.map((u) => [u.name ?? u.customer_id, channelNames[u.selected_channel], percent(u.expected_response),
        money(u.cost), u.send_at ? time(u.send_at) : "at once", { text: u.reason, wide: true }])));
  }
  const rules = Object.entries(results.suppressed.by_rule ?? {}).sort((a, b) => b[1] - a[1]);
  if (rules.length > 0) {
    parts.push(table("Who gets none, by rule", ["Rule", { text: "People", number: true }],
      rules.map(([rule, count]) => [rule.replaceAll("_", " "), number(count)])));
  }
  const out = results.suppressed.users.slice(0, listedPeople);
  if (out.length > 0) {
    parts.push(element("details", {},
      element("summary", {}, `People who get none, with the reason (${number(out.length)} of ${number(results.suppressed.count)})`),
      table("People who get none", ["Person", "Rule", "Reason"],
        out.map((u) => [u.name ?? u.customer_id, u.rule.replaceAll("_", " "), { text: u.reason, wide: true }]))));
  }
  const samples = results.sample_messages ?? [];
  if (samples.length > 0) {
    parts.push(element("h3", {}, "What they read"), element("div", { class: "messages" },
      ...samples.map((s) => element("article", {},
        element("h4", {}, `${channelNames[s.channel]} to ${s.name ?? s.customer_id}${s.sms_parts > 1 ? `, ${s.sms_parts} parts` : ""}`),
        element("pre", {}, s.message)))));
  }
  fill($("people"), ...parts);
}

async function runQuery(event) {
  event?.preventDefault();
  show($("query-message"), null);
  $("query-button").disabled = true;
  $("query-button").textContent = "Looking…";
  try {
    const reply = await call("POST", "/api/intelligent-query", { query: $("query").value });
    found = reply.results;
    campaignId = newCampaignId();
    showUnderstood(found);
    showFigures(found);
    showPeople(found);
    $("result").hidden = false;
    $("send").hidden = found.eligible_count === 0;
    $("accept-words").checked = false;
    $("send-confirm-words").hidden = (found.unsupported_dimensions ?? []).length === 0;
    show($("send-message"), null);
    if (found.eligible_count === 0) {
      show($("query-message"), "warn", found.total_matched === 0 ? "Nobody matches; try other words." : "People match, but nobody may be written to; the reasons are below.");
    }
    // The address says what is shown, so that it can be kept or passed on; with it the query is run, nothing is sent.
    const address = new URL(location.href);
    address.searchParams.set("q", $("query").value);
    history.replaceState(null, "", address);
    if (event) $("result-title").focus();
  } catch (error) {
    show($("query-message"), "bad", error.message);
  } finally {
    $("query-button").disabled = false;
    $("query-button").textContent = "Find people";
  }
}

// ---- send

function newCampaignId() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `page-${Date.now().toString(36)}-${random[0].toString(36)}${random[1].toString(36)}`;
}

function confirmSending(tps) {
  if (!isProduction) return Promise.resolve(true);
  $("confirm-text").textContent =
    `${number(found.eligible_count)} messages go to real people at ${tps} per second on each channel, ` +
    `for about ${money(found.after_metrics.cost)}.`;
  return new Promise((resolve) => {
    $("confirm").addEventListener("close", () => resolve($("confirm").returnValue === "yes"), { once: true });
    $("confirm").returnValue = "no";
    $("confirm").showModal();
  });
}

// A list that the page has whole is sent as it was shown; a longer one is sent as its segment.
async function startCampaign(tps) {
  if (found.is_truncated) {
    const campaign = await call("POST", "/api/campaigns",
      { segment_id: found.segment_id, throughput_tps: tps, campaign_id: campaignId, respect_caps: $("respect-caps").checked });
    return campaign.campaign_id;
  }
  const reply = await call("POST", "/api/send-campaign",
    { eligible_users: found.eligible_users, throughput_tps: tps, campaign_id: campaignId, respect_caps: $("respect-caps").checked },
    { Prefer: "respond-async" });
  return reply.results.campaign_id;
}

async function send(event) {
  event.preventDefault();
  const tps = Number($("tps").value);
  if (!(tps > 0)) return show($("send-message"), "bad", "Choose how many messages per second, above 0.");
  if (!$("send-confirm-words").hidden && !$("accept-words").checked) {
    return show($("send-message"), "bad", "Tick the box above first: some words were not understood.");
  }
  if (!(await confirmSending(tps))) return;
  show($("send-message"), null);
  $("send-button").disabled = true;
  try {
    const id = await startCampaign(tps);
    campaignId = newCampaignId();
    follow(id);
    loadRecent();
    $("campaign-title").focus();
  } catch (error) {
    show($("send-message"), "bad", error.message);
  } finally {
    $("send-button").disabled = false;
  }
}

// ---- follow

const ended = (status) => status === "completed" || status === "cancelled";
const limits = {
  throughput_tps: "the rate you chose", operator_ceiling: "the operator's ceiling", provider_quota: "the provider's quota",
  throttling: "the carrier asks for less", carrier_latency: "the carrier's answers", quiet_hours: "quiet hours", retry_wait: "retries that wait",
};

function showCampaign(campaign) {
  const done = campaign.accepted + campaign.failed + campaign.skipped + campaign.in_doubt;
  const statusText = campaign.status + (campaign.status_reason ? `: ${campaign.status_reason}` : "");
  // Written only when it changes: screen readers speak it each time.
  if ($("campaign-status").textContent !== statusText) $("campaign-status").textContent = statusText;
  $("campaign-title").textContent = `Campaign ${campaign.name || campaign.campaign_id}`;
  $("campaign-progress").max = Math.max(1, campaign.planned);
  $("campaign-progress").value = done;
  $("campaign-progress-text").textContent = `${number(done)} of ${number(campaign.planned)}`;
  $("pause").disabled = campaign.status !== "running";
  $("resume").disabled = campaign.status !== "paused";
  $("cancel").disabled = ended(campaign.status);
  $("rate-form").hidden = ended(campaign.status);
  if (document.activeElement !== $("new-tps")) $("new-tps").value = campaign.throughput_tps;
  const limit = limits[campaign.limited_by];
  fill($("campaign-figures"),
    ...amount("Sent", number(campaign.accepted), `${number(campaign.delivered)} delivered`),
    ...amount("Waiting", number(campaign.waiting + campaign.sending)),
    ...amount("Failed", number(campaign.failed)),
    ...amount("Skipped", number(campaign.skipped)),
    ...amount("In doubt", number(campaign.in_doubt), "never sent again by itself"),
    ...amount("Per second now", ended(campaign.status) ? "–" : campaign.rate_now.toFixed(1),
      `of ${campaign.throughput_tps} on each channel${limit && !ended(campaign.status) ? `; limited by ${limit}` : ""}`),
    ...amount("Time left", ended(campaign.status) ? "–" : campaign.eta_seconds === null ? "not known" : duration(campaign.eta_seconds)),
    ...amount("Cost", money(campaign.actual_cost), `${money(campaign.estimated_cost)} estimated`));
  const states = ["planned", "waiting", "sending", "accepted", "delivered", "failed", "skipped", "in_doubt"];
  const row = (name, counts) => [name, ...states.map((state) => number(counts[state]))];
  const rows = channels.map((c) => row(channelNames[c], campaign.by_channel[c]));
  if (campaign.without_channel?.planned > 0) rows.push(row("No channel", campaign.without_channel));
  fill($("campaign-tables").firstElementChild,
    table("Results per channel", ["Channel", ...states.map((s) => ({ text: s.replaceAll("_", " "), number: true }))], rows));
}

function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

async function showReasons(id) {
  const analytics = await call("GET", `/api/analytics/campaigns/${encodeURIComponent(id)}`);
  const rows = analytics.by_reason.map((r) => [r.state.replaceAll("_", " "), r.channel ? channelNames[r.channel] : "none",
    { text: r.reason_text ?? r.reason.replaceAll("_", " "), wide: true }, number(r.count)]);
  if (followed?.id !== id) return;
  fill($("campaign-tables").lastElementChild,
    ...(rows.length === 0 ? [] : [table("Why some were not sent", ["State", "Channel", "Reason", { text: "People", number: true }], rows)]));
}

// Server-sent events when they work, otherwise a question a second.
function follow(id) {
  followed?.stop();
  const session = { id, isStopped: false, source: null, timer: 0, stop() {
    session.isStopped = true;
    session.source?.close();
    clearTimeout(session.timer);
  } };
  followed = session;
  history.replaceState(null, "", `${location.pathname}${location.search}#campaign=${encodeURIComponent(id)}`);
  fill($("campaign-tables"), element("div"), element("div"));
  show($("campaign-message"), null);
  $("campaign").hidden = false;
  const path = `/api/campaigns/${encodeURIComponent(id)}`;
  const take = (campaign) => {
    if (session.isStopped) return;
    showCampaign(campaign);
    if (ended(campaign.status)) {
      session.stop();
      showReasons(id).catch((error) => show($("campaign-message"), "bad", error.message));
      loadRecent();
    }
  };
  const poll = async () => {
    if (session.isStopped) return;
    try {
      take(await call("GET", path));
      show($("campaign-message"), null);
    } catch (error) {
      show($("campaign-message"), "bad", error.message);
      if (error.status === 404) return session.stop();
    }
    if (!session.isStopped) session.timer = setTimeout(poll, 1000);
  };
  if (!("EventSource" in window)) return poll();
  session.source = new EventSource(`${path}/stream`);
  const read = (event) => take(JSON.parse(event.data));
  session.source.addEventListener("progress", read);
  session.source.addEventListener("end", read);
  session.source.addEventListener("error", () => {
    if (session.isStopped) return;
    session.source.close();
    poll();
  });
}

async function control(action) {
  if (!followed) return;
  const { id } = followed;
  if (action === "cancel" && !window.confirm("Cancel this campaign? Everyone who still waits is skipped.")) return;
  try {
    show($("campaign-message"), null);
    showCampaign(await call("POST", `/api/campaigns/${encodeURIComponent(id)}/${action}`));
    if (followed.isStopped) follow(id);
  } catch (error) {
    show($("campaign-message"), "bad", error.message);
  }
}

async function changeRate(event) {
  event.preventDefault();
  if (!followed) return;
  try {
    show($("campaign-message"), null);
    showCampaign(await call("PATCH", `/api/campaigns/${encodeURIComponent(followed.id)}`, { throughput_tps: Number($("new-tps").value) }));
    $("new-tps").blur();
  } catch (error) {
    show($("campaign-message"), "bad", error.message);
  }
}

async function loadRecent() {
  try {
    const { campaigns } = await call("GET", "/api/campaigns?limit=10");
    if (campaigns.length === 0) return fill($("recent"), element("p", { class: "hint" }, "None yet."));
    fill($("recent"), table("The ten newest", ["Campaign", "Status", { text: "Sent", number: true }, { text: "Failed", number: true },
      { text: "Planned", number: true }, "Created"],
      campaigns.map((c) => [
        element("button", { type: "button", class: "link", onclick: () => { follow(c.campaign_id); $("campaign-title").focus(); } }, c.name || c.campaign_id),
        c.status, number(c.accepted), number(c.failed), number(c.planned), time(c.created_at)])));
  } catch (error) {
    fill($("recent"), element("p", { class: "message bad" }, error.message));
  }
}

$("query-form").addEventListener("submit", runQuery);
$("send-form").addEventListener("submit", send);
$("rate-form").addEventListener("submit", changeRate);
for (const action of ["pause", "resume", "cancel"]) $(action).addEventListener("click", () => control(action));
loadEnvironment();
loadRecent();
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  $("query").value = asked;
  runQuery(null);
}
const linked = new URLSearchParams(location.hash.slice(1)).get("campaign");
if (linked) follow(linked);
