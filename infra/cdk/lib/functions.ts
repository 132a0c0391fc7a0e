// The built functions on this machine.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Architecture } from "./parameters";

/** The folder of `infra`, where `sam build` is run. */
export const INFRA = resolve(__dirname, "../..");

/** Where `sam build` leaves the functions. */
export const SAM_BUILD = join(INFRA, ".aws-sam/build");

// The program that `provided.al2023` starts.
const BOOTSTRAP = "bootstrap";
// The processor that an ELF program is for: where it is said, and as what. Source: elf(5), e_machine.
const MACHINE_AT = 18;
const MACHINES: Record<Architecture, number> = { arm64: 0xb7, x86_64: 0x3e };

/**
 * The first of the `names` in `folder` that holds a built function.
 *
 * @throws with the command to run when there is none, or when it is for another processor: AWS
 * would take it, and each invocation would fail.
 */
export function built(folder: string, names: string[], architecture: Architecture): string {
  const build = `cd ${INFRA} && sam build`;
  const found = names.map((name) => join(folder, name)).find((candidate) => existsSync(join(candidate, BOOTSTRAP)));
  if (!found) {
    throw new Error(`no built function in ${join(folder, names.join(" or "))}: run \`${build}\` first`);
  }
  const program = readFileSync(join(found, BOOTSTRAP));
  const fits = program.length > MACHINE_AT + 1 && program.readUInt16LE(MACHINE_AT) === MACHINES[architecture];
  if (!fits) {
    throw new Error(
      `${join(found, BOOTSTRAP)} is no program for ${architecture}: ` +
        `run \`${build} --parameter-overrides Architecture=${architecture}\`, or give the architecture it is built for`,
    );
  }
  return found;
}
