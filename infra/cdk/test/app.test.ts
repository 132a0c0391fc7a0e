// bin/renown.ts, by the command that people run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { empty, functions } from "./world";

const HERE = join(__dirname, "..");

/** `cdk synth` by somebody without a home, credentials or a region, with `context`. */
function synth(context: Record<string, string>) {
  const output = empty();
  const options = Object.entries(context).flatMap(([name, value]) => ["--context", `${name}=${value}`]);
  const { status, stderr } = spawnSync("node_modules/.bin/cdk", ["synth", "--quiet", "--no-color", "--output", output, ...options], {
    cwd: HERE,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: empty(), AWS_EC2_METADATA_DISABLED: "true" },
  });
  return { status, stderr, output };
}

describe("the app", () => {
  it("synthesizes a stack of what the context says, without credentials", () => {
    const { status, stderr, output } = synth({ functions: functions(), logRetentionDays: "30", alarmEmail: "ops@example.com" });
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /WARNING|telemetry|NOTICES/i);
    const { Resources } = JSON.parse(readFileSync(join(output, "renown.template.json"), "utf8"));
    assert.equal(Resources.ReportSyncLogs.Properties.RetentionInDays, 30);
    assert.equal(Resources.AlarmEmailSubscription.Properties.Endpoint, "ops@example.com");
  });

  it("says what is wrong in a line", () => {
    const absent = empty();
    const { status, stderr } = synth({ functions: absent });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`^no built function in ${absent}/OrderIngest or order-ingest: run .*\n`));
    assert.doesNotMatch(stderr, /\n +at /);
  });
});
