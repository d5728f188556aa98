//! JSON, as far as it is written here.

use std::fmt::Write;

/// Text as a string of JSON.
pub(super) fn text(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                out.push('\\');
                out.push(char);
            }
            '\0'..='\u{1f}' => say(out, format_args!("\\u{:04x}", u32::from(char))),
            _ => out.push(char),
        }
    }
    out.push('"');
}

/// Anything that writes itself.
pub(super) fn say(out: &mut String, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a string takes all");
}

/// A list of JSON.
pub(super) fn list<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut item: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (place, next) in items.into_iter().enumerate() {
        out.push_str(if place > 0 { ", " } else { "" });
        item(out, next);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_a_string_of_json() {
        for said in ["plain", "a\"b\\c", "tab\tline\nnull\0end", "größe „…“ 😀"] {
            let mut out = String::new();
            text(&mut out, said);
            assert_eq!(serde_json::from_str::<String>(&out).expect("JSON"), said);
        }
    }
}
