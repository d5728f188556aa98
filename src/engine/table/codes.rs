//! Codes of a column in as few bytes as they need.

use crate::matrix;

/// One code per row, in the narrowest width that has held all so far.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the width says it")]
pub enum Codes {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

impl Default for Codes {
    fn default() -> Self {
        Self::U8(Vec::new())
    }
}

impl Codes {
    /// Adds the code of the next row.
    #[inline]
    pub fn push(&mut self, code: u32) {
        match self {
            Self::U8(codes) => match u8::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => self.widen(code),
            },
            Self::U16(codes) => match u16::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => self.widen(code),
            },
            Self::U32(codes) => codes.push(code),
        }
    }

    /// Adds the codes of the next rows.
    pub fn extend(&mut self, more: &[u32]) {
        let largest = more.iter().fold(0, |largest, &code| largest | code);
        match self {
            Self::U8(codes) if largest < 1 << 8 => {
                codes.extend(more.iter().map(|&code| code as u8));
            }
            Self::U16(codes) if largest < 1 << 16 => {
                codes.extend(more.iter().map(|&code| code as u16));
            }
            Self::U32(codes) => codes.extend(more),
            Self::U8(_) | Self::U16(_) => more.iter().for_each(|&code| self.push(code)),
        }
    }

    #[cold]
    fn widen(&mut self, code: u32) {
        *self = match self {
            Self::U8(codes) => {
                let mut wide = Vec::with_capacity(codes.capacity());
                wide.extend(codes.iter().map(|&code| u16::from(code)));
                Self::U16(wide)
            }
            Self::U16(codes) => {
                let mut wide = Vec::with_capacity(codes.capacity());
                wide.extend(codes.iter().map(|&code| u32::from(code)));
                Self::U32(wide)
            }
            Self::U32(codes) => Self::U32(std::mem::take(codes)),
        };
        self.push(code);
    }

    /// Makes room for `n` more rows.
    pub fn reserve(&mut self, n: usize) {
        match self {
            Self::U8(codes) => codes.reserve_exact(n),
            Self::U16(codes) => codes.reserve_exact(n),
            Self::U32(codes) => codes.reserve_exact(n),
        }
    }

    /// Rows.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of `row`.
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Self::U8(codes) => u32::from(codes[row]),
            Self::U16(codes) => u32::from(codes[row]),
            Self::U32(codes) => codes[row],
        }
    }

    /// Calls `visit` with every code, in order of rows.
    pub fn for_each(&self, mut visit: impl FnMut(u32)) {
        match self {
            Self::U8(codes) => codes.iter().for_each(|&code| visit(u32::from(code))),
            Self::U16(codes) => codes.iter().for_each(|&code| visit(u32::from(code))),
            Self::U32(codes) => codes.iter().for_each(|&code| visit(code)),
        }
    }

    /// A number that equal columns share, and others hardly ever.
    pub fn fingerprint(&self) -> u64 {
        let mut print = self.len() as u64;
        self.for_each(|code| {
            print = (print.rotate_left(23) ^ u64::from(code)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        });
        print
    }

    /// How many rows have each of the codes `0..n`.
    pub fn counts(&self, n: usize) -> Vec<u32> {
        let mut counts = vec![0; n];
        match self {
            Self::U8(codes) => {
                let (eights, rest) = codes.as_chunks::<8>();
                let mut count = |code: u8, n| counts[usize::from(code)] += n;
                for eight in eights {
                    // Equal neighbours are common, and counting one by one waits for the one before.
                    if *eight == [eight[0]; 8] {
                        count(eight[0], 8);
                    } else {
                        for &code in eight {
                            count(code, 1);
                        }
                    }
                }
                for &code in rest {
                    count(code, 1);
                }
            }
            _ => self.for_each(|code| counts[code as usize] += 1),
        }
        counts
    }

    /// The codes of a column that is coded in at most 16 bits, as models read them.
    ///
    /// # Panics
    ///
    /// If the codes are wider.
    pub fn view(&self) -> matrix::Codes<'_> {
        match self {
            Self::U8(codes) => matrix::Codes::U8(codes),
            Self::U16(codes) => matrix::Codes::U16(codes),
            Self::U32(_) => panic!("a coded column has at most 65,535 codes"),
        }
    }

    /// Returns the codes through `map`, in the narrowest width that holds codes up to `largest`.
    #[must_use]
    pub fn recode(self, map: &[u16], largest: u16) -> Self {
        let fits_a_byte = u8::try_from(largest).is_ok();
        match self {
            // In place where the width stays: a large table is recoded without a second copy.
            Self::U8(mut codes) if fits_a_byte => {
                for code in &mut codes {
                    *code = map[usize::from(*code)] as u8;
                }
                Self::U8(codes)
            }
            Self::U16(mut codes) if !fits_a_byte => {
                for code in &mut codes {
                    *code = map[usize::from(*code)];
                }
                Self::U16(codes)
            }
            codes => {
                let mut narrow = if fits_a_byte {
                    Self::U8(Vec::with_capacity(codes.len()))
                } else {
                    Self::U16(Vec::with_capacity(codes.len()))
                };
                codes.for_each(|code| narrow.push(u32::from(map[code as usize])));
                narrow
            }
        }
    }
}
