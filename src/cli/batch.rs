//! The two halves of a batch: `lacuna run --batch-out` and `--batch-in`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::error::CliError;
use super::live::{check_prices, fill_in_addresses, now, oldest, open_ledger, runtime};
use super::run_args::RunArgs;
use super::staging::{Existing, Staged, StagedFile, check_target};
use super::write_answers::write_answers;
use super::{Format, output};
use crate::gold::GoldSet;
use crate::judge::live::BatchForm;
use crate::judge::load_judges;
use crate::model::{PerAxis, Problem, Problems, shown};
use crate::report::one_line;
use crate::run::{
    BatchCount, BatchFiled, BatchLimits, BatchReader, LiveContext, LiveJudge, LiveReplies, answer, batch_calls,
    live_judges, plan,
};

/// A file of requests.
#[derive(Debug, Serialize)]
struct Written {
    file: PathBuf,
    judge: String,
    requests: usize,
    bytes: usize,
}

/// Writes the requests that the ledger has no reply to, one or more files a judge.
pub(super) fn write(args: &RunArgs, folder: &Path) -> Result<(), CliError> {
    check_target(folder, Existing::Nothing)?;
    let gold = GoldSet::load(&args.gold)?;
    let mut judges = load_judges(&args.judge)?;
    fill_in_addresses(&mut judges)?;
    check_prices(&judges, &args.live)?;
    let live = live_judges(&gold, &judges);
    let forms = forms_of(&live)?;
    let ledger = open_ledger(&args.live)?;
    let oldest = oldest(&args.live);
    // A prompt that cannot be rendered is known, with all its fellows, before anything is written.
    plan(&gold, &live, Some(&ledger), oldest.as_deref())?;
    let limits = BatchLimits { seed: args.seed, oldest: oldest.as_deref(), most_cost_usd: args.live.max_cost };
    let staged = Staged::new(folder, Existing::Nothing)?;
    let mut writers: Vec<Writer<'_>> =
        live.iter().zip(&forms).map(|(judge, form)| Writer::new(&staged, &judge.judge.name, *form)).collect();
    let (counts, whole) =
        batch_calls(&gold, &live, &ledger, limits, |judge, call| writers[judge].add(&forms[judge].request(call)))?;
    let mut written = Vec::new();
    for writer in writers {
        written.extend(writer.finish()?);
    }
    staged.place()?;
    written.iter_mut().for_each(|one| one.file = folder.join(&one.file));
    counts.iter().zip(&live).for_each(|(count, judge)| say_count(count, judge));
    match args.format {
        Format::Json => output::json(&written)?,
        Format::Text => output::data(&written.iter().map(line).collect::<String>())?,
    }
    if whole {
        Ok(())
    } else {
        Err(CliError::Stopped("--max-cost was reached before every request was written".to_owned()))
    }
}

fn line(written: &Written) -> String {
    format!("{}: {} requests, {} bytes\n", output::path(&written.file), written.requests, written.bytes)
}

/// The form of each judge's batches; a program on this machine has none.
fn forms_of(live: &[LiveJudge]) -> Result<Vec<BatchForm>, CliError> {
    let mut problems = Problems::default();
    if live.is_empty() {
        let message = "names no judge that is asked; allowed with --batch-out and --batch-in: one that is";
        problems.push(Problem::file(Path::new("--judge"), message));
    }
    let mut forms = Vec::new();
    for LiveJudge { judge, live, .. } in live {
        match BatchForm::of(live.provider) {
            Some(form) => forms.push(form),
            None => problems.push(judge.fault(
                "kind",
                format!(
                    "found {}, which has no batches; allowed with --batch-out: \"openai\", \"anthropic\", \"gemini\"",
                    shown(live.provider.name())
                ),
            )),
        }
    }
    Ok(problems.or(forms)?)
}

/// The files of one judge, each within what its provider takes.
struct Writer<'a> {
    staged: &'a Staged,
    judge: &'a str,
    form: BatchForm,
    open: Option<StagedFile>,
    written: Vec<Written>,
}

impl<'a> Writer<'a> {
    const fn new(staged: &'a Staged, judge: &'a str, form: BatchForm) -> Self {
        Self { staged, judge, form, open: None, written: Vec::new() }
    }

