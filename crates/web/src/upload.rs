use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, FromRequestParts, Multipart, Request};
use http::header::CONTENT_TYPE;
use tributary_kernel::{FieldError, limits};

use crate::form::{CSRF_FIELD, check_csrf};
use crate::{CheckedForm, Problem, ProblemKind, Session, Web, read_body};

/// Fields of a form with a file.
const FIELDS_MAX: usize = 64;

/// A form of a page with files, at most so many bytes in all, posted by the person whose session it
/// is: checked as [`CheckedForm`] is.
#[derive(Debug, Clone)]
pub struct CheckedUpload<const BYTES_MAX: usize = { limits::UPLOAD_BODY_BYTES_MAX }> {
    /// Whose.
    pub session: Session,
    /// The other fields, in the order of the form.
    pub pairs: Vec<(String, String)>,
    /// The files that were chosen, by field; one that was left empty is not among them.
    pub files: Vec<UploadedFile>,
}

/// A file as it was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// The form's field.
    pub field: String,
    /// What the person's machine calls it; for people alone.
    pub name: String,
    /// What it holds.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadedFile")
            .field("field", &self.field)
            .field("bytes", &self.content.len())
            .finish_non_exhaustive()
    }
}

impl<const BYTES_MAX: usize> CheckedUpload<BYTES_MAX> {
    /// The file of a field, if one was chosen.
    #[must_use]
    pub fn file(&self, field: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|it| it.field == field)
    }
}

impl<S: Send + Sync, const BYTES_MAX: usize> FromRequest<S> for CheckedUpload<BYTES_MAX>
where
    Web: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // A form that was sent without its files is judged as any other form is.
        let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        if kind.is_some_and(|it| it.starts_with("application/x-www-form-urlencoded")) {
            let CheckedForm { session, pairs } = CheckedForm::from_request(request, state).await?;
            return Ok(Self { session, pairs, files: Vec::new() });
        }
        let (mut parts, body) = request.into_parts();
        let session = Session::from_request_parts(&mut parts, state).await?;
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
        if essence.trim() != "multipart/form-data" {
            let detail = "Send a form with a file.";
            return Err(Problem::new(ProblemKind::UnsupportedType, "content_type", detail));
        }
        // Everything is in memory before it is taken apart, within the limit of a body.
        let bytes = read_body(&parts.headers, body, BYTES_MAX).await?;
        let headers = parts.headers.clone();
        let mut request = Request::from_parts(parts, Body::from(bytes));
        DefaultBodyLimit::disable().apply(&mut request);
        let form = Multipart::from_request(request, state).await.map_err(|_| malformed())?;
        let (mut pairs, files) = taken_apart(form).await?;
        let csrf = pairs.iter().find(|(name, _)| name == CSRF_FIELD);
        check_csrf(&headers, &session.csrf, csrf.map_or("", |(_, value)| value))?;
        pairs.retain(|(name, _)| name != CSRF_FIELD);
        Ok(Self { session, pairs, files })
    }
}

fn malformed() -> Problem {
    let detail = "This form with a file cannot be read; send it again.";
    Problem::malformed(FieldError::new("", "form_malformed", detail))
}

async fn taken_apart(
    mut form: Multipart,
) -> Result<(Vec<(String, String)>, Vec<UploadedFile>), Problem> {
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| malformed())? {
        if pairs.len() + files.len() == FIELDS_MAX {
            return Err(malformed());
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let content = field.bytes().await.map_err(|_| malformed())?;
        match file {
            Some(_) if content.is_empty() => {}
            Some(file) => {
                files.push(UploadedFile { field: name, name: file, content: content.to_vec() });
            }
            None => pairs.push((name, String::from_utf8_lossy(&content).into_owned())),
        }
    }
    Ok((pairs, files))
}
