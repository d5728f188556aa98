//! The program: the page where there is a document, else a worker. A panic hook and one call each.

fn main() {
    console_error_panic_hook::set_once();
    if isoscope::worker::is_worker() {
        isoscope::worker::run();
    } else {
        isoscope::ui::mount();
    }
}
