//! Plan, conversion, credit and counters to commission lines with what their explanation needs.
