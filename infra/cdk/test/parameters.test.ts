// lib/parameters.ts says what the template says.
import { App, Stack } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ARCHITECTURES, NAMES } from "../lib/parameters";
import { Renown, type RenownProps } from "../lib/renown";
import { written } from "./template";
import { empty, functions } from "./world";

describe("properties", () => {
  it("are the template's parameters, each spelled as there but for its first letter", () => {
    assert.deepEqual(Object.values(NAMES).sort(), Object.keys(written.Parameters).sort());
    for (const [property, name] of Object.entries(NAMES)) {
      assert.equal(property, name[0]!.toLowerCase() + name.slice(1));
    }
  });

  it("take the values that the template allows, and each of them", () => {
    const days = Object.values(RetentionDays).filter((value) => typeof value === "number");
    assert.deepEqual([...ARCHITECTURES], written.Parameters.Architecture.AllowedValues);
    assert.deepEqual(
      days.filter((value) => value !== RetentionDays.INFINITE).sort((a, b) => a - b),
      written.Parameters.LogRetentionDays.AllowedValues,
    );
    const listed = Object.keys(NAMES).filter((property) => written.Parameters[NAMES[property as keyof typeof NAMES]].AllowedValues);
    assert.deepEqual(listed.sort(), ["architecture", "logRetentionDays"]);
  });

  it("are documented with the template's defaults", () => {
    const source = readFileSync(join(__dirname, "../lib/parameters.ts"), "utf8");
    const documented = [...source.matchAll(/@default (.*)\n +\*\/\n +readonly (\w+)\?:/g)];
    assert.deepEqual(
      Object.fromEntries(documented.map(([, value, property]) => [property, JSON.parse(value!)])),
      Object.fromEntries(Object.entries(NAMES).map(([property, name]) => [property, written.Parameters[name].Default])),
    );
  });
});

describe("a value that the template does not allow", () => {
  const built = functions();
  const refused = (props: object, message: RegExp) => {
    it(`is refused before anything is deployed: ${JSON.stringify(props)}`, () => {
      const stack = new Stack(new App({ outdir: empty() }), "renown");
      assert.throws(() => new Renown(stack, "Renown", { functions: built, ...props } as RenownProps), { message });
    });
  };
  refused({ alarmEmail: "nobody" }, /^alarmEmail is "nobody"; it takes an e-mail address, or nothing$/);
  refused({ logRetentionDays: 91 }, /^logRetentionDays is "91"; it takes one of 1, 3, 5, /);
  refused({ logRetentionDays: RetentionDays.INFINITE }, /^logRetentionDays is "9999"; /);
  refused({ architecture: "riscv64" }, /^architecture is "riscv64"; it takes one of arm64, x86_64$/);
  refused({ amazonUrl: "localhost:8080" }, /^amazonUrl is "localhost:8080"; it takes an http or https address /);
});
