import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountData } from "../../src/core/accounts/model.ts";
import {
  BESIDE,
  MANAGED_TYPES,
  SET_ACCOUNT,
  TAKE_LIVE,
  type BesideAnswer,
  type TakeLiveAnswer,
} from "../../src/server/protocol.ts";
import { Client, uri } from "./client.ts";

/* The product's server: an account beside the files of a workspace, with the state that lies there. */

const SERVER = [join(import.meta.dirname, "product-server.ts")];
const main = `resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  encrypted         = true
}
`;
const account: AccountData = {
  cloud: "aws",
  account: "111122223333",
  regions: ["eu-west-1"],
  resources: [
    {
      type: "aws_ebs_volume",
      id: "vol-1",
      name: "vol-1",
      region: "eu-west-1",
      tags: {},
      attributes: { id: "vol-1", encrypted: false },
      reads: {},
    },
  ],
  listings: [{ types: ["aws_ebs_volume"], region: "eu-west-1", actions: ["ec2:DescribeVolumes"], failure: null }],
};
const state = {
  version: 4,
  resources: [
    {
      mode: "managed",
      type: "aws_ebs_volume",
      name: "data",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ attributes: { id: "vol-1" } }],
    },
  ],
};

describe("The server, with an account beside the files", function () {
  this.timeout(300_000);
  let client: Client;
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-")));
    client = new Client(SERVER);
    writeFileSync(join(folder, "main.tf"), main);
  });
  afterEach(() => {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const beside = async (states: Readonly<Record<string, string>>): Promise<BesideAnswer> => {
    await client.connection.sendNotification(SET_ACCOUNT, { account, states });
    return client.connection.sendRequest<BesideAnswer>(BESIDE, { account: "aws:111122223333" });
  };

  it("says what manages what, where they differ, and writes the live value on request", async () => {
    writeFileSync(join(folder, "terraform.tfstate"), JSON.stringify(state));
    await client.start([folder]);
    assert.deepEqual(await client.connection.sendRequest(MANAGED_TYPES), ["aws_ebs_volume"]);
    const answer = await beside({});
    assert.deepEqual(answer.stateless, []);
    assert.deepEqual(
      answer.managed.map(({ address, by, range }) => [address, by, range.start.line]),
      [["aws_ebs_volume.data", "state", 0]],
    );
    const [drift] = answer.drift;
    assert.deepEqual(
      [drift?.uri, drift?.path, drift?.written, drift?.live, drift?.range.start.line],
      [uri(join(folder, "main.tf")), "encrypted", "true", "false", 2],
    );
    const take = { account: "aws:111122223333", root: drift!.root, address: drift!.address, path: "encrypted" };
    const taken = await client.connection.sendRequest<TakeLiveAnswer>(TAKE_LIVE, take);
    assert.match(JSON.stringify(taken), /"newText":"false"/);
    const other = await client.connection.sendRequest<TakeLiveAnswer>(TAKE_LIVE, { ...take, account: "aws:9" });
    assert.match(JSON.stringify(other), /compare it again/);
  });

  it("guesses nothing without a state, and takes one that was pulled", async () => {
    await client.start([folder]);
    assert.equal(await client.connection.sendRequest(BESIDE, { account: "aws:111122223333" }), null, "nothing was read yet");
    const without = await beside({});
    assert.deepEqual([without.managed, without.stateless], [[], [folder]]);
    const states = { [folder]: JSON.stringify(state) };
    const pulled = await beside(states);
    assert.equal(pulled.managed.length, 1);
  });
});
