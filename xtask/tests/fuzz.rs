//! The fuzz targets (`fuzz/README.md`). The quick test looks whether all of them are declared; with
//! `TRIBUTARY_SOAK` (`cargo xtask soak --only fuzz`) each is built and run for a while.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking and tell")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// How long each target runs.
const SECONDS_EACH: u32 = 150;
/// Longest input it makes up.
const INPUT_BYTES_MAX: u32 = 8192;
const PLATFORM: &str = "x86_64-unknown-linux-gnu";
/// Coverage for libFuzzer, by what a stable compiler offers. No sanitizer: the tree has no `unsafe`.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 \
                     -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fuzz")
}

fn targets() -> Vec<String> {
    let files = std::fs::read_dir(folder().join("targets")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> =
        names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect();
    names.sort();
    names
}

#[test]
fn every_target_is_declared() {
    let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let declared: Vec<_> =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"targets/")).collect();
    let targets = targets();
    assert!(targets.len() >= 8, "{targets:?}");
    assert_eq!(declared.len(), targets.len(), "{declared:?}");
    for target in &targets {
        assert!(declared.contains(&format!("{target}.rs\"").as_str()), "{target}");
    }
    if std::env::var_os("TRIBUTARY_SOAK").is_some() {
        build();
        targets.iter().for_each(|target| run(target));
    }
}

fn build() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--locked", "--target", PLATFORM])
        .current_dir(folder())
        .env("RUSTFLAGS", FLAGS)
        .env_remove("CARGO_TARGET_DIR")
        .status();
    assert!(status.unwrap().success(), "the fuzz targets do not build");
}

/// Runs a target on what it found before and on the seeds; an input that breaks it is kept.
fn run(target: &str) {
    let program = folder().join("target").join(PLATFORM).join("release").join(target);
    let found = folder().join("corpus").join(target);
    let broken = folder().join("artifacts").join(target);
    std::fs::create_dir_all(&found).unwrap();
    std::fs::create_dir_all(&broken).unwrap();
    let seeds = folder().join("seeds").join(target);
    let mut command = Command::new(program);
    command
        .arg(format!("-max_total_time={SECONDS_EACH}"))
        .arg(format!("-max_len={INPUT_BYTES_MAX}"))
        .args(["-timeout=10", "-verbosity=0", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", broken.display()))
        .arg(&found);
    if seeds.exists() {
        command.arg(&seeds);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let units = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!("soak: fuzz {target}: {} inputs", units.unwrap_or(" ?").trim());
    assert!(output.status.success(), "{target}: the input is in {}:\n{said}", broken.display());
}
