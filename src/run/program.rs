//! Judges that are programs on this machine: one line of JSON in, one line of JSON out.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

use super::client::{HttpReply, SendFault};
use crate::judge::live::{Call, Limits};

/// The running copies of one judge's program: as many as were ever asked at a time. One that dies, breaks off or stays
/// silent is ended, and another is started for the next question.
#[derive(Debug)]
pub(super) struct Programs {
    command: Vec<String>,
    idle: Mutex<Vec<Running>>,
}

#[derive(Debug)]
struct Running {
    /// Ends with this value.
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Programs {
    /// None is started before the first question.
    pub(super) fn new(command: &[String]) -> Self {
        Self { command: command.to_vec(), idle: Mutex::new(Vec::new()) }
    }

    /// Asks one copy and reads its line.
    pub(super) async fn send(&self, call: &Call, limits: &Limits) -> Result<HttpReply, SendFault> {
        let idle = self.idle.lock().await.pop();
        let mut running = match idle {
            Some(running) => running,
            None => self.start()?,
        };
        let wait = Duration::try_from_secs_f64(limits.timeout_s).unwrap_or(Duration::MAX);
        let asked = tokio::time::timeout(wait, running.ask(&call.body, limits.most_reply_bytes)).await;
        let body = asked.map_err(|_| SendFault::Timeout("the program's line"))??;
        self.idle.lock().await.push(running);
        Ok(HttpReply { status: 200, headers: Vec::new(), body })
    }

    fn start(&self) -> Result<Running, SendFault> {
        let fault = |message: String| SendFault::Connect(format!("the program could not be started: {message}"));
        let (program, arguments) = self.command.split_first().ok_or_else(|| fault("no program is named".to_owned()))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a program says beside its answers may hold the texts; it has no place among our messages.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| fault(error.to_string()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(fault("it has no input or output".to_owned()));
        };
        Ok(Running { _child: child, input, output: BufReader::new(output) })
    }
}

impl Running {
    async fn ask(&mut self, line: &str, most: usize) -> Result<String, SendFault> {
        let broken = |error: std::io::Error| SendFault::Broken(error.to_string());
        // A body is one JSON document without line breaks outside of strings, where they are escaped.
        self.input.write_all(line.replace('\n', " ").as_bytes()).await.map_err(broken)?;
        self.input.write_all(b"\n").await.map_err(broken)?;
        self.input.flush().await.map_err(broken)?;
        let mut bytes = Vec::new();
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let read = (&mut self.output).take(most).read_until(b'\n', &mut bytes).await.map_err(broken)?;
        match bytes.last() {
            Some(b'\n') => {}
            Some(_) if read as u64 == most => {
                return Err(SendFault::Broken("the program's line is too long".to_owned()));
            }
            _ => return Err(SendFault::Broken("the program ended".to_owned())),
        }
        Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn limits(timeout_s: f64, most_reply_bytes: usize) -> Limits {
        Limits {
            concurrency: 1,
            requests_per_minute: None,
            tokens_per_minute: None,
            connect_timeout_s: 1.0,
            first_byte_timeout_s: 1.0,
            timeout_s,
            attempts: 1,
            most_reply_bytes,
        }
    }

    fn call(body: &str) -> Call {
        Call {
            url: String::new(),
            headers: Vec::new(),
            body: body.to_owned(),
            key: None,
            sha256: String::new(),
            prompt_sha256: String::new(),
            input_tokens: 1,
            most_output_tokens: 1,
        }
    }

    fn programs(script: &str) -> Programs {
        Programs::new(&["sh".to_owned(), "-c".to_owned(), script.to_owned()])
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn one_program_answers_line_by_line() {
        let programs = programs("n=0; while read -r line; do n=$((n+1)); echo \"$n $line\"; done");
        run(async {
            for (index, expected) in ["1 a", "2 b", "3 c"].iter().enumerate() {
                let body = ["a", "b", "c"][index];
                let reply = programs.send(&call(body), &limits(5.0, 100)).await.unwrap();
                assert_eq!((reply.status, reply.body.as_str()), (200, *expected));
            }
        });
    }

    #[test]
    fn a_program_that_dies_or_hangs_is_started_again() {
        // Answers once, then ends.
        let once = programs("read -r line; echo \"$line\"");
        run(async {
            assert_eq!(once.send(&call("a"), &limits(5.0, 100)).await.unwrap().body, "a");
            assert!(matches!(once.send(&call("b"), &limits(5.0, 100)).await, Err(SendFault::Broken(_))));
            assert_eq!(once.send(&call("c"), &limits(5.0, 100)).await.unwrap().body, "c");
        });
        let silent = programs("sleep 60");
        run(async {
            let fault = silent.send(&call("a"), &limits(0.1, 100)).await.unwrap_err();
            assert_eq!(fault, SendFault::Timeout("the program's line"));
        });
    }

    #[test]
    fn an_endless_line_and_a_missing_program_are_faults() {
        let endless = programs("read -r line; yes x | tr -d '\\n'");
        run(async {
            let fault = endless.send(&call("a"), &limits(5.0, 1000)).await.unwrap_err();
            assert_eq!(fault, SendFault::Broken("the program's line is too long".to_owned()));
        });
        let missing = Programs::new(&["/no/such/program".to_owned()]);
        run(async {
            assert!(matches!(missing.send(&call("a"), &limits(5.0, 1000)).await, Err(SendFault::Connect(_))));
        });
    }
}