    fn add(&mut self, request: &str) -> Result<(), CliError> {
        let (_, between, after) = self.form.around();
        let full = self.written.last().is_some_and(|last| {
            last.requests >= self.form.most_requests()
                || last.bytes + between.len() + request.len() + after.len() > self.form.most_bytes()
        });
        if full {
            self.close()?;
        }
        if self.open.is_some() {
            self.put(between)?
        } else {
            self.begin()?
        }
        self.put(request)?;
        self.written.last_mut().into_iter().for_each(|last| last.requests += 1);
        Ok(())
    }

    fn begin(&mut self) -> Result<(), CliError> {
        let name = format!("{}-{}.{}", self.judge, self.written.len() + 1, self.form.ending());
        self.open = Some(self.staged.file(Path::new(&name))?);
        self.written.push(Written { file: name.into(), judge: self.judge.to_owned(), requests: 0, bytes: 0 });
        self.put(self.form.around().0)
    }

    fn put(&mut self, text: &str) -> Result<(), CliError> {
        self.written.last_mut().into_iter().for_each(|last| last.bytes += text.len());
        self.open.as_mut().map_or(Ok(()), |file| file.write(text.as_bytes()))
    }

    fn close(&mut self) -> Result<(), CliError> {
        self.put(self.form.around().2)?;
        self.open.take().map_or(Ok(()), StagedFile::finish)
    }

    fn finish(mut self) -> Result<Vec<Written>, CliError> {
        if self.open.is_some() {
            self.close()?;
        }
        Ok(self.written)
    }
}

fn say_count(count: &BatchCount, LiveJudge { judge, live, .. }: &LiveJudge) {
    let cost = match count.most_cost_usd {
        Some(cost) => format!(", at most about {cost:.2} USD by its price table, which knows no price of a batch"),
        None => String::new(),
    };
    let shared = match count.shared {
        0 => String::new(),
        shared => format!(", {shared} served by a request that is the same"),
    };
    let host = live.host().map(|host| one_line(&host)).unwrap_or_default();
    output::say(&format!(
        "{}: {} requests for a batch at {host} ({}), {} replies in the ledger{shared}; about {} tokens sent, at most {} \
         received{cost}",
        judge.name,
        count.requests,
        one_line(&live.model),
        count.in_ledger,
        count.input_tokens,
        count.most_output_tokens
    ));
    if !live.endpoint.headers.is_empty() {
        output::say(&format!(
            "{}: the headers of its file stand in no request of a batch; send them where the batch is made",
            judge.name
        ));
    }
}

/// Files what came back, and with `--out` writes the verdicts that the ledger then holds.
pub(super) fn read(args: &RunArgs) -> Result<(), CliError> {
    if let Some(out) = &args.out {
        check_target(out, Existing::Nothing)?;
    }
    let gold = Arc::new(GoldSet::load(&args.gold)?);
    let mut judges = load_judges(&args.judge)?;
    fill_in_addresses(&mut judges)?;
    let live = live_judges(&gold, &judges);
    if live.is_empty() {
        forms_of(&live)?;
    }
    let ledger = open_ledger(&args.live)?;
    let oldest = oldest(&args.live);
    plan(&gold, &live, Some(&ledger), oldest.as_deref())?;
    let mut reader = BatchReader::new(&gold, &live, &ledger, oldest.as_deref(), now())?;
    check_lines(&args.batch_in, &reader)?;
    for path in &args.batch_in {
        each_line(path, |_, text| Ok(reader.file(text)?))?;
    }
    let filed = reader.finish()?;
    say_filed(&filed);
    let Some(out) = &args.out else {
        output::say(
            "next: the same command without --batch-in asks for what is missing; `lacuna audit` with these judges does too",
        );
        return Ok(());
    };
    // With --fresh, what was just filed is what counts, whenever the provider made it.
    let oldest = oldest.filter(|_| !args.live.fresh);
    let replies = LiveReplies::Kept { failures: filed.failures, oldest };
    let thresholds = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
    let context = LiveContext { ledger: Arc::clone(&ledger), replies };
    let answers = runtime()?.block_on(answer(&gold, judges, args.seed, thresholds, Some(context)))?;
    write_answers(args, &answers, out)
}

