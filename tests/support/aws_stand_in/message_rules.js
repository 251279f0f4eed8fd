// Rules of the three messages that no service model states: what SES says in its developer guide, and Meta's message
// objects inside the WhatsApp blob (developers.facebook.com, Cloud API "Messages" and "Template components").

export class Check {
  constructor() {
    this.faults = [];
  }
  that(is, member, message) {
    if (!is) this.faults.push({ kind: "limit", member, message: `${member} ${message}` });
    return is;
  }
  only(object, member, names) {
    if (
      !this.that(
        object !== null && typeof object === "object" && !Array.isArray(object),
        member,
        "has to be an object.",
      )
    )
      return false;
    for (const name of Object.keys(object))
      this.that(names.includes(name), `${member}.${name}`, "is not known to the service.");
    return true;
  }
  text(value, member, longest, pattern = /^[\s\S]*$/) {
    return this.that(
      typeof value === "string" && value.length <= longest && pattern.test(value),
      member,
      `has to be a string of at most ${longest} characters that matches ${pattern.source}.`,
    );
  }
}

const MEDIA = ["image", "video", "document"];

function checkParameter(check, parameter, member, isHeader) {
  if (!check.only(parameter, member, ["type", "parameter_name", parameter?.type])) return;
  if (parameter.type === "text") {
    check.text(parameter.text, `${member}.text`, isHeader ? 60 : 1024);
    if (parameter.parameter_name !== undefined)
      check.text(parameter.parameter_name, `${member}.parameter_name`, 512, /^[a-z0-9_]+$/);
  } else if (isHeader && MEDIA.includes(parameter.type)) {
    const media = parameter[parameter.type];
    if (check.only(media, `${member}.${parameter.type}`, ["id", "link", "filename", "caption"])) {
      check.that(
        (media.id === undefined) !== (media.link === undefined),
        `${member}.${parameter.type}`,
        "needs either id or link.",
      );
    }
  } else if (!isHeader && parameter.type === "currency") {
    check.that(
      Number.isInteger(parameter.currency?.amount_1000) &&
        /^[A-Z]{3}$/.test(parameter.currency?.code) &&
        typeof parameter.currency?.fallback_value === "string",
      `${member}.currency`,
      "needs fallback_value, code and amount_1000.",
    );
  } else if (!isHeader && parameter.type === "date_time") {
    check.that(typeof parameter.date_time?.fallback_value === "string", `${member}.date_time`, "needs fallback_value.");
  } else {
    check.that(false, `${member}.type`, "is not known here.");
  }
}

function checkButton(check, component, member) {
  check.only(component, member, ["type", "sub_type", "index", "parameters"]);
  check.that(
    ["quick_reply", "url", "copy_code", "flow", "catalog"].includes(component.sub_type),
    `${member}.sub_type`,
    "is not known.",
  );
  check.that(
    /^[0-9]$/.test(component.index) && typeof component.index === "string",
    `${member}.index`,
    'has to be a string, "0" to "9".',
  );
  const wanted = { quick_reply: "payload", url: "text", copy_code: "coupon_code", flow: "action", catalog: "action" }[
    component.sub_type
  ];
  check.that(component.parameters?.length === 1, `${member}.parameters`, "has to hold one parameter.");
  for (const parameter of component.parameters ?? []) {
    check.only(parameter, `${member}.parameters`, ["type", wanted]);
    check.that(
      parameter.type === wanted && parameter[wanted] !== undefined,
      `${member}.parameters`,
      `has to be of type ${wanted}.`,
    );
  }
}

