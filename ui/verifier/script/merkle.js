// The Merkle tree of RFC 9162, section 2.1.

import { equal, joined } from "./bytes.js";
import { sha256 } from "./webcrypto.js";

export async function leafHash(entry) {
  return sha256(joined(Uint8Array.of(0), entry));
}

async function nodeHash(left, right) {
  return sha256(joined(Uint8Array.of(1), left, right));
}

// Sizes reach 2^53 - 1, beyond what JavaScript's bit operators hold.
const isOdd = (value) => value % 2 === 1;
const halved = (value) => Math.floor(value / 2);

/** Whether `path` proves that `leaf` is number `index` of the tree of `size` leaves with this root (2.1.3.2). */
export async function includes(root, size, index, leaf, path) {
  if (!(index >= 0 && index < size)) return false;
  let node = index;
  let last = size - 1;
  let computed = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      computed = await nodeHash(sibling, computed);
      while (node > 0 && !isOdd(node)) [node, last] = [halved(node), halved(last)];
    } else {
      computed = await nodeHash(computed, sibling);
    }
    [node, last] = [halved(node), halved(last)];
  }
  return last === 0 && equal(computed, root);
}

/** Whether `path` proves that the larger tree only appended to the smaller one (2.1.4.2). */
export async function extendsTree(oldRoot, oldSize, root, size, path) {
  if (!(oldSize > 0 && oldSize <= size)) return false;
  if (oldSize === size) return path.length === 0 && equal(oldRoot, root);
  const hashes = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : [...path];
  if (hashes.length === 0) return false;
  let node = oldSize - 1;
  let last = size - 1;
  while (isOdd(node)) [node, last] = [halved(node), halved(last)];
  let before = hashes[0];
  let after = hashes[0];
  for (const sibling of hashes.slice(1)) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      before = await nodeHash(sibling, before);
      after = await nodeHash(sibling, after);
      while (node > 0 && !isOdd(node)) [node, last] = [halved(node), halved(last)];
    } else {
      after = await nodeHash(after, sibling);
    }
    [node, last] = [halved(node), halved(last)];
  }
  return last === 0 && equal(before, oldRoot) && equal(after, root);
}

function isPowerOfTwo(value) {
  return Number.isInteger(Math.log2(value));
}
