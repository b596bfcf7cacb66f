import { Front, moto } from "./moto.ts";

/*
 * For what moto does not have, or has wrong: answers written by hand in the shape of the service's API, which the SDK has to read.
 * Everything else goes on to moto.
 */

/**
 * By `Action` of a query, target of a JSON call, or method and path of REST, query included where it has to fit, its last part `*` where
 * any will do.
 */
export type Answers = Readonly<Record<string, unknown>>;

/** A text is sent as XML, anything else as JSON. A list of two, `[status, error]`, is an error. */
export async function double(answers: Answers): Promise<Front> {
  return await Front.start(await moto(), ({ method, url, headers, body }) => {
    const target = headers["x-amz-target"];
    const called =
      (typeof target === "string" ? target.split(".").at(-1) : undefined) ??
      /(?:^|&)Action=(\w+)/.exec(body)?.[1] ??
      [`${method} ${url}`, `${method} ${url.split("?")[0] ?? ""}`, `${method} ${url.replace(/\/[^/?]*(?:\?.*)?$/, "/*")}`].find(
        (each) => each in answers,
      );
    if (called === undefined || !(called in answers)) return undefined;
    const answer =
      typeof answers[called] === "function"
        ? (answers[called] as (body: string, url: string) => unknown)(body, url)
        : answers[called];
    if (answer === undefined) return undefined;
    const [status, content] = Array.isArray(answer) ? (answer as [number, unknown]) : [200, answer];
    return typeof content === "string"
      ? { status, body: content, headers: { "content-type": "text/xml" } }
      : {
          status,
          body: JSON.stringify(content),
          headers: {
            "content-type": typeof target === "string" ? "application/x-amz-json-1.1" : "application/json",
            ...(status >= 400 ? { "x-amzn-errortype": (content as { __type?: string }).__type ?? "" } : {}),
          },
        };
  });
}
