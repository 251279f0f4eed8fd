// node main.js [--plan JSON] [--account JSON] [--region NAME]: prints its port on the first line and ends with whoever
// started it.
import { parseArgs } from "node:util";
import { endWithParent } from "../end_with_parent.js";
import { StandIn } from "./server.js";

const { values } = parseArgs({
  options: { plan: { type: "string" }, account: { type: "string" }, region: { type: "string" } },
});
const standIn = new StandIn({
  ...(values.region && { region: values.region }),
  plan: JSON.parse(values.plan ?? "{}"),
  account: JSON.parse(values.account ?? "{}"),
});
console.log(await standIn.listen());
endWithParent();
