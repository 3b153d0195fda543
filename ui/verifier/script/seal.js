// The seal of a PDF: a PAdES signature (ETSI EN 319 142-1, baseline) by the station's P-256 key over the whole file.

import { equal, fromHex, hex, joined, latin1 } from "./bytes.js";
import { TAG, oidOf, rawSignature, readAll, readOne, sameDer } from "./der.js";
import { Failure, message } from "./failure.js";
import { nameOf } from "./pdf_lexer.js";
import { digestOf, sha256, signedByP256 } from "./webcrypto.js";

const OID = {
  DATA: "1.2.840.113549.1.7.1",
  SIGNED_DATA: "1.2.840.113549.1.7.2",
  CONTENT_TYPE: "1.2.840.113549.1.9.3",
  MESSAGE_DIGEST: "1.2.840.113549.1.9.4",
  SIGNING_CERTIFICATE: "1.2.840.113549.1.9.16.2.47",
  TIME_STAMP: "1.2.840.113549.1.9.16.2.14",
  TST_INFO: "1.2.840.113549.1.9.16.1.4",
  ECDSA_SHA256: "1.2.840.10045.4.3.2",
  SUBJECT_ALT_NAME: "2.5.29.17",
};
const STATION_KEY_URN = "urn:tablerase:station-key:";
const DIGESTS = new Map([
  ["2.16.840.1.101.3.4.2.1", "SHA-256"],
  ["2.16.840.1.101.3.4.2.2", "SHA-384"],
  ["2.16.840.1.101.3.4.2.3", "SHA-512"],
]);

// Digits in one case throughout: otherwise one seal could be spelt in many ways.
const ONE_CASE = /^([0-9a-f]+|[0-9A-F]+)$/;

const broken = () => new Failure("verifier-seal-unreadable");

/** Checks the seal: the SHA-256 of its certificate, the certificate, and its time stamp. `Failure` says what fails. */
export async function checkSeal(bytes, signature) {
  try {
    return await checkedSeal(bytes, signature);
  } catch (error) {
    // A member that the structure should have and has not: reaching for it is a TypeError.
    if (error instanceof TypeError) throw broken();
    throw error;
  }
}

async function checkedSeal(bytes, signature) {
  if (nameOf(signature.get("SubFilter")) !== "ETSI.CAdES.detached") throw broken();
  const covered = coveredBytes(bytes, signature);
  const { certificate, signer } = signedData(contents(bytes, signature));
  const attributes = signedAttributes(signer.attributes);
  if (!equal(attributes.digest, await sha256(covered))) throw new Failure("verifier-seal-changed");
  if (!equal(attributes.certificate, await sha256(certificate.whole))) throw new Failure("verifier-seal-forged");
  const { issuer, serial, spki } = certificateParts(certificate);
  if (!sameDer(issuer, signer.issuer) || !sameDer(serial, signer.serial)) throw new Failure("verifier-seal-forged");
  // What is signed is the attributes as a SET OF, not under the tag by which the structure holds them (RFC 5652, 5.4).
  const signed = joined(Uint8Array.of(TAG.SET), signer.attributes.whole.subarray(1));
  if (!(await signedByP256(spki.whole, rawSignature(signer.value), signed))) throw new Failure("verifier-seal-forged");
  const stamp = await timeStamp(signer.unsigned, signer.value);
  return { digest: hex(await sha256(certificate.whole)), certificate: certificate.whole, stamp };
}

/** What the ByteRange covers; it must be the whole file but for the signature's own value. */
function coveredBytes(bytes, signature) {
  const range = signature.get("ByteRange");
  const [start, end] = signature.places.get("Contents") ?? [];
  if (!Array.isArray(range) || range.length !== 4 || !range.every(Number.isSafeInteger)) throw broken();
  const [first, before, after, size] = range;
  if (first !== 0 || before !== start || after !== end) throw new Failure("verifier-seal-range");
  if (after + size < bytes.length) throw new Failure("verifier-seal-appended", { count: bytes.length - after - size });
  if (after + size > bytes.length) throw new Failure("verifier-seal-changed");
  return joined(bytes.subarray(0, before), bytes.subarray(after));
}

