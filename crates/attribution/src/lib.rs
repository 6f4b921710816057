//! Journeys to credit: models and windows.
