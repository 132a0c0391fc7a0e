// The template as it is written, to compare with what is synthesized.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { TEMPLATE } from "../lib/renown";

/** What CloudFormation's `!Name` is when it is written out. */
const TAGS = ["Ref", "GetAtt", "Sub", "If", "Not", "Equals"].flatMap((name) => {
  const key = name === "Ref" ? name : `Fn::${name}`;
  const resolve = (value: unknown) => ({ [key]: value });
  return [{ tag: `!${name}`, resolve }, { tag: `!${name}`, collection: "seq" as const, resolve }];
});

/** The template with aliases and `!Name` written out; read without the CDK. */
export const written = plain(parse(readFileSync(TEMPLATE, "utf8"), { customTags: TAGS }));

/** A part of a template with each parameter replaced by its value, and one spelling of `Fn::GetAtt`. */
export function settled(part: any, values: Record<string, unknown>): any {
  if (Array.isArray(part)) return part.map((item) => settled(item, values));
  if (typeof part !== "object" || part === null) return part;
  if (part.Ref in values) return values[part.Ref];
  if (Array.isArray(part["Fn::GetAtt"])) return { "Fn::GetAtt": part["Fn::GetAtt"].join(".") };
  if (typeof part["Fn::Sub"] === "string") {
    const text = part["Fn::Sub"].replace(/\$\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
    return { "Fn::Sub": text };
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, settled(value, values)]));
}

// A tagged list is a node of the parser's inside.
function plain(value: unknown): any {
  return JSON.parse(JSON.stringify(value));
}
