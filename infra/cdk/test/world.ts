// A folder for one file of tests: built functions that do nothing, and what is synthesized.
import { App, Stack } from "aws-cdk-lib";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { Renown, type RenownProps } from "../lib/renown";

/** The functions by their names in the template, with the crates they are built from. */
export const FUNCTIONS = {
  BounceHandler: "bounce-handler",
  NegativeAlert: "negative-alert",
  OrderIngest: "order-ingest",
  ReportSync: "report-sync",
  ScheduledSolicit: "scheduled-solicit",
  SesSend: "ses-send",
  Web: "web",
};

/** Removed when the tests of the file are over. */
export const folder = mkdtempSync(join(tmpdir(), "renown-cdk-"));
after(() => rmSync(folder, { recursive: true }));

let n_folders = 0;

/** A new empty folder. */
export function empty(): string {
  const path = join(folder, `${n_folders++}`);
  mkdirSync(path);
  return path;
}

/** A folder of built functions: programs for arm64 by their header, and each another one. */
export function functions(names = Object.keys(FUNCTIONS)): string {
  const path = empty();
  for (const name of names) {
    mkdirSync(join(path, name));
    const header = Buffer.alloc(20);
    header.write("\x7fELF");
    header.writeUInt16LE(0xb7, 18);
    writeFileSync(join(path, name, "bootstrap"), Buffer.concat([header, Buffer.from(name)]));
  }
  return path;
}

/** A stack with a {@link Renown} of `props`, of built functions unless they say others, and what `more` adds. */
export function synthesized(
  props: RenownProps | ((stack: Stack) => RenownProps) = {},
  more: (renown: Renown, stack: Stack) => void = () => {},
) {
  const app = new App({ outdir: empty() });
  const stack = new Stack(app, "renown");
  const given = typeof props === "function" ? props(stack) : props;
  more(new Renown(stack, "Renown", { functions: functions(), ...given }), stack);
  const assembly = app.synth();
  return { assembly, template: assembly.getStackByName("renown").template };
}
