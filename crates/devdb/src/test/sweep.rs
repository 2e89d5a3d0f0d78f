//! Removing what earlier runs left: databases of tests that crashed, templates of old content.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::admin::Admin;
use super::name::{Maker, TEMPLATE_PREFIX, TEST_PREFIX};
use crate::os;

/// A template costs disk space, and making it anew one migration; nobody switches between
/// branches for longer than that without a rebuild.
const TEMPLATE_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The advisory lock of the process that sweeps; the others need not. The digits spell "sweep".
const SWEEP_LOCK: i64 = 0x73_77_65_65_70;

/// Drops left-overs, except the template `current`. Failing to is no reason for a test to fail:
/// somebody else may have been faster, or may own the database.
pub(crate) async fn sweep(admin: &Admin, current: Option<&str>) {
    if !matches!(admin.try_lock(SWEEP_LOCK, TEST_PREFIX).await, Ok(true)) {
        return;
    }
    let me = Maker::current();
    for database in admin.databases(TEST_PREFIX).await.unwrap_or_default() {
        if me.considers_left(&database, os::is_alive) {
            let _ = admin.drop(&database).await;
        }
    }
    for (template, made) in admin.templates(TEMPLATE_PREFIX).await.unwrap_or_default() {
        let is_old = made.is_some_and(|made| now().saturating_sub(made) > TEMPLATE_LIFE.as_secs());
        if is_old && Some(template.as_str()) != current {
            let _ = admin.drop_template(&template).await;
        }
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    since_1970.unwrap_or_default().as_secs()
}
