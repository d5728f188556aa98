//! The page: a panic hook and one call.

fn main() {
    console_error_panic_hook::set_once();
    isoscope::ui::mount();
}
