// The stack by itself: `npx cdk deploy -c alarmEmail=you@example.com`. Every property of the
// construct can be given with `-c`, or in the context of cdk.json.
import { App, Stack } from "aws-cdk-lib";
import { NAMES } from "../lib/parameters";
import { Renown, type RenownProps } from "../lib/renown";

const app = new App();
// The name of ../samconfig.toml.
const stack = new Stack(app, "renown");
const properties = [...Object.keys(NAMES), "functions"];
const given = Object.fromEntries(properties.map((property) => [property, app.node.tryGetContext(property)]));

try {
  // Context is text of any kind; the construct refuses what is not allowed.
  new Renown(stack, "Renown", given as RenownProps);
} catch (error) {
  // For a person: without the places in our code.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
