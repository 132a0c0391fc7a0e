//! `renown cases`: what people have to deal with, and what they did.

mod object;
mod print;

use clap::{Args, Subcommand};
use renown_core::case::{Act, Case, Department, OPERATOR, Outcome, Team, figures, problem_of_name};
use renown_core::event::Event;
use renown_core::ids::SellerId;
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use crate::desk::{Desk, Open};
use crate::refuse;
use crate::told::Trouble;

/// Cases that are listed, unless all are wanted.
const SHOWN: usize = 50;
/// Complaints of a topic that are shown with it.
const QUOTED: usize = 20;

/// List what unhappy buyers and the account need, and say what was done.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown cases list\n  renown cases list --department logistics --all\n  renown cases show order-302-1234567-1234567\n  renown cases ack order-302-1234567-1234567 --by Wang\n  renown cases assign order-302-1234567-1234567 --to Li\n  renown cases resolve order-302-1234567-1234567 --outcome refunded --note \"full refund\"\n  renown cases reopen order-302-1234567-1234567\n  renown cases figures"
)]
pub struct CasesArgs {
    #[command(subcommand)]
    command: CasesCommand,
    /// The seller; may be left out where one alone has the case.
    #[arg(long, global = true, value_name = "SELLER")]
    seller: Option<String>,
}

#[derive(Debug, Subcommand)]
enum CasesCommand {
    /// List the open cases, the nearest deadline first.
    List {
        /// Those that ended too.
        #[arg(long)]
        all: bool,
        /// Of one department: service, logistics, quality, listing, account.
        #[arg(long, value_name = "DEPARTMENT")]
        department: Option<Department>,
        /// Of one person.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
    },
    /// Show a case: what was said, what to do, what was done.
    Show {
        /// The case, or the id of an order.
        #[arg(value_name = "CASE")]
        case: String,
    },
    /// Take a case on.
    Ack {
        /// The case, or the id of an order.
        #[arg(value_name = "CASE")]
        case: String,
        /// Who [default: operator].
        #[arg(long, value_name = "NAME", default_value = OPERATOR, hide_default_value = true)]
        by: String,
    },
    /// Give a case to a person or a department.
    Assign {
        /// The case, or the id of an order.
        #[arg(value_name = "CASE")]
        case: String,
        /// The person.
        #[arg(long, value_name = "NAME", required_unless_present = "department")]
        to: Option<String>,
        /// The department: service, logistics, quality, listing, account.
        #[arg(long, value_name = "DEPARTMENT")]
        department: Option<Department>,
        /// Who gives it [default: operator].
        #[arg(long, value_name = "NAME", default_value = OPERATOR, hide_default_value = true)]
        by: String,
    },
    /// End a case.
    Resolve {
        /// The case, or the id of an order.
        #[arg(value_name = "CASE")]
        case: String,
        #[expect(clippy::doc_markdown, reason = "the help is printed as it stands")]
        /// How it ended: replaced, refunded, removed, turned_neutral, answered, mended, no_reply_needed, lost.
        #[arg(long, value_name = "OUTCOME")]
        outcome: Outcome,
        /// A few words.
        #[arg(
            long,
            value_name = "WORDS",
            default_value = "",
            hide_default_value = true,
            allow_hyphen_values = true
        )]
        note: String,
        /// Who [default: operator].
        #[arg(long, value_name = "NAME", default_value = OPERATOR, hide_default_value = true)]
        by: String,
    },
    /// Open a case again.
    Reopen {
        /// The case, or the id of an order.
        #[arg(value_name = "CASE")]
        case: String,
        /// Who [default: operator].
        #[arg(long, value_name = "NAME", default_value = OPERATOR, hide_default_value = true)]
        by: String,
    },
    /// Show how fast cases are answered, and how much is put right.
    Figures,
}

