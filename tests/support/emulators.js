// node emulators.js dynamodb|email|queues: an emulator that other people keep, on a free loopback port, in memory. Prints
// the port on its first line and ends with whoever started it.
//
//   dynamodb  dynalite; tables are there at once
//   email     aws-ses-v2-local; GET /store shows what was sent
//   queues    fauxqs: SQS by AWS JSON 1.0, and SNS. Its queue URLs name sqs.REGION.localhost: as with AWS, the URL is
//             a name that goes into the request, and the request goes to the endpoint.
import { createRequire } from "node:module";
import { endWithParent } from "./end_with_parent.js";

const require = createRequire(import.meta.url);

const emulators = {
  async dynamodb() {
    const server = require("dynalite")({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server.address().port;
  },
  async email() {
    const server = await require("aws-ses-v2-local").default({ host: "127.0.0.1", port: 0 });
    if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
    return server.address().port;
  },
  async queues() {
    const { buildApp } = await import("fauxqs");
    const app = buildApp({ logger: false });
    await app.listen({ host: "127.0.0.1", port: 0 });
    return app.server.address().port;
  },
};

const start = emulators[process.argv[2]];
if (!start) {
  console.error(`emulators: "${process.argv[2]}" is none of ${Object.keys(emulators).join(", ")}`);
  process.exit(2);
}
console.log(await start());
endWithParent();
