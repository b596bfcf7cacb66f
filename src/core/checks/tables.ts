import type { StaticType } from "../cel/program.ts";
import { complain, Fields, isData } from "../instances/fields.ts";
import type { DataSource } from "../instances/yaml-text.ts";
import { parseTypeNotation } from "../terraform/schema-reader.ts";
import type { Problem } from "../text/text.ts";
import { fromJson } from "../values/json.ts";
import { DYNAMIC, nullOf, object, objectOf, reason, unknown } from "../values/make.ts";
import type { Type, Value } from "../values/value.ts";

/** `checks/data/<name>.yaml`: facts with a date, for `table(name, key)`. */
export interface Table {
  readonly name: string;
  readonly source: string;
  /** ISO date. */
  readonly retrieved: string;
  /** Past this, every row is unknown. */
  readonly goodForDays: number;
  readonly row: Extract<Type, { kind: "object" }>;
  readonly rows: ReadonlyMap<string, Value>;
}

export interface TableFile extends DataSource {
  readonly name: string;
}

export interface Tables {
  /** Row type, for the compiler. */
  type(name: string): StaticType | undefined;
  /** Row of a key; unknown for an unknown key, and for every key once the table is out of date. */
  lookup(name: string, key: string, now: string): Value;
}

export function loadTables(files: readonly TableFile[]): { readonly tables: Tables; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const tables = new Map<string, Table>();
  for (const file of files) {
    const complaints = { source: file, problems };
    if (!isData(file.data)) {
      if (file.data !== undefined) complain(complaints, [], "wrong-type", "A data table is a mapping with `columns` and `rows`.");
      continue;
    }
    tables.set(file.name, readTable(file.name, new Fields(complaints, [], file.data)));
  }
  return { tables: tablesOf(tables), problems };
}

function tablesOf(tables: ReadonlyMap<string, Table>): Tables {
  return {
    type: (name) => tables.get(name)?.row,
    lookup(name, key, now) {
      const table = tables.get(name);
      const row = table?.rows.get(key);
      if (table === undefined || row === undefined) {
        return unknown(table?.row ?? DYNAMIC, reason("unknown", `${key} is not in the table ${name}`));
      }
      return daysBetween(table.retrieved, now) > table.goodForDays
        ? unknown(table.row, reason("unknown", `the table ${name} of ${table.retrieved} is out of date`))
        : row;
    },
  };
}

function readTable(name: string, fields: Fields): Table {
  fields.only(["source", "retrieved", "goodForDays", "columns", "rows"], "A data table");
  const attributes = new Map<string, Type>();
  const columns = fields.fields("columns");
  if (columns === undefined) complain(fields.complaints, [], "missing-field", "Add `columns`: names with their types.");
  for (const column of Object.keys(columns?.data ?? {})) {
    const type = parseTypeNotation(columns?.text(column) ?? "");
    if (type === undefined) columns?.complain(column, "unknown-type", "This is no type; write s, n, b, [T] or {T}.");
    attributes.set(column, type ?? DYNAMIC);
  }
  const row = objectOf(attributes) as Table["row"];
  const rows = new Map<string, Value>();
  for (const [key, its] of fields.fields("rows")?.entries() ?? []) {
    its.only([...attributes.keys()], "A row of the table");
    const cells = [...attributes].map(([column, type]): [string, Value] => {
      const cell = its.data[column];
      return [column, cell === undefined || cell === null ? nullOf(type) : fromJson(cell, type)];
    });
    rows.set(key, object(cells));
  }
  const retrieved = fields.text("retrieved");
  if (retrieved !== "" && Number.isNaN(Date.parse(retrieved)))
    fields.complain("retrieved", "wrong-type", "Write a date: 2026-01-31.");
  if (!fields.text("source").startsWith("https://"))
    fields.complain("source", "wrong-type", "Name the page that the facts are from: https://…");
  const goodForDays = fields.number("goodForDays");
  if (goodForDays === undefined && !fields.has("goodForDays")) {
    complain(fields.complaints, [], "missing-field", "Add `goodForDays`: how long the facts may be trusted.");
  }
  return { name, source: fields.textOr("source", ""), retrieved, goodForDays: goodForDays ?? 0, row, rows };
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}