/** The CMS structure in Contents, read from the gap that ByteRange leaves: hexadecimal, zeros behind it. */
function contents(bytes, signature) {
  const [start, end] = signature.places.get("Contents");
  const digits = latin1(bytes.subarray(start + 1, end - 1));
  if (bytes[start] !== 0x3c || bytes[end - 1] !== 0x3e || !ONE_CASE.test(digits)) throw broken();
  const value = fromHex(digits.toLowerCase());
  const { whole } = readOne(value);
  if (value.subarray(whole.length).some((byte) => byte !== 0)) throw broken();
  return whole;
}

function signedData(encoded) {
  const [type, tagged, ...rest] = readAll(encoded).as(TAG.SEQUENCE).members;
  if (oidOf(type) !== OID.SIGNED_DATA || rest.length) throw broken();
  const content = only(tagged.as(TAG.TAGGED_0)).as(TAG.SEQUENCE);
  const [version, digests, encapsulated, certificates, signers, ...more] = content.members;
  const [contentType, ...attached] = encapsulated.as(TAG.SEQUENCE).members;
  const plain = version.as(TAG.INTEGER).content.join() === "1" && isSha256(only(digests.as(TAG.SET)));
  if (!plain || oidOf(contentType) !== OID.DATA || attached.length || more.length) throw broken();
  const certificate = only(certificates.as(TAG.TAGGED_0)).as(TAG.SEQUENCE);
  return { certificate, signer: signerInfo(only(signers.as(TAG.SET))) };
}

function signerInfo(value) {
  const [version, sid, digest, attributes, algorithm, signature, unsigned, ...rest] = value.as(TAG.SEQUENCE).members;
  const plain = version.as(TAG.INTEGER).content.join() === "1" && isSha256(digest) && rest.length === 0;
  const [name, ...parameters] = algorithm.as(TAG.SEQUENCE).members;
  if (!plain || oidOf(name) !== OID.ECDSA_SHA256 || parameters.length) throw broken();
  const [issuer, serial] = sid.as(TAG.SEQUENCE).members;
  const octets = signature.as(TAG.OCTETS).content;
  return { issuer, serial, attributes: attributes.as(TAG.TAGGED_0), value: octets, unsigned };
}

function signedAttributes(set) {
  const found = attributesOf(set);
  const [type, digest, certificate] = [OID.CONTENT_TYPE, OID.MESSAGE_DIGEST, OID.SIGNING_CERTIFICATE].map((oid) => {
    if (!found.has(oid)) throw broken();
    return only(found.get(oid));
  });
  if (oidOf(type) !== OID.DATA) throw broken();
  // SigningCertificateV2 (RFC 5035): the first ESSCertIDv2 names the signer's certificate, by SHA-256 unless it says.
  const [first] = certificate.as(TAG.SEQUENCE).members[0].members;
  const [hash, ...rest] = first.as(TAG.SEQUENCE).members;
  const named = hash.tag === TAG.SEQUENCE ? (isSha256(hash) ? rest[0] : undefined) : hash;
  if (named === undefined) throw broken();
  return { digest: digest.as(TAG.OCTETS).content, certificate: named.as(TAG.OCTETS).content };
}

/** Attribute type to its SET of values; none may stand twice. */
function attributesOf(set) {
  const found = new Map();
  for (const attribute of set.members) {
    const [type, values, ...rest] = attribute.as(TAG.SEQUENCE).members;
    const oid = oidOf(type);
    if (found.has(oid) || rest.length) throw broken();
    found.set(oid, values.as(TAG.SET));
  }
  return found;
}

