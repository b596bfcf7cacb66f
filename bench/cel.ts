/* Nanoseconds an evaluation of compiled checks takes: `node bench/cel.ts`. */
import { compile } from "../src/core/cel/compile.ts";
import { environment, many, one, scope } from "../test/core/cel/world.ts";

const shape = {
  encrypted: "b",
  size: "n",
  name: "s",
  versioning: { enabled: "b" },
  block: one({ on: "b" }),
  rules: many({ direction: "s", cidrs: ["s"] }),
} as const;
const data = {
  encrypted: true,
  size: 20,
  name: "example",
  versioning: { enabled: true },
  block: null,
  rules: [{ direction: "ingress", cidrs: ["10.0.0.0/8"] }],
};

for (const text of [
  "encrypted == true",
  "versioning.enabled == true",
  'has(size) && size >= 14 && name.startsWith("ex")',
  "block != null && block.on == true || encrypted == true",
  'rules.all(r, r.direction != "ingress" || r.cidrs.all(c, cidr(c).prefix > 0))',
]) {
  const { program } = compile(text, environment(shape));
  if (program === undefined) throw new Error(text);
  const world = scope(data);
  const measure = (run: () => unknown, count: number): number => {
    for (let i = 0; i < count; i++) run();
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) run();
    return Number(process.hrtime.bigint() - start) / count;
  };
  const fast = measure(() => program.evaluate(world), 200_000);
  const trace = measure(() => program.trace(world), 20_000);
  process.stdout.write(`${fast.toFixed(0).padStart(6)} ns  ${trace.toFixed(0).padStart(6)} ns traced  ${text}\n`);
}
