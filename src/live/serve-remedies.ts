import type { MessageConnection } from "vscode-jsonrpc";
import type { CheckItem } from "../core/checks/model.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { LiveService } from "./live-service.ts";
import * as protocol from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import type { RemedyProgress } from "./remedy-service.ts";
import { remedyPreviewView, remedyView, undoPreviewView } from "./remedy-views.ts";
import { signalOf } from "./signal.ts";

type Answer = <T>(work: () => T | Promise<T>) => Promise<T>;

/** Answers what is asked about changing accounts. */
export function serveRemedies(
  connection: MessageConnection,
  live: LiveService,
  checks: ReadonlyMap<string, CheckItem>,
  answer: Answer,
): void {
  const tell = ({ step, of, title }: RemedyProgress): void => {
    void connection.sendNotification(protocol.progress, { phase: "changing", done: step - 1, of, what: title });
  };
  connection.onRequest(protocol.allowFixing, ({ account, with: chosen }, token) =>
    answer(() => (chosen === null ? live.forbidFixing(account) : live.allowFixing(account, chosen, signalOf(token)))),
  );
  connection.onRequest(protocol.fixAuthorization, ({ cloud, ...request }) => answer(() => live.fixAuthorization(cloud, request)));
  connection.onRequest(protocol.remedies, ({ cloud }) => answer(async () => viewsOf(await live.remediable(cloud))));
  connection.onRequest(protocol.previewRemedy, ({ account, ...request }, token) =>
    answer(async () => {
      const preview = await live.remedies.preview(live.account(account), request, signalOf(token));
      const check = checks.get(preview.item);
      if (check === undefined) throw new Refusal(`There is no check item ${preview.item}.`);
      return remedyPreviewView(preview, check);
    }),
  );
  connection.onRequest(protocol.applyRemedy, ({ preview, accepted }, token) =>
    answer(() => live.remedies.apply(preview, accepted, signalOf(token), tell)),
  );
  connection.onRequest(protocol.finishRemedy, ({ account, id }, token) =>
    answer(() => live.remedies.finish(live.account(account), id, signalOf(token), tell)),
  );
  connection.onRequest(protocol.verifyRemedy, ({ account, id }, token) =>
    answer(() => live.remedies.verify(live.account(account), id, signalOf(token))),
  );
  connection.onRequest(protocol.previewUndo, ({ account, id }, token) =>
    answer(async () => undoPreviewView(await live.remedies.undoPreview(live.account(account), id, signalOf(token)))),
  );
  connection.onRequest(protocol.undoRemedy, ({ account, id, overwrite }, token) =>
    answer(() => live.remedies.undo(live.account(account), id, overwrite, signalOf(token), tell)),
  );
  connection.onRequest(protocol.remedyHistory, ({ account }) => answer(() => live.remedies.journal.of(live.account(account).key)));
  connection.onRequest(protocol.interruptedRemedies, ({ account }) =>
    answer(() => live.remedies.interrupted(live.account(account))),
  );

  function viewsOf(found: ReadonlyMap<Cloud, ReadonlySet<string>>): readonly protocol.RemedyView[] {
    return [...checks.values()].flatMap((check) =>
      check.live !== undefined && found.get(check.cloud)?.has(check.id) === true ? [remedyView(check, check.live)] : [],
    );
  }
}
