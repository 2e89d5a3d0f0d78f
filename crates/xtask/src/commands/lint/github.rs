//! Findings as GitHub Actions shows them: annotations of a pull request's files.

use lint::{Finding, Level};

use super::files::File;
use crate::output;
use crate::output::github::{data, property};

/// Prints a command of the workflow for each finding.
pub(super) fn print(findings: &[(&File, Vec<Finding>)]) {
    for finding in findings.iter().flat_map(|(_, findings)| findings) {
        output::line(annotation(finding));
    }
}

fn annotation(finding: &Finding) -> String {
    let command = if finding.level == Level::Error { "error" } else { "warning" };
    let Finding { rule, line, end_line, column, message, help, .. } = finding;
    let file = property(&finding.file);
    // A column counts only where the annotation is of one line.
    let column = if line == end_line { format!(",col={column}") } else { String::new() };
    let text = data(&format!("{message}\nsafer: {help}"));
    format!("::{command} file={file},line={line},endLine={end_line}{column},title={}::{text}", property(rule))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use lint::{History, Settings};

    use super::*;

    #[test]
    fn what_would_end_a_property_or_the_text_is_escaped() {
        let sql = "ALTER TABLE t\n  ADD CONSTRAINT \"50%\"\n  CHECK (a > 0);";
        let findings = lint::lint("a,b:c%.sql", sql, &History::default(), &Settings::default());
        expect!["::warning file=a%2Cb%3Ac%25.sql,line=2,endLine=3,title=constraint-missing-not-valid::reads and writes wait while every row is checked, and it fails on a row that does not satisfy it%0Asafer: add it NOT VALID, then VALIDATE CONSTRAINT; generate --safe writes both"].assert_eq(&annotation(&findings[0]));
    }
}
