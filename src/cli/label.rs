//! `lacuna label`: people label a set, blind, in the browser.

use std::future::poll_fn;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::Poll;

use clap::Args;
use serde::Serialize;

use super::error::CliError;
use super::live::now;
use super::staging::{Existing, write_folder};
use super::{Format, output};
use crate::gold::{GoldSet, SetFiles, looks_like_a_person, people_set};
use crate::label::{
    Desk, LabelError, LabelRequest, LabelServer, Labelling, PracticeChoice, Seat, StorageError, Token, open,
};
use crate::model::Problem;

/// Random bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;

/// Arguments of `lacuna label`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints an address for each rater and serves it on this machine alone until it is interrupted. Every
answer is on the disk before the page says so; the same command goes on from there. See docs/label.md.

Examples:
  lacuna label --gold gold_labels/lacuna-core --out study --rater ann --rater bob
  lacuna label --gold study --rater ann
  lacuna label --gold mine --rater r1 --rater r2 --rater r3 --overlap 0.2 --seed 7")]
pub(super) struct LabelArgs {
    /// Folder of the set that is labelled.
    #[arg(long, value_name = "DIR")]
    gold: PathBuf,
    /// Folder of a new set with the same examples and people's labels alone; on a later call, where it goes on.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Pseudonym of a rater who labels now; repeatable.
    #[arg(long, value_name = "NAME", required = true)]
    rater: Vec<String>,
    /// Gives a rater whom the plan does not have a share of the work that is left.
    #[arg(long)]
    add: bool,
    /// Each example goes to one rater, and this share of them to two; every rater labels everything without it.
    #[arg(long, value_name = "SHARE")]
    overlap: Option<f64>,
    /// Seed of who labels what and in which order; 1 where absent.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Labelled set from which the practice round is taken; the bundled one where its scales fit.
    #[arg(long, value_name = "DIR", conflicts_with = "no_practice")]
    practice: Option<PathBuf>,
    /// Begin without a practice round.
    #[arg(long)]
    no_practice: bool,
    /// Port to listen on; 0 = any free one.
    #[arg(long, value_name = "N", default_value = "0")]
    port: u16,
    /// How to print the addresses.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Serialize)]
struct Addresses {
    gold: String,
    raters: Vec<ServedRater>,
}

#[derive(Serialize)]
struct ServedRater {
    rater: String,
    url: String,
}

pub(super) fn run(args: &LabelArgs) -> Result<(), CliError> {
    let folder = folder(args)?;
    let practice = match (&args.practice, args.no_practice) {
        (Some(set), _) => PracticeChoice::From(Box::new(GoldSet::load(set)?)),
        (None, true) => PracticeChoice::Without,
        (None, false) => PracticeChoice::Usual,
    };
    let labelling = open(&LabelRequest {
        folder,
        raters: &args.rater,
        seed: args.seed,
        overlap: args.overlap,
        practice,
        add: args.add,
        now,
    })?;
    tell(&labelling, &args.rater);
    let served = Served { folder, desks: labelling.desks, port: args.port, format: args.format };
    let server = served.serve()?;
    say_goodbye(&server, folder);
    Ok(())
}

/// The folder that is labelled: the set itself, or the new one, which is made where it is not there.
fn folder(args: &LabelArgs) -> Result<&Path, CliError> {
    let Some(out) = &args.out else { return Ok(&args.gold) };
    let (gold, files) = GoldSet::load_in_the_making(&args.gold)?;
    if !out.join("card.toml").exists() {
        let made = people_set(&gold, &files, "with `lacuna label`", Vec::new());
        write_folder(out, &made.into_folder(), Existing::Nothing)?;
        return Ok(out);
    }
    let there = SetFiles::read_in_the_making(out)?;
    if there.examples.1 == files.examples.1 {
        return Ok(out);
    }
    let message = format!(
        "has other examples than {}; allowed: a new folder, or one that was made from it",
        output::path(&args.gold)
    );
    Err(Problem::file(out, message).into())
}

/// What whoever sets it up should know.
fn tell(labelling: &Labelling, raters: &[String]) {
    tell_set_aside(&labelling.set_aside);
    for rater in raters.iter().filter(|rater| looks_like_a_person(rater)) {
        output::say(&format!("warning: {rater} looks like a name; raters go by pseudonyms, such as r1"));
    }
    if labelling.without_response > 0 {
        let count = labelling.without_response;
        output::say(&format!("note: {count} examples have no response and are shown to nobody"));
    }
    output::say(&format!("raters read the title of the card: {}", labelling.title));
    if labelling.one_axis > 0 {
        let count = labelling.one_axis;
        output::say(&format!(
            "note: {count} examples ask for one axis alone, which tells raters something where it follows from how they were made"
        ));
    }
    match labelling.practice() {
        Some((name, examples)) => {
            output::say(&format!("practice: {examples} examples of {name} come first, and never reach the labels"));
        }
        None => output::say("practice: none"),
    }
}

/// Says of lines that had been cut off where they are kept.
pub(super) fn tell_set_aside(paths: &[PathBuf]) {
    for path in paths {
        let path = output::path(path);
        output::say(&format!("warning: a last line had been cut off and was never counted; it is kept in {path}"));
    }
}

/// What is served, to whom and where.
pub(super) struct Served<'a> {
    /// The set.
    pub(super) folder: &'a Path,
    /// One desk a rater.
    pub(super) desks: Vec<Desk>,
    /// The port; 0 = any free one.
    pub(super) port: u16,
    /// How the addresses are printed.
    pub(super) format: Format,
}

