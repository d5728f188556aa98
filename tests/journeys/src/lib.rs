//! Whole journeys through the built page, in real browsers.
