import type { Remedies } from "../../remedy.ts";
import { ecsRemedies } from "./ecs.ts";

export const remedies: Remedies = { byCheck: new Map([...ecsRemedies]) };