impl Served<'_> {
    /// Prints an address for each rater and serves it until it is interrupted.
    pub(super) fn serve(self) -> Result<Arc<LabelServer>, CliError> {
        let failed = |what: &str, error: std::io::Error| CliError::unexpected(format!("{what}: {error}"));
        let Self { folder, desks, port, format } = self;
        let address = (Ipv4Addr::LOCALHOST, port);
        let listener = TcpListener::bind(address).map_err(|error| failed(&format!("port {port}"), error))?;
        let port = listener.local_addr().map_err(|error| failed("the address", error))?.port();
        let mut seats = Vec::new();
        for desk in desks {
            seats.push(Seat { token: token().map_err(|error| failed("random numbers of the system", error))?, desk });
        }
        let runtime = tokio::runtime::Runtime::new().map_err(|error| failed("the runtime", error))?;
        runtime.block_on(async {
            let mut interrupted = Box::pin(interrupted());
            // The first look takes the signal over, so that whoever reads the address can end the server by it.
            poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context).is_ready())).await;
            print_addresses(&seats, folder, port, format)?;
            output::say("serving on this machine alone; Ctrl-C ends it");
            let server = LabelServer::new(seats, port);
            server.clone().serve(listener, interrupted).await.map_err(|error| failed("the server", error))?;
            Ok(server)
        })
    }
}

/// Ends when the user interrupts.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without the signal it serves until it is killed.
        std::future::pending::<()>().await;
    }
}

fn print_addresses(seats: &[Seat], folder: &Path, port: u16, format: Format) -> Result<(), CliError> {
    let address = |seat: &Seat| ServedRater {
        rater: seat.desk.session().rater().to_owned(),
        url: format!("http://127.0.0.1:{port}/?token={}", seat.token.as_str()),
    };
    let raters: Vec<ServedRater> = seats.iter().map(address).collect();
    match format {
        Format::Text => {
            let line = |served: &ServedRater| format!("{}\t{}\n", served.rater, served.url);
            output::data(&raters.iter().map(line).collect::<String>())
        }
        Format::Json => output::json(&Addresses { gold: folder.display().to_string(), raters }),
    }
}

fn say_goodbye(server: &LabelServer, folder: &Path) {
    for (rater, progress) in server.progress() {
        let (labels, practice) = (progress.labelling, progress.practice);
        let unclear = match progress.cannot_judge {
            0 => String::new(),
            count => format!(", {count} of them with an axis that could not be judged"),
        };
        let practised = if practice.done < practice.total {
            format!(" (practice {} of {})", practice.done, practice.total)
        } else {
            String::new()
        };
        output::say(&format!("{rater}: {} of {} labelled{unclear}{practised}", labels.done, labels.total));
    }
    let folder = output::path(folder);
    output::say(&format!(
        "the labels are in {folder}/annotations; the same command goes on\nnext: lacuna gold check {folder}\n      lacuna gold agreement {folder}"
    ));
}

/// Random bytes of the operating system.
fn token() -> std::io::Result<Token> {
    let mut bytes = [0_u8; TOKEN_BYTES];
    random_bytes(&mut bytes)?;
    Ok(Token::new(&bytes))
}

#[cfg(unix)]
fn random_bytes(bytes: &mut [u8]) -> std::io::Result<()> {
    use std::io::Read;
    std::fs::File::open("/dev/urandom")?.read_exact(bytes)
}

/// Where there is no such device: hashes under keys that the standard library draws from the system, 128 bits.
#[cfg(not(unix))]
fn random_bytes(bytes: &mut [u8]) -> std::io::Result<()> {
    use std::hash::{BuildHasher, RandomState};
    let keys = RandomState::new();
    for (number, part) in bytes.chunks_mut(8).enumerate() {
        part.copy_from_slice(&keys.hash_one(number).to_le_bytes()[..part.len()]);
    }
    Ok(())
}

impl From<LabelError> for CliError {
    fn from(error: LabelError) -> Self {
        match error {
            LabelError::Input(problems) => Self::Input(problems),
            // A rater who is labelling elsewhere is the user's to find; a disk that fails is not.
            LabelError::Storage(StorageError::InUse(path)) => {
                let message = "is in use: another process labels for this rater; allowed: one process a rater";
                Problem::file(&path, message).into()
            }
            LabelError::Storage(error @ StorageError::Changed(_)) => Self::unexpected(error),
            LabelError::Storage(StorageError::Disk { path, source }) => Self::Write { path, source },
        }
    }
}
