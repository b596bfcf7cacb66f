import { join } from "node:path";
import type { Connection } from "vscode-languageserver/node";
import { createService } from "../core/service.ts";
import { terraformEnvironment } from "../host/environment.ts";
import { disk } from "./disk.ts";
import { readProduct } from "../host/product.ts";
import { pagesIn } from "./product-pages.ts";
import { serve } from "./server.ts";

declare const PLUMBLINE_VERSION: string | undefined;

/** The server of the product, over whatever connection it was started with. */
export function start(connection: Connection): void {
  const product = readProduct();
  serve(connection, {
    createService: (language) =>
      createService({
        catalogue: product.catalogue,
        texts: product.texts(language),
        language,
        schemas: product.schemas,
        now: () => new Date().toISOString(),
      }),
    disk,
    environment: terraformEnvironment(process.env),
    pages: pagesIn(join(product.directory, "..", "docs")),
    version: typeof PLUMBLINE_VERSION === "string" ? PLUMBLINE_VERSION : "0.0.0",
  });
}
