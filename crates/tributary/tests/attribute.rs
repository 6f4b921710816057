//! `tributary attribute` as a person runs it.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

const CHECK_SET: &str = "path,conversions,value,nulls\n\
                         A > B > C,10,1000,20\n\
                         A,5,300,30\n\
                         B > C,8,700,15\n\
                         C,4,250,10\n\
                         A > B,2,150,12\n\
                         A > C > B > A,1,90,9\n";

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tributary"))
        .arg("attribute")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments ends without reading.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

fn told(model: &str, input: &str) -> String {
    let output = run(&["--model", model, "-"], input);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(input: &str) -> String {
    let output = run(&["--model", "linear", "-"], input);
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap().trim().to_owned()
}

/// Conversions of A, B and C.
fn conversions(told: &str) -> [f64; 3] {
    let mut lines = told.lines();
    assert_eq!(lines.next(), Some("channel,conversions,value"));
    let cells: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(cells.iter().map(|line| line[0]).collect::<Vec<_>>(), ["A", "B", "C"]);
    [0, 1, 2].map(|at: usize| cells[at][1].parse().unwrap())
}

#[test]
fn the_check_set() {
    let table: &[(&str, [f64; 3])] = &[
        ("first", [18.0, 8.0, 4.0]),
        ("last", [6.0, 2.0, 22.0]),
        ("linear", [59.0 / 6.0, 103.0 / 12.0, 139.0 / 12.0]),
        ("linear_distinct", [29.0 / 3.0, 26.0 / 3.0, 35.0 / 3.0]),
        ("position", [10.8, 7.1, 12.1]),
        ("decay", [808.0 / 105.0, 748.0 / 105.0, 1594.0 / 105.0]),
        ("shapley_set", [29.0 / 3.0, 26.0 / 3.0, 35.0 / 3.0]),
        ("markov", [9.911_770_309, 8.969_589_358, 11.118_640_333]),
    ];
    for (model, expected) in table {
        let told = told(model, CHECK_SET);
        for (got, expected) in conversions(&told).iter().zip(expected) {
            assert!((got - expected).abs() < 1e-9, "{model}: {told}");
        }
    }
    assert_eq!(
        told("first", CHECK_SET),
        "channel,conversions,value\nA,18,1540\nB,8,700\nC,4,250\n"
    );
    let first_order = told("markov", CHECK_SET);
    let output = run(&["--model", "markov", "--order", "3", "-"], CHECK_SET);
    assert_ne!(
        conversions(std::str::from_utf8(&output.stdout).unwrap()).map(f64::to_bits),
        conversions(&first_order).map(f64::to_bits)
    );
}

#[test]
fn a_file_from_a_spreadsheet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paths.csv");
    let text = "\u{feff}\"Path\",\"Nulls\",\"Conversions\",\"Value\"\r\n\
                \"A > \"\"B\"\", too\",3,2.0,-10.50\r\n\
                \r\n\
                A>A,0,1,0.000001\r\n\
                ,0,4,\r\n";
    std::fs::write(&file, text).unwrap();
    let output = run(&["--model", "last", file.to_str().unwrap()], "");
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed, "channel,conversions,value\n\"\"\"B\"\", too\",2,-10.5\nA,1,0.000001\n");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("4 conversions have no path"), "{said}");
}

#[test]
fn mistakes_are_named_by_line_and_column() {
    let after = |line: &str| refused(&format!("path,conversions,value,nulls\nA,1,1,1\n{line}\n"));
    let cases = [
        ("A,x,1,1", "line 3, column conversions: \"x\" is not a whole number"),
        ("A,1.5,1,1", "line 3, column conversions: \"1.5\""),
        ("A,-1,1,1", "line 3, column conversions: \"-1\""),
        ("A,1,\"1,5\",1", "line 3, column value: \"1,5\" is not a number"),
        ("A,1,1.1234567,1", "line 3, column value"),
        ("A,1,99999999999999,1", "line 3, column value"),
        ("A,1,1", "line 3, column nulls: the line ends before it"),
        ("A,1,1,1,1", "line 3: 5 cells for 4 columns"),
        ("A > > B,1,1,1", "line 3, column path: a channel has no name"),
        ("\"A\nB\",1,1,1\nC,1,1,?", "line 5, column nulls: \"?\""),
    ];
    for (line, expected) in cases {
        let said = after(line);
        assert!(said.contains(expected), "{line:?}: {said}");
    }
    for (input, expected) in [
        ("", "line 1: the file is empty"),
        ("path,conversion\n", "line 1, column \"conversion\": the columns are path, conversions"),
        ("path,path,conversions\n", "line 1, column path: it is there twice"),
        ("path,value\n", "line 1: no column conversions"),
    ] {
        let said = refused(input);
        assert!(said.contains(expected), "{input:?}: {said}");
    }
    let output = run(&["--model", "linear", "--order", "2", "-"], CHECK_SET);
    assert!(String::from_utf8(output.stderr).unwrap().contains("--order is for --model markov"));
    assert!(!run(&["--model", "markov", "--order", "4", "-"], CHECK_SET).status.success());
    let output = run(&["--model", "last", "no-such-file.csv"], "");
    assert!(String::from_utf8(output.stderr).unwrap().contains("no-such-file.csv"));
}

#[test]
fn many_channels_are_sampled_and_it_says_so() {
    let names: Vec<String> = (0..25).map(|it| format!("channel {it:02}")).collect();
    let input = format!("path,conversions\n{},10\n{},5\n", names.join(" > "), names[3]);
    let once = run(&["--model", "shapley_set", "--seed", "5", "-"], &input);
    let said = String::from_utf8(once.stderr.clone()).unwrap();
    assert!(said.contains("25 channels, so values are sampled"), "{said}");
    assert_eq!(once.stdout, run(&["--model", "shapley_set", "--seed", "5", "-"], &input).stdout);
    assert_ne!(once.stdout, run(&["--model", "shapley_set", "--seed", "6", "-"], &input).stdout);
}
