/** Refused with a reason and a way out; nothing was changed. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
