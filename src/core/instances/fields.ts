import { didYouMean } from "../text/nearest.ts";
import type { Problem } from "../text/text.ts";
import type { DataPart, DataPath, DataSource } from "./yaml-text.ts";

/** Collects what is wrong with one data file. */
export interface Complaints {
  readonly source: DataSource;
  readonly problems: Problem[];
}

/** Adds an error at the narrowest place known. The message says the way out. */
export function complain(
  complaints: Complaints,
  path: DataPath,
  code: string,
  message: string,
  part: DataPart = "value",
  severity: Problem["severity"] = "error",
): void {
  const { source, problems } = complaints;
  const range = source.locate?.(path, part) ?? { start: 0, end: 0 };
  problems.push({ file: source.path, range, severity, code, message });
}

export type Data = Readonly<Record<string, unknown>>;

export function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One mapping of a data file: typed reads that complain and go on. */
export class Fields {
  readonly complaints: Complaints;
  readonly path: DataPath;
  readonly data: Data;

  constructor(complaints: Complaints, path: DataPath, data: Data) {
    this.complaints = complaints;
    this.path = path;
    this.data = data;
  }

  has(name: string): boolean {
    return this.data[name] !== undefined;
  }

  at(...steps: DataPath): DataPath {
    return [...this.path, ...steps];
  }

  complain(name: string, code: string, message: string, part: DataPart = "value"): void {
    complain(this.complaints, this.at(name), code, message, part);
  }

  /** Complains about every field that `known` lacks. */
  only(known: readonly string[], what: string): this {
    for (const name of Object.keys(this.data)) {
      if (!known.includes(name)) {
        this.complain(name, "unknown-field", `${what} has no field \`${name}\`.${didYouMean(name, known)}`, "key");
      }
    }
    return this;
  }

  /** A text that must be there. */
  text(name: string): string {
    const value = this.data[name];
    if (value === undefined) {
      complain(this.complaints, this.path, "missing-field", `Add the field \`${name}\`: a text.`, "key");
      return "";
    }
    return this.textOr(name, "");
  }

  /** Numbers and booleans are taken as the text they are written as: CEL such as `true` is one. */
  textOr<T>(name: string, otherwise: T): string | T {
    const value = this.data[name];
    if (value === undefined) return otherwise;
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    this.complain(
      name,
      "wrong-type",
      `\`${name}\` must be a text${value === null ? '; write "null" in quotes for the null of CEL' : ""}.`,
    );
    return otherwise;
  }

  flag(name: string): boolean {
    const value = this.data[name];
    if (value === undefined || typeof value === "boolean") return value === true;
    this.complain(name, "wrong-type", `\`${name}\` must be true or false.`);
    return false;
  }

  number(name: string): number | undefined {
    const value = this.data[name];
    if (value === undefined || typeof value === "number") return value;
    this.complain(name, "wrong-type", `\`${name}\` must be a number.`);
    return undefined;
  }

  /** A list of texts; absent: empty. */
  texts(name: string): readonly string[] {
    const value = this.data[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.complain(name, "wrong-type", `\`${name}\` must be a list of texts.`);
      return [];
    }
    return value.flatMap((item: unknown, index) => {
      if (typeof item === "string") return [item];
      complain(this.complaints, this.at(name, index), "wrong-type", `Each element of \`${name}\` must be a text.`);
      return [];
    });
  }

  /** A text or a list of texts. */
  textOrTexts(name: string): readonly string[] {
    const value = this.data[name];
    return typeof value === "string" ? [value] : this.texts(name);
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.data[name];
    if (value === undefined) return undefined;
    const found = allowed.find((choice) => choice === value);
    if (found === undefined) {
      const near = typeof value === "string" ? didYouMean(value, allowed) : "";
      this.complain(name, "wrong-choice", `\`${name}\` must be one of ${allowed.join(", ")}.${near}`);
    }
    return found;
  }

  /** A mapping; absent: undefined. */
  fields(name: string): Fields | undefined {
    const value = this.data[name];
    if (value === undefined) return undefined;
    if (isData(value)) return new Fields(this.complaints, this.at(name), value);
    this.complain(name, "wrong-type", `\`${name}\` must be a mapping.`);
    return undefined;
  }

  /** Entries of a mapping whose values are mappings. */
  *entries(): Generator<[string, Fields]> {
    for (const [name, value] of Object.entries(this.data)) {
      if (isData(value)) yield [name, new Fields(this.complaints, this.at(name), value)];
      else this.complain(name, "wrong-type", `\`${name}\` must be a mapping.`);
    }
  }

  /** Elements of a list of mappings; absent: none. */
  *items(name: string): Generator<Fields> {
    const value = this.data[name];
    if (value === undefined) return;
    if (!Array.isArray(value)) {
      this.complain(name, "wrong-type", `\`${name}\` must be a list.`);
      return;
    }
    for (const [index, item] of (value as unknown[]).entries()) {
      if (isData(item)) yield new Fields(this.complaints, this.at(name, index), item);
      else complain(this.complaints, this.at(name, index), "wrong-type", `Each element of \`${name}\` must be a mapping.`);
    }
  }
}
