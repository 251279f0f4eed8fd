// Recomputes the signature of a request with an implementation that is not Clarion's (@smithy/signature-v4), and says
// what is wrong with the one that came. Keys and headers as in AWS's "Signature Version 4" guide.
import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

const MOST_SKEW_MS = 5 * 60 * 1000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

// The signer's own texts, which AWS quotes when it refuses.
class QuotingSigner extends SignatureV4 {
  createCanonicalRequest(...parts) {
    return (this.canonicalRequest = super.createCanonicalRequest(...parts));
  }
  async createStringToSign(...parts) {
    return (this.stringToSign = await super.createStringToSign(...parts));
  }
}

const refuse = (code, message) => ({ code, message, status: 403 });

function parseTime(text) {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "");
  return parts ? Date.UTC(parts[1], parts[2] - 1, parts[3], parts[4], parts[5], parts[6]) : NaN;
}

export class SignatureCheck {
  // keys: {access key id: {secret, token}}; token undefined for long-lived keys.
  constructor(region, keys) {
    this.region = region;
    this.keys = keys;
    this.signers = new Map(); // keeps the day keys cached
  }

  changeKeys(keys) {
    Object.assign(this.keys, keys);
    this.signers.clear();
  }

  // undefined when the signature is right, otherwise {code, message, status}.
  async findFault({ method, path, query, headers, body }, signingName) {
    if (!headers.authorization) {
      return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    const parts = AUTHORIZATION.exec(headers.authorization);
    if (!parts)
      return refuse(
        "IncompleteSignatureException",
        `Authorization header requires 'Signature' parameter. Authorization=${headers.authorization}`,
      );
    const [, keyId, day, region, service, signedList, given] = parts;
    const key = this.keys[keyId];
    if (!key) return refuse("UnrecognizedClientException", "The security token included in the request is invalid.");
    if (key.expired)
      return {
        ...refuse("ExpiredTokenException", "The security token included in the request is expired"),
        status: 400,
      };
    if (region !== this.region || service !== signingName) {
      return refuse("SignatureDoesNotMatch", `Credential should be scoped to ${this.region}/${signingName}.`);
    }
    const at = parseTime(headers["x-amz-date"]);
    if (!(Math.abs(at - Date.now()) <= MOST_SKEW_MS)) {
      return refuse("InvalidSignatureException", `Signature expired or not yet current: ${headers["x-amz-date"]}`);
    }
    if (!headers["x-amz-date"].startsWith(day)) {
      return refuse(
        "SignatureDoesNotMatch",
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.",
      );
    }
    if ((headers["x-amz-security-token"] ?? undefined) !== key.token) {
      return refuse("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    const signed = signedList.split(";");
    const unsigned = Object.keys(headers).filter(
      (name) => (name === "host" || name.startsWith("x-amz-")) && !signed.includes(name),
    );
    if (unsigned.length > 0) return refuse("SignatureDoesNotMatch", `These headers have to be signed: ${unsigned}.`);
    if (signed.join() !== [...signed].sort().join())
      return refuse("SignatureDoesNotMatch", "SignedHeaders are not in order.");
    const hash = headers["x-amz-content-sha256"];
    if (hash && hash !== createHash("sha256").update(body).digest("hex")) {
      return refuse("SignatureDoesNotMatch", "x-amz-content-sha256 is not the hash of the body.");
    }

    const request = {
      method,
      path,
      query,
      body,
      headers: Object.fromEntries(signed.map((name) => [name, headers[name] ?? ""])),
    };
    const how = { signingDate: new Date(at), signableHeaders: new Set(signed) };
    const expected = await this.signer(service, keyId, key).sign(request, how);
    const ours = AUTHORIZATION.exec(expected.headers.authorization)?.[6];
    if (ours !== given) {
      const quoting = new QuotingSigner(this.settings(service, keyId, key));
      await quoting.sign(request, how);
      return refuse(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access " +
          "Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this " +
          `request should have been\n'${quoting.canonicalRequest}'\n\nThe String-to-Sign should have been\n` +
          `'${quoting.stringToSign}'\n`,
      );
    }
    return undefined;
  }

  signer(service, keyId, key) {
    const name = `${service} ${keyId}`;
    if (!this.signers.has(name)) this.signers.set(name, new SignatureV4(this.settings(service, keyId, key)));
    return this.signers.get(name);
  }

  settings(service, keyId, key) {
    return {
      service,
      region: this.region,
      credentials: { accessKeyId: keyId, secretAccessKey: key.secret, sessionToken: key.token },
      sha256: Sha256,
      applyChecksum: false,
    };
  }
}
