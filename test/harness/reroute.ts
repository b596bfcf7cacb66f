import net, { type NetConnectOpts, type Socket } from "node:net";
import { syncBuiltinESMExports } from "node:module";
import tls from "node:tls";

/*
 * Loaded into a program that is tested (`--import`): whatever host it wants to reach, it reaches the port of PLUMBLINE_TEST_FRONT on
 * the loopback, and TLS is left out. So the built program talks to the clouds' own hosts, by its own ways, and no cloud is asked.
 */

const port = Number(process.env["PLUMBLINE_TEST_FRONT"]);
const isHere = (host: string | undefined): boolean => host === undefined || ["127.0.0.1", "localhost", "::1"].includes(host);

const connect = Object.getOwnPropertyDescriptor(net.Socket.prototype, "connect")?.value as (...args: unknown[]) => Socket;
net.Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  // `net.connect` hands its normalised arguments over as one array.
  const [first] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "object" && first !== null && !("path" in first && first.path) && !isHere((first as { host?: string }).host))
    Object.assign(first, { host: "127.0.0.1", port });
  return connect.apply(this, args);
};

tls.connect = ((options: NetConnectOpts & { host?: string }) => {
  const socket = net.connect({ host: "127.0.0.1", port });
  // The agents ask it whether it is safe.
  return Object.assign(socket, { authorized: true, encrypted: true, getPeerCertificate: () => ({}), servername: options.host });
}) as unknown as typeof tls.connect;
syncBuiltinESMExports();
