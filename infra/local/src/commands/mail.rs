//! `renown mail`: the mails to customers of shops: where each stands, what it says, and a
//! person's word on it.

mod hand;
mod keys;
mod list;
mod text;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use renown_core::ids::ShopOrderId;
use renown_core::mail::Kind;

use crate::desk::Desk;
use crate::mails::STATES;

pub(crate) use hand::unknown;
pub(crate) use text::{OUTBOX, mails_to, operators_outbox, outbox};

/// List the mails to customers of your own shops, read one, try one out, release or skip it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown mail list --shop tea --state held\n  renown mail preview tea 1001 invitation --html mail.html\n  renown mail test tea invitation --to me@shop.example\n  renown mail release --all --shop tea\n  renown mail skip 1001 reminder-1 --shop tea\n  renown mail keys --save mail-keys.json"
)]
pub struct MailArgs {
    #[command(subcommand)]
    command: MailCommand,
}

#[derive(Debug, Subcommand)]
enum MailCommand {
    /// List the mails that are still to come, and the sums of all: planned = sent + skipped + expired + refused + unclear + open.
    List(ListArgs),
    /// Print what a mail of an order says. Nothing is sent, and nothing that is done by its links counts.
    Preview(PreviewArgs),
    /// Send a mail about a made-up order to an address of your own: into the folder `mail` on one machine, by SES on AWS.
    Test(TestArgs),
    /// Let held mails go.
    Release(ReleaseArgs),
    /// Do not send a mail.
    Skip(SkipArgs),
    /// Move the keys of mail along with a copy: they stand behind every customer and suppressed address in it.
    Keys(KeysArgs),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct KeysArgs {
    /// Write them into a new file.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Put those of a file in place.
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ListArgs {
    /// The shop; without it, all of them.
    #[arg(long, value_name = "SHOP")]
    shop: Option<String>,
    /// Those in one state, whenever they came to it.
    #[arg(long, value_name = "STATE", value_parser = clap::builder::PossibleValuesParser::new(STATES))]
    state: Option<String>,
    /// Every mail there ever was.
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
struct PreviewArgs {
    /// The shop.
    #[arg(value_name = "SHOP")]
    shop: String,
    /// The order, by the shop's own id.
    #[arg(value_name = "ORDER")]
    order: ShopOrderId,
    /// Which mail: invitation, reminder-1, reminder-2, survey or service.
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// Write its HTML into a new file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct TestArgs {
    /// The shop.
    #[arg(value_name = "SHOP")]
    shop: String,
    /// Which mail: invitation, reminder-1, reminder-2, survey or service.
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// An address of your own.
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    /// The customer's language, such as de or fr-CA [default: the shop's]
    #[arg(long, value_name = "LOCALE")]
    locale: Option<String>,
}

#[derive(Debug, Args)]
struct ReleaseArgs {
    /// The orders, by the shop's own ids.
    #[arg(value_name = "ORDER")]
    orders: Vec<ShopOrderId>,
    /// Every held mail of the shop.
    #[arg(long, conflicts_with = "orders")]
    all: bool,
    /// The shop.
    #[arg(long, value_name = "SHOP")]
    shop: Option<String>,
    /// Without being asked again.
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
struct SkipArgs {
    /// The order, by the shop's own id.
    #[arg(value_name = "ORDER")]
    order: ShopOrderId,
    /// Which mail: invitation, reminder-1, reminder-2, survey or service.
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// The shop.
    #[arg(long, value_name = "SHOP")]
    shop: Option<String>,
}

/// Runs `renown mail`.
///
/// # Errors
///
/// If there is no such shop, order or mail, nobody says yes, or something cannot be read, written
/// or sent.
pub async fn run(desk: &mut Desk<'_>, args: MailArgs) -> anyhow::Result<()> {
    match args.command {
        MailCommand::List(args) => list::run(desk, &args).await,
        MailCommand::Preview(args) => text::preview(desk, &args).await,
        MailCommand::Test(args) => text::test(desk, &args).await,
        MailCommand::Release(args) => hand::release(desk, args).await,
        MailCommand::Skip(args) => hand::skip(desk, &args).await,
        MailCommand::Keys(KeysArgs { save: Some(path), .. }) => keys::save(desk, &path).await,
        MailCommand::Keys(KeysArgs { load: Some(path), .. }) => keys::load(desk, &path).await,
        // clap wants one of both.
        MailCommand::Keys(_) => Ok(()),
    }
}
