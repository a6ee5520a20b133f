//! Insights of small made-up reports.
