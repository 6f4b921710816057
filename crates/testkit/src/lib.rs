//! Throwaway servers, worlds and the independent auditor for tests.
