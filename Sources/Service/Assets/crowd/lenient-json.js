/**
 * Reads JSON as templates write it in attributes: single or double quotes, keys without quotes, trailing commas, comments.
 * Nothing is evaluated. (Contracts section 7: AWS's own templates use these forms.)
 *
 * @param {string} text
 * @returns {*} What was read.
 * @throws {SyntaxError} Saying what was found where.
 */
export function parseLenientJSON(text) {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.skipSpace();
  if (!reader.isAtEnd) reader.fail("the end");
  return value;
}

const maximumDepth = 64;
const escapes = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", 0: "\0" };
const words = new Map(
  [["true", true], ["false", false], ["null", null], ["undefined", null], ["True", true], ["False", false], ["None", null]]);

class Reader {
  #text;
  #position = 0;

  constructor(text) { this.#text = text; }

  get isAtEnd() { return this.#position >= this.#text.length; }
  get #next() { return this.#text[this.#position]; }

  fail(expected) {
    const found = this.isAtEnd ? "the end" : `\`${this.#text.slice(this.#position, this.#position + 12)}\``;
    throw new SyntaxError(`at character ${this.#position}: found ${found}, expected ${expected}`);
  }

  skipSpace() {
    const space = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
    space.lastIndex = this.#position;
    space.test(this.#text);
    this.#position = space.lastIndex;
  }

  value(depth) {
    if (depth > maximumDepth) this.fail(`at most ${maximumDepth} levels`);
    this.skipSpace();
    if (this.#next === "[") return this.#list(depth);
    if (this.#next === "{") return this.#object(depth);
    if (this.#next === "'" || this.#next === '"') return this.#string();
    return this.#word();
  }

  #list(depth) {
    const items = [];
    this.#position++;
    while (!this.#takes("]")) {
      items.push(this.value(depth + 1));
      if (!this.#takes(",") && !this.#sees("]")) this.fail("`,` or `]`");
    }
    return items;
  }

  #object(depth) {
    const members = [];
    this.#position++;
    while (!this.#takes("}")) {
      this.skipSpace();
      const key = this.#next === "'" || this.#next === '"' ? this.#string() : this.#match(/[\w$-]+/y, "a key");
      if (!this.#takes(":")) this.fail("`:`");
      members.push([key, this.value(depth + 1)]);
      if (!this.#takes(",") && !this.#sees("}")) this.fail("`,` or `}`");
    }
    return Object.fromEntries(members);
  }

  #string() {
    const quote = this.#next;
    let result = "";
    this.#position++;
    while (this.#next !== quote) {
      if (this.isAtEnd) this.fail(`\`${quote}\``);
      if (this.#next === "\\") result += this.#escape();
      else result += this.#text[this.#position++];
    }
    this.#position++;
    return result;
  }

  #escape() {
    const mark = this.#text[this.#position + 1];
    this.#position += 2;
    if (mark === "u") return String.fromCharCode(parseInt(this.#match(/[0-9a-fA-F]{4}/y, "four hexadecimal digits"), 16));
    if (mark === "x") return String.fromCharCode(parseInt(this.#match(/[0-9a-fA-F]{2}/y, "two hexadecimal digits"), 16));
    return escapes[mark] ?? mark ?? "";
  }

  #word() {
    const word = this.#match(/[^\s,:\[\]{}'"]+/y, "a value");
    if (words.has(word)) return words.get(word);
    const number = Number(word);
    if (Number.isNaN(number)) {
      this.#position -= word.length;
      this.fail("a value");
    }
    return number;
  }

  #match(pattern, expected) {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text);
    if (!found) this.fail(expected);
    this.#position = pattern.lastIndex;
    return found[0];
  }

  #sees(character) {
    this.skipSpace();
    return this.#next === character;
  }

  #takes(character) {
    if (!this.#sees(character)) return false;
    this.#position++;
    return true;
  }
}
