// The two parts of a certificate's PDF that matter here: the attached original, and the seal's dictionary.

import { Failure } from "./failure.js";
import { Stream } from "./pdf_file.js";
import { Dict, Ref, nameOf } from "./pdf_lexer.js";

const MAX_NODES = 1000;

/** The bytes of the attached certificate file. `Failure` if there is none, or more than one file. */
export async function attachment(file) {
  const root = await dictionary(file, file.trailer.get("Root"));
  const names = await dictionary(file, root.get("Names"));
  const found = new Map();
  await collect(file, names.get("EmbeddedFiles"), found, { left: MAX_NODES });
  for (const item of (await list(file, root.get("AF"))).slice(0, MAX_NODES)) found.set(keyOf(item), item);
  if (found.size === 0) throw new Failure("verifier-pdf-no-attachment");
  if (found.size > 1) throw new Failure("verifier-pdf-attachments", { count: found.size });
  const [specification] = await Promise.all([...found.values()].map((item) => dictionary(file, item)));
  const embedded = await dictionary(file, specification.get("EF"));
  const stream = await file.get(embedded.get("F"));
  const source = nameOf(await file.get(specification.get("AFRelationship"))) === "Source";
  if (!(stream instanceof Stream) || !source) throw new Failure("verifier-pdf-no-attachment");
  return file.unpacked(stream);
}

/** Walks a name tree (ISO 32000-2, 7.9.6); `found` maps each file specification's identity to itself. */
async function collect(file, node, found, budget) {
  budget.left -= 1;
  if (budget.left < 0) throw new Failure("verifier-pdf-broken", { position: 0 });
  const dict = await dictionary(file, node);
  const names = await list(file, dict.get("Names"));
  for (let place = 1; place < names.length; place += 2) found.set(keyOf(names[place]), names[place]);
  for (const kid of await list(file, dict.get("Kids"))) await collect(file, kid, found, budget);
}

/** The signature dictionaries in the form's fields. */
export async function signatures(file) {
  const root = await dictionary(file, file.trailer.get("Root"));
  const form = await dictionary(file, root.get("AcroForm"));
  const found = new Map();
  const queue = (await list(file, form.get("Fields"))).map((field) => ({ field, type: undefined }));
  for (let steps = 0; queue.length; steps += 1) {
    if (steps > MAX_NODES) throw new Failure("verifier-pdf-broken", { position: 0 });
    const { field, type } = queue.shift();
    const dict = await dictionary(file, field);
    const own = nameOf(await file.get(dict.get("FT"))) ?? type;
    if (own === "Sig" && dict.has("V")) found.set(keyOf(dict.get("V")), dict.get("V"));
    queue.push(...(await list(file, dict.get("Kids"))).map((kid) => ({ field: kid, type: own })));
  }
  return Promise.all([...found.values()].map((item) => dictionary(file, item)));
}

async function dictionary(file, value) {
  const found = await file.get(value);
  return found instanceof Dict ? found : new Dict();
}

async function list(file, value) {
  const found = await file.get(value);
  return Array.isArray(found) ? found : [];
}

function keyOf(value) {
  return value instanceof Ref ? `${value.number} ${value.generation}` : value;
}
