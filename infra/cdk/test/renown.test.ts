// What is synthesized is the template with the functions' code as assets.
import { CfnOutput, CfnParameter } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { INFRA } from "../lib/functions";
import { settled, written } from "./template";
import { empty, folder, FUNCTIONS, functions, synthesized } from "./world";

const standard = synthesized();

/** The template with values for its parameters, and without what CDK is there to change. */
function expected(given: object) {
  const defaults = Object.entries<any>(written.Parameters).map(([name, parameter]) => [name, parameter.Default]);
  const { Parameters, ...rest } = settled(written, { ...Object.fromEntries(defaults), ...given });
  return withoutCode(rest);
}

/** What was synthesized, without what CDK adds to every stack, and without the code. */
function included({ Parameters, Rules, ...rest }: any) {
  assert.deepEqual([Object.keys(Parameters), Object.keys(Rules)], [["BootstrapVersion"], ["CheckBootstrapVersion"]]);
  return withoutCode(settled(rest, {}));
}

function withoutCode(template: any) {
  for (const name of Object.keys(FUNCTIONS)) delete template.Resources[name].Properties.CodeUri;
  return template;
}

describe("the stack", () => {
  it("is the template to the letter, with the defaults of its parameters", () => {
    assert.deepEqual(included(standard.template), expected({}));
  });

  it("is the template to the letter, with the values that are given", () => {
    const { template } = synthesized({ alarmEmail: "ops@example.com", logRetentionDays: 90, amazonUrl: "https://simulator.example", chatsUrl: "https://chats.example" });
    assert.deepEqual(
      included(template),
      expected({ AlarmEmail: "ops@example.com", LogRetentionDays: 90, AmazonUrl: "https://simulator.example", ChatsUrl: "https://chats.example" }),
    );
  });

  it("is warned of by no rule of CDK's, but for those that are acknowledged", () => {
    const { pluginReports } = JSON.parse(readFileSync(join(standard.assembly.directory, "validation-report.json"), "utf8"));
    assert.deepEqual(pluginReports.flatMap(({ violations }: any) => violations), []);
  });

  it("takes a value that is only known when it is deployed", () => {
    const { template } = synthesized((stack) => ({ alarmEmail: new CfnParameter(stack, "Ops").valueAsString }));
    assert.deepEqual(template.Resources.AlarmEmailSubscription.Properties.Endpoint, { Ref: "Ops" });
  });

  it("keeps the transform of SAM", () => {
    assert.equal(standard.template.Transform, "AWS::Serverless-2016-10-31");
  });

  it("keeps the table and the key when it is deleted", () => {
    const { Table, Key } = standard.template.Resources;
    assert.deepEqual([Table.DeletionPolicy, Table.UpdateReplacePolicy], ["Retain", "Retain"]);
    assert.deepEqual([Key.DeletionPolicy, Key.UpdateReplacePolicy], ["RetainExceptOnCreate", "Retain"]);
  });
});

describe("the code of a function", () => {
  it("is an asset of what was built for it", () => {
    const { assembly, template } = standard;
    const { files } = JSON.parse(readFileSync(join(assembly.directory, "renown.assets.json"), "utf8"));
    for (const name of Object.keys(FUNCTIONS)) {
      const { Bucket, Key, ...nothing } = template.Resources[name].Properties.CodeUri;
      assert.deepEqual(nothing, {});
      const { source, destinations } = files[Key.replace(".zip", "")];
      const [to] = Object.values<any>(destinations);
      assert.deepEqual({ bucket: Bucket, key: Key }, { bucket: { "Fn::Sub": to.bucketName }, key: to.objectKey });
      assert.equal(source.packaging, "zip");
      assert.ok(readFileSync(join(assembly.directory, source.path, "bootstrap")).toString().endsWith(name));
    }
  });

  it("is no folder of this machine, and nothing else is", () => {
    const lambdas = Object.entries<any>(standard.template.Resources).filter(([, { Type }]) => Type === "AWS::Serverless::Function");
    assert.deepEqual(lambdas.map(([name]) => name).sort(), Object.keys(FUNCTIONS));
    const text = JSON.stringify(standard.template);
    for (const local of [INFRA, folder, "../", ".aws-sam", "asset."]) assert.ok(!text.includes(local), local);
  });

  it("is also found by the name of its crate", () => {
    const { template } = synthesized({ functions: functions(Object.values(FUNCTIONS)) });
    assert.ok(template.Resources.OrderIngest.Properties.CodeUri.Key);
  });

  it("is missed with its folder and the command that builds it", () => {
    const built = functions();
    rmSync(join(built, "ReportSync"), { recursive: true });
    const message = `no built function in ${built}/ReportSync or report-sync: run \`cd ${INFRA} && sam build\` first`;
    assert.throws(() => synthesized({ functions: built }), { message });
    assert.throws(() => synthesized({ functions: join(empty(), "absent") }), /absent\/OrderIngest or order-ingest: run/);
  });

  it("is refused when it was built for another processor", () => {
    const message = /OrderIngest\/bootstrap is no program for x86_64: run `cd .* && sam build --parameter-overrides Architecture=x86_64`/;
    assert.throws(() => synthesized({ architecture: "x86_64" }), { message });
  });
});

describe("its parts", () => {
  it("can be built upon", () => {
    const { template } = synthesized({}, (renown, stack) => {
      const alarms = new SnsTopic(renown.alarms);
      new Rule(stack, "Rule", { eventBus: renown.bus, eventPattern: { source: ["renown"] }, targets: [alarms] });
      new CfnOutput(stack, "Name", { value: renown.tableName });
      new CfnOutput(stack, "Url", { value: renown.publicUrl });
      new CfnOutput(stack, "Mails", { value: renown.mailTopic.topicArn });
    });
    const added = Object.entries<any>(template.Resources).filter(([name]) => !(name in written.Resources));
    const [rule] = added.map(([, resource]) => resource).filter(({ Type }) => Type === "AWS::Events::Rule");
    assert.deepEqual(rule.Properties.EventBusName, { Ref: "Bus" });
    assert.deepEqual(rule.Properties.Targets[0].Arn, { Ref: "Alarms" });
    assert.deepEqual(template.Outputs.Name.Value, { Ref: "Table" });
    assert.deepEqual(template.Outputs.Url.Value, written.Outputs.PublicUrl.Value);
    assert.deepEqual(template.Outputs.Mails.Value, { Ref: "MailTopic" });
  });
});
