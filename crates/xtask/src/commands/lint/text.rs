//! Findings for a person: each with its line of the file under it.

use annotate_snippets::{AnnotationKind, Level as Tone, Renderer, Snippet};
use lint::{Finding, Level};

use super::files::File;
use crate::output::{self, DIM, GREEN, RED, YELLOW, paint};

/// Prints findings and how many there are.
pub(super) fn print(findings: &[(&File, Vec<Finding>)]) {
    for (file, findings) in findings {
        for finding in findings {
            output::line(render(&file.text, finding));
            output::line("");
        }
    }
    output::line(summary(findings));
}

fn render(text: &str, finding: &Finding) -> String {
    let tone = if finding.level == Level::Error { Tone::ERROR } else { Tone::WARNING };
    let annotation = AnnotationKind::Primary.span(finding.range.clone());
    let source = Snippet::source(text).path(finding.file.as_str()).annotation(annotation);
    let title = tone.primary_title(finding.message.as_str()).id(finding.rule);
    let report = [title.element(source).element(Tone::HELP.message(finding.help.as_str()))];
    Renderer::styled().render(&report)
}

fn summary(findings: &[(&File, Vec<Finding>)]) -> String {
    let count = |level| findings.iter().flat_map(|(_, found)| found).filter(|found| found.level == level).count();
    let (errors, warnings) = (count(Level::Error), count(Level::Warn));
    let files = counted(findings.len(), "file");
    if errors + warnings == 0 {
        let nothing = if findings.is_empty() { paint(DIM, "nothing to lint") } else { paint(GREEN, "nothing found") };
        return format!("{files}: {nothing}");
    }
    let errors = paint(if errors > 0 { RED } else { DIM }, counted(errors, "error"));
    let warnings = paint(if warnings > 0 { YELLOW } else { DIM }, counted(warnings, "warning"));
    format!("{files}: {errors}, {warnings}")
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
