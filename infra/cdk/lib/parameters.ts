// The parameters of ../../template.yaml as typed properties. The template stays the one place that
// says what they default to and what they may be; test/parameters.test.ts holds this file to it.
import { CfnParameter, Token } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";

/** Processors that the functions can be built for. */
export const ARCHITECTURES = ["arm64", "x86_64"] as const;

/** A processor that the functions can be built for. */
export type Architecture = (typeof ARCHITECTURES)[number];

/** What may be said about a stack; nothing has to be. */
export interface Parameters {
  /**
   * Address that alarms are sent to; Amazon SNS asks it to confirm once. Empty: nobody is
   * subscribed, and alarms are only seen in CloudWatch.
   *
   * @default ""
   */
  readonly alarmEmail?: string;

  /**
   * Days that log lines are kept. The default covers the year that Amazon's Data Protection Policy
   * wants logs for.
   *
   * @default 400
   */
  readonly logRetentionDays?: Exclude<RetentionDays, RetentionDays.INFINITE>;

  /**
   * Processor of the functions, which must have been built for it.
   *
   * @default "arm64"
   */
  readonly architecture?: Architecture;

  /**
   * Base address of a simulator of Amazon's API, for trials: with it no request ever reaches a
   * buyer. Empty: the real Amazon.
   *
   * @default ""
   */
  readonly amazonUrl?: string;

  /**
   * Base address of a simulator of WeCom, DingTalk and the other chats, for trials. Empty: their own
   * hosts.
   *
   * @default ""
   */
  readonly chatsUrl?: string;
}

/** The name of each property in the template. */
export const NAMES: { readonly [property in keyof Required<Parameters>]: string } = {
  alarmEmail: "AlarmEmail",
  logRetentionDays: "LogRetentionDays",
  architecture: "Architecture",
  amazonUrl: "AmazonUrl",
  chatsUrl: "ChatsUrl",
};

/**
 * The value of every parameter by its name in the template: the given one, else the default.
 *
 * @throws when a value is not one that the template allows; CloudFormation would say so only
 * when the stack is deployed.
 */
export function settled(given: Parameters, written: (name: string) => CfnParameter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(NAMES).map(([property, name]) => {
      const parameter = written(name);
      const value = given[property as keyof Parameters] ?? parameter.default;
      if (!Token.isUnresolved(value)) refuseUnlessAllowed(property, String(value), parameter);
      return [name, value];
    }),
  );
}

function refuseUnlessAllowed(property: string, value: string, parameter: CfnParameter): void {
  const { allowedValues, allowedPattern, constraintDescription } = parameter;
  if (allowedValues && !allowedValues.map(String).includes(value)) {
    throw new Error(`${property} is "${value}"; it takes one of ${allowedValues.join(", ")}`);
  }
  if (allowedPattern && !new RegExp(allowedPattern).test(value)) {
    throw new Error(`${property} is "${value}"; it takes ${constraintDescription ?? allowedPattern}`);
  }
}
