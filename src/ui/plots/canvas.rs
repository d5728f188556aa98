//! The canvas: its pixels, and the colours CSS has for them.

use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use super::pixels::{Palette, Picture, Rgb};

/// Puts the pixels on the canvas.
pub fn paint(canvas: &web_sys::HtmlCanvasElement, picture: &Picture, threshold: f64) {
    if (canvas.width(), canvas.height()) != (picture.width, picture.height) {
        canvas.set_width(picture.width);
        canvas.set_height(picture.height);
    }
    let pixels = picture.paint(threshold);
    let image = ImageData::new_with_u8_clamped_array(Clamped(&pixels), picture.width);
    let context = canvas.get_context("2d").ok().flatten();
    if let (Ok(image), Some(context)) = (image, context) {
        let context: CanvasRenderingContext2d = context.unchecked_into();
        let painted = context.put_image_data(&image, 0.0, 0.0);
        debug_assert!(painted.is_ok(), "finite positions can always be painted");
    }
}

/// Reads the colours from the legend, where CSS has resolved them for the theme.
pub fn palette(node: &web_sys::Element) -> Option<Palette> {
    let figure = node.parent_element()?;
    let colour = |name: &str| -> Option<Rgb> {
        let swatch = figure.query_selector(&format!(".swatch--{name}")).ok()??;
        let style = window().get_computed_style(&swatch).ok()??;
        rgb(&style.get_property_value("color").ok()?)
    };
    let calm = colour("calm")?;
    Some(Palette {
        calm,
        odd: [colour("odd-1")?, colour("odd-2")?, colour("odd-3")?],
        hues: std::array::from_fn(|group| colour(&format!("hue-{group}")).unwrap_or(calm)),
    })
}

/// `rgb(185, 191, 201)`, as browsers serialise every colour of ours.
fn rgb(text: &str) -> Option<Rgb> {
    let inside = text.trim().strip_prefix("rgb(")?.strip_suffix(')')?;
    let mut parts = inside.split(',').map(|part| part.trim().parse::<u8>().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

#[cfg(test)]
mod tests {
    use super::rgb;

    #[test]
    fn colours_are_read_as_browsers_write_them() {
        assert_eq!(rgb("rgb(185, 191, 201)"), Some([185, 191, 201]));
        assert_eq!(rgb("light-dark(#fff, #000)"), None);
    }
}
