//! Who belongs to a browser, and how much memory it holds: read from `/proc`.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

/// A process and all that it started, directly or not.
pub fn tree(root: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok) {
        // Other entries are not processes; a process may be gone by the time it is read.
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if let Some(parent) = parent(id) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut all = vec![root];
    let mut next = 0;
    while let Some(&id) = all.get(next) {
        all.extend(children.remove(&id).unwrap_or_default());
        next += 1;
    }
    all
}

fn parent(id: u32) -> Option<u32> {
    // `pid (name) state ppid …`: the name may hold anything, but its end is the last `)`.
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Whether this is one of Chromium's processes that run pages and their workers.
pub fn is_renderer(id: u32) -> bool {
    // Chromium writes its own line there, with blanks where others have NULs.
    fs::read(format!("/proc/{id}/cmdline"))
        .is_ok_and(|line| String::from_utf8_lossy(&line).contains("--type=renderer"))
}

/// The memory that a process holds now, in bytes; 0 once it is gone.
pub fn resident(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .map_or(0, |kilobytes: u64| kilobytes * 1024)
}

/// Ends a process and all that it started.
pub fn end(root: u32) {
    let ids = tree(root).into_iter().map(|id| id.to_string());
    // The shell's own `kill`: small systems have no program of that name. Those that are gone
    // already make it complain: nothing to do about them.
    let _ = Command::new("sh").args(["-c", "kill -KILL \"$@\"", "sh"]).args(ids).output();
}
