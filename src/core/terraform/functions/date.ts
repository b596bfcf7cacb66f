import { number, NUMBER, string, STRING } from "../../values/make.ts";
import { fail, type FunctionTable } from "./definition.ts";
import { textOf } from "./string.ts";

interface Timestamp {
  readonly milliseconds: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/** RFC 3339; undefined for anything else. */
function parseTimestamp(text: string): Timestamp | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:(Z)|([+-])(\d\d):(\d\d))$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] = match;
  const offset = sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute));
  const date = new Date(0);
  // Date.UTC takes years below 100 for those of the last century.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction ?? 0) * 1000);
  const local = date.getTime();
  const check = new Date(local);
  if (check.getUTCMonth() !== Number(month) - 1 || check.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59)
    return undefined;
  return { milliseconds: local - offset * 60_000, offset };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function printTimestamp({ milliseconds, offset }: Timestamp): string {
  const local = new Date(milliseconds + offset * 60_000);
  const zone =
    offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${String(local.getUTCFullYear()).padStart(4, "0")}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}T${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}${zone}`;
}

/** Go's duration syntax, in milliseconds: `1h30m`, `-10s`. */
function parseDuration(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(body)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of body.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(amount) * (units[unit ?? ""] ?? 0);
  return text.startsWith("-") ? -sum : sum;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** One run of equal letters of formatdate's specification; undefined: no such verb. */
function formatVerb(verb: string, local: Date, offset: number): string | undefined {
  const hour12 = local.getUTCHours() % 12 === 0 ? 12 : local.getUTCHours() % 12;
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const zoneColon = `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const verbs: Readonly<Record<string, string>> = {
    YYYY: String(local.getUTCFullYear()).padStart(4, "0"),
    YY: two(local.getUTCFullYear() % 100),
    MMMM: MONTHS[local.getUTCMonth()] ?? "",
    MMM: (MONTHS[local.getUTCMonth()] ?? "").slice(0, 3),
    MM: two(local.getUTCMonth() + 1),
    M: String(local.getUTCMonth() + 1),
    DD: two(local.getUTCDate()),
    D: String(local.getUTCDate()),
    EEEE: DAYS[local.getUTCDay()] ?? "",
    EEE: (DAYS[local.getUTCDay()] ?? "").slice(0, 3),
    hh: two(local.getUTCHours()),
    h: String(local.getUTCHours()),
    HH: two(hour12),
    H: String(hour12),
    AA: local.getUTCHours() < 12 ? "AM" : "PM",
    aa: local.getUTCHours() < 12 ? "am" : "pm",
    mm: two(local.getUTCMinutes()),
    m: String(local.getUTCMinutes()),
    ss: two(local.getUTCSeconds()),
    s: String(local.getUTCSeconds()),
    ZZZZZ: zoneColon,
    ZZZZ: zone,
    ZZZ: offset === 0 ? "UTC" : zone,
    Z: offset === 0 ? "Z" : zoneColon,
  };
  return verbs[verb];
}

const notTimestamp = "the text is no RFC 3339 timestamp";

export const dateFunctions: FunctionTable = {
  formatdate: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: STRING,
    run: ([specification, text]) => {
      const time = parseTimestamp(textOf(text));
      if (time === undefined) return fail(notTimestamp);
      const local = new Date(time.milliseconds + time.offset * 60_000);
      let result = "";
      for (const [part, quoted, verb] of textOf(specification).matchAll(/'((?:[^']|'')*)'|(([A-Za-z])\3*)|[^A-Za-z']+|'/g)) {
        if (quoted !== undefined) result += quoted.replaceAll("''", "'");
        else if (verb !== undefined) {
          const formatted = formatVerb(verb, local, time.offset);
          if (formatted === undefined) return fail("the format has a verb that does not exist");
          result += formatted;
        } else if (part === "'") return fail("the format has a quote that is not closed");
        else result += part;
      }
      return string(result);
    },
  },
  timeadd: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: STRING,
    run: ([text, duration]) => {
      const time = parseTimestamp(textOf(text));
      const milliseconds = parseDuration(textOf(duration));
      if (time === undefined) return fail(notTimestamp);
      if (milliseconds === undefined) return fail("the second argument is no duration such as 1h30m");
      return string(printTimestamp({ milliseconds: time.milliseconds + milliseconds, offset: time.offset }));
    },
  },
  timecmp: {
    parameters: [{ type: STRING }, { type: STRING }],
    result: NUMBER,
    run: ([a, b]) => {
      const x = parseTimestamp(textOf(a));
      const y = parseTimestamp(textOf(b));
      return x === undefined || y === undefined ? fail(notTimestamp) : number(Math.sign(x.milliseconds - y.milliseconds));
    },
  },
};
