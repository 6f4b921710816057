#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tributary_edge::fuzz::snapshot_file(data));
