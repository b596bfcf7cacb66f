import type { Remedies } from "../../remedy.ts";
import { camRemedies } from "./cam.ts";
import { cosRemedies } from "./cos.ts";
import { networkRemedies } from "./network.ts";
import { serviceRemedies } from "./services.ts";

export const remedies: Remedies = { byCheck: new Map([...camRemedies, ...cosRemedies, ...networkRemedies, ...serviceRemedies]) };
