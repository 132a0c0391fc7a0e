// The job of order-ingest as a plain Lambda handler in Node, AWS SDK v3: what python/ingest.py
// does, step by step, for the bench `cold`.
//
// For each batch: every message is parsed, changes are gathered by seller, seller and permissions
// are read, orders are read together, merged, planned, and written on the condition that nobody
// wrote meanwhile.

import { createHash, randomUUID } from "node:crypto";
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";

const TABLE = process.env.RENOWN_TABLE;
const SHARDS = 16n;
const ATTEMPTS = 5;
const DAY = 86400;
const TARGET_DAY = 6;
const HOURS = [9, 20];
const ZONES = { A1PA6795UKMFR9: "Europe/Berlin" };
const RANK = { Pending: 0, Unshipped: 1, PartiallyShipped: 2, Shipped: 3, Canceled: 4 };

const client = new DynamoDBClient({});

const moment = (text) => Math.floor(Date.parse(text) / 1000);
const iso = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

function draw(order, purpose) {
  return createHash("sha256").update(`${purpose}:${order}`).digest().readBigUInt64BE(0);
}

/** What a message says of an order; null if it is no change of a whole order. */
function sighting(body) {
  const message = JSON.parse(body);
  if (message.NotificationType !== "ORDER_CHANGE") return null;
  const change = message.Payload.OrderChangeNotification;
  if (change.NotificationLevel !== "OrderLevel") return null;
  const { Summary: summary } = change;
  const at = moment(message.EventTime);
  const facts = {
    mkt: summary.MarketplaceId,
    bought: moment(summary.PurchaseDate),
    channel: summary.FulfillmentType,
    status: summary.OrderStatus,
    skus: summary.OrderItems.map((item) => item.SellerSKU).sort(),
    programs: (summary.OrderPrograms ?? []).map((program) => program.toUpperCase()).sort(),
  };
  if (summary.EarliestDeliveryDate) {
    const [earliest, latest] = [moment(summary.EarliestDeliveryDate), moment(summary.LatestDeliveryDate)];
    facts.promise = { at, earliest, latest };
  }
  if (facts.status === "Shipped") facts.shipped = at;
  return { seller: change.SellerId, order: change.AmazonOrderId, facts };
}

/** Both together, in whatever order they came. */
function merge(known, seen) {
  const merged = { ...known, ...seen };
  const both = (name) => [known[name], seen[name]].filter((value) => value !== undefined);
  merged.status = both("status").sort((a, b) => RANK[b] - RANK[a])[0];
  merged.bought = Math.min(...both("bought"));
  for (const name of ["skus", "programs"]) merged[name] = [...new Set(both(name).flat())].sort();
  if (both("shipped").length) merged.shipped = Math.min(...both("shipped"));
  if (both("promise").length) merged.promise = both("promise").sort((a, b) => b.at - a.at)[0];
  return merged;
}

/** The second at which an hour of a day begins in a zone. */
function local(zone, year, month, day, hour) {
  const guess = Date.UTC(year, month, day, hour);
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const name = format.formatToParts(guess).find((part) => part.type === "timeZoneName").value;
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d+):(\d+))?/.exec(name);
  const offset = sign ? Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60) : 0;
  return guess / 1000 - offset;
}

/** When to ask and until when; null if it is not to be asked yet, or ever. */
function plan(order, facts) {
  if (facts.status !== "Shipped") return null;
  const best = facts.promise ? facts.promise.latest : facts.shipped + 3 * DAY;
  const opens = (facts.promise ? facts.promise.earliest : best) + 5 * DAY + 3600;
  const closes = best + 30 * DAY - 6 * 3600;
  const zone = ZONES[facts.mkt];
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(best * 1000);
  const [year, month, day] = date.split("-").map(Number);
  const spread = Number(draw(order, "spread") % BigInt((HOURS[1] - HOURS[0]) * 3600));
  for (let days = TARGET_DAY; ; days++) {
    const due = local(zone, year, month - 1, day + days, HOURS[0]) + spread;
    if (due >= opens) return due <= closes ? { due_at: due, not_after: closes } : null;
  }
}

