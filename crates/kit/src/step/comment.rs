use schema::CommentTarget;

/// `COMMENT ON … IS …`.
#[derive(Clone, Debug, PartialEq)]
pub struct CommentStep {
    /// The object.
    pub on: CommentTarget,
    /// The text; none takes the comment away.
    pub text: Option<String>,
}
