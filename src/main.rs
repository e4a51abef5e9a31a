//! The `lacuna` program; everything is in the library.

fn main() -> std::process::ExitCode {
    lacuna::cli::main()
}
