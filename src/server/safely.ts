import { LSPErrorCodes, ResponseError, type CancellationToken } from "vscode-languageserver/node";

/**
 * Every request goes through this: a defect is logged and answered with `fallback`, so that one bad document can't take the editor's
 * features away; a request that was cancelled meanwhile ends as cancelled. A request without parameters comes with its token only.
 */
export function safely<P, R, E = void>(
  name: string,
  log: (message: string) => void,
  answer: (parameters: P) => R | Promise<R>,
  fallback: R,
): (parameters: P, token?: CancellationToken) => Promise<R | ResponseError<E>> {
  return async (parameters, token) => {
    let result = fallback;
    try {
      result = await answer(parameters);
    } catch (error) {
      log(`${name} failed: ${explain(error)}`);
    }
    if (token?.isCancellationRequested) return new ResponseError<E>(LSPErrorCodes.RequestCancelled, `${name} was cancelled`);
    return result;
  };
}

export function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
