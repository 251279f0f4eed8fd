// What the page is made of: elements, tables, formats and calls. Everything shown goes in as text, never as HTML.

// element("p", { class: "hint", onclick: f }, "text", otherElement)
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function fill(parent, ...children) {
  parent.replaceChildren(...children);
}

// A sentence of a kind ("good", "warn", "bad") in a message line; null hides it.
export function show(line, kind, text = "") {
  line.hidden = kind === null;
  line.className = `message ${kind ?? ""}`;
  line.textContent = text;
}

// One figure of a definition list: what it is, the value, and a smaller line below.
export function amount(name, value, detail = "") {
  const shown = element("dd", {}, value);
  if (detail) shown.append(element("span", { class: "detail" }, detail));
  return [element("div", {}, element("dt", {}, name), shown)];
}

// Columns are texts or { text, number: true }; cells are texts, elements or { text, wide: true }.
export function table(caption, columns, rows) {
  const isNumber = columns.map((c) => c.number === true);
  const head = columns.map((c, i) => element("th", { scope: "col", class: isNumber[i] ? "number" : "" }, c.text ?? c));
  const cell = (content, i) => {
    const isWide = content !== null && typeof content === "object" && !(content instanceof Node);
    return element("td", { class: isNumber[i] ? "number" : isWide ? "wide" : "" }, isWide ? (content.text ?? "") : (content ?? ""));
  };
  // Focusable, so that a keyboard can scroll what is wider than the screen.
  return element("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell))))));
}

const plain = new Intl.NumberFormat("en");
const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 2 });
const cents = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 4 });
// With its zone, because the recipients live in others.
const moment = new Intl.DateTimeFormat("en",
  { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });

export const number = (value) => plain.format(value ?? 0);
export const money = (value) => (Math.abs(value ?? 0) < 1 ? cents : dollars).format(value ?? 0);
export const percent = (share) => `${((share ?? 0) * 100).toFixed(1)} %`;
export const time = (iso) => (iso ? moment.format(new Date(iso)) : "");

// The document of the answer. Throws an Error with the server's own sentence and its status.
export async function call(method, path, body = undefined, headers = {}) {
  const request = { method, headers: { Accept: "application/json", ...headers } };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Error("Clarion cannot be reached; is it still running?");
  }
  const text = await response.text();
  let document = null;
  try {
    document = JSON.parse(text);
  } catch {
    // An answer of something between us and Clarion.
  }
  if (!response.ok || document === null) {
    const sentence = document?.error ?? document?.detail ?? document?.title ?? `The answer was ${response.status}.`;
    throw Object.assign(new Error(sentence), { status: response.status });
  }
  return document;
}
