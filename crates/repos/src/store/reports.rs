//! `repo_report`.

use analysis::report::Report;
use base::id::{AnalysisId, WorkspaceId};
use storage::{Db, Error, Tx};

/// zstd's usual level: a fifth of the size at little cost.
const LEVEL: i32 = 3;

/// The report as it is stored.
pub(crate) fn encode(report: &Report) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(report).map_err(Error::corrupt)?;
    zstd::encode_all(json.as_slice(), LEVEL).map_err(Error::corrupt)
}

fn decode(encoding: &str, body: &[u8]) -> Result<Report, Error> {
    let json = match encoding {
        "json+zstd" => &zstd::decode_all(body).map_err(Error::corrupt)?,
        _ => body,
    };
    serde_json::from_slice(json).map_err(Error::corrupt)
}

/// Stores the encoded report of an analysis. Storing the same one again changes nothing.
pub(crate) async fn insert(tx: &mut Tx, analysis: AnalysisId, encoded: Vec<u8>) -> Result<(), Error> {
    tx.query(
        "INSERT INTO repo_report (analysis_id, encoding, body) VALUES ($1, 'json+zstd', $2)
         ON CONFLICT (analysis_id) DO UPDATE SET encoding = excluded.encoding, body = excluded.body",
    )
    .bind(analysis)
    .bind(encoded)
    .execute()
    .await?;
    Ok(())
}

/// The report of an analysis.
pub(crate) async fn by_analysis(
    db: &Db,
    workspace: WorkspaceId,
    analysis: AnalysisId,
) -> Result<Option<Report>, Error> {
    let row = db
        .query(
            "SELECT r.encoding, r.body FROM repo_report r JOIN repo_analysis a ON a.id = r.analysis_id
             WHERE a.workspace_id = $1 AND a.id = $2",
        )
        .bind(workspace)
        .bind(analysis)
        .optional::<(String, Vec<u8>)>()
        .await?;
    row.map(|(encoding, body)| decode(&encoding, &body)).transpose()
}

/// Deletes reports of a repository beyond the newest few; their summaries stay.
pub(crate) async fn thin_out(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: base::id::RepoId,
    keep: u32,
) -> Result<(), Error> {
    tx.query(
        "DELETE FROM repo_report WHERE analysis_id IN
             (SELECT id FROM repo_analysis WHERE workspace_id = $1 AND repo_id = $2 AND state = 'done'
              ORDER BY created_at DESC, id DESC LIMIT 1000000 OFFSET $3)",
    )
    .bind(workspace)
    .bind(repo)
    .bind(keep)
    .execute()
    .await?;
    Ok(())
}
