// Renown's stack as a CDK construct: ../../template.yaml as it is, with the functions' code as
// assets. The template stays the only description of the stack, so that what is deployed with CDK
// and with SAM is the same, to the logical ids: either can go on with a stack of the other.
import { CfnResource, Stack, Validations } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { EventBus, type IEventBus } from "aws-cdk-lib/aws-events";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { CfnFunction } from "aws-cdk-lib/aws-sam";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Construct, type IConstruct } from "constructs";
import { join } from "node:path";
import { built, INFRA, SAM_BUILD } from "./functions";
import { type Architecture, type Parameters, settled } from "./parameters";

export type { Architecture } from "./parameters";

/** The template that is included. */
export const TEMPLATE = join(INFRA, "template.yaml");

/** What may be said about a {@link Renown}; nothing has to be. */
export interface RenownProps extends Parameters {
  /**
   * Folder of the built functions: for each a folder with the program `bootstrap` in it, named as
   * the function in the template (`sam build` does) or as its crate (`cargo lambda build` does).
   *
   * @default what `sam build` leaves: infra/.aws-sam/build
   */
  readonly functions?: string;
}

/**
 * Renown in a stack. One to an AWS account and region: a second one fails when it is deployed, on
 * the name `/renown/stack`, since two of them would ask twice.
 *
 * Logical ids are the template's own, whatever the construct is called; SAM's transform is added to
 * the stack it is in.
 */
export class Renown extends Construct {
  /** Everything of the template: `template.getResource("Table")` and so on. */
  readonly template: CfnInclude;

  /** Name of the table, which outlives the stack. */
  readonly tableName: string;

  /** Where alarms go; subscribe a chat or a pager. */
  readonly alarms: ITopic;

  /** The template's event bus, for rules of your own; what it carries is described in ../../../events/bus. */
  readonly bus: IEventBus;

  /** Where links in mails lead, and where shops send their webhooks; without a slash at the end. */
  readonly publicUrl: string;

  /** Where SES tells what becomes of mails; subscribe another system. */
  readonly mailTopic: ITopic;

  /** @throws when a property is not what the template allows, or a function is not built. */
  constructor(scope: Construct, id: string, props: RenownProps = {}) {
    super(scope, id);

    // Every parameter is replaced by its value. As a parameter it would keep, on an update by
    // `cdk deploy`, the value of the deploy before, whatever a property says by then. What the
    // template allows is known once it is read, and what replaces a parameter must be known before:
    // hence it is read twice.
    const written = new CfnInclude(this, "Written", { templateFile: TEMPLATE });
    const parameters = settled(props, (name) => written.getParameter(name));
    this.node.tryRemoveChild("Written");
    this.template = new CfnInclude(this, "Template", { templateFile: TEMPLATE, parameters });
    const reason = "The template's conditions ask for parameters, which are constants here.";
    const rules = ["CloudFormation-Validate::W8003", "CloudFormation-Validate::W9053"];
    Validations.of(Stack.of(this)).acknowledge(...rules.map((id) => ({ id, reason })));

    const architecture = parameters["Architecture"] as Architecture;
    for (const lambda of this.template.node.children.filter(isFunction)) {
      const crate: string = lambda.cfnOptions.metadata?.["BuildProperties"].Binary;
      const path = built(props.functions ?? SAM_BUILD, [lambda.node.id, crate], architecture);
      const code = new Asset(this, lambda.node.id, { path });
      lambda.codeUri = { bucket: code.s3BucketName, key: code.s3ObjectKey };
    }

    this.tableName = this.template.getResource("Table").ref;
    this.alarms = Topic.fromTopicArn(this, "Alarms", this.template.getResource("Alarms").ref);
    this.bus = EventBus.fromEventBusName(this, "Bus", this.template.getResource("Bus").ref);
    this.publicUrl = this.template.getOutput("PublicUrl").value;
    this.mailTopic = Topic.fromTopicArn(this, "MailTopic", this.template.getResource("MailTopic").ref);
  }
}

function isFunction(child: IConstruct): child is CfnFunction {
  return CfnResource.isCfnResource(child) && child.cfnResourceType === CfnFunction.CFN_RESOURCE_TYPE_NAME;
}
