// What stops a check: a message id with its values, as everywhere else. Never an English sentence.

export class Failure extends Error {
  constructor(id, params = {}) {
    super(id);
    this.id = id;
    this.params = params;
  }
}

/** This browser lacks what a check needs: nothing was found, neither good nor bad. */
export class Unsupported extends Error {}

export function message(id, params = {}) {
  return { id, params };
}
