//! Numbers from the rollups.