/// Every line of every file has to be one of a batch's results before any is filed.
fn check_lines(paths: &[PathBuf], reader: &BatchReader<'_>) -> Result<(), CliError> {
    let mut problems = Problems::default();
    for path in paths {
        let checked = each_line(path, |line, text| {
            if let Err(message) = reader.check(text) {
                problems.push(Problem::line(path, line, message));
            }
            Ok(())
        });
        match checked {
            Err(CliError::Input(found)) => problems.append(found),
            checked => checked?,
        }
    }
    Ok(problems.or(())?)
}

/// Takes the lines of a file one by one, with their numbers; empty ones are passed over.
fn each_line(path: &Path, mut take: impl FnMut(usize, &str) -> Result<(), CliError>) -> Result<(), CliError> {
    let unreadable = |error: &std::io::Error| {
        CliError::from(Problem::file(path, format!("cannot be read: {error}; allowed: a file of a batch's results")))
    };
    if fs::metadata(path).map_err(|error| unreadable(&error))?.is_dir() {
        return Err(Problem::file(path, "is a folder; allowed: a file of a batch's results").into());
    }
    let mut reader = BufReader::new(fs::File::open(path).map_err(|error| unreadable(&error))?);
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes).map_err(|error| unreadable(&error))? == 0 {
            break;
        }
        let bytes = if line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(Problem::line(path, line, "is not UTF-8; allowed: UTF-8 text").into());
        };
        if !text.trim_ascii().is_empty() {
            take(line, text.trim_ascii())?;
        }
    }
    Ok(())
}

fn say_filed(filed: &BatchFiled) {
    let failed: usize = filed.failed.values().sum();
    let repeated = match filed.repeated {
        0 => String::new(),
        repeated => format!(", {repeated} lines of an id that was there before"),
    };
    output::say(&format!(
        "{} replies filed, {} that the ledger had, {failed} requests without a reply, {} lines of unknown ids{repeated}",
        filed.filed, filed.already_there, filed.foreign
    ));
    for (reason, count) in &filed.failed {
        output::say(&format!("{count} without a reply: {}", one_line(reason)));
    }
    if filed.foreign > 0 {
        let ids: Vec<String> = filed.first_foreign.iter().map(|id| shown(id)).collect();
        let more = if filed.foreign > ids.len() { ", ..." } else { "" };
        output::say(&format!(
            "not filed, since these judges ask this set nothing under these ids (another set, judge file, address or \
             prompt made them): {}{more}",
            ids.join(", ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: BatchForm, requests: usize, request: &str) -> (tempfile::TempDir, Vec<Written>) {
        let root = tempfile::tempdir().unwrap();
        let staged = Staged::new(&root.path().join("out"), Existing::Nothing).unwrap();
        let mut writer = Writer::new(&staged, "j", form);
        for _ in 0..requests {
            writer.add(request).unwrap();
        }
        let written = writer.finish().unwrap();
        staged.place().unwrap();
        (root, written)
    }

    #[test]
    fn a_file_holds_no_more_requests_than_the_provider_takes() {
        let (root, files) = written(BatchForm::OpenAi, 100_001, "{}");
        let counts: Vec<usize> = files.iter().map(|file| file.requests).collect();
        assert_eq!(counts, [50_000, 50_000, 1]);
        for file in &files {
            let text = fs::read_to_string(root.path().join("out").join(&file.file)).unwrap();
            assert_eq!((text.len(), text.lines().count()), (file.bytes, file.requests));
        }
        assert_eq!(files[2].file, Path::new("j-3.jsonl"));
    }

    /// 1 MB a request, a byte between two and at the end: 199 have 199,000,199 bytes, 200 would have 200,000,200.
    #[test]
    fn a_file_holds_no_more_bytes_than_the_provider_takes() {
        let (_root, files) = written(BatchForm::OpenAi, 201, &"x".repeat(1_000_000));
        assert_eq!(
            files.iter().map(|file| (file.requests, file.bytes)).collect::<Vec<_>>(),
            [(199, 199_000_199), (2, 2_000_002)]
        );
    }

    #[test]
    fn anthropics_file_is_the_body_of_a_request() {
        let (root, files) = written(BatchForm::Anthropic, 3, "{\"custom_id\":\"x\"}");
        let text = fs::read_to_string(root.path().join("out").join(&files[0].file)).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((value["requests"].as_array().unwrap().len(), text.len()), (3, files[0].bytes));
        assert!(written(BatchForm::Gemini, 0, "").1.is_empty());
    }
}
