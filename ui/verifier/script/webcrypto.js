// SHA-256, Ed25519 and ECDSA P-256 by the browser. What the browser lacks is `Unsupported`, never a verdict.

import { fromHex } from "./bytes.js";
import { Unsupported } from "./failure.js";

function subtle() {
  if (!globalThis.crypto?.subtle) throw new Unsupported("WebCrypto");
  return globalThis.crypto.subtle;
}

async function digestBy(algorithm, bytes) {
  return new Uint8Array(await subtle().digest(algorithm, bytes));
}

export async function sha256(bytes) {
  return digestBy("SHA-256", bytes);
}

/** A digest by the name that WebCrypto has for it: SHA-256, SHA-384 or SHA-512. */
export async function digestOf(name, bytes) {
  return digestBy(name, bytes);
}

async function verified(algorithm, format, key, signature, bytes) {
  let imported;
  try {
    imported = await subtle().importKey(format, key, algorithm, false, ["verify"]);
  } catch (error) {
    if (error instanceof Unsupported || error.name === "NotSupportedError") throw new Unsupported(algorithm.name);
    return false;
  }
  return subtle().verify(algorithm, imported, signature, bytes);
}

/** Whether `signature` (64 bytes) over `bytes` is by the raw 32-byte Ed25519 key. */
export async function signedByEd25519(key, signature, bytes) {
  return verified({ name: "Ed25519" }, "raw", key, signature, bytes);
}

/** Whether `signature` (r and s, 64 bytes) over `bytes` is by the P-256 key given as SubjectPublicKeyInfo. */
export async function signedByP256(spki, signature, bytes) {
  return verified({ name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, "spki", spki, signature, bytes);
}

/** Whether this browser can check a signature of the station at all; tried with a key and signature of RFC 8032. */
export async function hasEd25519() {
  const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const signature = fromHex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
  try {
    return await signedByEd25519(key, signature, new Uint8Array());
  } catch (error) {
    if (error instanceof Unsupported) return false;
    throw error;
  }
}
