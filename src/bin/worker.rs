//! A worker, conductor or shard: a panic hook and one call.

fn main() {
    console_error_panic_hook::set_once();
    isoscope::worker::run();
}