function checkTemplate(check, template) {
  if (!check.only(template, "template", ["name", "language", "components"])) return;
  check.text(template.name, "template.name", 512, /^[a-z0-9_]+$/);
  if (check.only(template.language, "template.language", ["code", "policy"])) {
    check.text(template.language.code, "template.language.code", 10, /^[a-z]{2,3}(_[A-Z]{2})?$/);
  }
  if (template.components === undefined) return;
  if (
    !check.that(
      Array.isArray(template.components) && template.components.length > 0,
      "template.components",
      "has to be a list, or left out.",
    )
  )
    return;
  const seen = new Set();
  for (const [i, component] of template.components.entries()) {
    const member = `template.components[${i}]`;
    const place = `${component?.type} ${component?.index ?? ""}`;
    check.that(!seen.has(place), member, "is there twice.");
    seen.add(place);
    if (component?.type === "button") {
      checkButton(check, component, member);
    } else if (
      check.only(component, member, ["type", "parameters"]) &&
      check.that(["header", "body"].includes(component.type), `${member}.type`, "is none of header, body, button.")
    ) {
      if (!check.that(Array.isArray(component.parameters), `${member}.parameters`, "has to be a list.")) continue;
      for (const [j, parameter] of component.parameters.entries())
        checkParameter(check, parameter, `${member}.parameters[${j}]`, component.type === "header");
      check.that(
        component.type !== "header" || component.parameters.length === 1,
        `${member}.parameters`,
        "of a header has to hold one parameter.",
      );
      const named = component.parameters.filter((parameter) => parameter?.parameter_name !== undefined).length;
      check.that(
        named === 0 || named === component.parameters.length,
        `${member}.parameters`,
        "are either all named or all by position.",
      );
    }
  }
}

// The decoded message, and what Meta would not take about it.
export function readMetaMessage(blob) {
  const check = new Check();
  let message;
  try {
    message = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(blob, "base64")));
  } catch (error) {
    check.that(false, "message", `is no JSON: ${error.message}`);
    return { message: {}, faults: check.faults };
  }
  const known = [
    "messaging_product",
    "recipient_type",
    "to",
    "type",
    "biz_opaque_callback_data",
    "context",
    message?.type,
  ];
  if (check.only(message, "message", known)) {
    check.that(message.messaging_product === "whatsapp", "messaging_product", 'has to be "whatsapp".');
    check.that([undefined, "individual"].includes(message.recipient_type), "recipient_type", 'has to be "individual".');
    check.text(message.to, "to", 20, /^\+?[1-9][0-9]{4,18}$/);
    if (message.biz_opaque_callback_data !== undefined)
      check.text(message.biz_opaque_callback_data, "biz_opaque_callback_data", 512);
    if (message.type === "template") checkTemplate(check, message.template);
    else if (message.type === "text") {
      if (check.only(message.text, "text", ["preview_url", "body"]))
        check.text(message.text.body, "text.body", 4096, /\S/);
    } else check.that(false, "type", "is none of template, text.");
  }
  return { message: message ?? {}, faults: check.faults };
}

// Who an email is from and to; how many it goes to.
export function checkMailboxes(check, input, destination) {
  const recipients = ["ToAddresses", "CcAddresses", "BccAddresses"].flatMap((name) => destination?.[name] ?? []);
  check.that(recipients.length >= 1, "Destination", "needs 1 to 50 recipients.");
  check.that(input.FromEmailAddress, "FromEmailAddress", "is needed.");
  for (const address of [...recipients, ...(input.ReplyToAddresses ?? []), input.FromEmailAddress ?? ""]) {
    const bare = /<([^<>]*)>$/.exec(address)?.[1] ?? address;
    check.that(
      /^[!-;=?A-~]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(bare),
      "Address",
      "is not of the form local@domain in ASCII: Missing final '@domain' or illegal address.",
    );
  }
  return recipients.length;
}

export function checkHeaders(check, headers) {
  for (const header of headers) {
    check.that(
      header.Name.length + header.Value.length <= 996,
      "Headers",
      "allow 996 characters for name and value together.",
    );
  }
}

// SES developer guide, "SendEmail" and "Email format": one body, 1 to 50 recipients, ASCII addresses.
export function findEmailFaults(input) {
  const check = new Check();
  check.that(Object.keys(input.Content).length === 1, "Content", "needs exactly one of Simple, Raw, Template.");
  const recipients = checkMailboxes(check, input, input.Destination);
  check.that(recipients <= 50, "Destination", "needs 1 to 50 recipients.");
  checkHeaders(check, input.Content.Simple?.Headers ?? []);
  return check.faults;
}

// The model leaves MessageBody optional (a media message has none), yet a text message without one is refused.
export function findSmsFaults(input) {
  return input.MessageBody === undefined
    ? [{ kind: "missing", member: "MessageBody", message: "MessageBody is required." }]
    : [];
}