function pack(value) {
  if (Array.isArray(value)) return { L: value.map(pack) };
  if (typeof value === "object") {
    return { M: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, pack(inner)])) };
  }
  return typeof value === "number" ? { N: String(value) } : { S: value };
}

function unpack(value) {
  const [[kind, inner]] = Object.entries(value);
  if (kind === "M") return Object.fromEntries(Object.entries(inner).map(([name, v]) => [name, unpack(v)]));
  if (kind === "L") return inner.map(unpack);
  return kind === "N" ? Number(inner) : inner;
}

const key = (seller, order) => ({
  pk: { S: `ORDERS#${seller}#${draw(order, "shard") % SHARDS}` },
  sk: { S: order },
});

async function item(pk, sk) {
  const Key = { pk: { S: pk }, sk: { S: sk } };
  return (await client.send(new GetItemCommand({ TableName: TABLE, Key }))).Item;
}

async function known(seller, orders) {
  const found = new Map();
  let RequestItems = { [TABLE]: { Keys: orders.map((order) => key(seller, order)) } };
  while (RequestItems && Object.keys(RequestItems).length) {
    const answer = await client.send(new BatchGetItemCommand({ RequestItems }));
    for (const there of answer.Responses[TABLE] ?? []) found.set(there.sk.S, there);
    RequestItems = answer.UnprocessedKeys;
  }
  return found;
}

async function record(seller, order, seen, there, now) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const revision = there ? Number(there.rev.N) : 0;
    const before = there ? unpack(there.body) : null;
    const facts = merge(before?.facts ?? {}, seen);
    if (before && JSON.stringify(pack(before.facts)) === JSON.stringify(pack(facts))) return;
    const due = plan(order, facts);
    const state = due ? { is: "planned", ...due } : { is: "seen" };
    const trail = before?.trail ?? [{ s: "first_notified", t: now }];
    if (due) trail.push({ s: "planned", t: now });
    const Item = {
      ...key(seller, order),
      v: { N: "1" },
      rev: { N: String(revision + 1) },
      w: { S: randomUUID().slice(0, 12) },
      body: pack({ id: order, seller, facts, state, trail }),
      expires_at: { N: String((due ? due.not_after : now) + 60 * DAY) },
    };
    if (due) {
      Item.due_pk = { S: `SOLICIT#${seller}` };
      Item.due_sk = { S: `${iso(due.due_at)}#${iso(due.not_after)}#${order}` };
    }
    const condition = there
      ? { ConditionExpression: "rev = :rev", ExpressionAttributeValues: { ":rev": { N: String(revision) } } }
      : { ConditionExpression: "attribute_not_exists(pk)" };
    try {
      await client.send(new PutItemCommand({ TableName: TABLE, Item, ...condition }));
      return;
    } catch (error) {
      if (error.name !== "ConditionalCheckFailedException") throw error;
      const Key = key(seller, order);
      there = (await client.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }))).Item;
    }
  }
  throw new Error(`${order} is written by others all the time`);
}

export async function handler(event) {
  const now = Math.floor(Date.now() / 1000);
  const [batchItemFailures, bySeller] = [[], new Map()];
  for (const message of event.Records) {
    let seen;
    try {
      seen = sighting(message.body);
    } catch {
      batchItemFailures.push({ itemIdentifier: message.messageId });
      continue;
    }
    if (!seen) continue;
    const orders = bySeller.get(seen.seller) ?? new Map();
    bySeller.set(seen.seller, orders);
    const earlier = orders.get(seen.order);
    orders.set(seen.order, earlier ? merge(earlier, seen.facts) : seen.facts);
  }
  for (const [seller, orders] of bySeller) {
    if (!(await item("SELLERS", seller))) continue;
    await item("CONTROL", "CONTROL");
    const there = await known(seller, [...orders.keys()]);
    for (const [order, facts] of orders) await record(seller, order, facts, there.get(order), now);
  }
  return { batchItemFailures };
}