function certificateParts(certificate) {
  const [body] = certificate.members;
  const fields = body.as(TAG.SEQUENCE).members;
  if (fields[0].tag === TAG.TAGGED_0) fields.shift();
  const [serial, , issuer, , , spki, ...rest] = fields;
  if (spki === undefined) throw broken();
  const tagged = rest.find(({ tag }) => tag === TAG.TAGGED_3);
  const extensions = (tagged ? only(tagged).members : []).map(({ members }) => ({
    oid: oidOf(members[0]),
    value: members[members.length - 1].as(TAG.OCTETS).content,
  }));
  return { serial: serial.as(TAG.INTEGER), issuer: issuer.as(TAG.SEQUENCE), spki: spki.as(TAG.SEQUENCE), extensions };
}

/** Whether a certificate (DER) is self-signed with a P-256 key and names the station's key of this fingerprint. */
export async function isSealOf(encoded, fingerprint) {
  try {
    const certificate = readAll(encoded).as(TAG.SEQUENCE);
    const [body, , signature] = certificate.members;
    const { spki, extensions } = certificateParts(certificate);
    const names = extensions.filter(({ oid }) => oid === OID.SUBJECT_ALT_NAME).flatMap(({ value }) => readAll(value).members);
    const urn = `${STATION_KEY_URN}${fingerprint}`;
    if (!names.some((name) => name.tag === TAG.URI && latin1(name.content) === urn)) return false;
    const value = rawSignature(signature.as(TAG.BITS).content.subarray(1));
    return await signedByP256(spki.whole, value, body.whole);
  } catch (error) {
    if (error instanceof Failure || error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * The time that a time-stamp token (RFC 3161) in the unsigned attributes gives; `null` without a token.
 *
 * That the token is about this very seal is checked. Whose token it is, is not: no authority is known here.
 */
async function timeStamp(unsigned, value) {
  if (unsigned === undefined) return null;
  const token = attributesOf(unsigned.as(TAG.TAGGED_1)).get(OID.TIME_STAMP);
  if (token === undefined) return null;
  const [type, tagged] = only(token).as(TAG.SEQUENCE).members;
  if (oidOf(type) !== OID.SIGNED_DATA) throw new Failure("verifier-stamp-unreadable");
  const encapsulated = only(tagged.as(TAG.TAGGED_0)).members[2];
  const [contentType, content] = encapsulated.as(TAG.SEQUENCE).members;
  if (oidOf(contentType) !== OID.TST_INFO) throw new Failure("verifier-stamp-unreadable");
  const [, , imprint, , time] = readAll(only(content.as(TAG.TAGGED_0)).as(TAG.OCTETS).content).members;
  const [algorithm, digest] = imprint.as(TAG.SEQUENCE).members;
  const name = DIGESTS.get(oidOf(algorithm.as(TAG.SEQUENCE).members[0]));
  if (name === undefined) throw new Failure("verifier-stamp-unreadable");
  if (!equal(digest.as(TAG.OCTETS).content, await digestOf(name, value))) throw new Failure("verifier-stamp-other");
  return message("verifier-stamp", { at: generalizedTime(time.as(TAG.TIME).content) });
}

function generalizedTime(content) {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,6})?Z$/.exec(latin1(content)) ?? [];
  if (parts.length === 0) throw new Failure("verifier-stamp-unreadable");
  const [year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}+00:00`;
}

/** An AlgorithmIdentifier of SHA-256, its parameters absent or NULL. */
function isSha256(value) {
  const [oid, parameters, ...rest] = value.as(TAG.SEQUENCE).members;
  const plain = parameters === undefined || (parameters.tag === 0x05 && parameters.content.length === 0);
  return DIGESTS.get(oidOf(oid)) === "SHA-256" && plain && rest.length === 0;
}

function only(value) {
  const { members } = value;
  if (members.length !== 1) throw broken();
  return members[0];
}
