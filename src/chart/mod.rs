//! Pure geometry of charts: scales, ticks, bins, paths. No DOM, no colour.