/// Runs `renown cases`.
///
/// # Errors
///
/// If there is no such case, what is to be done makes no sense any more, or the table does not
/// answer.
pub async fn run(desk: &mut Desk<'_>, args: CasesArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let team = open.app.ledger.team().await?;
    let named = args.seller.as_deref();
    match args.command {
        CasesCommand::List { all, department, owner } => {
            let is_filtered = department.is_some() || owner.is_some() || named.is_some();
            let wants = |case: &Case| {
                (all || case.is_open())
                    && department.is_none_or(|department| case.department == department)
                    && owner.as_ref().is_none_or(|owner| is_called(case.owner.as_deref(), owner))
            };
            let mut cases: Vec<(String, Case)> = all_cases(&open, named).await?;
            cases.retain(|(_, case)| wants(case));
            cases.sort_by_key(|(_, case)| (!case.is_open(), case.deadline, case.id.clone()));
            if cases.is_empty() {
                desk.json(&json!({"cases": []}))?;
                return desk.say(&match (is_filtered, all) {
                    (true, true) => text!("no case matches the filters", "没有符合条件的工单"),
                    (true, false) => text!(
                        "no open case matches the filters; --all looks at those that ended too",
                        "没有符合条件的未结工单;--all 也包括已结案的"
                    ),
                    (false, true) => text!("there is no case", "没有工单"),
                    (false, false) => text!("no case is open", "没有未结工单"),
                });
            }
            print::list(desk, &cases, if all { usize::MAX } else { SHOWN }, open.now)
        }
        CasesCommand::Show { case } => {
            let (alias, case) = find(&open, named, &case).await?;
            let order = match case.subject.order() {
                Some(order) => open.app.ledger.order(&case.seller, order).await?,
                None => None,
            };
            let facts = order.as_ref().map(|stored| &stored.order.facts);
            let complaints = open.app.ledger.complaints_of(&case, QUOTED).await?;
            let shown = print::Shown { alias: &alias, case: &case, facts, complaints: &complaints };
            print::show(desk, &shown, &team, open.now)
        }
        CasesCommand::Ack { case, by } => act(desk, &open, named, &case, &team, Act::Acknowledge, &by).await,
        CasesCommand::Assign { case, to, department, by } => {
            if let Some(to) = &to {
                refuse_no_name("--to", to)?;
            }
            act(desk, &open, named, &case, &team, Act::Assign { owner: to, department }, &by).await
        }
        CasesCommand::Resolve { case, outcome, note, by } => {
            act(desk, &open, named, &case, &team, Act::Resolve { outcome, note }, &by).await
        }
        CasesCommand::Reopen { case, by } => act(desk, &open, named, &case, &team, Act::Reopen, &by).await,
        CasesCommand::Figures => {
            let cases = all_cases(&open, named).await?;
            let figures = figures(cases.iter().map(|(_, case)| case), &team, open.now);
            desk.json(&json!(figures))?;
            print::figures(desk, &figures)
        }
    }
}

/// Every case of the sellers that are meant, each with what its seller is called.
async fn all_cases(open: &Open, named: Option<&str>) -> anyhow::Result<Vec<(String, Case)>> {
    let sellers = match named {
        Some(_) => vec![open.seller(named).await?],
        None => open.app.ledger.sellers().await?,
    };
    let mut all = Vec::new();
    for seller in sellers {
        let cases = open.app.ledger.cases(&seller.id).await?;
        all.extend(cases.into_iter().map(|case| (seller.alias.clone(), case)));
    }
    Ok(all)
}

/// Refuses what nobody can be called.
pub(super) fn refuse_no_name(option: &str, name: &str) -> anyhow::Result<()> {
    match problem_of_name(name) {
        Some(Text { en, zh }) => Err(Trouble::usage(text!("{option}: {en}", "{option}:{zh}")).into()),
        None => Ok(()),
    }
}

/// Whether somebody is called so: people type names as it comes.
fn is_called(name: Option<&str>, typed: &str) -> bool {
    name.is_some_and(|name| name.to_lowercase() == typed.trim().to_lowercase())
}

/// The one case that a person means: by its id, or by that of its order.
async fn find(open: &Open, named: Option<&str>, wanted: &str) -> anyhow::Result<(String, Case)> {
    let by_order = format!("order-{wanted}");
    let mut found = all_cases(open, named).await?;
    found.retain(|(_, case)| case.id == wanted || case.id == by_order);
    match found.len() {
        0 => Err(Trouble::new(text!(
            "there is no case {wanted}; `renown cases list --all` lists them",
            "没有工单 {wanted};`renown cases list --all` 会列出全部"
        ))
        .into()),
        1 => Ok(found.remove(0)),
        _ => Err(Trouble::usage(text!(
            "several sellers have a case {wanted}: name one with --seller",
            "多个卖家都有工单 {wanted}:请用 --seller 指定"
        ))
        .into()),
    }
}

async fn act(
    desk: &mut Desk<'_>,
    open: &Open,
    named: Option<&str>,
    wanted: &str,
    team: &Team,
    act: Act,
    by: &str,
) -> anyhow::Result<()> {
    refuse_no_name("--by", by)?;
    let (_, case) = find(open, named, wanted).await?;
    let (seller, id): (SellerId, String) = (case.seller, case.id);
    let now = open.now;
    let changed =
        open.app.ledger.change_case(&seller, &id, |case| case.act(act.clone(), by, team, now)).await?;
    let case = match changed {
        Some(Ok(case)) => case,
        Some(Err(Text { en, zh })) => refuse!("{en}", "{zh}"),
        None => refuse!("there is no case {id} any more", "工单 {id} 已不存在"),
    };
    open.app.bus.publish(vec![Event::CaseChanged((&case).into())]).await;
    desk.json(&object::object(&case))?;
    let Text { en, zh } = print::state(&case);
    desk.say(&text!("{id}: {en}", "{id}:{zh}"))
}
