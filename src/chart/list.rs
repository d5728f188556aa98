//! A list of any length in an element of bounded height: which rows are in view, and where.

use std::ops::Range;

/// A scrolled list of rows of equal height, of which only those in view exist.
///
/// Browsers cut elements off at 17.9 (Firefox) to 33.5 million pixels, which is half a million to
/// a million rows. So a longer list gets an element of [`MAX_HEIGHT`](Self::MAX_HEIGHT), in which a
/// pixel of the scroll bar stands for several of the list. What is in view is a [`Place`], which is
/// exact to a fraction of a pixel however coarse the scroll bar has become: the keyboard and the
/// wheel reach every row.
///
/// # Examples
///
/// ```
/// use isoscope::chart::VirtualList;
///
/// let list = VirtualList::new(5_000_000, 32.0, 600.0);
/// let place = list.place_at_row(4_321_098);
/// assert_eq!(list.rows_in_view(place), 4_321_098..4_321_117);
/// assert_eq!(list.y_of_row(place, 4_321_098), place.scroll_top);
/// assert!(list.height() <= VirtualList::MAX_HEIGHT);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VirtualList {
    n_rows: u32,
    row_height: f64,
    viewport: f64,
}

/// How far a list is scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    /// What the element's `scrollTop` is, or is to be set to: whole pixels.
    pub scroll_top: f64,
    /// How many pixels of the list, were it whole, lie above the viewport.
    pub above: f64,
}

impl VirtualList {
    /// The tallest element, in pixels, that all browsers lay out as asked.
    pub const MAX_HEIGHT: f64 = 16_000_000.0;
    /// By how many pixels a browser may report another `scrollTop` than was set.
    const ROUNDING: f64 = 1.0;

    /// A list of `n_rows` rows of `row_height` pixels, seen through `viewport` pixels.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::VirtualList;
    ///
    /// assert_eq!(VirtualList::new(1_000, 32.0, 600.0).height(), 32_000.0);
    /// ```
    pub fn new(n_rows: u32, row_height: f64, viewport: f64) -> Self {
        Self {
            n_rows,
            row_height: row_height.max(1.0),
            viewport: viewport.clamp(0.0, Self::MAX_HEIGHT / 2.0),
        }
    }

    /// How high the scrolled element is to be made.
    pub fn height(&self) -> f64 {
        self.whole_height().min(Self::MAX_HEIGHT)
    }

    /// The place after the browser reported a `scrollTop`.
    ///
    /// `last` is the place before. Setting `scrollTop` makes the browser report it, perhaps rounded;
    /// that must not undo the exactness of the place it was set for.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::VirtualList;
    ///
    /// let list = VirtualList::new(5_000_000, 32.0, 600.0);
    /// let place = list.place_at_row(1_234_567);
    /// assert_eq!(list.place_at_scroll(place.scroll_top + 0.5, place), place);
    /// let end = list.place_at_scroll(list.height() - 600.0, place);
    /// assert_eq!(list.rows_in_view(end).end, 5_000_000);
    /// ```
    pub fn place_at_scroll(&self, scroll_top: f64, last: Place) -> Place {
        if (scroll_top - last.scroll_top).abs() < Self::ROUNDING {
            return last;
        }
        let scroll_top = scroll_top.clamp(0.0, self.scroll_end());
        let above = if !self.is_scaled() {
            scroll_top
        } else if scroll_top < Self::ROUNDING {
            0.0
        } else if scroll_top > self.scroll_end() - Self::ROUNDING {
            self.end()
        } else {
            scroll_top / self.scroll_end() * self.end()
        };
        Place { scroll_top, above }
    }

    /// The place with `row` at the top, or as near to it as the end of the list allows.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::VirtualList;
    ///
    /// let list = VirtualList::new(1_000, 30.0, 600.0);
    /// assert_eq!(list.place_at_row(7).above, 210.0);
    /// assert_eq!(list.rows_in_view(list.place_at_row(999)), 980..1_000);
    /// ```
    pub fn place_at_row(&self, row: u32) -> Place {
        self.place_at(f64::from(row) * self.row_height)
    }

    /// The place that shows all of `row` and is nearest to `place`: for the arrow keys.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::VirtualList;
    ///
    /// let list = VirtualList::new(1_000, 30.0, 600.0);
    /// let place = list.place_at_row(100);
    /// assert_eq!(list.place_showing(place, 110), place);
    /// assert_eq!(list.place_showing(place, 99), list.place_at_row(99));
    /// assert_eq!(list.rows_in_view(list.place_showing(place, 120)), 101..121);
    /// ```
    pub fn place_showing(&self, place: Place, row: u32) -> Place {
        let top = f64::from(row) * self.row_height;
        let lowest = (top + self.row_height - self.viewport).min(top);
        if (lowest..=top).contains(&place.above) {
            place
        } else {
            self.place_at(place.above.clamp(lowest, top))
        }
    }

    /// The place `pixels` further down (or up, below zero): for the wheel and the page keys.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::VirtualList;
    ///
    /// let list = VirtualList::new(5_000_000, 32.0, 640.0);
    /// let place = list.place_moved(list.place_at_row(900_000), 64.0);
    /// assert_eq!(list.rows_in_view(place).start, 900_002);
    /// ```
    pub fn place_moved(&self, place: Place, pixels: f64) -> Place {
        self.place_at(place.above + pixels)
    }

    /// The rows of which at least a part is in view.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Place, VirtualList};
    ///
    /// let list = VirtualList::new(1_000, 30.0, 600.0);
    /// assert_eq!(list.rows_in_view(Place { scroll_top: 45.0, above: 45.0 }), 1..22);
    /// ```
    pub fn rows_in_view(&self, place: Place) -> Range<u32> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let row = |rows: f64| (rows as u32).min(self.n_rows);
        let first = row((place.above / self.row_height).floor());
        first..row(((place.above + self.viewport) / self.row_height).ceil()).max(first)
    }

    /// Where the top of `row` stands inside the scrolled element.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::VirtualList;
    ///
    /// let list = VirtualList::new(1_000, 30.0, 600.0);
    /// assert_eq!(list.y_of_row(list.place_at_row(5), 7), 210.0);
    /// ```
    pub fn y_of_row(&self, place: Place, row: u32) -> f64 {
        place.scroll_top + (f64::from(row) * self.row_height - place.above)
    }

    fn place_at(&self, above: f64) -> Place {
        let above = above.clamp(0.0, self.end());
        let is_end = above == 0.0 || above == self.end();
        if !self.is_scaled() || is_end {
            return Place { scroll_top: above.min(self.scroll_end()).round(), above };
        }
        // A pixel may be many rows: only the ends themselves may lie where the ends are reported.
        let margin = 2.0 * Self::ROUNDING;
        let scroll_top = (above / self.end() * self.scroll_end()).round();
        Place { scroll_top: scroll_top.clamp(margin, self.scroll_end() - margin), above }
    }

    fn is_scaled(&self) -> bool {
        self.whole_height() > Self::MAX_HEIGHT
    }

    fn whole_height(&self) -> f64 {
        f64::from(self.n_rows) * self.row_height
    }

    /// The largest `above`.
    fn end(&self) -> f64 {
        (self.whole_height() - self.viewport).max(0.0)
    }

    /// The largest `scroll_top`.
    fn scroll_end(&self) -> f64 {
        (self.height() - self.viewport).max(0.0)
    }
}
